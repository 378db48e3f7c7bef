# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The estimate that designs are compared by, held against exact least expectations."""

from fractions import Fraction
from math import comb, inf

import pytest

from comity.evidence.statistics.design import About
from comity.evidence.statistics.least import information, least_questions
from comity.evidence.statistics.request import Request

BANK, POPULATION = About.BANK, About.POPULATION

EXACT = (
    (2_000, BANK, 95, 97, (103, 265, 371)),
    (2_000, BANK, 90, 92, (199, 483, 595)),
    (10_000, BANK, 95, 97, (113, 328, 459)),
    (10_000, BANK, 90, 92, (231, 695, 879)),
    (20_000, POPULATION, 95, 97, (116, 349, 487)),
    (20_000, POPULATION, 90, 92, (244, 789, 1005)),
)
"""By dynamic programming at risk 5 %, power 90 %: at two points below p0, at p0, at p1."""


@pytest.mark.parametrize("case", EXACT, ids=lambda case: f"{case[0]}-{case[2]}-{case[3]}")
def test_the_estimate_is_near_the_least_that_dynamic_programming_finds(
    case: tuple[int, About, int, int, tuple[int, ...]],
) -> None:
    """An estimate far off would prefer designs that are cheap where nobody needs it."""
    size, about, threshold, goal, exact = case
    request = Request(
        size=size,
        threshold=Fraction(threshold, 100),
        goal=Fraction(goal, 100),
        about=about,
    )
    shares = [Fraction(100 - rate, 100) for rate in (threshold - 2, threshold, goal)]
    failing = [share if request.extent is None else int(share * size) for share in shares]

    estimates = [least_questions(request, one) for one in failing]

    assert estimates == pytest.approx(exact, rel=0.18)


def test_a_perfect_system_needs_as_many_as_refute_the_threshold_alone() -> None:
    """Of a population that is exact: 0.9 to the n falls below 5 % with the 29th pass."""
    request = Request(
        size=20_000, threshold=Fraction(9, 10), goal=Fraction(92, 100), about=POPULATION
    )

    assert 28 < least_questions(request, 0) <= 29
    assert Fraction(9, 10) ** 28 > request.risk >= Fraction(9, 10) ** 29


def test_a_bank_needs_fewer_than_a_population() -> None:
    """Items that do not come back say more of those that are left."""
    of_bank, of_all = (
        Request(size=2_000, threshold=Fraction(9, 10), goal=Fraction(92, 100), about=about)
        for about in (BANK, POPULATION)
    )

    assert least_questions(of_bank, 160) < least_questions(of_all, Fraction(8, 100))


@pytest.mark.parametrize(
    ("threshold", "goal"), [(Fraction(0), Fraction(1, 2)), (Fraction(9, 10), Fraction(1))]
)
def test_the_ends_of_the_scale_have_an_estimate_of_at_least_one(
    threshold: Fraction, goal: Fraction
) -> None:
    """A threshold of nothing and a goal of everything are asked for in practice."""
    request = Request(size=20, threshold=threshold, goal=goal)

    for failing in (0, request.aim, request.null):
        assert least_questions(request, failing) >= 1


def test_information_is_nothing_of_a_chance_against_itself_and_grows_apart() -> None:
    """It is the Kullback-Leibler divergence of two coins."""
    assert information(0.3, 0.3) == 0
    assert 0 < information(0.3, 0.4) < information(0.3, 0.5)
    assert information(0.3, 0.0) == inf
    flips = 40
    tail = sum(comb(flips, k) * 0.5**flips for k in range(32, flips + 1))
    assert tail <= 2.718281828 ** (-flips * information(0.8, 0.5))
