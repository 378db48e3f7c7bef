# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which suppliers it would be worst to lose together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from comity.exposure.shock.cascade import Array, Cascade, prepare
from comity.exposure.shock.network import Network
from comity.exposure.shock.settle import Ladder

MAX_WORK = 20_000_000
"""Sets of suppliers times nodes that are all tried; past it the choice is greedy, bounded."""

_BATCH = 256
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
    ladder = Ladder(cascade)
    return _Search(places=places, targets=targets, size=cascade.size, ladder=ladder)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    places: list[tuple[int, ...]]
    targets: np.ndarray[tuple[int], np.dtype[np.intp]]
    size: int
    ladder: Ladder

    def losses(self, sets: Sequence[tuple[int, ...]]) -> Array:
        """Return what each target loses, targets by sets."""
        found = np.zeros((len(self.targets), len(sets)))
        for start in range(0, len(sets), _BATCH):
            batch = sets[start : start + _BATCH]
            open_ = np.ones((self.size, len(batch)))
            for column, chosen in enumerate(batch):
                for n in chosen:
                    open_[list(self.places[n]), column] = 0.0
            works = self.ladder.settle(open_, open_)[self.targets]
            found[:, start : start + len(batch)] = 1 - works
        return found

    def every(self, order: Sequence[int], size: int) -> tuple[int, ...]:
        best: tuple[float, tuple[int, ...]] = (-1.0, ())
        sets = combinations(order, size)
        while batch := list(islice(sets, _BATCH)):
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
            for start in range(0, len(left), _BATCH):
                batch = left[start : start + _BATCH]
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
