# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The sum of squared shares, over every completion of what is unknown."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod

from comity.exposure.measure.holding import UNKNOWN, Holding
from comity.exposure.measure.interval import Interval
from comity.exposure.measure.level import level

MAX_DIVISIONS = 4_096
"""Ways to divide what is loose that are tried before the upper end is only enclosed."""

_ZERO = Fraction(0)


def squares(least: Holding, most: Holding | None = None) -> Interval:
    """Return the range of the sum of squares.

    Args:
        least: Shares as they lie for the lower end.
        most: Shares as they lie for the upper end; the same ones unless said.

    The lower end: holders nobody named are each one of their own, what is unnamed is spread
    infinitely thin, and what is loose is divided evenly (see `level`). The upper end: the sum
    of squares is convex, so that it is greatest where each loose share falls to one holder,
    and all that may be anybody's falls to the largest.
    """
    totals = level(least.fixed, least.loose)
    found, is_exact = _greatest(least if most is None else most)
    low = sum((share * share for share in totals.values()), _ZERO)
    return Interval(least=low, most=found, is_exact=is_exact)


def _greatest(holding: Holding) -> tuple[Fraction, bool]:
    fixed = {name: share for name, share in holding.fixed.items() if name[0] != UNKNOWN}
    anybodys = holding.unnamed + sum(
        (share for name, share in holding.fixed.items() if name[0] == UNKNOWN), _ZERO
    )
    loose = []
    for names, share in holding.loose:
        if any(name[0] == UNKNOWN for name in names):
            anybodys += share
        else:
            loose.append((names, share))
    if prod(len(names) for names, _ in loose) > MAX_DIVISIONS:
        return _enclosed(fixed, loose, anybodys), False
    return max(_sum_of(totals, anybodys) for totals in _divisions(fixed, loose)), True


def _divisions(
    fixed: Mapping[str, Fraction], loose: list[tuple[frozenset[str], Fraction]]
) -> Iterator[Mapping[str, Fraction]]:
    for choice in product(*(sorted(names) for names, _ in loose)):
        totals = dict(fixed)
        for name, (_, share) in zip(choice, loose, strict=True):
            totals[name] = totals.get(name, _ZERO) + share
        yield totals


def _sum_of(totals: Mapping[str, Fraction], anybodys: Fraction) -> Fraction:
    largest = max(totals.values(), default=_ZERO)
    every = sum((share * share for share in totals.values()), _ZERO)
    return every - largest * largest + (largest + anybodys) ** 2


def _enclosed(
    fixed: Mapping[str, Fraction],
    loose: list[tuple[frozenset[str], Fraction]],
    anybodys: Fraction,
) -> Fraction:
    """Bound a sum of squares by its total times the largest share that anybody can reach."""
    reach = dict(fixed)
    for names, share in loose:
        for name in names:
            reach[name] = reach.get(name, _ZERO) + share
    total = anybodys + sum(fixed.values(), _ZERO) + sum((share for _, share in loose), _ZERO)
    return total * min(total, max(reach.values(), default=_ZERO) + anybodys)
