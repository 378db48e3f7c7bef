# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A network made ready to fall: matrices for one step of many scenarios at once.

A node works as far as the worst met of its needs lets it:

    a_k = o_k * min over needs g of (1 - w_g * (1 - cap_g))
    cap_g = sum over parts j of s_j * (a_j + (1 - a_j) * r_j)

with o_k 0 where k itself is cut off and else 1, w_g what an unmet need costs, s_j the share of
part j, r_j what of its loss others make good. What nobody knows is set to one end for the
optimistic run and to the other for the pessimistic one; a is monotone in each of them, so that
the truth lies between. `course` takes the steps.

Source:
    docs/spec/exposure.md; the form is that of Henriet, Hallegatte and Tabourier (2012), Journal
    of Economic Dynamics and Control 36(1), with the worst need in the place of a mean.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # it ships no types

from comity.exposure.shock.network import Network

Side: TypeAlias = Literal["optimistic", "pessimistic"]
Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

TOLERANCE = 1e-9
"""What is lost less than this is not lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Parts whose share of a rest nobody stated, one row each, need by need.

    Args:
        passes: 0 where an edge is blocked, else 1.
    """

    starts: Places
    needs: Places
    rests: Array
    nodes: Places
    substitutes: Array
    buyers: Places
    passes: Array

    def within(self, rows: Places) -> "Loose":
        """Return the parts of some needs, which are numbered anew.

        Args:
            rows: Needs, rising.
        """
        where = np.searchsorted(self.needs, rows)
        here = np.append(self.needs, -1)[where] == rows
        chosen = where[here]
        ends = np.append(self.starts, len(self.nodes))[chosen + 1]
        counts = ends - self.starts[chosen]
        parts = np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
        return Loose(
            starts=np.cumsum(counts) - counts,
            needs=np.flatnonzero(here),
            rests=self.rests[chosen],
            nodes=self.nodes[parts],
            substitutes=self.substitutes[parts],
            buyers=self.buyers[parts],
            passes=self.passes[parts],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """A network made ready for one side.

    Args:
        met: Needs by nodes: what share of a need each node meets, less what is made good.
        made_good: What of each need is met whatever happens.
        owners: The node of each need that begins at `starts`, in rising order.
        edges: Buyer and supplier of each stated part, in the order of `met`.
    """

    side: Side
    size: int
    met: csr_array
    made_good: Array
    weights: Array
    starts: Places
    owners: Places
    loose: Loose
    edges: tuple[Places, Places]

    def blocking(self, pairs: Collection[tuple[int, int]]) -> "Cascade":
        """Return the cascade in which nothing passes from some nodes to others.

        Args:
            pairs: Positions of buyer and supplier.
        """
        loose = self.loose
        passes = _open(zip(*self.edges, strict=True), pairs)
        slack = _open(zip(loose.buyers, loose.nodes, strict=True), pairs)
        data = self.met.data * passes
        met = csr_array((data, self.met.indices, self.met.indptr), shape=self.met.shape)
        return replace(self, met=met, loose=replace(loose, passes=slack))

    def within(self, chosen: Places) -> "Cascade":
        """Return the cascade in which only some nodes move.

        Args:
            chosen: Positions in `owners`, rising.
        """
        ends = np.append(self.starts, len(self.weights))[chosen + 1]
        counts = ends - self.starts[chosen]
        rows = np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
        return replace(
            self,
            met=self.met[rows],
            made_good=self.made_good[rows],
            weights=self.weights[rows],
            starts=np.cumsum(counts) - counts,
            owners=self.owners[chosen],
            loose=self.loose.within(rows),
        )

    def step(self, now: Array, open_: Array) -> Array:
        """Return how far each node works after one round more."""
        ahead = open_.copy()
        if len(self.owners):
            ahead[self.owners] *= self.allowed(now)
        return np.clip(ahead, 0.0, 1.0)

    def allowed(self, now: Array) -> Array:
        """Return how far the worst met of its needs lets each owner work."""
        cap = self.met @ now + self.made_good[:, None]
        if len(self.loose.nodes):
            cap[self.loose.needs] += self.lent(now)
        kept = 1 - self.weights[:, None] * (1 - cap)
        return np.minimum.reduceat(kept, self.starts, axis=0)

    def lent(self, now: Array) -> Array:
        """Return what divided rests deliver at the side's end, need by need."""
        loose = self.loose
        parts = now[loose.nodes] * loose.passes[:, None]
        parts = parts + (1 - parts) * loose.substitutes[:, None]
        worst = np.minimum if self.side == "pessimistic" else np.maximum
        return worst.reduceat(parts, loose.starts, axis=0) * loose.rests[:, None]


def prepare(
    network: Network, side: Side, *, upstream: bool = True, substitutes: bool = True
) -> Cascade:
    """Make a network ready.

    Args:
        upstream: Whether needs beyond the direct supplier count.
        substitutes: Whether losses are made good at short notice.
    """
    positions = network.positions()
    is_kind = side == "optimistic"
    columns: list[tuple[int, int, float, float]] = []
    loose: list[tuple[int, int, float, float]] = []
    owners: list[int] = []
    weights: list[float] = []
    for place, node in enumerate(network.nodes):
        for need in node.needs:
            row = len(owners)
            owners.append(place)
            weight = need.weight.low if is_kind else need.weight.high
            weights.append(weight if upstream or not need.is_upstream else 0.0)
            for part in need.parts:
                good = part.substitute.high if is_kind else part.substitute.low
                good = good if substitutes else 0.0
                column = positions[part.node]
                if part.share is None:
                    loose.append((row, column, need.rest, good))
                else:
                    columns.append((row, column, part.share, good))
    return _ready(side, len(network.nodes), (owners, weights), columns, loose)


def _ready(
    side: Side,
    size: int,
    needs: tuple[list[int], list[float]],
    columns: list[tuple[int, int, float, float]],
    loose: list[tuple[int, int, float, float]],
) -> Cascade:
    owners, weights = np.array(needs[0], dtype=np.intp), np.array(needs[1])
    rows, cols, shares, goods = _columns(columns)
    delivered = csr_array(
        (shares * (1 - goods), (rows, cols)), shape=(len(owners), size), dtype=np.float64
    )
    delivered.sort_indices()
    made_good = np.zeros(len(owners))
    np.add.at(made_good, rows, shares * goods)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    edge_rows = np.repeat(np.arange(len(owners)), np.diff(delivered.indptr))
    return Cascade(
        side=side,
        size=size,
        met=delivered,
        made_good=made_good,
        weights=weights,
        starts=starts,
        owners=owners[starts],
        loose=_loose_of(loose, owners),
        edges=(owners[edge_rows], delivered.indices.astype(np.intp)),
    )


def _loose_of(loose: list[tuple[int, int, float, float]], owners: Places) -> Loose:
    rows, nodes, rests, goods = _columns(loose)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    return Loose(
        starts=starts,
        needs=rows[starts],
        rests=rests[starts],
        nodes=nodes,
        substitutes=goods,
        buyers=owners[rows],
        passes=np.ones(len(nodes)),
    )


def _open(
    edges: Iterable[tuple[np.intp, np.intp]], pairs: Collection[tuple[int, int]]
) -> Array:
    blocked = frozenset(pairs)
    return np.array([0.0 if (int(a), int(b)) in blocked else 1.0 for a, b in edges])


def _columns(
    rows: list[tuple[int, int, float, float]],
) -> tuple[Places, Places, Array, Array]:
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 4)
    return table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2], table[:, 3]
