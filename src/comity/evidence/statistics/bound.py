# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A lower confidence bound on a category's pass rate, valid whenever one stops.

For each number M of failing items there is a test of "M items fail" at the design's risk;
the bound is the most failing items not refuted. Below the threshold, the risk is shared
between the design's own acceptance (its exact chance at M) and a bet of e-value; above it
the bet has all of it. So whatever is shown has a bound above its threshold, and a bound
exists where nothing is shown.

Source:
    docs/spec/evidence.md, "The lower bound"; the bet is half the design's mixture and half
    the uniform prior of Waudby-Smith & Ramdas (2020), NeurIPS, section 3.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb

from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.eprocess import evidence, likelihood, null_failures, null_of
from comity.evidence.statistics.lattice import (
    Failing,
    Stop,
    acceptance_of,
    stops_of,
    without_rejection,
)

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refuter:
    """Tests every assumption of what fails against one point of the lattice."""

    design: Design
    asked: int
    failed: int
    bet: Fraction
    accepted: bool
    stops: tuple[Stop, ...]

    def refutes(self, failing: Failing) -> bool:
        """Tell whether it is refuted at the design's risk that so much fails."""
        extent, risk = self.design.extent, self.design.risk
        if failing >= null_of(extent, self.design.threshold):
            if self.accepted:
                return True
            risk -= acceptance_of(self.stops, extent, failing)
        chance = likelihood(extent, failing, self.asked, self.failed)
        return self.bet * risk >= chance if risk > 0 else False


def lower_bound_ppm(design: Design, asked: int, failed: int, *, accepted: bool) -> int:
    """Return the pass rate, in millionths, exceeded or met with confidence 1 - risk.

    Args:
        design: The design that judged.
        asked: Questions at the stop.
        failed: Failures among them.
        accepted: Whether the verdict was "shown".
    """
    refuter = _refuter(design, asked, failed, accepted=accepted)
    if design.extent is None:
        return _greatest_rate(refuter)
    return (design.size - _most_failures(refuter)) * MILLION // design.size


def _refuter(design: Design, asked: int, failed: int, *, accepted: bool) -> _Refuter:
    mixture = evidence(design.extent, design.threshold, design.goal)
    spikes = sum(
        (
            weight * likelihood(design.extent, failing, asked, failed)
            for failing, weight in mixture.spikes
        ),
        start=Fraction(0),
    )
    uniform = Fraction(1, (asked + 1) * comb(asked, failed))
    return _Refuter(
        design=design,
        asked=asked,
        failed=failed,
        bet=(spikes + uniform) / 2,
        accepted=accepted,
        stops=() if accepted else tuple(stops_of(without_rejection(boundary_of(design)))),
    )


def _most_failures(refuter: _Refuter) -> int:
    """Find the most failing items not refuted; from the likeliest on, refutation only grows."""
    design, asked, failed = refuter.design, refuter.asked, refuter.failed
    high = design.size - (asked - failed)
    if refuter.accepted:
        high = min(high, null_failures(design.size, design.threshold) - 1)
    low = min(high, failed * design.size // asked if asked else 0)
    while low < high:
        middle = (low + high + 1) // 2
        if refuter.refutes(middle):
            high = middle - 1
        else:
            low = middle
    return low


def _greatest_rate(refuter: _Refuter) -> int:
    """Find the greatest pass rate refuted, in millionths; below the likeliest all are.

    Up to the threshold and above it are searched apart: only a rate refuted with every rate
    below it bounds from below.
    """
    design, asked = refuter.design, refuter.asked
    likeliest = (asked - refuter.failed) * MILLION // asked if asked else MILLION
    edge = min(likeliest, int(design.threshold * MILLION // 1))
    found = _last_refuted(refuter, 0, edge)
    return found if found < edge else _last_refuted(refuter, edge, max(edge, likeliest))


def _last_refuted(refuter: _Refuter, low: int, high: int) -> int:
    """Bisect for the last rate refuted from *low*, itself refuted or 0, up to *high*."""
    while low < high:
        middle = (low + high + 1) // 2
        if refuter.refutes(1 - Fraction(middle, MILLION)):
            low = middle
        else:
            high = middle - 1
    return low
