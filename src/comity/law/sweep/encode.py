# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of a register as columns of codes, and the rows that cannot be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

from comity.law.answer import Misanswer
from comity.law.fact import MARKETS, Fact, Kind
from comity.law.market import UNION_MEMBERS, is_market
from comity.law.sweep.cell import KNOWN_OUT, read_cell
from comity.law.sweep.layout import (
    FIRST_DAY,
    LAST_DAY,
    ROLE,
    WORD_BITS,
    Layout,
    earlier_key,
    inside,
    later_key,
    outside,
    word,
)
from comity.law.sweep.month import month_keys, where
from comity.law.sweep.rank import ranks_of

Column: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
_Bits: TypeAlias = np.ndarray[tuple[int], np.dtype[np.unsignedinteger]]
_Places: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint16]]
_Integers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

_WORDS: dict[pl.DataType, type[np.unsignedinteger]] = {
    pl.UInt8(): np.uint8,
    pl.UInt16(): np.uint16,
    pl.UInt32(): np.uint32,
    pl.UInt64(): np.uint64,
}

_MOST_TEXTS = 1_000_000
"""Sets written as texts whose bits are remembered."""

MOST_FAULTS = 100
"""Faulty cells of a column that are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Rows as codes.

    Args:
        frame: One row a system, in the order of the register.
        open_sets: Sets that some row knows only in part; they lie in two columns.
    """

    frame: pl.DataFrame
    open_sets: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """Why one cell is no answer to its fact.

    Args:
        row: Position among the rows read, from 0.
    """

    row: int
    column: str
    message: str
    near: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What a part of a register says, with every row that cannot be read set aside.

    Args:
        faulty: True for every row with a fault; those rows are not among the encoded.
        faults: The first of each column.
    """

    encoded: Encoded
    faulty: Column
    faults: tuple[CellFault, ...]


def encode(raw: pl.DataFrame, layout: Layout, nameless: Column | None = None) -> Encoding:
    """Read the columns of a part of a register whose types have been checked.

    Args:
        raw: Facts by name, roles under `ROLE`; what is missing was not asked.
        nameless: True for every row that has no id.
    """
    faulty = np.zeros(raw.height, dtype=np.bool_) if nameless is None else nameless.copy()
    faults = [
        CellFault(row=int(row), column="id", message="is empty")
        for row in np.nonzero(faulty)[0][:MOST_FAULTS]
    ]
    columns: list[pl.Series] = []
    open_sets: set[str] = set()
    for name, fact in layout.facts.items():
        reader = _Reader(raw=raw, fact=fact, layout=layout)
        columns += reader.columns()
        if reader.is_open:
            open_sets.add(name)
        if reader.bad is not None and reader.bad.any():
            faulty |= reader.bad
            faults += reader.faults()
    frame = pl.DataFrame(columns).rechunk()
    if faulty.any():
        frame = frame.filter(pl.Series(~faulty))
    encoded = Encoded(frame=frame, open_sets=frozenset(open_sets))
    return Encoding(encoded=encoded, faulty=faulty, faults=tuple(faults))


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads one fact's column, or what stands for a column that is not there."""

    raw: pl.DataFrame
    fact: Fact
    layout: Layout
    bad: Column | None = None
    is_open: bool = False

    def columns(self) -> list[pl.Series]:  # noqa: PLR0911 - one return a kind
        """Return the columns of codes."""
        name = self.fact.name
        out = f"{name}{KNOWN_OUT}"
        if out in self.raw.columns and self.raw[out].null_count() < self.raw.height:
            return self._open_set(self._list(name), self.raw[out])
        column = self.raw[name] if name in self.raw.columns else None
        if column is None or column.null_count() == len(column):
            return self._silent()
        match self.fact.kind:
            case Kind.BOOL:
                return [column.alias(name)]
            case Kind.ENUM:
                return self._words(column)
            case Kind.SET:
                return self._closed_set(column)
            case Kind.NUMBER:
                return self._ranks(column)
            case Kind.DATE:
                return self._days(column)

    def faults(self) -> Iterator[CellFault]:
        """Say what is wrong, cell by cell."""
        name = self.fact.name
        bad = () if self.bad is None else np.nonzero(self.bad)[0][:MOST_FAULTS]
        for row in map(int, bad):
            plain = self._plain(name, row)
            out = self._plain(f"{name}{KNOWN_OUT}", row)
            _, wrong = read_cell(self.fact, plain, out)
            for each in wrong or (Misanswer(message="cannot be read"),):
                yield CellFault(row=row, column=name, message=each.message, near=each.near)

    def _plain(self, column: str, row: int) -> object:
        if column not in self.raw.columns:
            return None
        try:
            plain = self.raw[column][row]
        except (ValueError, OverflowError):  # a column may hold days that no calendar has
            return "a day beyond the year 9999"
        return plain.to_list() if isinstance(plain, pl.Series) else plain

    def _silent(self) -> list[pl.Series]:
        name, height, layout = self.fact.name, self.raw.height, self.layout
        match self.fact.kind:
            case Kind.BOOL:
                return [pl.repeat(None, height, dtype=pl.Boolean(), eager=True).alias(name)]
            case Kind.ENUM | Kind.SET:
                kind = layout.word_type(name)
                names = [word(name, i) for i in range(layout.words(name))]
            case Kind.NUMBER:
                kind, names = layout.rank_type(name), [name]
            case Kind.DATE:
                kind, names = pl.Int32(), [name, *self._keys()]
        empty = pl.repeat(None, height, dtype=kind, eager=True)
        return [empty.alias(each) for each in names]

    def _keys(self) -> list[str]:
        name = self.fact.name
        monthly = name in self.layout.monthly
        return [later_key(name), earlier_key(name)] if monthly else []

    def _list(self, name: str) -> pl.Series | None:
        return self.raw[name] if name in self.raw.columns else None

    def _words(self, column: pl.Series) -> list[pl.Series]:
        """Encode one word a row, as the one bit that is set."""
        if not isinstance(column.dtype, pl.Enum):
            valid = column.is_not_null()
            column = column.cast(pl.String).cast(pl.Enum(self.fact.values), strict=False)
            self._mark((valid & column.is_null()).to_numpy())
        places = _table(column.dtype, self.fact.values)
        codes, there = column.to_physical().fill_null(0).to_numpy(), column.is_not_null()
        beyond = places == len(self.fact.values)
        if beyond.any():
            self._mark(np.take(beyond, codes) & there.to_numpy())
        return [
            self._word(number, np.take(bits[places], codes), there)
            for number, bits in enumerate(self._bits())
        ]

    def _closed_set(self, column: pl.Series) -> list[pl.Series]:
        there = column.is_not_null()
        masks = self._masks(column)
        if self.fact.name == ROLE:  # to be nothing to a system is to say nothing
            there &= pl.Series(np.logical_or.reduce([bits != 0 for bits in masks]))
        return [self._word(number, bits, there) for number, bits in enumerate(masks)]

    def _open_set(self, column: pl.Series | None, out: pl.Series) -> list[pl.Series]:
        """Encode a set of which some row says what is not in it."""
        self.is_open = True
        name, full = self.fact.name, self.layout.full(self.fact.name)
        none = [np.zeros(self.raw.height, dtype=bits.dtype) for bits in self._bits()]
        known_in = none if column is None else self._masks(column)
        given = np.zeros(self.raw.height, np.bool_)
        if column is not None:
            given = column.is_not_null().to_numpy()
        partly = out.is_not_null().to_numpy()
        columns = []
        for number, (ins, said) in enumerate(zip(known_in, self._masks(out), strict=True)):
            rest = np.where(given, ins ^ ins.dtype.type(full[number]), ins.dtype.type(0))
            outs = np.where(partly, said, rest)
            self._mark((ins & outs) != 0)
            columns += [
                self._plane(inside(name, number), ins), self._plane(outside(name, number), outs)
            ]  # fmt: skip
        return columns

    def _masks(self, column: pl.Series) -> list[_Bits]:
        """Return the bits of each row's words, word by word; none where it is null."""
        if column.dtype != pl.List:
            return self._masks_of_texts(column)
        flat = column.explode(empty_as_null=False, keep_nulls=False)
        lengths = column.list.len().fill_null(0).cast(pl.Int64).to_numpy()
        places = _places(flat, self.fact.values)
        self._mark_lists(flat, places, lengths)
        filled = lengths > 0
        starts = (np.cumsum(lengths) - lengths)[filled]
        found = []
        for bits in self._bits():
            whole = np.zeros(len(lengths), dtype=bits.dtype)
            if len(starts):
                whole[filled] = np.bitwise_or.reduceat(bits[places], starts)
            found.append(whole)
        return found

    def _masks_of_texts(self, column: pl.Series) -> list[_Bits]:
        """Return the bits of sets written as texts; each text that occurs is read once."""
        if not isinstance(column.dtype, pl.Enum):
            words = column.cast(pl.String)
            column = words.cast(pl.Enum(words.unique().drop_nulls()))
        tables, wrong = self._tables(column.dtype)
        codes = column.to_physical().fill_null(0).to_numpy()
        valid = column.is_not_null().to_numpy()
        if wrong.any():
            self._mark(wrong[codes] & valid)
        found = [np.take(table, codes) for table in tables]
        return found if valid.all() else [bits * valid for bits in found]

    def _tables(self, kind: pl.DataType) -> tuple[list[_Bits], Column]:
        """Return the bits of each text of a type, word by word, and which texts are no set."""
        name = str(self.fact.name)
        known = self.layout.tables.get(name)
        if known is None or known[0] != kind:
            texts = kind.categories if isinstance(kind, pl.Enum) else ()
            masks = [self._mask_of_text(text) for text in texts] or [None]
            none = (0,) * self.layout.words(name)
            whole = np.array([mask or none for mask in masks], dtype=np.uint64)
            tables = [
                whole[:, number].astype(bits.dtype) for number, bits in enumerate(self._bits())
            ]
            known = kind, (tables, np.array([mask is None for mask in masks]))
            self.layout.tables[name] = known
        return known[1]

    def _mask_of_text(self, text: str) -> tuple[int, ...] | None:
        """Return the bits of a set written as one text; None where it is none."""
        key = (str(self.fact.name), text)
        known = self.layout.texts
        if key not in known:
            if len(known) >= _MOST_TEXTS:
                known.clear()
            answer, _ = read_cell(self.fact, text)
            every = frozenset(self.fact.values)
            known[key] = (
                self.layout.masks(self.fact.name, answer & every)
                if isinstance(answer, frozenset)
                else None
            )
        return known[key]

    def _mark_lists(self, flat: pl.Series, places: _Places, lengths: _Integers) -> None:
        """Mark the rows whose lists hold null or a word that is no value."""
        wrong = places == len(self.fact.values)
        if not wrong.any():
            return
        if self.fact.name == MARKETS:
            words = flat.cast(pl.String)
            known = [each for each in words.unique() if each is not None and _is_other(each)]
            wrong &= ~words.is_in(known).fill_null(value=False).to_numpy()
        rows = np.repeat(np.arange(len(lengths)), lengths)
        marked = np.zeros(len(lengths), dtype=np.bool_)
        marked[rows[wrong]] = True
        self._mark(marked)

    def _ranks(self, column: pl.Series) -> list[pl.Series]:
        ranks = ranks_of(self.fact, column, self.layout)
        bad = ranks < 0
        if bad.any():
            self._mark(bad)
            ranks = np.maximum(ranks, 0)
        kind = self.layout.rank_type(self.fact.name)
        codes = pl.Series(self.fact.name, ranks.astype(_WORDS[kind]), dtype=kind)
        return [where(codes, column.is_not_null())]

    def _days(self, column: pl.Series) -> list[pl.Series]:
        days = column.to_physical().cast(pl.Int32)
        real = column.is_not_null()
        if int(days.min() or 0) < FIRST_DAY or int(days.max() or 0) > LAST_DAY:  # type: ignore[arg-type] # of integers
            some, real = real, days.is_between(FIRST_DAY, LAST_DAY).fill_null(value=False)
            self._mark((some & ~real).to_numpy())
        columns = [where(days.alias(self.fact.name), real)]
        if self._keys():
            keys = month_keys(columns[0])
            columns += [key.alias(name) for name, key in zip(self._keys(), keys, strict=True)]
        return columns

    def _bits(self) -> list[_Bits]:
        """Return, word by word, the bit of each value by its place; none for one beyond."""
        name, beyond = self.fact.name, len(self.fact.values)
        places = np.arange(beyond + 1, dtype=np.uint64)
        kind = _WORDS[self.layout.word_type(name)]
        return [
            np.where(
                (places // WORD_BITS == number) & (places < beyond),
                np.uint64(1) << (places % np.uint64(WORD_BITS)),
                np.uint64(0),
            ).astype(kind)
            for number in range(self.layout.words(name))
        ]

    def _word(self, number: int, bits: _Bits, there: pl.Series) -> pl.Series:
        return where(self._plane(word(self.fact.name, number), bits), there)

    def _plane(self, name: str, bits: _Bits) -> pl.Series:
        return pl.Series(name, bits, dtype=self.layout.word_type(self.fact.name))

    def _mark(self, bad: Column) -> None:
        self.bad = bad if self.bad is None else self.bad | bad


def _is_other(code: str) -> bool:
    """Tell whether a market stands for itself though no rule of the vocabulary names it."""
    return is_market(code) and code not in UNION_MEMBERS


def _places(column: pl.Series, values: Sequence[str]) -> _Places:
    """Return each word's place among the values; one beyond the last where it has none."""
    if not isinstance(column.dtype, pl.Enum):
        column = column.cast(pl.String).cast(pl.Enum(values), strict=False)
    table = _table(column.dtype, values)
    if not len(table):
        return np.full(len(column), len(values), dtype=np.uint16)
    places = np.take(table, column.to_physical().fill_null(0).to_numpy())
    if column.null_count():
        places[column.is_null().to_numpy()] = len(values)
    return places


def _table(kind: pl.DataType, values: Sequence[str]) -> _Places:
    """Return, for each word of a type, its place among the values, or one beyond the last."""
    own = kind.categories if isinstance(kind, pl.Enum) else ()
    known = {value: place for place, value in enumerate(values)}
    return np.array([known.get(each, len(values)) for each in own], dtype=np.uint16)
