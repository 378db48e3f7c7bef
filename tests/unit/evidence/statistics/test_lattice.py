# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The exact rates are those of counting every order of a small bank."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest

from comity.evidence.statistics.lattice import (
    Boundary,
    acceptance_of,
    characteristic,
    expected_questions,
    stops_of,
    without_rejection,
)

SIZE = 9
BOUNDARIES = [
    Boundary(accept=(-1, -1, 0, 0, 0, 1), reject=(6, 6, 2, 2, 2, 2)),
    Boundary(accept=(-1, -1, -1, 0, 1, 1, 2), reject=(7, 1, 2, 2, 3, 3, 3)),
    Boundary(accept=(-1, 0), reject=(2, 1)),
    Boundary(accept=(-1, -1, -1, -1, 3), reject=(5, 5, 5, 5, 4)),
]


def walk(boundary: Boundary, failing: tuple[int, ...]) -> tuple[bool, int]:
    """Ask items 0, 1, 2 … of one order until the boundary stops; accepted, and when."""
    failed = 0
    for asked in range(1, boundary.cap + 1):
        failed += asked - 1 in failing
        if failed <= boundary.accept[asked]:
            return True, asked
        if failed >= boundary.reject[asked]:
            return False, asked
    raise AssertionError


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("failures", range(SIZE + 1))
def test_rates_are_those_of_every_order(boundary: Boundary, failures: int) -> None:
    """Enumeration is the definition; path counting must equal it as a fraction."""
    walks = [walk(boundary, order) for order in combinations(range(SIZE), failures)]
    stops = stops_of(boundary)
    accepted = Fraction(sum(ok for ok, _ in walks), len(walks))
    asked = Fraction(sum(asked for _, asked in walks), len(walks))
    assert acceptance_of(stops, SIZE, failures) == accepted
    assert expected_questions(stops, SIZE, failures) == asked


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_floating_point_agrees_with_the_fractions(boundary: Boundary) -> None:
    """Designs are searched in floats and claimed in fractions; both must mean the same."""
    quick = characteristic(boundary, SIZE, range(SIZE + 1))
    stops = stops_of(boundary)
    for failures in range(SIZE + 1):
        exact = acceptance_of(stops, SIZE, failures), expected_questions(stops, SIZE, failures)
        assert quick.accepted[failures] == pytest.approx(float(exact[0]), abs=1e-12)
        assert quick.expected[failures] == pytest.approx(float(exact[1]), abs=1e-10)


def test_floating_point_agrees_on_a_long_test() -> None:
    """Rounding must not pile up over a thousand questions."""
    cap = 1000
    accept = tuple(-1 if n < 60 else (n - 60) // 40 for n in range(cap))
    reject = tuple(4 + n // 20 for n in range(cap))
    boundary = Boundary(accept=(*accept, 30), reject=(*reject, 31))
    failing = [0, 40, 60, 100]
    quick, stops = characteristic(boundary, 2000, failing), stops_of(boundary)
    exact = [float(acceptance_of(stops, 2000, count)) for count in failing]
    assert np.allclose(quick.accepted, exact, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_every_path_stops_once(boundary: Boundary) -> None:
    """Stops partition the orders, so nothing is counted twice or lost."""
    total = sum(
        stop.ways * comb(SIZE - stop.asked, 4 - stop.failed)
        for stop in stops_of(boundary)
        if stop.failed <= 4
    )
    assert total == comb(SIZE, 4)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("failures", range(SIZE + 1))
def test_ignoring_rejections_never_lowers_acceptance(boundary: Boundary, failures: int) -> None:
    """So a risk that holds without them holds whatever a tester does about them."""
    free = acceptance_of(stops_of(without_rejection(boundary)), SIZE, failures)
    assert free >= acceptance_of(stops_of(boundary), SIZE, failures)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_giving_up_what_is_hopeless_costs_nothing(boundary: Boundary) -> None:
    """The unrejecting boundary stops where acceptance is impossible; it changes no rate."""
    cap = boundary.cap
    literal = Boundary(
        accept=boundary.accept, reject=(*(cap + 1,) * cap, boundary.accept[cap] + 1)
    )
    for failures in range(SIZE + 1):
        short = acceptance_of(stops_of(without_rejection(boundary)), SIZE, failures)
        assert short == acceptance_of(stops_of(literal), SIZE, failures)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_more_failing_items_never_help(boundary: Boundary) -> None:
    """The risk at the threshold is therefore the risk below it too."""
    stops = stops_of(boundary)
    rates = [acceptance_of(stops, SIZE, failures) for failures in range(SIZE + 1)]
    assert rates == sorted(rates, reverse=True)
