# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A second engine, in bits: each truth is two rows of bits, where it holds and where it fails.

Written apart from the expressions for Polars, so that each checks the other; and the one
that counts which open facts matter, for it follows each condition down to its atoms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np

from comity.law.condition import And, Atom, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref
from comity.law.fact import Kind
from comity.law.sweep.encode import Column, Encoded
from comity.law.sweep.layout import (
    MONTH,
    NO_DAY,
    NO_RANK,
    UNIX_DAY,
    Layout,
    earlier_key,
    inside,
    later_key,
    outside,
    word,
)

Bits: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]
_Codes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]


class Plane(NamedTuple):
    """Rows where a condition holds, and rows where it fails; the rest is undetermined."""

    holds: Bits
    fails: Bits

    @property
    def open(self) -> Bits:
        """Rows that are undetermined, and what lies beyond the last row."""
        return ~(self.holds | self.fails)


def packed(rows: Column) -> Bits:
    """Return one bit a row, the first row lowest, filled up to whole words."""
    found = np.packbits(rows, bitorder="little")
    return np.pad(found, (0, -len(found) % 8)).view(np.uint64)


def counted(bits: Bits) -> int:
    """Count the bits that are set."""
    return int(np.bitwise_count(bits).sum())


@dataclass(slots=True, kw_only=True)
class Planes:
    """Works conditions out over encoded rows."""

    encoded: Encoded
    layout: Layout
    meanings: Mapping[str, Condition]
    _known: dict[Condition, Plane] = field(default_factory=dict)

    def of(self, condition: Condition) -> Plane:
        """Return where a condition holds and where it fails."""
        match condition:
            case And(parts):
                return self._joined(parts, self._everywhere())
            case Or(parts):
                fails, holds = self._joined(tuple(map(Not, parts)), self._everywhere())
                return Plane(holds, fails)
            case Not(part):
                return Plane(*reversed(self.of(part)))
            case Ref(name):
                return self._once(condition, self.meanings[name])
            case Is() | In() | Has() | Cmp() | Gap():
                if condition not in self._known:
                    self._known[condition] = self._atom(condition)
                return self._known[condition]
            case _:
                assert_never(condition)

    def mattering(self, condition: Condition, where: Bits) -> Iterator[tuple[Atom, Bits]]:
        """Yield the undetermined atoms of an undetermined condition, and where they matter.

        Args:
            where: Rows asked about, in all of which the condition is undetermined.
        """
        match condition:
            case And(parts) | Or(parts):
                for part in parts:
                    here = where & self.of(part).open
                    if here.any():
                        yield from self.mattering(part, here)
            case Not(part):
                yield from self.mattering(part, where)
            case Ref(name):
                yield from self.mattering(self.meanings[name], where)
            case Is() | In() | Has() | Cmp() | Gap():
                yield condition, where
            case _:
                assert_never(condition)

    def _once(self, ref: Ref, meaning: Condition) -> Plane:
        if ref not in self._known:
            self._known[ref] = self.of(meaning)
        return self._known[ref]

    def _everywhere(self) -> Plane:
        words = -(-self.encoded.frame.height // 64)
        return Plane(~np.zeros(words, np.uint64), np.zeros(words, np.uint64))

    def _joined(self, parts: tuple[Condition, ...], start: Plane) -> Plane:
        holds, fails = start
        for part in parts:
            here = self.of(part)
            holds &= here.holds
            fails |= here.fails
        return Plane(holds, fails)

    def _atom(self, atom: Atom) -> Plane:
        match atom:
            case Is(fact):
                codes, known = self._codes(fact)
                holds = codes == 1
            case Cmp():
                holds, known = self._compared(atom)
            case Gap():
                holds, known = self._apart(atom)
            case In(fact, values) | Has(fact, values):
                return self._members(fact, values, every=isinstance(atom, Has) and atom.every)
        return Plane(packed(holds & known), packed(~holds & known))

    def _codes(self, column: str) -> tuple[_Codes, Column]:
        series = self.encoded.frame[column]
        known = series.is_not_null().to_numpy()
        return series.fill_null(strategy="zero").to_numpy().astype(np.int64), known

    def _compared(self, cmp: Cmp) -> tuple[Column, Column]:
        codes, known = self._codes(cmp.fact)
        if self.layout.facts[cmp.fact].kind is Kind.DATE:
            none, bound = NO_DAY, cmp.bound.toordinal() - UNIX_DAY  # type: ignore[union-attr] # a date's
        else:
            none, bound = NO_RANK, self.layout.rank_at(cmp.fact, cmp.bound)  # type: ignore[arg-type] # a number's
        reached = codes >= bound
        return (reached if cmp.at_least else ~reached) & (codes != none), known

    def _apart(self, gap: Gap) -> tuple[Column, Column]:
        (later, later_known), (earlier, earlier_known) = map(
            self._codes, (gap.later, gap.earlier)
        )
        none = (later_known & (later == NO_DAY)) | (earlier_known & (earlier == NO_DAY))
        known = (later_known & earlier_known) | none
        if gap.span == "day":
            holds = later - earlier >= gap.amount
        else:
            later, _ = self._codes(later_key(gap.later))
            earlier, _ = self._codes(earlier_key(gap.earlier))
            months = gap.amount * (12 if gap.span == "year" else 1)
            holds = later - earlier >= MONTH * months
        return holds & ~none, known

    def _members(self, fact: str, values: tuple[str, ...], *, every: bool) -> Plane:
        """Join one plane a value: bit by bit, where the other engine takes masks."""
        found = Plane(*reversed(self._everywhere()))
        for value in values:
            holds, fails = self._member(fact, value)
            if every:
                holds, fails = fails, holds
            found = Plane(found.holds | holds, found.fails & fails)
        return Plane(*reversed(found)) if every else found

    def _member(self, fact: str, value: str) -> Plane:
        key = Has(fact, (value,))
        if key not in self._known:
            masks = self.layout.masks(fact, [value])
            number = next(place for place, mask in enumerate(masks) if mask)
            mask = np.uint64(masks[number])
            self._known[key] = self._bit(fact, number, mask)
        return self._known[key]

    def _bit(self, fact: str, number: int, mask: np.uint64) -> Plane:
        frame = self.encoded.frame
        if fact in self.encoded.open_sets:
            ins, outs = (
                frame[side(fact, number)].to_numpy().astype(np.uint64)
                for side in (inside, outside)
            )
            return Plane(packed((ins & mask) != 0), packed((outs & mask) != 0))
        series = frame[word(fact, number)]
        known = series.is_not_null().to_numpy()
        there = (series.fill_null(0).to_numpy().astype(np.uint64) & mask) != 0
        return Plane(packed(there & known), packed(~there & known))
