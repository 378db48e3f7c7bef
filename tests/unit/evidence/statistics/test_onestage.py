# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The one-stage test is the smallest that holds both promises."""

from fractions import Fraction
from itertools import combinations

import pytest

from comity.evidence.statistics.onestage import one_stage

RISK, POWER = Fraction(1, 20), Fraction(9, 10)


def chance(size: int, failures: int, asked: int, accepted: int) -> Fraction:
    """Count the orders of a tiny bank whose first questions fail at most so often."""
    orders = list(combinations(range(size), failures))
    good = sum(sum(p < asked for p in failing) <= accepted for failing in orders)
    return Fraction(good, len(orders))


@pytest.mark.parametrize(
    ("size", "null", "aim"), [(12, 6, 1), (14, 5, 1), (11, 4, 0), (13, 7, 2)]
)
def test_nothing_smaller_works(size: int, null: int, aim: int) -> None:
    """Every smaller number of questions fails one promise at every acceptance number."""
    stage = one_stage(size, null, aim, risk=RISK, power=POWER)
    for asked in range(1, stage.asked + 1):
        works = [
            accepted
            for accepted in range(asked + 1)
            if chance(size, null, asked, accepted) <= RISK
            and chance(size, aim, asked, accepted) >= POWER
        ]
        assert works == ([stage.accepted] if asked == stage.asked else [])


@pytest.mark.parametrize(
    ("threshold", "goal", "asked", "accepted"),
    [(95, 97, 595, 22), (98, 99, 826, 11), (90, 92, 945, 83)],
)
def test_the_measured_sizes_are_found_again(
    threshold: int, goal: int, asked: int, accepted: int
) -> None:
    """Figures measured with another implementation on a bank of 2,000."""
    stage = one_stage(2000, 2000 - 20 * threshold, 2000 - 20 * goal, risk=RISK, power=POWER)
    assert (stage.asked, stage.accepted) == (asked, accepted)


def test_a_census_always_works() -> None:
    """One failing item apart, everything must be asked."""
    stage = one_stage(20, 3, 2, risk=Fraction(1, 1000), power=Fraction(999, 1000))
    assert (stage.asked, stage.accepted) == (20, 2)
