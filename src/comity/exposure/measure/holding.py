# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who holds which share of one layer over several bills, and which part is anybody's."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from comity.exposure.material.bill import Bill
from comity.kernel.material import Material

UNKNOWN = "?"
"""What the label of a holder begins with whose name nobody said."""

Labelling: TypeAlias = Callable[[Material, str], str]
"""Names the holder of a material; takes a key that no other material has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The shares of one layer; all of them make up 1.

    Args:
        fixed: Shares by holder. A holder whose label begins with `UNKNOWN` is one holder,
            and may turn out to be any other.
        loose: Shares that fall to the holders of a set, in a division nobody stated.
        unnamed: What falls to anybody, one or many.
    """

    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    loose: tuple[tuple[frozenset[str], Fraction], ...] = ()
    unnamed: Fraction = Fraction(0)

    def without(self, holder: str) -> "Holding":
        """Leave one holder out, and whatever may fall to it wherever that is allowed."""
        return Holding(
            fixed={name: share for name, share in self.fixed.items() if name != holder},
            loose=tuple(one for one in self.loose if holder not in one[0]),
        )


def by_firm(material: Material, key: str) -> str:
    """Name the supplier."""
    return material.supplier or f"{UNKNOWN}{key}"


def by_state(material: Material, key: str) -> str:
    """Name the supplier's jurisdiction; one supplier's unknown jurisdiction is one."""
    supplier = material.supplier and material.supplier.casefold()
    return material.jurisdiction or f"{UNKNOWN}{supplier or key}"


def hold(bills: Iterable[Bill], layer: str, label: Labelling) -> Holding:
    """Add up the shares of a layer over the bills that speak of it, by their weights.

    A name written in capitals and small letters is one holder, as first written: otherwise two
    spellings of one firm would look like competition.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.
    """

    def named(material: Material, bill: Bill) -> str:
        found = label(material, f"{bill.key}/{material.name}")
        is_unknown = found.startswith(UNKNOWN)
        return found if is_unknown else written.setdefault(found.casefold(), found)

    speaking = [bill for bill in bills if layer in bill.layers()]
    total = sum((bill.weight for bill in speaking), Fraction(0))
    written: dict[str, str] = {}
    fixed: dict[str, Fraction] = defaultdict(Fraction)
    loose: dict[frozenset[str], Fraction] = defaultdict(Fraction)
    unnamed = Fraction(0)
    for bill in speaking:
        parts, weight = bill.of(layer), bill.weight / total
        for material, share in parts.stated:
            fixed[named(material, bill)] += weight * share
        if not parts.silent:
            unnamed += weight * parts.rest
            continue
        names = frozenset(named(one, bill) for one in parts.silent)
        if len(names) == 1:
            fixed[next(iter(names))] += weight * parts.rest
        else:
            loose[names] += weight * parts.rest
    held = {name: share for name, share in sorted(fixed.items()) if share}
    rests = sorted(((names, share) for names, share in loose.items() if share), key=_order)
    return Holding(fixed=held, loose=tuple(rests), unnamed=unnamed)


def _order(one: tuple[frozenset[str], Fraction]) -> list[str]:
    return sorted(one[0])
