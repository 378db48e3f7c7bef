# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The lower bound is wrong at most as often as the risk, whenever one stops."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.statistics.bound import lower_bound_ppm
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict, boundary_of
from comity.evidence.statistics.lattice import (
    Boundary,
    Stop,
    acceptance_of,
    stops_of,
    without_rejection,
)

DESIGNS = [
    design_for(Request(size=64, threshold=Fraction(9, 10), goal=Fraction(97, 100))),
    design_for(Request(size=50, threshold=Fraction(7, 10), goal=Fraction(85, 100))),
    design_for(
        Request(size=40, threshold=Fraction(6, 10), goal=Fraction(9, 10), risk=Fraction(1, 100))
    ),
]


def misses(design: Design, stops: list[Stop], failures: int) -> Fraction:
    """Return the exact chance that the bound exceeds the true pass rate."""
    truth = Fraction(design.size - failures, design.size) * 1_000_000
    wrong = [
        replace(stop, accepted=True)
        for stop in stops
        if lower_bound_ppm(design, stop.asked, stop.failed, accepted=stop.accepted) > truth
    ]
    return acceptance_of(wrong, design.size, failures)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_bound_holds_at_every_pass_rate_when_the_design_is_obeyed(design: Design) -> None:
    """Exact coverage at each number of failing items, by counting paths."""
    stops = stops_of(boundary_of(design))
    for failures in range(design.size + 1):
        assert misses(design, stops, failures) <= design.risk


@pytest.mark.parametrize("design", DESIGNS)
def test_the_bound_holds_when_rejections_are_ignored(design: Design) -> None:
    """A tester that goes on must not get a better bound than it has a right to."""
    stops = stops_of(without_rejection(boundary_of(design)))
    for failures in range(design.size + 1):
        assert misses(design, stops, failures) <= design.risk


@pytest.mark.parametrize("asked", [1, 5, 20, 45])
def test_the_bound_holds_when_a_test_breaks_off(asked: int) -> None:
    """An interrupted test reports a bound too: stop anywhere not yet decided."""
    design = DESIGNS[0]
    whole = boundary_of(design)
    accept = (*whole.accept[:asked], -1)
    stops = stops_of(Boundary(accept=accept, reject=(*whole.reject[:asked], 0)))
    for failures in range(design.size + 1):
        assert misses(design, stops, failures) <= design.risk


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_shown_has_a_bound_above_its_threshold(design: Design) -> None:
    """A finding that says "shown, at least 89 %" of a claim of 90 % would confuse a court."""
    for stop in stops_of(boundary_of(design)):
        bound = lower_bound_ppm(design, stop.asked, stop.failed, accepted=stop.accepted)
        if stop.accepted:
            assert Fraction(bound + 1, 1_000_000) > design.threshold


def test_a_longer_perfect_record_never_lowers_the_bound() -> None:
    """More of the same evidence is more evidence."""
    design = DESIGNS[0]
    bounds = [
        lower_bound_ppm(design, asked, 0, accepted=design.decide(asked, 0) is Verdict.SHOWN)
        for asked in range(49)
    ]
    assert bounds == sorted(bounds)
    assert bounds[0] == 0


def test_a_failure_never_raises_the_bound() -> None:
    """Fewer passes are less evidence."""
    design = DESIGNS[1]
    bounds = [lower_bound_ppm(design, 20, failed, accepted=False) for failed in range(21)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[20] == 0
