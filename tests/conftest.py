# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What every test may use: the shared folder beside the project, where it stands there."""

import gc
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The same commit has the same verdict: laws draw the same examples every time, however busy
# the machine. `make explore` draws fresh ones; what it finds becomes a test of its own.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("house")

_SHARED = Path(__file__).parents[2] / "shared"

# Fakes that several rooms' tests share are imported as `tests.fakes.<name>`.
sys.path.insert(0, str(Path(__file__).parents[1]))


def pytest_collection_finish() -> None:
    """Let no search for garbage go through twelve thousand tests again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of facts and other people's vectors, or skip saying so."""
    if not _SHARED.is_dir():
        pytest.skip("../shared (facts, vectors) does not stand beside the project")
    return _SHARED
