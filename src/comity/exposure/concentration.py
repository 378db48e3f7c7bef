# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How concentrated the supply of a layer is, as an interval where suppliers are unknown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.exposure.material import Material

PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Shares of one layer by jurisdiction, and what they bound.

    Args:
        shares: Known share by jurisdiction; with `unknown` they sum to 1.
        unknown: Share whose jurisdiction nobody said; never filled with zero.
        least: Herfindahl–Hirschman index if the unknown were spread infinitely thin.
        most: The index if all of the unknown belonged to the largest supplier.
    """

    layer: str
    shares: Mapping[str, Fraction]
    unknown: Fraction
    least: Fraction
    most: Fraction


def concentrate(systems: Iterable[Iterable[Material]]) -> tuple[Concentration, ...]:
    """Return the concentration of each layer over systems, each system weighing the same.

    A system that says nothing of a layer does not count for that layer. Components
    without a stated share divide what the stated ones leave; what no component claims is
    unknown.

    Raises:
        InvalidDocument: The stated shares of a layer exceed the whole.

    Source:
        Herfindahl–Hirschman index, sum of squared shares, range (0, 1]; the interval is
        its exact range over all completions of the unknown part.
    """
    weights: dict[str, dict[str | None, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for materials in systems:
        by_layer: dict[str, list[Material]] = defaultdict(list)
        for material in materials:
            by_layer[material.layer].append(material)
        for layer, parts in by_layer.items():
            for jurisdiction, share in _shares(layer, parts):
                weights[layer][jurisdiction] += share
    return tuple(_concentration(layer, found) for layer, found in sorted(weights.items()))


def _shares(layer: str, parts: list[Material]) -> list[tuple[str | None, Fraction]]:
    stated = Fraction(sum(part.share_ppm or 0 for part in parts), PPM)
    if stated > 1:
        message = f"the shares of layer {layer!r} add up to more than the whole"
        raise InvalidDocument(message, code="exposure.shares", faults=[Fault(message=message)])
    silent = [part for part in parts if part.share_ppm is None]
    each = (1 - stated) / len(silent) if silent else Fraction(0)
    shares = [
        (p.jurisdiction, each if p.share_ppm is None else Fraction(p.share_ppm, PPM))
        for p in parts
    ]
    return shares if silent else [*shares, (None, 1 - stated)]


def _concentration(layer: str, found: Mapping[str | None, Fraction]) -> Concentration:
    total = sum(found.values(), Fraction(0))
    shares = {name: w / total for name, w in sorted(found.items(), key=str) if name is not None}
    unknown = found.get(None, Fraction(0)) / total
    squares = sum((share * share for share in shares.values()), Fraction(0))
    largest = max(shares.values(), default=Fraction(0))
    return Concentration(
        layer=layer,
        shares=shares,
        unknown=unknown,
        least=squares,
        most=squares - largest * largest + (largest + unknown) ** 2,
    )
