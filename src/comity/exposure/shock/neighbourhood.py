# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What rests on some nodes, however far up: the only part of a network that they can hit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # it ships no types

from comity.exposure.shock.cascade import Cascade, Places


class Neighbourhood:
    """A cascade of which parts can be run for themselves."""

    def __init__(self, cascade: Cascade) -> None:
        buyers = np.concatenate([cascade.edges[0], cascade.loose.buyers])
        below = np.concatenate([cascade.edges[1], cascade.loose.nodes])
        shape = (cascade.size, cascade.size)
        self._users = csr_array((np.ones(len(buyers)), (below, buyers)), shape=shape)
        self._cascade = cascade
        self._owned = np.full(cascade.size, -1, dtype=np.intp)
        self._owned[cascade.owners] = np.arange(len(cascade.owners))

    def above(self, starts: Sequence[int]) -> Places:
        """Return the positions of some nodes and of all that rests on them, rising."""
        users = self._users
        seen = np.zeros(self._cascade.size, dtype=np.bool_)
        front: Places = np.unique(np.asarray(starts, dtype=np.intp))
        while len(front):
            seen[front] = True
            ends = users.indptr[front + 1].astype(np.intp)
            counts = ends - users.indptr[front]
            rows = np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
            ahead = users.indices[rows]
            front = np.unique(ahead[~seen[ahead]]).astype(np.intp)
        return np.flatnonzero(seen)

    def around(self, places: Places) -> Cascade:
        """Return the cascade of some nodes, numbered as they stand, and of one that works.

        Whatever else they rest on is taken to work: right where *places* holds all that rests
        on anything that is cut off.

        Args:
            places: Positions, rising.
        """
        chosen = self._owned[places]
        part = self._cascade.within(chosen[chosen >= 0])
        near = np.full(self._cascade.size, len(places), dtype=np.intp)
        near[places] = np.arange(len(places))
        apart: NDArray[np.float64] = (near == len(places)).astype(np.float64)
        loose = replace(
            part.loose, nodes=near[part.loose.nodes], buyers=near[part.loose.buyers]
        )
        met = part.met[:, places]
        met.resize(met.shape[0], len(places) + 1)
        rows = np.repeat(np.arange(met.shape[0]), np.diff(met.indptr))
        buyers = np.repeat(part.owners, np.diff(np.append(part.starts, met.shape[0])))
        return replace(
            part,
            size=len(places) + 1,
            met=met,
            made_good=part.made_good + part.met @ apart,
            owners=near[part.owners],
            loose=loose,
            edges=(near[buyers[rows]], met.indices.astype(np.intp)),
        )
