# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Units: converted only where that is exact; a month is never thirty days."""

from decimal import Decimal, localcontext
from fractions import Fraction

from comity.law.condition import Number, exact_number

_FAMILIES: tuple[dict[str, int], ...] = (
    {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800},
    {"month": 1, "year": 12},
)
_PLACES = 20


def in_unit(amount: Number, given: str, wanted: str) -> Number | None:
    """Return the amount in the wanted unit, or None where the conversion is not exact.

    Example:
        >>> in_unit(2, "day", "hour")
        48
        >>> in_unit(6, "month", "day") is None
        True
    """
    given = _singular(given, wanted)
    if given == wanted:
        return amount
    for family in _FAMILIES:
        if given in family and wanted in family:
            return _exactly(Fraction(amount) * family[given] / family[wanted])
    return None


def _singular(unit: str, wanted: str) -> str:
    if unit == wanted or not unit.endswith("s"):
        return unit
    known = {wanted}.union(*_FAMILIES)
    return unit[:-1] if unit[:-1] in known else unit


def _exactly(value: Fraction) -> Number | None:
    if value.denominator == 1:
        return value.numerator
    if 10**_PLACES % value.denominator:
        return None
    with localcontext() as context:
        context.prec = 100
        return exact_number(Decimal(value.numerator) / Decimal(value.denominator))
