# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The whole stack in two figures: its weakest layer, and the geometric mean beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from comity.exposure.material.layer import LAYERS
from comity.exposure.measure.interval import ANYTHING, Interval, rest_of
from comity.kernel.material import PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """How much of the whole stack is one's own.

    Args:
        weakest: The least share of own supply over the layers.
        mean: Geometric mean of those shares.
        weakest_layers: The layers that set the upper end of `weakest`.
        silent: Layers nobody speaks of, of which everything is unknown.
    """

    weakest: Interval
    mean: Interval
    weakest_layers: tuple[str, ...]
    silent: tuple[str, ...]


def stack(foreign: Mapping[str, Interval]) -> Stack:
    """Return both figures over the nine layers.

    Args:
        foreign: Share of foreign suppliers by layer (see `depend`); a layer that is not there
            is unknown, not own.

    Returns:
        weakest = min over l of (1 - D_l), mean = the ninth root of the product of (1 - D_l),
        both in [0, 1]. Where one layer is wholly foreign both are 0; an arithmetic mean would
        hide it. The root is rounded outward to millionths.

    Source:
        facts on dependence, 5.3.
    """
    own = {layer: rest_of(foreign.get(layer, ANYTHING)) for layer in LAYERS}
    least = [one.least for one in own.values()]
    most = [one.most for one in own.values()]
    ceiling = min(most)
    return Stack(
        weakest=Interval(least=min(least), most=ceiling),
        mean=Interval(least=_root(least), most=_root(most, up=True)),
        weakest_layers=tuple(layer for layer, one in own.items() if one.most == ceiling),
        silent=tuple(layer for layer in LAYERS if layer not in foreign),
    )


def _root(shares: list[Fraction], *, up: bool = False) -> Fraction:
    """Return the root of a product in whole millionths, rounded down or up."""
    degree, wanted = len(shares), prod(shares, start=Fraction(1))
    low, high = 0, PPM
    while low < high:
        middle = (low + high + 1) // 2
        if Fraction(middle, PPM) ** degree <= wanted:
            low = middle
        else:
            high = middle - 1
    is_short = Fraction(low, PPM) ** degree < wanted
    return Fraction(low + (1 if up and is_short else 0), PPM)
