# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What long chains and slow circles of supply come to, from the ground up.

Whatever does not rest on itself is settled by one look at what it rests on. What does, however
far round, is a linear program: the greatest fixed point is the greatest of all states in which
nothing works better than its needs let it.

Source:
    Tarski (1955), Pacific Journal of Mathematics 5(2), for the last sentence.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog  # type: ignore[import-untyped]  # it ships no types
from scipy.sparse import csr_array, diags_array  # type: ignore[import-untyped]  # the same
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # the same

from comity.exposure.shock.cascade import Cascade

_CLOSE = 1e-12
_EXACTLY = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Ladder:
    """A cascade cut into steps, each of which rests on the ones below alone."""

    def __init__(self, cascade: Cascade) -> None:
        owned = np.full(cascade.size, -1, dtype=np.intp)
        owned[cascade.owners] = np.arange(len(cascade.owners))
        self._steps = [
            (cascade.within(chosen[chosen >= 0]), is_circular)
            for places, is_circular in _from_the_ground(cascade)
            for chosen in [owned[places]]
        ]

    def settle(
        self, now: NDArray[np.float64], open_: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return how far each node works in the end.

        On the optimistic side, within a circle, what nobody stated of shares stays as it is in
        *now*: never too low.

        Args:
            now: Nodes by scenarios, none of them too low.
            open_: The same: 0 where a node itself is cut off, else 1.
        """
        found = now.copy()
        for part, is_circular in self._steps:
            own = part.owners
            if not len(own):
                continue
            ahead = np.clip(open_[own] * part.allowed(found), 0.0, found[own])
            if is_circular:
                moving = (found[own] - ahead).max(axis=0) > _CLOSE
                for column in np.flatnonzero(moving):
                    high = np.minimum(found[:, column], open_[:, column])
                    ahead[:, column] = _greatest(part, high)
            found[own] = ahead
        return found


def _from_the_ground(cascade: Cascade) -> Iterator[tuple[NDArray[np.intp], bool]]:
    """Yield sets of nodes, each after all that it rests on; and whether it rests on itself."""
    buyers = np.concatenate([cascade.edges[0], cascade.loose.buyers])
    below = np.concatenate([cascade.edges[1], cascade.loose.nodes])
    graph = csr_array(
        (np.ones(len(buyers)), (buyers, below)), shape=(cascade.size, cascade.size)
    )
    count, circle = connected_components(graph, connection="strong")
    heights = _heights(count, circle[buyers], circle[below])
    itself = np.bincount(circle, minlength=count) > 1
    itself[circle[buyers[buyers == below]]] = True
    straight = heights[circle] * 2 + 1
    straight[itself[circle]] = 0
    for height in range(int(heights.max(initial=-1)) + 1):
        alone = np.flatnonzero(straight == height * 2 + 1)
        if len(alone):
            yield alone, False
        for one in np.flatnonzero(itself & (heights == height)):
            yield np.flatnonzero(circle == one), True


def _heights(count: int, above: NDArray[np.intp], below: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many sets stand below each, one on another, at the most."""
    pairs = {(int(a), int(b)) for a, b in zip(above, below, strict=True) if a != b}
    users: dict[int, list[int]] = {}
    waiting = [0] * count
    for user, one in pairs:
        users.setdefault(one, []).append(user)
        waiting[user] += 1
    heights = np.zeros(count, dtype=np.intp)
    ahead = [one for one in range(count) if not waiting[one]]
    for one in ahead:
        for user in users.get(one, ()):
            heights[user] = max(heights[user], heights[one] + 1)
            waiting[user] -= 1
            if not waiting[user]:
                ahead.append(user)
    return heights


def _greatest(part: Cascade, now: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the greatest state of a circle in which no need lets a node work less.

    Args:
        now: How far each node works, those outside the circle in the end.
    """
    rows, limits = _needs(part, now)
    high = now[part.owners]
    best = linprog(
        -np.ones(len(high)),
        A_ub=rows,
        b_ub=limits,
        bounds=np.stack([np.zeros(len(high)), high], axis=1),
        options=_EXACTLY,
    )
    if best.x is not None:
        found: NDArray[np.float64] = np.clip(best.x, 0.0, high)
        return found
    return high if part.side == "optimistic" else np.zeros(len(high))


def _needs(part: Cascade, now: NDArray[np.float64]) -> tuple[csr_array, NDArray[np.float64]]:
    """Return what each need asks: rows @ x <= limits, x the nodes of the circle.

    A divided rest is as good as its worst part on the pessimistic side: one row a part.
    """
    loose, inside = part.loose, part.owners
    outside = now.copy()
    outside[inside] = 0.0
    cap = part.made_good + part.met @ outside
    count = len(part.weights)
    copies = np.ones(count, dtype=np.intp)
    if len(loose.nodes) and part.side == "pessimistic":
        copies[loose.needs] = np.diff(np.append(loose.starts, len(loose.nodes)))
    elif len(loose.nodes):
        cap[loose.needs] += part.lent(now[:, None])[:, 0]
    which = np.repeat(np.arange(count), copies)
    owner = np.repeat(np.arange(len(inside)), np.diff(np.append(part.starts, count)))
    own = csr_array((np.ones(count), (np.arange(count), owner)), shape=(count, len(inside)))
    rows = (own - diags_array(part.weights) @ part.met[:, inside]).tocsr()[which]
    limits = (1 - part.weights + part.weights * cap)[which]
    if len(loose.nodes) and part.side == "pessimistic":
        lines = np.flatnonzero(np.isin(which, loose.needs))
        rests = np.repeat(loose.rests, copies[loose.needs]) * part.weights[which[lines]]
        good = loose.substitutes
        slope = rests * loose.passes * (1 - good)
        limits[lines] += rests * good + slope * outside[loose.nodes]
        column = np.searchsorted(inside, loose.nodes)
        is_in = np.append(inside, -1)[column] == loose.nodes
        more = (-slope[is_in], (lines[is_in], column[is_in]))
        rows = rows + csr_array(more, shape=rows.shape)
    return rows, limits
