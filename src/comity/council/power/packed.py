# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exact counts for some two hundred players: a generating function in packed integers.

For each number of players one integer holds, slot by slot, how many sets of so many players
weigh less than each amount (Kronecker substitution), so that letting a player in is one shift
and one addition. Sets of more than half the players are counted by who is left out, which
halves the table. A player is taken out again by an alternating sum of look-ups, which loses
nothing because the numbers are whole.
"""

from collections.abc import Callable
from math import comb
from typing import TypeAlias

from comity.council.power.census import Census, Told, census_of
from comity.council.power.game import Game
from comity.council.power.need import Split, extent, split

MAX_BITS = 8_000_000_000
"""The table is refused beyond this: one thousand million bytes."""

Lighter: TypeAlias = Callable[[int, int], int]
"""Number of sets of so many players that weigh less than so much."""


def count_packed(game: Game, told: Told) -> Census | None:
    """Count by packed integers, or return None where the game does not split or is large."""
    parts = split(game)
    if parts is None:
        return None
    rows, columns = extent(parts)
    slot = -(-comb(len(parts.weights), rows).bit_length() // 8) * 8
    if (rows + 1) * columns * slot > MAX_BITS:
        return None
    steps = len(parts.weights) + len(set(parts.weights))
    lighter = _look_up(_table(parts.weights, rows, columns, slot, told=_of(told, steps)), slot)
    count = len(game.players)
    every = _by_query(lighter, len(parts.weights), parts.total, parts)
    own: dict[int, list[int]] = {}
    alike: dict[int, list[int]] = {}
    for at, weight in zip(parts.singles, parts.weights, strict=True):
        if weight not in alike:
            alike[weight] = _gather(_without(lighter, weight, parts), parts, count - 1)
            told(len(parts.weights) + len(alike), steps)
        own[at] = alike[weight]
    for bit, at in enumerate(parts.specials):
        own[at] = _gather(every, parts, count - 1, absent=bit)
    winning = _gather(every, parts, count)
    return census_of(winning, [own[player] for player in range(count)])


def _of(told: Told, steps: int) -> Callable[[int], None]:
    return lambda done: told(done, steps)


def _table(
    weights: tuple[int, ...], rows: int, columns: int, slot: int, *, told: Callable[[int], None]
) -> list[bytes]:
    """Return, for each number of players, slots of how many sets weigh at most 0, 1, ..."""
    mask = (1 << (slot * columns)) - 1
    sets = [1] + [0] * rows
    reach = 0
    for done, weight in enumerate(weights):
        reach += weight
        for size in range(min(done + 1, rows), 0, -1):
            if sets[size - 1]:
                moved = sets[size - 1] << (weight * slot)
                sets[size] += moved & mask if reach >= columns else moved
        told(done + 1)
    return [_summed(row, columns, slot, mask) for row in sets]


def _summed(row: int, columns: int, slot: int, mask: int) -> bytes:
    step = 1
    while row and step < columns:
        row = (row + (row << (step * slot))) & mask
        step *= 2
    return row.to_bytes(columns * slot // 8, "little")


def _look_up(table: list[bytes], slot: int) -> Lighter:
    wide = slot // 8

    def lighter(size: int, weight: int) -> int:
        if weight <= 0 or size < 0:
            return 0
        start = (weight - 1) * wide
        return int.from_bytes(table[size][start : start + wide], "little")

    return lighter


def _without(lighter: Lighter, weight: int, parts: Split) -> dict[tuple[int, int], int]:
    """Count without one player: with it or not, minus with it, minus that, and so on."""

    def less(size: int, bound: int) -> int:
        found, sign = 0, 1
        while bound > 0 and size >= 0:
            found += sign * lighter(size, bound)
            size, bound, sign = size - 1, bound - weight, -sign
        return found

    return _by_query(less, len(parts.weights) - 1, parts.total - weight, parts)


def _by_query(
    lighter: Lighter, count: int, total: int, parts: Split
) -> dict[tuple[int, int], int]:
    """Return how many sets of each size weigh enough, by size and least weight."""
    found: dict[tuple[int, int], int] = {}
    for query in parts.queries():
        key = (query.size, query.weight)
        if query.size <= count and key not in found:
            found[key] = _heavy(lighter, count, total, *key)
    return found


def _heavy(lighter: Lighter, count: int, total: int, size: int, weight: int) -> int:
    if weight <= 0:
        return comb(count, size)
    if weight > total:
        return 0
    if 2 * size <= count:
        return comb(count, size) - lighter(size, weight)
    return lighter(count - size, total - weight + 1)


def _gather(
    heavy: dict[tuple[int, int], int], parts: Split, sizes: int, *, absent: int | None = None
) -> list[int]:
    """Add up winning coalitions by their number of players, 0 to *sizes*."""
    found = [0] * (sizes + 1)
    for query in parts.queries():
        if absent is None or not query.special >> absent & 1:
            number = heavy.get((query.size, query.weight), 0)
            if number:
                found[query.size + query.special.bit_count()] += number
    return found
