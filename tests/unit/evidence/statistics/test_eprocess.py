# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""E-values are exact, never overstated, and worth at most 1 under the null."""

from fractions import Fraction
from math import comb

import pytest

from comity.evidence.statistics.eprocess import (
    e_value,
    evidence,
    futility,
    goal_failures,
    likelihood,
    null_failures,
    to_published,
)
from comity.evidence.statistics.lattice import Boundary, stops_of

SIZE, P0, P1 = 30, Fraction(8, 10), Fraction(9, 10)


def mean(failures: int, asked: int) -> Fraction:
    """Return the expected e-value after a fixed number of questions."""
    bet = evidence(SIZE, P0, P1)
    total = Fraction(0)
    for failed in range(min(asked, failures) + 1):
        value = e_value(bet, asked, failed)
        chance = comb(asked, failed) * likelihood(SIZE, failures, asked, failed)
        total += chance * value if value is not None and chance else 0
    return total


@pytest.mark.parametrize("asked", range(SIZE + 1))
def test_the_bet_is_fair_at_the_threshold(asked: int) -> None:
    """Worth exactly 1 while every bet's outcomes can happen, and never more after."""
    worth = mean(null_failures(SIZE, P0), asked)
    assert worth == 1 if asked <= 24 else worth < 1


@pytest.mark.parametrize("failures", range(7, SIZE + 1))
def test_the_bet_loses_below_the_threshold(failures: int) -> None:
    """The null is "at most p0", not only "exactly p0"."""
    assert all(mean(failures, asked) <= 1 for asked in range(SIZE + 1))


@pytest.mark.parametrize("failures", [6, 7, 10])
def test_the_bet_is_worth_at_most_one_at_any_stopping_rule(failures: int) -> None:
    """Stopping when it looks good must not make it good."""
    bet = evidence(SIZE, P0, P1)
    greedy = [-1] * 25
    for asked in range(1, 25):
        reached = [f for f in range(asked) if (e_value(bet, asked, f) or 0) >= 3]
        greedy[asked] = max([-1, *reached])
    boundary = Boundary(accept=(*greedy[:24], greedy[24]), reject=(*(25,) * 24, greedy[24] + 1))
    worth = Fraction(0)
    for stop in stops_of(boundary):
        value = e_value(bet, stop.asked, stop.failed)
        if value is not None:
            path = likelihood(SIZE, failures, stop.asked, stop.failed)
            worth += stop.ways * path * value
    assert worth <= 1


def test_the_futility_bet_is_fair_at_the_goal() -> None:
    """Its threshold would bound wrong rejection of a system that is good enough."""
    bet, failures = futility(SIZE, P0, P1), goal_failures(SIZE, P1)
    for asked in range(8):
        worth = sum(
            comb(asked, failed)
            * likelihood(SIZE, failures, asked, failed)
            * (e_value(bet, asked, failed) or 0)
            for failed in range(min(asked, failures) + 1)
        )
        assert worth <= 1


def test_nothing_asked_is_worth_one() -> None:
    """No outcome is no evidence."""
    assert e_value(evidence(SIZE, P0, P1), 0, 0) == 1


def test_outcomes_impossible_under_the_null_are_worth_everything() -> None:
    """25 passes of 30 cannot happen when at most 24 pass."""
    assert e_value(evidence(SIZE, P0, P1), 25, 0) is None
    assert to_published(None) == "inf"


def test_outcomes_impossible_under_every_bet_are_worth_nothing() -> None:
    """Seven failures of 30 rule the claim out."""
    assert e_value(evidence(SIZE, P0, P1), 10, 7) == 0


@pytest.mark.parametrize(
    ("size", "threshold", "goal", "null", "aim"),
    [
        (300, Fraction(9, 10), Fraction(97, 100), 30, 9),
        (64, Fraction(9, 10), Fraction(97, 100), 7, 1),
        (10, Fraction(95, 100), Fraction(1), 1, 0),
        (3, Fraction(0), Fraction(1, 3), 3, 2),
    ],
)
def test_rates_become_counts_on_the_cautious_side(
    size: int, threshold: Fraction, goal: Fraction, null: int, aim: int
) -> None:
    """At the null at most p0 pass; at the goal at least p1 pass, whole items both."""
    assert null_failures(size, threshold) == null
    assert goal_failures(size, goal) == aim
    assert Fraction(size - null, size) <= threshold < Fraction(size - null + 1, size)
    assert Fraction(size - aim, size) >= goal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1999, 100), "19.99"),
        (Fraction(19_999, 1000), "19.99"),
        (Fraction(20), "20.00"),
        (Fraction(10**30, 7), "142857142857142857142857142857.14"),
    ],
)
def test_published_values_are_floored(value: Fraction, text: str) -> None:
    """19.999 published as 20.00 would claim what was not reached."""
    assert to_published(value) == text
