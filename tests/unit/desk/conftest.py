# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A federation of real nodes, and one test at each of its stages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.federation import Federation, Stages, play


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Return one test as it stood when planned, revealed and reported."""
    return play(tmp_path_factory.mktemp("federation"))


@pytest.fixture
def planned(stages: Stages, tmp_path: Path) -> Iterator[Federation]:
    """Return the federation where a plan is counted and nobody has revealed."""
    with stages.planned.copied(tmp_path / "members") as federation:
        yield federation


@pytest.fixture
def revealed(stages: Stages, tmp_path: Path) -> Iterator[Federation]:
    """Return the federation where both have revealed and nothing is asked."""
    with stages.revealed.copied(tmp_path / "members") as federation:
        yield federation


@pytest.fixture
def tested(stages: Stages, tmp_path: Path) -> Iterator[Federation]:
    """Return the federation where the finding is counted and everyone has its evidence."""
    with stages.tested.copied(tmp_path / "members") as federation:
        yield federation
