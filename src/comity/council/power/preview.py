# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Counts in floating point, for a first look: the same table, never a difference of sums.

Swings are sums over a window of weights of positive numbers, and sets of more than half the
players are counted by who is left out, so that almost nothing cancels; measured error in
docs/spec/power.md.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from comity.council.power.census import Census, Told
from comity.council.power.game import Game
from comity.council.power.need import Split, extent, split

MAX_CELLS = 60_000_000
MAX_SINGLES = 1000
"""Binomials beyond this are larger than a float."""

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sets:
    """How many sets of each size weigh exactly so much.

    Args:
        density: Rows by size, up to half the players; columns by weight.
    """

    density: Table
    count: int
    total: int

    def between(self, size: int, low: int, high: int) -> float:
        """Count sets that weigh at least *low* and less than *high*."""
        low, high = max(low, 0), min(high, self.total + 1)
        if high <= low or size > self.count:
            return 0.0
        if low == 0 and high > self.total:
            return float(comb(self.count, size))
        if 2 * size > self.count:  # count who is left out instead
            size, low, high = self.count - size, self.total - high + 1, self.total - low + 1
        row = self.density[size]
        if high > len(row):  # then it is all from *low* on: no bar is beyond the table
            return float(comb(self.count, size)) - float(row[:low].sum())
        return float(row[low:high].sum())

    def without(self, weight: int) -> "_Sets":
        """Return the same sets of all players but one of this weight."""
        rest = self.density.copy()
        for size in range(1, len(rest)):
            if weight < rest.shape[1]:
                rest[size, weight:] -= rest[size - 1, : rest.shape[1] - weight]
        return _Sets(density=rest, count=self.count - 1, total=self.total - weight)


def count_preview(game: Game, told: Told) -> Census | None:
    """Count in floats, or return None where the game does not split or is too large."""
    parts = split(game)
    if parts is None or len(parts.weights) > MAX_SINGLES:
        return None
    rows, columns = extent(parts)
    if (rows + 1) * columns > MAX_CELLS:
        return None
    sets = _Sets(
        density=_density(parts, rows + 1, columns), count=len(parts.weights), total=parts.total
    )
    count = len(game.players)
    swings: dict[int, tuple[int, ...]] = {}
    alike: dict[int, tuple[int, ...]] = {}
    for at, weight in zip(parts.singles, parts.weights, strict=True):
        if weight not in alike:
            alike[weight] = _swings(sets.without(weight), parts, weight, count)
            told(len(alike), len(set(parts.weights)))
        swings[at] = alike[weight]
    for bit, at in enumerate(parts.specials):
        swings[at] = _special_swings(sets, parts, bit, count)
    winning = [0.0] * (count + 1)
    for query in parts.queries():
        size = query.size + query.special.bit_count()
        winning[size] += sets.between(query.size, query.weight, parts.total + 1)
    every = tuple(swings[player] for player in range(count))
    return Census(winning=tuple(int(number) for number in winning), swings=every)


def _density(parts: Split, rows: int, columns: int) -> Table:
    table = np.zeros((rows, columns))
    table[0, 0] = 1.0
    reach = 1
    for done, weight in enumerate(parts.weights):
        top, kept = min(done + 1, rows - 1), min(reach, columns - weight)
        if kept > 0:
            table[1 : top + 1, weight : weight + kept] += table[:top, :kept].copy()
        reach += weight
    return table


def _swings(rest: _Sets, parts: Split, weight: int, count: int) -> tuple[int, ...]:
    found = [0.0] * count
    for query in parts.queries():
        if query.size < len(parts.weights):
            low = int(parts.needs[query.special, query.size + 1]) - weight
            number = rest.between(query.size, low, query.weight)
            found[query.size + query.special.bit_count()] += number
    return tuple(int(number) for number in found)


def _special_swings(sets: _Sets, parts: Split, bit: int, count: int) -> tuple[int, ...]:
    found = [0.0] * count
    for query in parts.queries():
        if not query.special >> bit & 1:
            low = int(parts.needs[query.special | 1 << bit, query.size])
            number = sets.between(query.size, low, query.weight)
            found[query.size + query.special.bit_count()] += number
    return tuple(int(number) for number in found)
