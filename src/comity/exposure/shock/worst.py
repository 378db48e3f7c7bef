# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which suppliers it would be worst to lose together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from comity.exposure.shock.cascade import Array, Cascade, prepare
from comity.exposure.shock.neighbourhood import Neighbourhood
from comity.exposure.shock.network import Network

MAX_WORK = 20_000_000
"""Sets of suppliers times nodes that are all tried; past it the choice is greedy, bounded."""

_BATCH, _FEW = 256, 16
"""Sets run at once: many of a small network, few of a large one, of which most lies apart."""

_SMALL = 2_000
"""Nodes of a network that is run as a whole."""

_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What losing some suppliers together costs.

    Args:
        loss: Mean of what the targets lose, from 0 to 1, on the pessimistic run.
        certain: The same on the optimistic run.
    """

    suppliers: tuple[str, ...]
    loss: float
    certain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The worst suppliers to lose.

    Args:
        single: Each supplier alone that costs anything, worst first.
        together: The worst set of k.
        bound: No set of k costs more; equal to its loss where every set was tried.
        is_exact: Whether every set that can matter was tried.
    """

    single: tuple[Loss, ...]
    together: Loss
    bound: float
    is_exact: bool


def worst(network: Network, targets: Sequence[str], k: int) -> Worst:
    """Find the k suppliers whose loss together costs the targets most.

    Loss is subadditive on the pessimistic run (docs/spec/exposure.md): what costs nothing
    alone adds nothing to any set, so only the others are tried; and of each target no set of k
    takes more than its k worst single losses, which bounds a greedy choice. Suppliers nobody
    named are left out: each could be any of these.

    Args:
        targets: Keys of the nodes that count, each the same.
        k: How many suppliers, at least 1.
    """
    suppliers = each_alone(network)
    names, places = list(suppliers), list(suppliers.values())
    positions = network.positions()
    where = np.array([positions[key] for key in targets], dtype=np.intp)
    harsh = _search(places, where, prepare(network, "pessimistic"))
    mild = _search(places, where, prepare(network, "optimistic"))
    every_one = [(n,) for n in range(len(names))]
    alone = harsh.losses(every_one)
    means = _mean(alone)
    order = [int(n) for n in np.argsort(-means, kind="stable") if means[n] > 0]
    certain = _mean(mild.losses(every_one))
    size = min(k, len(order))
    is_exact = comb(len(order), size) * len(network.nodes) <= MAX_WORK
    chosen = harsh.every(order, size) if is_exact else harsh.greedy(order, size, means)
    together = Loss(
        suppliers=tuple(names[n] for n in chosen),
        loss=float(_mean(harsh.losses([chosen]))[0]),
        certain=float(_mean(mild.losses([chosen]))[0]),
    )
    return Worst(
        single=tuple(
            Loss(suppliers=(names[n],), loss=float(means[n]), certain=float(certain[n]))
            for n in order
        ),
        together=together,
        bound=together.loss if is_exact else _bound(alone, size),
        is_exact=is_exact,
    )


def each_alone(network: Network) -> Mapping[str, tuple[int, ...]]:
    """Return the positions of each named supplier's nodes, all its layers together."""
    found: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for place, node in enumerate(network.nodes):
        if node.kind == "supplier" and node.label:
            name = names.setdefault(node.label.casefold(), node.label)
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _search(
    places: list[tuple[int, ...]],
    targets: np.ndarray[tuple[int], np.dtype[np.intp]],
    cascade: Cascade,
) -> "_Search":
    near = Neighbourhood(cascade)
    return _Search(places=places, targets=targets, cascade=cascade, near=near)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    places: list[tuple[int, ...]]
    targets: np.ndarray[tuple[int], np.dtype[np.intp]]
    cascade: Cascade
    near: Neighbourhood

    def losses(self, sets: Sequence[tuple[int, ...]]) -> Array:
        """Return what each target loses, targets by sets."""
        found = np.zeros((len(self.targets), len(sets)))
        for start in range(0, len(sets), self.batch):
            batch = sets[start : start + self.batch]
            struck = [[one for n in chosen for one in self.places[n]] for chosen in batch]
            found[:, start : start + len(batch)] = self._lost(struck)
        return found

    @property
    def batch(self) -> int:
        """Return how many sets are run at once."""
        return _BATCH if self.cascade.size <= _SMALL else _FEW

    def _lost(self, struck: Sequence[Sequence[int]]) -> Array:
        """Return what each target loses, of a large network looking at what is hit alone."""
        cascade, places, targets = self.cascade, np.arange(self.cascade.size), self.targets
        is_hit = np.ones(len(targets), dtype=np.bool_)
        if cascade.size > _SMALL:
            places = self.near.above([one for row in struck for one in row])
            is_hit = np.isin(targets, places)
            cascade, targets = self.near.around(places), targets[is_hit]
        open_ = np.ones((cascade.size, len(struck)))
        for column, row in enumerate(struck):
            open_[np.searchsorted(places, row), column] = 0.0
        found = np.zeros((len(is_hit), len(struck)))
        found[is_hit] = 1 - cascade.run(open_)[np.searchsorted(places, targets)]
        return found

    def every(self, order: Sequence[int], size: int) -> tuple[int, ...]:
        best: tuple[float, tuple[int, ...]] = (-1.0, ())
        sets = combinations(order, size)
        while batch := list(islice(sets, self.batch)):
            means = _mean(self.losses(batch))
            top = int(np.argmax(means))
            if means[top] > best[0] + 1e-12:
                best = (float(means[top]), batch[top])
        return best[1]

    def greedy(self, order: Sequence[int], size: int, alone: Array) -> tuple[int, ...]:
        """Add, again and again, whoever costs most beside those that were chosen.

        Nobody adds more than what it costs alone, so that the search ends where all that are
        left cost less than the best adds.

        Args:
            order: Suppliers, whoever costs most alone first.
            alone: What each costs alone.
        """
        chosen: tuple[int, ...] = ()
        so_far = 0.0
        for _ in range(size):
            left = [n for n in order if n not in chosen]
            best = (-1.0, -1)
            for start in range(0, len(left), self.batch):
                batch = left[start : start + self.batch]
                if so_far + alone[batch[0]] + _SLACK < best[0]:
                    break
                means = _mean(self.losses([(*chosen, n) for n in batch]))
                top = int(np.argmax(means))
                if means[top] > best[0]:
                    best = (float(means[top]), batch[top])
            so_far, chosen = best[0], (*chosen, best[1])
        return chosen


def _mean(losses: Array) -> Array:
    """Return the mean over the targets; of none, nothing."""
    found: Array = losses.mean(axis=0) if len(losses) else np.zeros(losses.shape[1])
    return found


def _bound(alone: Array, size: int) -> float:
    """Bound every set by what each target's worst single losses add up to."""
    top = np.sort(alone, axis=1)[:, ::-1][:, :size].sum(axis=1, keepdims=True)
    return float(_mean(np.minimum(1.0, top))[0])
