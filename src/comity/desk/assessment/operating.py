# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a design does: exact risk and power, and by pass rate what it shows and asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.errors import InvalidDocument
from comity.evidence.statistics.design import (
    Design,
    boundary_of,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.eprocess import aim_of, null_of
from comity.evidence.statistics.kind import AnyDesign, as_counted
from comity.evidence.statistics.lattice import Failing, characteristic
from comity.evidence.statistics.onestage import OneStage, one_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What becomes of a system of one pass rate.

    Args:
        rate: Its pass rate; in a bank, rounded to whole items.
        shown: Chance of "shown", to about 1e-12.
        expected: Expected questions.
    """

    rate: Fraction
    shown: float
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one design does.

    Args:
        risk: Exact chance of a wrong "shown" at the threshold, rejections ignored; for scores
            the bound that Ville's inequality gives.
        power: Exact chance of "shown" at the goal; for scores None, as it depends on how
            the scores are spread.
        fixed: The one-stage test of the same risk and power, or None where there is none.
        points: By rate asked about.
    """

    risk: Fraction
    power: Fraction | None
    fixed: OneStage | None
    points: tuple[Point, ...]


def operation_of(design: AnyDesign, rates: Sequence[Fraction] = ()) -> Operation:
    """Return what a design does at some rates; without any, at the five that matter.

    Those of a test of scores are for scores that are whole or nothing.
    """
    counted = as_counted(design)
    known = isinstance(design, Design)
    return Operation(
        risk=false_recognition(counted) if known else design.risk,
        power=power_of(counted) if known else None,
        fixed=fixed_test(design),
        points=points_of(counted, rates or rates_that_matter(design)),
    )


def points_of(design: Design, rates: Sequence[Fraction]) -> tuple[Point, ...]:
    """Return what a design does at each rate."""
    failing = [_failing(design, rate) for rate in rates]
    found = characteristic(boundary_of(design), design.extent, failing)
    whole = design.extent or 1
    return tuple(
        Point(rate=1 - Fraction(fails) / whole, shown=float(shown), expected=float(expected))
        for fails, shown, expected in zip(failing, found.accepted, found.expected, strict=True)
    )


def rates_that_matter(design: AnyDesign) -> tuple[Fraction, ...]:
    """Return a margin below the threshold, it, the middle, the goal and perfection."""
    low, high = design.threshold, design.goal
    rates = (max(Fraction(0), 2 * low - high), low, (low + high) / 2, high, Fraction(1))
    return tuple(dict.fromkeys(rates))


def fixed_test(design: AnyDesign) -> OneStage | None:
    """Return the test of a fixed number of questions of the same strength, if there is one."""
    extent = design.extent
    null, aim = null_of(extent, design.threshold), aim_of(extent, design.goal)
    try:
        return one_stage(extent, null, aim, risk=design.risk, power=design.power)
    except InvalidDocument:
        return None


def totals_of(operations: Mapping[str, Operation]) -> tuple[Point, ...]:
    """Return what all categories are expected to take together, rate by rate.

    "Shown" is the chance that every one of them is.
    """
    rows = zip(*(one.points for one in operations.values()), strict=True)
    found: list[Point] = []
    for row in rows:
        shown = 1.0
        for point in row:
            shown *= point.shown
        expected = sum(point.expected for point in row)
        found.append(Point(rate=row[0].rate, shown=shown, expected=expected))
    return tuple(found)


def _failing(design: Design, rate: Fraction) -> Failing:
    """Return what fails at a rate; up to the goal rounded against the system, then for it."""
    if design.extent is None:
        return 1 - rate
    if rate >= design.goal:
        return int(design.extent * (1 - rate) // 1)
    return design.extent - int(rate * design.extent // 1)
