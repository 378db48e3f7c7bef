# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Floats look ahead of a bet; where they might be wrong by one question, it is said exactly."""

from fractions import Fraction

import pytest

from comity.evidence.statistics.bet import Bet, bet_on, bracket_of
from comity.evidence.statistics.eprocess import EVIDENCE_WEIGHTS
from comity.evidence.statistics.horizon import find_fall, find_rise
from comity.evidence.statistics.outcome import WHOLE_PPM

HAIR = Fraction(1, 10**40)
"""Less than any float can tell from 1."""

MEANS = (Fraction(9, 10), Fraction(19, 20), Fraction(1))


def bet_after(*scores: int, items: int | None = None, base: Fraction = Fraction(4, 5)) -> Bet:
    """Return a bet against a mean of four fifths, some scores later."""
    bet = bet_on(items, base, MEANS, EVIDENCE_WEIGHTS)
    for ppm in scores:
        bet = bet.after(ppm)
    return bet


def values_of(bet: Bet, ppm: int, most: int) -> list[Fraction]:
    """Return the e-value after one such score, two, and so on, as long as it is finite."""
    found = []
    for _ in range(most):
        bet = bet.after(ppm)
        if bet.value is not None:
            found.append(bet.value)
    return found


@pytest.mark.parametrize("items", [None, 60])
def test_a_level_reached_exactly_is_reached_and_a_hair_more_is_not(items: int | None) -> None:
    """A float sees no difference, and a verdict hangs on it."""
    bet = bet_after(WHOLE_PPM, 873_211, items=items)
    for more, value in enumerate(values_of(bet, WHOLE_PPM, 12), start=1):
        assert find_rise(bet, value, 20) == more
        assert find_rise(bet, value + HAIR, 20) == more + 1
        assert find_rise(bet, value + HAIR, more) is None


@pytest.mark.parametrize("items", [None, 60])
def test_a_level_just_held_is_held_and_a_hair_more_is_not(items: int | None) -> None:
    """Evidence of exactly 1 does not give a test up."""
    bet = bet_after(*[WHOLE_PPM] * 25, items=items)
    values = values_of(bet, 0, 5)
    assert len(values) == 5
    for more, value in enumerate(values, start=1):
        assert find_fall(bet, value, 20) == more + 1
        assert find_fall(bet, value + HAIR, 20) == more
        assert find_fall(bet, value, more) is None


@pytest.mark.parametrize("whole", [20, 36, 39])
def test_a_bank_that_runs_out_of_whole_scores_loses_the_bets_on_them(whole: int) -> None:
    """Once more is missing than a bet allows, nothing of it is left, not less."""
    bet = bet_after(*[WHOLE_PPM] * whole, items=50)
    values = values_of(bet, 0, 50 - whole)
    assert values[0] > 1
    for more, value in enumerate(values, start=1):
        if value >= 1:
            assert find_fall(bet, value + HAIR, 50) == more
            assert find_fall(bet, value, more) is None


def test_where_the_rest_cannot_reach_the_mean_bet_against_the_bets_stand_still() -> None:
    """Two items of a mean of a half: after a failure one is left, and a whole one expected."""
    bet = bet_after(items=2, base=Fraction(1, 2))
    held = values_of(bet, 0, 2)
    assert held[0] == held[1] > 0
    assert find_fall(bet, held[1], 2) is None
    assert find_fall(bet, held[1] + HAIR, 2) == 1


@pytest.mark.parametrize(
    "level", [10**400, 10**31, Fraction(1, 10**400), Fraction(1, 7)], ids=str
)
def test_a_level_no_float_holds_is_looked_for_exactly(level: Fraction) -> None:
    """A plan may name any risk."""
    bet, near = bet_after(873_211), Fraction(level)
    grown = values_of(bet, WHOLE_PPM, 30)
    expected = next((n for n, value in enumerate(grown, start=1) if value >= near), None)
    assert find_rise(bet, near, 30) == (0 if bet.reaches(near) else expected)
    shrunk = values_of(bet, 0, 30)
    expected = next((n for n, value in enumerate(shrunk, start=1) if value < near), None)
    assert find_fall(bet, near, 30) == (expected if bet.reaches(near) else 0)


def test_stakes_no_float_holds_are_followed_exactly() -> None:
    """Low scores in a row leave less than a float can say, and it can be won back."""
    bet = bet_after(*[0] * 600, base=Fraction(1, 100))
    assert not bet.shares()
    level = values_of(bet, WHOLE_PPM, 500)[-1]
    assert level > 1
    assert find_rise(bet, level, 600) == 500
    assert find_rise(bet, level + HAIR, 600) == 501


def test_a_growth_no_float_holds_is_followed_exactly() -> None:
    """Against a mean next to nothing, one score is worth more than any float."""
    bet = bet_after(base=Fraction(1, 10**400))
    assert find_rise(bet, Fraction(20), 3) == 1
    assert bet.after(WHOLE_PPM).reaches(Fraction(20))


def test_what_a_mean_forbids_is_reached_at_whatever_level() -> None:
    """Of ten items eight at most can be whole: the ninth refutes, and for ever."""
    level = Fraction(10**20)
    for base, refuting in ((Fraction(4, 5), 9), (Fraction(17, 20), 9), (Fraction(0), 1)):
        assert find_rise(bet_after(items=10, base=base), level, 10) == refuting
    refuted = bet_after(*[WHOLE_PPM] * 9, items=10)
    assert refuted.value is None
    assert not refuted.shares()
    assert find_rise(refuted, level, 1) == 0
    assert find_fall(refuted, Fraction(1), 1) is None


@pytest.mark.parametrize("level", [Fraction(1), Fraction(20), Fraction(10, 3)])
def test_a_bracket_holds_its_level_and_is_narrow(level: Fraction) -> None:
    """Wider, it would ask for exact sums; narrower, roundings could cross it."""
    below, above = bracket_of(level)
    assert Fraction(below) < level < Fraction(above)
    assert Fraction(above) - Fraction(below) < level / 10**8
