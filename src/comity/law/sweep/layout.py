# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How facts lie in columns of codes: bits for words, ranks for numbers, days for dates.

A number becomes its rank among the bounds that the law draws, so that no comparison ever
meets a floating number. A set known in part lies in two columns of bits: certainly in it,
certainly not. What is unknown is null; what is not applicable has a code of its own.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import polars as pl

from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.law.condition import Cmp, Condition, Gap, Number, walk
from comity.law.fact import MARKETS, Fact, Kind
from comity.law.norm import Role

ROLE = FactName("@role")
"""What the author of a row is to the system, laid out as a set; no fact can be named so."""

WORD_BITS = 64
UNIX_DAY = dt.date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = dt.date.min.toordinal() - UNIX_DAY, dt.date.max.toordinal() - UNIX_DAY

NO_DAY = -(2**30)
"""Stands for a date that is not applicable: before every day, and no day."""

NO_RANK = 0
"""Stands for a number that is not applicable; the rank of a number is 1 or more."""

MONTH = 32
"""Width of a month in the keys that month gaps compare: more than any month has days."""

Tables: TypeAlias = tuple[
    list[np.ndarray[tuple[int], np.dtype[np.unsignedinteger]]],
    np.ndarray[tuple[int], np.dtype[np.bool_]],
]
"""Bits by the number of a text, word by word; and which texts are none of the set's."""

_TYPES: tuple[tuple[int, pl.DataType], ...] = (
    (8, pl.UInt8()), (16, pl.UInt16()), (32, pl.UInt32()), (WORD_BITS, pl.UInt64()),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each fact stands among the columns, and what its codes mean.

    Args:
        bounds: The numbers the law compares a fact with, ascending.
        monthly: Dates that are compared by months.
        texts: Bits of sets that were written as texts, remembered by whoever reads them.
        tables: The same for all texts of a column's type, as it was read last.
    """

    facts: Mapping[str, Fact]
    bounds: Mapping[str, tuple[Number, ...]]
    monthly: frozenset[str]
    texts: dict[tuple[str, str], tuple[int, ...] | None] = field(default_factory=dict)
    tables: dict[str, tuple[pl.DataType, Tables]] = field(default_factory=dict)
    _bits: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the values of each fact."""
        for name, fact in self.facts.items():
            self._bits.update({(name, value): i for i, value in enumerate(fact.values)})

    def words(self, fact: str) -> int:
        """Return how many words of bits the values of an enum or set need."""
        return max(1, -(-len(self.facts[fact].values) // WORD_BITS))

    def word_type(self, fact: str) -> pl.DataType:
        """Return the narrowest type that holds a word of the fact's bits."""
        width = min(WORD_BITS, len(self.facts[fact].values))
        return next(kind for bits, kind in _TYPES if width <= bits)

    def rank_type(self, fact: str) -> pl.DataType:
        """Return the narrowest type that holds the ranks of a number."""
        top = len(self.bounds.get(fact, ())) + 1
        return pl.UInt8() if top < 2**8 else pl.UInt16()

    def masks(self, fact: str, values: Iterable[str]) -> tuple[int, ...]:
        """Return the bits of the values, word by word."""
        words = [0] * self.words(fact)
        for value in values:
            position = self._bits[fact, value]
            words[position // WORD_BITS] |= 1 << (position % WORD_BITS)
        return tuple(words)

    def full(self, fact: str) -> tuple[int, ...]:
        """Return the bits of every value, word by word."""
        return self.masks(fact, self.facts[fact].values)

    def rank(self, fact: str, value: Number) -> int:
        """Return the code of a number: one more than the bounds it reaches."""
        return 1 + bisect_right(self.bounds.get(fact, ()), value)

    def rank_at(self, fact: str, bound: Number) -> int:
        """Return the least rank of the numbers that reach a bound."""
        return 2 + self.bounds[fact].index(bound)


def layout_of(
    facts: Mapping[str, Fact], conditions: Iterable[Condition], markets: Iterable[str] = ()
) -> Layout:
    """Lay out the facts for every condition that will be asked.

    Args:
        conditions: Of norms, definitions, axioms and guards; what they compare is what the
            codes can tell apart.
        markets: Markets asked about, which the vocabulary need not name.
    """
    bounds: dict[str, set[Number]] = {}
    monthly: set[str] = set()
    for node in (node for whole in conditions for node in walk(whole)):
        match node:
            case Cmp(fact, _, bound) if not isinstance(bound, dt.date):
                bounds.setdefault(fact, set()).add(bound)
            case Gap(later, earlier, _, span) if span != "day":
                monthly |= {later, earlier}
            case _:
                pass
    known = {**facts, ROLE: _ROLES}
    placed = known.get(MARKETS, replace(_ROLES, name=MARKETS, values=()))
    every = dict.fromkeys((*placed.values, *markets))
    known[MARKETS] = replace(placed, values=tuple(every))
    return Layout(
        facts=MappingProxyType(known),
        bounds={fact: tuple(sorted(found)) for fact, found in bounds.items()},
        monthly=frozenset(monthly),
    )


def word(fact: str, number: int) -> str:
    """Name the column of a word of an enum, or of a set that is known in full."""
    return f"{fact}.{number}" if number else fact


def inside(fact: str, number: int) -> str:
    """Name the column of a word of what is certainly in a set."""
    return f"{fact}+{number}"


def outside(fact: str, number: int) -> str:
    """Name the column of a word of what certainly is not in a set."""
    return f"{fact}-{number}"


def later_key(fact: str) -> str:
    """Name the column of a date's key as the later one of a month gap."""
    return f"{fact}>"


def earlier_key(fact: str) -> str:
    """Name the column of a date's key as the earlier one of a month gap."""
    return f"{fact}<"


_NO_TEXT = LocalText(by_tag={"en": ""})
_ROLES = Fact(
    name=ROLE,
    kind=Kind.SET,
    values=tuple(role.value for role in Role),
    label=_NO_TEXT,
    question=_NO_TEXT,
    means=_NO_TEXT,
)
