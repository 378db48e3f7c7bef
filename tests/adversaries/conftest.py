# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint on loopback that misbehaves on call."""

from collections.abc import Iterator

import pytest
from tests.fakes.subject import Stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Run an endpoint on loopback for one test."""
    found = Stub()
    found.start()
    yield found
    found.stop()
