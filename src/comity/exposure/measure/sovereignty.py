# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sovereignty at depth: own territory, own firm, own chips, each within the one before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from comity.exposure.material.bill import Bill
from comity.exposure.measure.interval import ANYTHING, NOTHING, Interval, known
from comity.exposure.measure.mean import mean
from comity.kernel.material import Material


@dataclass(frozen=True, slots=True, kw_only=True)
class Sovereignty:
    """Shares of one layer, each at most the one before.

    Args:
        territory: On own territory.
        owner: On own territory and owned by an own firm.
        chips: On own territory, owned by an own firm, on an own firm's chips.
    """

    layer: str
    territory: Interval
    owner: Interval
    chips: Interval


def sovereignty(bills: Iterable[Bill], layer: str, homes: Collection[str]) -> Sovereignty:
    """Return how deep a state's hold on a layer goes.

    Args:
        homes: Codes that are the state's own.

    Returns:
        Three shares in [0, 1]; a state can pass the first and fail the third.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.

    Source:
        Hawkins, Lehdonvirta and Wu (2025): compute inside the territory, nationality of the
        cloud's owner, nationality of the chips' vendor.
    """
    every = tuple(bills)

    def to_depth(depth: int) -> Interval:
        return mean(every, layer, lambda material: _is_own(material, homes, depth))

    return Sovereignty(layer=layer, territory=to_depth(1), owner=to_depth(2), chips=to_depth(3))


def _is_own(material: Material, homes: Collection[str], depth: int) -> Interval:
    answers = (material.territory, material.owner, material.chips)[:depth]
    if any(code is not None and code not in homes for code in answers):
        return NOTHING
    return ANYTHING if None in answers else known(Fraction(1))
