# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exact counts for up to 40 players with unrounded weights: two halves meet in the middle.

Every coalition is a part of one half and a part of the other. Parts of a half are sorted by
their size and small sums and, within equal ones, by the one large sum; for each part of the
one half, two parts of the sorts of the other that win with it are a contiguous run, found by
bisection. One pass in each direction gives, for every player, the winning coalitions that
player is not in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.council.power.census import Census, Told, census_of, untold
from comity.council.power.game import Game
from comity.council.power.gate import Formula, holds, leaves

MAX_PLAYERS = 40
MAX_PAIRS = 4_000_000
"""Pairs of sorts of the halves; more small sums than that and another method is better."""

_CHUNK = 1 << 20

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """Every part of one half of the players.

    Args:
        large: The one large sum of each part, sorted within each sort.
        members: Bits of who is in it.
        starts: Where each sort begins, and the number of parts at the end.
        sizes: Number of players in each sort.
        small: Sums of every measure, measures by sorts; the large one is left at 0.
    """

    count: int
    large: Whole
    members: Whole
    starts: Whole
    sizes: Whole
    small: Whole


def count_halves(game: Game, told: Told = untold) -> Census | None:
    """Count by halves, or return None where the game is too large or not monotone."""
    count = len(game.players)
    if count > MAX_PLAYERS or not game.is_monotone:
        return None
    values = game.matrix()
    large = _largest(values)
    order = np.argsort(-values[large], kind="stable") if large is not None else np.arange(count)
    first, second = order[::2], order[1::2]
    one, other = _half(values[:, first], large), _half(values[:, second], large)
    if len(one.sizes) * len(other.sizes) > MAX_PAIRS:
        return None
    bars = [leaf.least for leaf in leaves(game.adopts) if leaf.measure == large]
    thresholds = np.array([0, *sorted(set(bars))], np.int64)
    need = _needs(game.adopts, one, other, large, thresholds)
    steps = len(one.sizes) + len(other.sizes)
    winning, without_one = _pass(one, other, need, lambda done: told(done, steps))
    _, without_other = _pass(
        other, one, need.T, lambda done: told(len(one.sizes) + done, steps)
    )
    by_player = dict(zip(first.tolist(), without_one, strict=True))
    by_player |= dict(zip(second.tolist(), without_other, strict=True))
    return census_of(winning, [by_player[player] for player in range(count)])


def _largest(values: Whole) -> int | None:
    """Return the measure with the most different sums: it is bisected, not listed."""
    spread = [len(set(row.tolist())) * int(row.sum()) for row in values]
    return max(range(len(spread)), key=spread.__getitem__) if spread else None


def _half(values: Whole, large: int | None) -> _Half:
    measures, count = values.shape
    sums = np.zeros((measures + 2, 1), np.int64)  # below the measures: size, then who
    for player in range(count):
        step = np.array([*values[:, player], 1, 1 << player], np.int64)
        sums = np.concatenate([sums, sums + step[:, None]], axis=1)
    big = sums[large].copy() if large is not None else np.zeros(sums.shape[1], np.int64)
    if large is not None:
        sums[large] = 0
    sort_by = np.lexsort((big, *sums[:measures], sums[measures]))
    sums, big = sums[:, sort_by], big[sort_by]
    keys = sums[: measures + 1]
    changes = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    starts = np.concatenate([[0], changes, [len(big)]])
    firsts = starts[:-1]
    return _Half(
        count=count,
        large=big,
        members=sums[measures + 1],
        starts=starts,
        sizes=sums[measures][firsts],
        small=sums[:measures][:, firsts],
    )


def _needs(
    adopts: Formula, one: _Half, other: _Half, large: int | None, thresholds: Whole
) -> Whole:
    """Return the least large sum that wins for each pair of sorts; beyond all where none."""
    pairs = [ours[:, None] + theirs[None, :] for ours, theirs in zip(one.small, other.small)]  # noqa: B905 - both have every measure
    shape = (len(one.sizes), len(other.sizes))
    beyond = int(one.large.max() + other.large.max() + 1)
    need = np.full(shape, beyond, np.int64)
    for threshold in thresholds[::-1]:
        sums = [
            np.full(shape, threshold, np.int64) if at == large else pair
            for at, pair in enumerate(pairs)
        ]
        truths = holds(adopts, sums) if sums else holds(adopts, [np.zeros(shape, np.int64)])
        need[truths] = threshold
    return need


def _pass(
    half: _Half, other: _Half, need: Whole, told: Callable[[int], None]
) -> tuple[list[int], list[list[int]]]:
    """Return winning coalitions by size, and by size those each player of *half* is not in."""
    total = half.count + other.count
    step = int(half.large.max() + other.large.max() + 2)
    sort_of = np.repeat(np.arange(len(other.sizes)), np.diff(other.starts))
    line = other.large + sort_of * step
    ends = other.starts[1:]
    size_starts = np.flatnonzero(np.diff(other.sizes, prepend=-1))
    winning = [0] * (total + 1)
    without = [[0] * total for _ in range(half.count)]
    for at, rows in _chunks(half, len(other.sizes)):
        lows = np.clip(need[at][None, :] - half.large[rows][:, None], 0, step - 1)
        found = np.searchsorted(line, lows + np.arange(len(other.sizes)) * step)
        wins = np.add.reduceat(ends - found, size_starts, axis=1).astype(np.float64)
        absent = 1 - (half.members[rows][:, None] >> np.arange(half.count) & 1)
        size = int(half.sizes[at])
        told(at + 1)
        for more, number in enumerate(wins.sum(axis=0).tolist()):
            winning[size + more] += int(number)
        for row, numbers in zip(without, (absent.T @ wins).tolist(), strict=True):
            for more, number in enumerate(numbers):
                if number:
                    row[size + more] += int(number)
    return winning, without


def _chunks(half: _Half, width: int) -> Iterator[tuple[int, slice]]:
    """Yield each sort of a half, in pieces small enough to be met with every sort at once."""
    rows = max(1, _CHUNK // width)
    for at, (start, end) in enumerate(zip(half.starts[:-1], half.starts[1:], strict=True)):
        for low in range(int(start), int(end), rows):
            yield at, slice(low, min(low + rows, int(end)))
