# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The long battery throws its dice from one seed, which every failure names."""

import os
import random

import pytest

SEED = 20261121
VARIABLE = "COMITY_SEED"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed of the battery; another one may be set in the environment."""
    chosen = int(os.environ.get(VARIABLE, SEED))
    said = f"{VARIABLE}={chosen} throws the same dice again"
    request.node.add_report_section("setup", "seed", said)
    return chosen


@pytest.fixture
def dice(request: pytest.FixtureRequest, seed: int) -> random.Random:
    """Return dice of one test's own."""
    return random.Random(f"{seed} {request.node.name}")  # noqa: S311 - replayable, not secret
