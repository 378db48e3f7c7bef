# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How surely a share reaches a threshold: Wilson's score bound in exact integers.

A share is what agrees of all who saw an opinion; who passed saw it. The bound is of 95 %,
two-sided: its normal quantile is the fraction 49/25. No float takes part, so that one count
has one bound on every machine.

Source:
    Wilson (1927), Journal of the American Statistical Association 22(158), pages 209-212.
"""

from fractions import Fraction
from math import isqrt

MILLION = 1_000_000
"""Bounds are published in millionths, rounded down."""

_NUM, _DEN = 2401, 625  # the square of 49/25


def is_at_least(count: int, seen: int, share: Fraction) -> bool:
    """Tell whether the lower bound of a share reaches a threshold.

    Args:
        share: Strictly between 0 and 1.

    Example:
        >>> is_at_least(4, 4, Fraction(1, 2)), is_at_least(3, 3, Fraction(1, 2))
        (True, False)
    """
    num, den = share.numerator, share.denominator
    ahead = count * den - num * seen
    return seen > 0 and ahead >= 0 and ahead**2 * _DEN >= _NUM * num * (den - num) * seen


def is_at_most(count: int, seen: int, share: Fraction) -> bool:
    """Tell whether the upper bound of a share does not exceed a threshold."""
    return is_at_least(seen - count, seen, 1 - share)


def lower_bound(count: int, seen: int) -> int:
    """Return the lower bound of a share in millionths, rounded down.

    Example:
        >>> lower_bound(0, 0), lower_bound(2, 2), lower_bound(90, 100)
        (0, 342371, 825632)
    """
    if seen == 0:
        return 0
    least = MILLION * (2 * _DEN * count + _NUM) * seen
    square = _NUM**2 * seen**2 + 4 * _NUM * _DEN * count * (seen - count) * seen
    return (least - _root_above(MILLION**2 * square)) // (2 * seen * (_DEN * seen + _NUM))


def answers_to_settle(count: int, seen: int, share: Fraction) -> int | None:
    """Return how many more answers would settle it, if they fell like those so far.

    Returns:
        0 where it is settled; None where no number would, as the share is the threshold.
    """
    if seen == 0 or is_at_least(count, seen, share) or is_at_most(count, seen, share):
        return None if seen == 0 else 0
    gap = Fraction(count, seen) - share
    if gap == 0:
        return None
    needed = Fraction(_NUM, _DEN) * share * (1 - share) / gap**2
    return max(1, -(-needed.numerator // needed.denominator) - seen)


def smoothed(count: int, seen: int) -> Fraction:
    """Return a share with one answer of either kind added; one half where nobody answered."""
    return Fraction(count + 1, seen + 2)


def _root_above(square: int) -> int:
    """Return the least integer whose square is not below."""
    root = isqrt(square)
    return root if root * root == square else root + 1
