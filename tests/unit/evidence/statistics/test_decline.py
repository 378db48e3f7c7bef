# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever watches for ever is wrongly alarmed as seldom as stated, and hears of a fall."""

import itertools
import random
from fractions import Fraction
from math import comb

import pytest

from comity.evidence.statistics.decline import (
    Evidence,
    check_evidence,
    decline,
    is_alarming,
    over_time,
    together,
)

P0, P1 = Fraction(9, 10), Fraction(97, 100)
HALF = Fraction(1, 2)


def expectation(size: int, failing: int, asked: int) -> Fraction:
    """Return the exact expectation of a check's e-value where so many items fail."""
    mixture = decline(size, P0, P1)
    total = Fraction(0)
    for failed in range(min(asked, failing) + 1):
        if asked - failed > size - failing:
            continue
        ways = comb(failing, failed) * comb(size - failing, asked - failed)
        value = check_evidence(mixture, asked, failed)
        assert value is not None
        total += Fraction(ways, comb(size, asked)) * value
    return total


@pytest.mark.parametrize("size", [1, 7, 20, 61])
def test_a_check_of_what_is_above_the_threshold_expects_no_gain(size: int) -> None:
    """At every healthy rate and every number of questions, exactly."""
    base = decline(size, P0, P1).base
    assert isinstance(base, int)

    for failing, asked in itertools.product(range(base + 1), range(min(size, 25) + 1)):
        assert expectation(size, failing, asked) <= 1


def test_more_failures_than_the_threshold_allows_are_certainty() -> None:
    """Of twenty items one may fail at "more than 90 %"; two are a proof."""
    mixture = decline(20, P0, P1)

    assert mixture.base == 1
    assert check_evidence(mixture, 5, 2) is None
    assert is_alarming(None, Fraction(1, 1_000_000), among=100)


def test_a_long_healthy_past_does_not_hide_a_fall() -> None:
    """Multiplied alone, a hundred good checks would take as many bad ones to undo."""
    good, bad = Fraction(1, 2), Fraction(8)
    plain = good**100 * bad**4

    assert plain * Fraction(1, 20) < 1
    assert is_alarming(over_time([good] * 20 + [bad] * 4), Fraction(1, 20))


def test_the_weights_of_all_beginnings_never_exceed_one() -> None:
    """Where nothing is learnt the evidence stays 1, however often one looks."""
    for checks in (0, 1, 2, 50):
        assert over_time([Fraction(1)] * checks) == 1


def test_the_mean_over_categories_is_evidence_for_some_category() -> None:
    """The more are watched, the more a single one needs."""
    values: list[Evidence] = [Fraction(60), Fraction(1), Fraction(0)]

    assert together(values) == Fraction(61, 3)
    assert together([*values, None]) is None
    assert is_alarming(Fraction(60), Fraction(1, 20), among=3)
    assert not is_alarming(Fraction(59), Fraction(1, 20), among=3)


def is_alarmed(dice: random.Random, *, failing: int | None, checks: int) -> bool:
    """Watch 60 items for some checks of ten; None fails as many as a healthy system may."""
    mixture, values = decline(60, P0, P1), list[Evidence]()
    bad = int(mixture.base) if failing is None else failing
    for _ in range(checks):
        failed = sum(item < bad for item in dice.sample(range(60), 10))
        values.append(check_evidence(mixture, 10, failed))
        if is_alarming(over_time(values), Fraction(1, 20)):
            return True
    return False


def test_false_alarms_over_many_looks_stay_within_the_risk() -> None:
    """At the very boundary, looked at after each of thirty checks; seeded."""
    dice = random.Random(5)  # noqa: S311 - the same on every run

    alarms = sum(is_alarmed(dice, failing=None, checks=30) for _ in range(300))

    assert alarms <= 300 * 0.05


def test_a_fall_is_heard_of_within_a_few_checks() -> None:
    """A system that fails a third is found out with some ten questions a time."""
    dice = random.Random(6)  # noqa: S311 - the same on every run

    heard = sum(is_alarmed(dice, failing=20, checks=4) for _ in range(50))

    assert heard >= 45
