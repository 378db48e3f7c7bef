# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How concentrated the supply of a layer is, by firm or by the firms' states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from comity.exposure.material.bill import Bill
from comity.exposure.measure.holding import UNKNOWN, Holding, by_firm, by_state, hold
from comity.exposure.measure.interval import Interval
from comity.exposure.measure.squares import squares

By: TypeAlias = Literal["firm", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Shares of one layer, and how concentrated they are.

    Args:
        shares: What each holder is known to have, at the least.
        ranges: What each holder can have.
        unknown: The share whose holder nobody said; never filled with zero.
        index: Herfindahl-Hirschman index.
    """

    layer: str
    by: By
    shares: Mapping[str, Fraction]
    ranges: Mapping[str, Interval]
    unknown: Fraction
    index: Interval


def concentrate(bills: Iterable[Bill], layer: str, by: By) -> Concentration:
    """Return the concentration of a layer over bills, each counting by its weight.

    A bill that says nothing of the layer does not count for it. By firm and by state the two
    answers differ: five firms of one state are five, or one.

    Returns:
        An index in (0, 1]; times 10,000 it is the index as competition authorities write it.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.

    Source:
        Herfindahl-Hirschman index, H = sum of s_j squared, s_j the share of holder j. The
        interval is its exact range over all completions of the unknown (docs/spec/exposure.md).
    """
    holding = hold(bills, layer, by_firm if by == "firm" else by_state)
    shares = {name: share for name, share in holding.fixed.items() if name[0] != UNKNOWN}
    return Concentration(
        layer=layer,
        by=by,
        shares=shares,
        ranges=_ranges(holding),
        unknown=1 - sum(shares.values(), Fraction(0)),
        index=squares(holding),
    )


def concentrations(bills: Sequence[Bill], by: By) -> tuple[Concentration, ...]:
    """Return the concentration of every layer that any bill speaks of, by name."""
    layers = sorted({layer for bill in bills for layer in bill.layers()})
    return tuple(concentrate(bills, layer, by) for layer in layers)


def _ranges(holding: Holding) -> Mapping[str, Interval]:
    """Return the least and the most that each named holder can have."""
    anybodys = holding.unnamed + sum(
        (share for name, share in holding.fixed.items() if name[0] == UNKNOWN), Fraction(0)
    )
    reach: dict[str, Fraction] = dict.fromkeys(holding.fixed, Fraction(0))
    for names, share in holding.loose:
        may_be_anybodys = any(name[0] == UNKNOWN for name in names)
        anybodys += share if may_be_anybodys else 0
        for name in names:
            reach[name] = reach.get(name, Fraction(0)) + (0 if may_be_anybodys else share)
    found: dict[str, Interval] = {}
    for name in sorted(one for one in reach if one[0] != UNKNOWN):
        least = holding.fixed.get(name, Fraction(0))
        found[name] = Interval(least=least, most=least + reach[name] + anybodys)
    return found
