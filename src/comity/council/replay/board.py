# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Counts of a whole history at once, exact whatever the weights, and any rule decided on them.

The interpreter `council.rule.decide` is the specification; this agrees with it on every item
(tests/laws/test_replay.py) and is some hundred times faster.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from comity.council.replay.history import ANSWERS, CODES, Chamber, History
from comity.council.rule.floor import Answer
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share

Truths = NDArray[np.bool_]
Counts = NDArray[Any]
"""One row an answer, one column an item; int64, or Python's integers where those are short."""

_EXACT_FLOAT = 2**53
_EXACT_INT = 2**62


class Board:
    """What a history counts under any group and weight, each found once.

    Args:
        history: What was said.
        chamber: Its groups and weights; every seat has each weight.
    """

    def __init__(self, history: History, chamber: Chamber) -> None:
        self.history = history
        self.chamber = chamber
        self._columns = {seat: column for column, seat in enumerate(history.seats)}
        self._present = [code for code in range(len(ANSWERS)) if (history.said == code).any()]
        by_seat = np.ascontiguousarray(history.said.T)
        self._is = np.stack([by_seat == code for code in self._present] or [by_seat[:0] == 0])
        self._tallies: dict[tuple[str | None, str | None], Counts] = {}

    def tally(self, within: str | None, by: str | None) -> Counts:
        """Count each answer of each item within a group, by heads or by a weight."""
        key = (within, by)
        if key not in self._tallies:
            self._tallies[key] = self.part(self.columns(within), by)
        return self._tallies[key]

    def part(self, columns: Sequence[int], by: str | None) -> Counts:
        """Count each answer of each item over some seats."""
        weights = [self._weight(column, by) for column in columns]
        total = sum(weights)
        found: Counts = np.zeros((len(ANSWERS), len(self.history.items)), dtype=_kind(total))
        if not weights:
            return found
        chosen = np.asarray(columns)
        as_floats = total < _EXACT_FLOAT
        vector = np.array(weights, dtype=np.float64 if as_floats else found.dtype)
        for place, code in enumerate(self._present):
            cells = self._is[place, chosen].astype(vector.dtype)
            found[code] = np.rint(vector @ cells) if as_floats else vector @ cells
        return found

    def columns(self, within: str | None) -> list[int]:
        """Return the columns of a group's seats, or of all."""
        if within is None:
            return list(range(len(self.history.seats)))
        return self.columns_of(self.chamber.groups.get(within, frozenset()))

    def columns_of(self, seats: Collection[str]) -> list[int]:
        """Return the columns of some seats, those that are in no history left out."""
        return sorted(self._columns[seat] for seat in seats if seat in self._columns)

    def _weight(self, column: int, by: str | None) -> int:
        if by is None:
            return 1
        return self.chamber.weights[by].values[self.history.seats[column]]


class Turned:
    """A board on which some seats, wherever they are seated, all say one thing instead."""

    def __init__(self, board: Board, seats: Collection[str], answer: Answer) -> None:
        self.chamber = board.chamber
        self._board = board
        self._columns = board.columns_of(seats)
        self._code = CODES[answer]
        self._tallies: dict[tuple[str | None, str | None], Counts] = {}

    def tally(self, within: str | None, by: str | None) -> Counts:
        """Count each answer of each item within a group, by heads or by a weight."""
        key = (within, by)
        if key not in self._tallies:
            group = None if within is None else set(self._board.columns(within))
            columns = [c for c in self._columns if group is None or c in group]
            moved = self._board.part(columns, by)
            tally = self._board.tally(within, by) - moved
            tally[self._code] += moved.sum(axis=0)
            self._tallies[key] = tally
        return self._tallies[key]


def passes(rule: Rule, board: Board | Turned) -> Truths:
    """Tell, item by item, whether a rule holds."""
    match rule:
        case Leaf():
            return _leaf(rule, board)
        case All(parts=parts):
            return _enough([passes(part, board) for part in parts], len(parts), board)
        case AtLeast(count=count, parts=parts):
            return _enough([passes(part, board) for part in parts], count, board)
        case Not(part=part):
            return ~passes(part, board)
        case Across():
            return _across(rule, board)
        case _:
            assert_never(rule)


def _leaf(leaf: Leaf, board: Board | Turned) -> Truths:
    tally = board.tally(leaf.within, leaf.by)
    counted = _sum(tally, leaf.count)
    match leaf.need:
        case Number(least=least):
            return np.asarray(counted >= least, dtype=np.bool_)
        case Share(of=of, least=share, strict=strict):
            base = _sum(tally, of.counts)
            left, right = _wide(counted, share.denominator), _wide(base, share.numerator)
            enough = left > right if strict else left >= right
            return np.asarray(enough & (base > 0), dtype=np.bool_)
        case _:
            assert_never(leaf.need)


def _across(rule: Across, board: Board | Turned) -> Truths:
    names = [name for name in board.chamber.groups if name.startswith(f"{rule.family}:")]
    items = board.tally(None, None).shape[1]
    held, groups = np.zeros(items, dtype=np.int64), np.zeros(items, dtype=np.int64)
    for name in names:
        has_seat = board.tally(name, None).sum(axis=0) > 0
        groups += has_seat
        held += has_seat & passes(replace(rule.leaf, within=name), board)
    return np.asarray(held >= np.maximum(1, groups - rule.missing), dtype=np.bool_)


def _enough(parts: list[Truths], needed: int, board: Board | Turned) -> Truths:
    none = np.zeros(board.tally(None, None).shape[1], dtype=np.int64)
    return np.asarray(reduce(np.add, parts, none) >= needed, dtype=np.bool_)


def _sum(tally: Counts, answers: Collection[Answer]) -> Counts:
    return np.asarray(tally[[CODES[answer] for answer in answers]].sum(axis=0))


def _wide(counts: Counts, factor: int) -> Counts:
    """Multiply without running over."""
    largest = int(counts.max(initial=0))
    return (counts if largest * factor < _EXACT_INT else counts.astype(object)) * factor


def _kind(total: int) -> type:
    return np.int64 if total < _EXACT_INT else object
