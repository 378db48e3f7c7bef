# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What every test may use: the shared folder beside the project, where it stands there."""

import sys
from pathlib import Path

import pytest

_SHARED = Path(__file__).parents[2] / "shared"

# Fakes that several rooms' tests share are imported as `tests.fakes.<name>`.
sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of facts and other people's vectors, or skip saying so."""
    if not _SHARED.is_dir():
        pytest.skip("../shared (facts, vectors) does not stand beside the project")
    return _SHARED
