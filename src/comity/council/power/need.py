# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What many single votes must weigh, given their number and what a few special players say.

Most members bring one head and a weight; a few (blocs, veto holders, members of a group the
rule asks about) bring more, and every way they can vote is gone through.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.council.power.game import Game
from comity.council.power.gate import holds, leaves

MAX_SPECIAL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One way the special players vote, and one number of single yes votes beside.

    Args:
        special: Bits of the special players that say yes.
        size: Single players that say yes.
        weight: The least they must weigh to win: 0 where they win anyhow, and more than all
            weigh where they cannot.
    """

    special: int
    size: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A game split into single players with one weight and a few special ones.

    Args:
        singles: Places of the single players, by weight.
        weights: What each of them weighs, in the same order.
        specials: Places of the others.
        needs: By bits of the special players, then by number of singles, the least weight.
    """

    singles: tuple[int, ...]
    weights: tuple[int, ...]
    specials: tuple[int, ...]
    needs: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Return what all single players weigh."""
        return sum(self.weights)

    def queries(self) -> Iterator[Query]:
        """Yield every vote of the special players with every number of singles."""
        for special, row in enumerate(self.needs.tolist()):
            for size, weight in enumerate(row):
                yield Query(special=special, size=size, weight=weight)


def split(game: Game) -> Split | None:
    """Split a game, or return None where it is not monotone or too many players are special."""
    values = game.matrix()
    if not game.is_monotone or not len(values):
        return None
    asked = {leaf.measure for leaf in leaves(game.adopts)}
    everywhere = [(row > 0).sum() if at in asked else 0 for at, row in enumerate(values)]
    is_head = [game.measures[at].by is None for at in range(len(values))]
    heads = _most(everywhere, [at for at, head in enumerate(is_head) if head])
    weight = _most(everywhere, [at for at, head in enumerate(is_head) if not head])
    if weight is None:
        return None
    if heads is not None and 2 * everywhere[heads] <= len(game.players):
        heads = None  # a small group's heads: its members are the special ones
    special = np.zeros(len(game.players), np.bool_)
    for at in asked - {heads, weight}:
        special |= values[at] > 0
    if heads is not None:
        special |= values[heads] != 1
    specials = tuple(np.flatnonzero(special).tolist())
    if len(specials) > MAX_SPECIAL:
        return None
    singles = sorted(np.flatnonzero(~special).tolist(), key=lambda at: int(values[weight, at]))
    return Split(
        singles=tuple(singles),
        weights=tuple(int(values[weight, at]) for at in singles),
        specials=specials,
        needs=_needs(game, singles, specials, heads, weight),
    )


def extent(parts: Split) -> tuple[int, int]:
    """Return the largest number of players and the largest weight that are ever looked up."""
    count, total = len(parts.weights), parts.total
    rows, columns = 0, 1
    for query in parts.queries():
        if 0 < query.weight <= total:
            is_direct = 2 * query.size <= count
            rows = max(rows, query.size if is_direct else count - query.size)
            columns = max(columns, query.weight if is_direct else total - query.weight + 1)
            if 2 * query.size in {count, count + 1}:  # without one player the side may change
                columns = max(columns, query.weight, total - query.weight + 1)
    return rows, columns


def _most(counts: list[int], places: list[int]) -> int | None:
    found = max(places, key=counts.__getitem__, default=None)
    return found if found is not None and counts[found] else None


def _needs(
    game: Game, singles: list[int], specials: tuple[int, ...], heads: int | None, weight: int
) -> NDArray[np.int64]:
    values = game.matrix()
    total = int(values[weight, singles].sum())
    votes = np.arange(1 << len(specials))[:, None] >> np.arange(len(specials)) & 1
    brought = votes @ values[:, specials].T  # special votes by measures
    sizes = np.arange(len(singles) + 1)
    shape = (len(votes), len(sizes))
    sums = [np.broadcast_to(brought[:, at, None], shape) for at in range(len(values))]
    if heads is not None:
        sums[heads] = brought[:, heads, None] + sizes
    bars = {leaf.least for leaf in leaves(game.adopts) if leaf.measure == weight}
    needs = np.full(shape, total + 1, np.int64)
    for least in (*sorted(bars, reverse=True), 0):
        reached = np.maximum(least, brought[:, weight, None])
        sums[weight] = np.broadcast_to(reached, shape)
        missing = np.clip(reached - brought[:, weight, None], 0, total + 1)
        needs = np.where(holds(game.adopts, sums), np.minimum(needs, missing), needs)
    return needs
