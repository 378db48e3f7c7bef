# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The ranks of a column of numbers among the law's bounds, exactly, whatever its type.

Floating numbers only ever sort out what is certain; what they cannot tell apart is compared
as integers, decimals or texts.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Context, Decimal

import numpy as np
import polars as pl

from comity.law.condition import Number
from comity.law.fact import Fact, Silence
from comity.law.sweep.cell import EXACT_FLOATS, read_cell
from comity.law.sweep.layout import Layout

_WIDE = Context(prec=200)
_DIGITS = 38
_WORD, _LONG = 2**63, 2**127
_FEW = 250
"""Bounds that a byte can count."""

_BAD = -1
"""Marks, among ranks, a number that is none."""

Ranks = np.ndarray[tuple[int], np.dtype[np.int16]]
_Words = np.ndarray[tuple[int], np.dtype[np.int64 | np.uint64]]
_Plane = np.ndarray[tuple[int], np.dtype[np.bool_]]


def ranks_of(fact: Fact, column: pl.Series, layout: Layout) -> Ranks:
    """Return the rank of each number; -1 where it is none, any other where it is null."""
    bounds = layout.bounds.get(fact.name, ())
    dtype = column.dtype
    if dtype == pl.String:
        return _of_texts(fact, column, layout)
    if dtype.is_float():
        return _of_floats(column, bounds)
    if dtype.is_decimal() or dtype in {pl.Int128, pl.UInt128}:
        return _of_wide(column, bounds)
    return _of_integers(column, bounds)


def _of_integers(column: pl.Series, bounds: Sequence[Number]) -> Ranks:
    """Rank integers of up to 64 bits."""
    unsigned = column.dtype == pl.UInt64
    wide = column.fill_null(0).cast(pl.UInt64 if unsigned else pl.Int64).to_numpy()
    return _of_words(wide, [_ceiling(bound, 0) for bound in bounds])


def _of_words(wide: _Words, whole: Iterable[Decimal]) -> Ranks:
    """Rank machine words among whole bounds."""
    top = np.iinfo(wide.dtype).max
    within = np.array([int(each) for each in whole if each <= top], dtype=wide.dtype)
    ranks = 1 + _count(len(wide), (wide >= bound for bound in within))
    below = wide < 0
    if below.any():
        ranks[below] = _BAD
    return ranks


def _count(rows: int, planes: Iterable[_Plane]) -> Ranks:
    """Count, row by row, the planes that are true: quicker than halving for so few bounds."""
    counts = np.zeros(rows, dtype=np.int16)
    few = np.zeros(rows, dtype=np.uint8)
    for number, plane in enumerate(planes, start=1):
        few += plane.view(np.uint8)
        if number % _FEW == 0:
            counts += few
            few[:] = 0
    counts += few
    return counts


def _of_floats(column: pl.Series, bounds: Sequence[Number]) -> Ranks:
    """Rank floating numbers, each read as the shortest decimal that is written for it."""
    values = column.cast(pl.Float64).fill_null(0.0).to_numpy()
    limits = np.array([_reaching(bound) for bound in bounds], dtype=np.float64)
    ranks = (1 + np.searchsorted(limits, values, side="right")).astype(np.int16)
    exact = (values >= 0) & (values < EXACT_FLOATS)  # false for what is no number
    ranks[~exact] = _BAD
    return ranks


def _reaching(bound: Number) -> float:
    """Return the least floating number whose shortest decimal is at least the bound."""
    near = float(bound)
    if np.isinf(near) or Decimal(repr(near)) >= bound:
        return near
    return float(np.nextafter(near, np.inf))


def _of_wide(column: pl.Series, bounds: Sequence[Number]) -> Ranks:
    """Rank integers of 128 bits and decimals: as machine words where all of them fit."""
    places = column.dtype.scale if isinstance(column.dtype, pl.Decimal) else 0
    exact = [_ceiling(bound, places).scaleb(places, _WIDE) for bound in bounds]
    wide = column.to_physical().fill_null(0)
    if _whole(wide.min()) >= -_WORD and _whole(wide.max()) < _WORD:
        return _of_words(wide.cast(pl.Int64).to_numpy(), exact)
    within = [int(each) for each in exact if each < _LONG]
    limits = pl.Series(within, dtype=pl.Int128).cast(wide.dtype)
    rough, floors = wide.cast(pl.Float64).to_numpy(), np.array(within, dtype=np.float64)
    certain = (rough >= each if each <= EXACT_FLOATS else rough > each for each in floors)
    below = _count(len(rough), certain)
    ends = np.append(floors, np.inf)
    (close,) = np.nonzero(rough == np.take(ends, below))
    while len(close):  # as near as floating numbers can tell: compared exactly
        reached = (wide.gather(close) >= limits.gather(below[close])).to_numpy()
        close = close[reached]
        below[close] += 1
        close = close[rough[close] == ends[below[close]]]
    ranks = 1 + below
    negative = rough < 0
    if negative.any():
        ranks[negative] = _BAD
    return ranks


def _whole(extreme: object) -> int:
    return extreme if isinstance(extreme, int) else 0


def _ceiling(bound: Number, places: int) -> Decimal:
    """Return the least decimal of so many places that is at least the bound."""
    return Decimal(bound).quantize(Decimal(1).scaleb(-places), ROUND_CEILING, _WIDE)


def _of_texts(fact: Fact, column: pl.Series, layout: Layout) -> Ranks:
    """Rank numbers written as texts: plain digits at once, any other form one by one."""
    unit = f"(?: {re.escape(fact.unit)})?" if fact.unit else ""
    digits = column.str.extract(rf"^([0-9]{{1,{_DIGITS - 1}}}){unit}$", 1)
    ranks = ranks_of(fact, digits.cast(pl.Decimal(_DIGITS, 0)), layout)
    (others,) = np.nonzero((column.is_not_null() & digits.is_null()).to_numpy())
    if len(others):
        written = column.gather(others)
        known = {text: _of_text(fact, text, layout) for text in written.unique()}
        ranks[others] = [known[text] for text in written]
    return ranks


def _of_text(fact: Fact, text: str, layout: Layout) -> int:
    answer, faults = read_cell(fact, text)
    if faults or isinstance(answer, Silence):
        return _BAD
    if not isinstance(answer, int | Decimal):
        return _BAD
    return layout.rank(fact.name, answer)
