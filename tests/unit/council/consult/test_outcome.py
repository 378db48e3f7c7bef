# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from comity.council.consult.consultation import Thresholds
from comity.council.consult.outcome import (
    State,
    Tally,
    Weighing,
    missing_answers,
    state_of,
    worst_group,
    worst_stratum,
)

USUAL = Thresholds()


def tally(agree: int, disagree: int = 0, passed: int = 0) -> Tally:
    """Return how a group answered."""
    return Tally(agree=agree, disagree=disagree, passed=passed)


AGREEING = Weighing(
    strata=(tally(40, 5), tally(30, 3, 2)),
    groups=(tally(50, 5), tally(20, 3, 2)),
    sides=(tally(45, 4), tally(25, 4, 2)),
)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.AGREED),
        ({"groups": (tally(60, 2), tally(10, 11))}, State.CONTESTED),
        ({"sides": (tally(60, 2), tally(10, 7))}, State.CONTESTED),
        ({"sides": (tally(60, 2), tally(104, 96))}, State.CONTESTED),
        ({"strata": (tally(40, 5), tally(3, 30))}, State.DIVIDES),
        ({"strata": (tally(10, 10), tally(3, 30))}, State.UNSHARED),
        ({"strata": (tally(4, 50), tally(3, 30))}, State.REJECTED),
        ({"strata": (tally(40, 5), tally(11, 9))}, State.UNDECIDED),
        ({"strata": (tally(40, 5), tally(9))}, State.UNDECIDED),
        ({"strata": (tally(40, 5), tally(0))}, State.UNDECIDED),
        ({"strata": (tally(0), tally(0))}, State.UNDECIDED),
    ],
    ids=str,
)
def test_each_state_has_its_counts(changes: dict[str, tuple[Tally, ...]], state: State) -> None:
    """Declared groups first, found groups and sides second."""
    assert state_of(replace(AGREEING, **changes), USUAL) is state


def test_passing_counts_against_agreement() -> None:
    """Who saw it and did not agree did not agree."""
    many = replace(AGREEING, strata=(tally(40, 5), tally(30, 0, 40)))
    assert state_of(many, USUAL) is State.UNDECIDED


def test_no_state_is_agreed_without_declared_groups() -> None:
    """All of nothing is true, and must not be agreement."""
    assert state_of(Weighing(strata=(), groups=(), sides=()), USUAL) is State.UNDECIDED


def test_the_worst_group_is_named_with_its_number() -> None:
    """The first of the three numbers is of the group that agrees least surely."""
    assert worst_stratum(AGREEING) == (1, 706241)
    assert worst_group(AGREEING) == (1, 777777)
    assert worst_group(replace(AGREEING, groups=())) == (0, 0)


def test_missing_answers_respect_the_least_number() -> None:
    """Four who agree are enough for the bound and not for the convener."""
    assert missing_answers(tally(4), USUAL) == 6
    assert missing_answers(tally(40, 5), USUAL) == 0
    assert missing_answers(tally(12, 8), USUAL) == 77
    assert missing_answers(tally(0), USUAL) is None
