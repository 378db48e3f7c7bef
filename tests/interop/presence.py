# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of a test whose other program this machine does not have."""

from collections.abc import Mapping
from typing import NoReturn

import pytest


def missing(what: str, environment: Mapping[str, str]) -> NoReturn:
    """Skip, saying why; where CI runs, a skipped interoperation test is a failure."""
    reason = f"{what} is not here"
    if environment.get("CI") == "true":
        pytest.fail(f"{reason}, and on CI's machine it must be")
    pytest.skip(reason)
