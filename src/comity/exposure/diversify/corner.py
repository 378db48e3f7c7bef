# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From a solver's floats to the exact corner they stand for, and an exact look at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from comity.exposure.diversify.market import ONE, ZERO
from comity.kernel.material import PPM

NEAR = (1e-9, 1e-7, 1e-6)
"""How near a float lies to what it stands for: tried in turn, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that may hold with equality: sum of cells times columns <= right."""

    cells: Mapping[int, Fraction]
    right: Fraction
    is_equal: bool = False

    def left(self, values: Sequence[Fraction]) -> Fraction:
        """Return what stands on the left."""
        return sum((cell * values[place] for place, cell in self.cells.items()), ZERO)


def corner(
    floats: Sequence[float],
    bounds: Sequence[tuple[Fraction, Fraction]],
    rows: Sequence[Row],
    kinks: Mapping[int, Fraction] = MappingProxyType({}),
) -> tuple[Fraction, ...] | None:
    """Return the corner that floats lie next to, solved exactly.

    A column near a bound or its kink is there; the others follow from the rows that are tight.

    Args:
        kinks: By column, the value at which its cost bends.

    Returns:
        None where the tight rows leave a column open, or a bound or a row is broken: then
        no corner was found.
    """
    pins = [(*ends, kinks.get(place, ends[0])) for place, ends in enumerate(bounds)]
    for near in NEAR:
        values = _corner(floats, pins, rows, near)
        inside = zip(values or (), bounds, strict=False)
        is_inside = all(low <= value <= high for value, (low, high) in inside)
        if values is not None and is_inside and is_kept(values, rows):
            return values
    return None


def _corner(
    floats: Sequence[float],
    pins: Sequence[tuple[Fraction, ...]],
    rows: Sequence[Row],
    near: float,
) -> tuple[Fraction, ...] | None:
    fixed = {
        place: min(ends, key=lambda pin: abs(value - float(pin)))
        for place, (value, ends) in enumerate(zip(floats, pins, strict=True))
        if any(abs(value - float(pin)) < near for pin in ends)
    }
    free = [place for place in range(len(floats)) if place not in fixed]
    tight = [row for row in rows if row.is_equal or _slack(row, floats) < near]
    solved = solve(free, fixed, tight)
    if solved is None:
        return None
    return tuple(
        fixed[place] if place in fixed else solved[free.index(place)]
        for place in range(len(floats))
    )


def on_grid(floats: Sequence[float]) -> tuple[Fraction, ...]:
    """Round shares to millionths so that they make up exactly 1; the largest takes the rest."""
    shares = [Fraction(round(value * PPM), PPM) for value in floats]
    largest = max(range(len(shares)), key=lambda place: shares[place])
    shares[largest] += ONE - sum(shares, ZERO)
    return tuple(shares)


def is_kept(values: Sequence[Fraction], rows: Iterable[Row]) -> bool:
    """Tell whether every row holds exactly."""
    return all(
        left == row.right if row.is_equal else left <= row.right
        for row, left in ((row, row.left(values)) for row in rows)
    )


def _slack(row: Row, floats: Sequence[float]) -> float:
    left = sum(float(cell) * floats[place] for place, cell in row.cells.items())
    return abs(float(row.right) - left)


def solve(
    free: Sequence[int], fixed: Mapping[int, Fraction], rows: Sequence[Row]
) -> list[Fraction] | None:
    """Solve for the free columns by elimination, row after row until none is left open."""
    steps: list[tuple[int, list[Fraction]]] = []
    for row in sorted(rows, key=lambda one: not one.is_equal):
        if len(steps) == len(free):
            break
        held = sum((cell * fixed.get(place, ZERO) for place, cell in row.cells.items()), ZERO)
        line = [*(row.cells.get(place, ZERO) for place in free), row.right - held]
        for pivot, done in steps:
            if line[pivot]:
                factor = line[pivot]
                line = [one - factor * other for one, other in zip(line, done, strict=True)]
        place = next((n for n, value in enumerate(line[:-1]) if value), None)
        if place is not None:
            line = [one / line[place] for one in line]
            steps.append((place, line))
    if len(steps) < len(free):
        return None
    values = [ZERO] * len(free)
    for pivot, line in reversed(steps):
        known = sum((line[n] * values[n] for n in range(len(free)) if n != pivot), ZERO)
        values[pivot] = line[-1] - known
    return values
