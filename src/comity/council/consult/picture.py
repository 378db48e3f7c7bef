# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The plane as it is drawn: cells with their people, and the hull of each found group."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.council.consult.analysis import Analysis

THOUSAND = 1000
"""Coordinates are drawn to a thousandth; nothing is decided by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One cell of the plane.

    Args:
        across: In thousandths.
        up: In thousandths.
        group: Found group.
    """

    across: int
    up: int
    people: int
    group: int


def dots_of(analysis: Analysis) -> tuple[Dot, ...]:
    """Return the cells that hold somebody."""
    cells, division = analysis.cells, analysis.division
    if cells is None or division is None:
        return ()
    return tuple(
        Dot(
            across=round(float(x) * THOUSAND),
            up=round(float(y) * THOUSAND),
            people=int(people),
            group=int(group),
        )
        for (x, y), people, group in zip(
            cells.centres, cells.weights, division.labels, strict=True
        )
    )


def hull(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the corners of the least convex shape around points, against the clock.

    Source:
        Andrew (1979), Information Processing Letters 9(5): the monotone chain.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return (*lower[:-1], *upper[:-1])


def _chain(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
