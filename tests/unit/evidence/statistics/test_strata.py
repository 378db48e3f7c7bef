# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A weighted total is shown against every split of the failures among the strata."""

from fractions import Fraction
from itertools import product
from math import prod

import pytest

from comity.errors import InvalidDocument
from comity.evidence.statistics.strata import Stratum, total_e_value


def stratum(size: int, weight: Fraction, asked: int, failed: int) -> Stratum:
    """Return a stratum."""
    return Stratum(size=size, weight=weight, asked=asked, failed=failed)


def brute(strata: list[Stratum], threshold: Fraction) -> Fraction | None:
    """Return the least product over every split under which the claim is false."""
    least: Fraction | None = None
    for split in product(*(range(one.size + 1) for one in strata)):
        passing = sum(
            one.weight * Fraction(one.size - failing, one.size)
            for one, failing in zip(strata, split, strict=True)
        )
        chances = [one.chance(failing) for one, failing in zip(strata, split, strict=True)]
        if passing <= threshold and all(chances):
            value = prod(
                (one.bet() / chance for one, chance in zip(strata, chances, strict=True)),
                start=Fraction(1),
            )
            least = value if least is None else min(least, value)
    return least


THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
CASES = [
    [stratum(8, HALF, 5, 0), stratum(6, HALF, 4, 1)],
    [stratum(12, Fraction(3, 4), 9, 0), stratum(5, Fraction(1, 4), 5, 0)],
    [stratum(7, THIRD, 6, 0), stratum(5, THIRD, 0, 0), stratum(9, THIRD, 7, 1)],
    [stratum(10, HALF, 10, 0), stratum(10, HALF, 9, 0)],
    [stratum(6, Fraction(9, 10), 2, 2), stratum(6, Fraction(1, 10), 6, 0)],
    [stratum(20, Fraction(1), 12, 1)],
    [stratum(5, Fraction(0), 5, 5), stratum(9, Fraction(1), 8, 0)],
]


@pytest.mark.parametrize("threshold", [Fraction(1, 2), Fraction(7, 10), Fraction(9, 10)])
@pytest.mark.parametrize("strata", CASES, ids=str)
def test_the_least_over_all_splits_lies_between_the_bounds(
    strata: list[Stratum], threshold: Fraction
) -> None:
    """Against every split of small banks, tried one by one."""
    found, truth = total_e_value(strata, threshold), brute(strata, threshold)
    if truth is None:
        assert found.least is found.most is None
    else:
        assert found.least is not None
        assert found.most is not None
        assert found.least <= truth <= found.most


def test_the_bounds_are_one_item_apart() -> None:
    """So what the certainty costs is nothing a regulator would see."""
    half = Fraction(1, 2)
    strata = [stratum(1000, half, 120, 1), stratum(1000, half, 150, 2)]
    found = total_e_value(strata, Fraction(95, 100))
    assert found.least is not None
    assert found.most is not None
    assert 1 <= found.most / found.least < Fraction(12, 10)


def test_a_good_stratum_cannot_hide_a_bad_one_that_weighs_more() -> None:
    """Pooled, 50 of 60 pass; weighted, the total is far below."""
    strata = [stratum(60, Fraction(1, 10), 50, 0), stratum(60, Fraction(9, 10), 10, 10)]
    found = total_e_value(strata, Fraction(3, 4))
    assert found.most is not None
    assert found.most < 1


@pytest.mark.parametrize(
    "strata",
    [
        [stratum(5, Fraction(1, 2), 1, 0)],
        [stratum(5, Fraction(3, 2), 1, 0), stratum(5, Fraction(-1, 2), 1, 0)],
        [stratum(5, Fraction(1), 6, 0)],
        [stratum(5, Fraction(1), 2, 3)],
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(strata: list[Stratum]) -> None:
    """Weights come from a law, counts from a run; both may be mistyped."""
    with pytest.raises(InvalidDocument, match="no such total"):
        total_e_value(strata, Fraction(1, 2))
