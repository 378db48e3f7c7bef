# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The open facts of a register, by how many rulings their answers could settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from comity.kernel.canonical import Json
from comity.law.reason import names_in
from comity.law.sweep.encode import Encoded
from comity.law.sweep.plan import Plan
from comity.law.sweep.plane import Bits, Planes, counted, packed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFact:
    """How many rulings, rows by norms, hang on the answers to one fact.

    Args:
        alone: Rulings that any answer settles, for nothing else is open in them.
        among: Rulings in which the answer still matters.
    """

    fact: str
    alone: int
    among: int

    def to_json(self) -> dict[str, Json]:
        """Write the fact as plain JSON values."""
        return {"fact": self.fact, "alone": self.alone, "among": self.among}


def open_facts(plan: Plan, encoded: Encoded) -> tuple[OpenFact, ...]:
    """Count, for every open fact, the undetermined rulings it is open in."""
    planes = Planes(encoded=encoded, layout=plan.layout, meanings=plan.meanings)
    rows = packed(np.ones(encoded.frame.height, dtype=np.bool_))
    silent = _Silent(encoded=encoded)
    alone: dict[str, int] = {}
    among: dict[str, int] = {}
    for asked in plan.asked.values():
        where = planes.of(asked.whole).open & rows
        if not asked.in_force or not where.any():
            continue
        found: dict[str, Bits] = {}
        for atom, bits in planes.mattering(asked.whole, where):
            names = names_in(atom)
            for name in names:
                here = bits & silent.rows(name) if len(names) > 1 else bits
                found[name] = found.get(name, np.zeros_like(bits)) | here
        several = _in_several(found.values(), where)
        for name, bits in found.items():
            among[name] = among.get(name, 0) + counted(bits)
            alone[name] = alone.get(name, 0) + counted(bits & ~several)
    return ranked(OpenFact(fact=name, alone=alone[name], among=among[name]) for name in among)


def ranked(facts: Iterable[OpenFact]) -> tuple[OpenFact, ...]:
    """Add up what is said of the same facts; those that settle most alone come first."""
    sums: dict[str, tuple[int, int]] = {}
    for each in facts:
        alone, among = sums.get(each.fact, (0, 0))
        sums[each.fact] = alone + each.alone, among + each.among
    found = [OpenFact(fact=fact, alone=n, among=m) for fact, (n, m) in sums.items()]
    return tuple(sorted(found, key=lambda each: (-each.alone, -each.among, each.fact)))


def _in_several(planes: Iterable[Bits], where: Bits) -> Bits:
    """Return the rows that stand in two planes or more."""
    once, more = np.zeros_like(where), np.zeros_like(where)
    for bits in planes:
        more |= once & bits
        once |= bits
    return more


@dataclass(slots=True, kw_only=True)
class _Silent:
    """Remembers in which rows a date has no answer."""

    encoded: Encoded
    _known: Mapping[str, Bits] | None = None

    def rows(self, fact: str) -> Bits:
        """Return the rows in which nobody answered."""
        known = dict(self._known or {})
        if fact not in known:
            known[fact] = packed(self.encoded.frame[fact].is_null().to_numpy())
            self._known = known
        return known[fact]
