# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The sum of squared shares, over every completion of what is unknown."""

from fractions import Fraction

from comity.exposure.measure.corner import greatest
from comity.exposure.measure.holding import Holding
from comity.exposure.measure.interval import Interval
from comity.exposure.measure.level import level


def squares(least: Holding, most: Holding | None = None) -> Interval:
    """Return the range of the sum of squares.

    Args:
        least: Shares as they lie for the lower end.
        most: Shares as they lie for the upper end; the same ones unless said.

    The lower end: holders nobody named are each one of their own, what is unnamed is spread
    infinitely thin, and what is loose is divided evenly (see `level`). The upper end: the sum
    of squares is convex, so that it is greatest where each loose share falls to one holder,
    and all that may be anybody's falls to the largest (see `greatest`).
    """
    totals = level(least.fixed, least.loose)
    found, is_exact = greatest(least if most is None else most)
    low = sum((share * share for share in totals.values()), Fraction(0))
    return Interval(least=low, most=found, is_exact=is_exact)
