# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A figure that unknowns leave open: the least and the most that it can be."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import ceil, floor

from comity.kernel.canonical import Json
from comity.kernel.reference import to_ratio_json

_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Every value a figure can take over the completions of what is unknown lies within.

    Args:
        is_exact: Whether both ends are attained, or approached as closely as one likes. False
            where the completions were too many to try and the ends only enclose them.
    """

    least: Fraction
    most: Fraction
    is_exact: bool = True

    @property
    def is_known(self) -> bool:
        """Tell whether nothing is left open."""
        return self.least == self.most

    def digits(self, unit: int) -> tuple[str, str]:
        """Write both ends in parts of a unit to three digits: open ones rounded outward.

        >>> Interval(least=Fraction(1, 6), most=Fraction(2, 3)).digits(100)
        ('16.6', '66.7')
        >>> known(Fraction(1, 6)).digits(100)
        ('16.7', '16.7')
        """
        down, up = ROUND_FLOOR, ROUND_CEILING
        if self.is_known:
            down = up = ROUND_HALF_EVEN
        return _digits(self.least * unit, down), _digits(self.most * unit, up)

    def whole(self, unit: int) -> tuple[int, int]:
        """Return both ends as whole parts of a unit: open ones rounded outward."""
        if self.is_known:
            return round(self.least * unit), round(self.most * unit)
        return floor(self.least * unit), ceil(self.most * unit)

    def to_json(self) -> dict[str, Json]:
        """Write both ends, exactly."""
        ends: dict[str, Json] = {
            "least": to_ratio_json(self.least),
            "most": to_ratio_json(self.most),
        }
        return ends if self.is_exact else {**ends, "is_exact": False}


NOTHING = Interval(least=Fraction(0), most=Fraction(0))
ANYTHING = Interval(least=Fraction(0), most=Fraction(1))


def known(value: Fraction) -> Interval:
    """Return the interval of one value."""
    return Interval(least=value, most=value)


def rest_of(interval: Interval) -> Interval:
    """Return one minus a share."""
    return Interval(
        least=1 - interval.most, most=1 - interval.least, is_exact=interval.is_exact
    )


def _digits(value: Fraction, rounding: str) -> str:
    context = Context(prec=_DIGITS, rounding=rounding)
    found = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return f"{found.normalize():f}"
