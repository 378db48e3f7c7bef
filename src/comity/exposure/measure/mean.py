# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is true of which share of a layer: a weighted mean over its parts, as an interval."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeAlias

from comity.exposure.material.bill import Bill, LayerParts
from comity.exposure.measure.interval import ANYTHING, Interval
from comity.kernel.material import Material

Valuation: TypeAlias = Callable[[Material], Interval]
"""Says how far something is true of a material, from 0 to 1."""


def mean(bills: Iterable[Bill], layer: str, value: Valuation) -> Interval:
    """Return the share of a layer of which something is true, over the bills that speak of it.

    Every unknown moves the mean one way only, and none moves another: so both ends are
    attained by setting each unknown to its own end, and each rest to its extreme part.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.
    """
    speaking = [bill for bill in bills if layer in bill.layers()]
    total = sum((bill.weight for bill in speaking), Fraction(0))
    if not total:
        return ANYTHING
    least = most = Fraction(0)
    for bill in speaking:
        found = _within(bill.of(layer), value)
        least += bill.weight / total * found.least
        most += bill.weight / total * found.most
    return Interval(least=least, most=most)


def _within(parts: LayerParts, value: Valuation) -> Interval:
    least = most = Fraction(0)
    for material, share in parts.stated:
        found = value(material)
        least += share * found.least
        most += share * found.most
    ends = [value(one) for one in parts.silent] or [ANYTHING]
    return Interval(
        least=least + parts.rest * min(one.least for one in ends),
        most=most + parts.rest * max(one.most for one in ends),
    )
