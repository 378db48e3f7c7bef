# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Groups nobody declared: k-means on weighted cells, k from 2 to 5 by the silhouette.

Nothing is drawn by lot: centres start at shares of the people along each axis, and at points
far from each other; the start that ends closest wins. Where no division leaves every group a
fiftieth of the people, all are one group: a group of one is an odd person, not a tradition.

Source:
    Polis: k-means with k from 2 to 5 by silhouette; Rousseeuw (1987), Journal of Computational
    and Applied Mathematics 20, for the silhouette.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from comity.council.consult.cell import Cells
from comity.council.consult.votes import Integers, Reals

MOST_GROUPS = 5
ROUNDS = 100
LEAST_PART = 50
"""A found group has at least a fiftieth of the people, and at least two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One way to divide the cells.

    Args:
        labels: Of each cell its group; groups stand by size, the largest first.
        groups: How many.
        silhouette: How well apart they lie, up to 1; 0 where there is one.
    """

    labels: Integers
    groups: int
    silhouette: float


def divide(cells: Cells) -> Division:
    """Divide the cells so that groups lie as far apart as they can."""
    people = float(cells.weights.sum())
    whole = Division(labels=np.zeros(len(cells.weights), np.int64), groups=1, silhouette=0.0)
    far = _distances(cells.centres)
    best = whole
    for groups in range(2, min(MOST_GROUPS, 2 + len(cells.weights) // 12) + 1):
        if groups > len(cells.weights):
            break
        labels = _by_size(_k_means(cells, groups), cells.weights, groups)
        sizes = np.bincount(labels, cells.weights, groups)
        if sizes.min() < max(2.0, people / LEAST_PART):
            continue
        width = _silhouette(far, labels, cells.weights, groups)
        if width > best.silhouette:
            best = Division(labels=labels, groups=groups, silhouette=width)
    return best


def _k_means(cells: Cells, groups: int) -> Integers:
    found: tuple[float, Integers] | None = None
    for centres in _starts(cells, groups):
        spread, labels = _settle(cells, centres)
        if found is None or spread < found[0] * (1 - 1e-12):
            found = (spread, labels)
    assert found is not None  # noqa: S101 - there are three starts
    return found[1]


def _starts(cells: Cells, groups: int) -> Iterator[Reals]:
    """Yield first centres: shares of the people along each axis, then far points."""
    for axis in (0, 1):
        order = np.argsort(cells.centres[:, axis], kind="stable")
        reached = np.cumsum(cells.weights[order]) / cells.weights.sum()
        part = np.minimum((reached * groups).astype(np.int64), groups - 1)
        labels = np.empty(len(order), np.int64)
        labels[order] = part
        yield _centres(cells, labels, cells.centres[order[:groups]])
    chosen = [int(cells.weights.argmax())]
    nearest = _square(cells.centres, cells.centres[chosen])[:, 0]
    for _ in range(1, groups):
        chosen.append(int((nearest * cells.weights).argmax()))
        nearest = np.minimum(nearest, _square(cells.centres, cells.centres[chosen[-1:]])[:, 0])
    yield cells.centres[chosen]


def _settle(cells: Cells, centres: Reals) -> tuple[float, Integers]:
    """Move centres to the middle of what is nearest to them until nothing moves."""
    labels = np.full(len(cells.weights), -1)
    for _ in range(ROUNDS):
        square = _square(cells.centres, centres)
        nearest = square.argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        centres = _centres(cells, labels, centres)
    square = _square(cells.centres, centres)
    return float((square[np.arange(len(labels)), labels] * cells.weights).sum()), labels


def _centres(cells: Cells, labels: Integers, before: Reals) -> Reals:
    """Return the middle of each group; an empty one stays where it was."""
    groups = len(before)
    weights = np.bincount(labels, cells.weights, groups)[:, None]
    sums = [
        np.bincount(labels, cells.weights * cells.centres[:, axis], groups) for axis in (0, 1)
    ]
    return np.where(weights > 0, np.stack(sums, axis=1) / np.maximum(weights, 1e-12), before)


def _by_size(labels: Integers, weights: Reals, groups: int) -> Integers:
    """Number groups by size, then by their first cell."""
    sizes = np.bincount(labels, weights, groups)
    first = [int((labels == one).argmax()) for one in range(groups)]
    order = sorted(range(groups), key=lambda one: (-sizes[one], first[one]))
    number = np.empty(groups, np.int64)
    number[order] = np.arange(groups)
    return number[labels]


def _silhouette(far: Reals, labels: Integers, weights: Reals, groups: int) -> float:
    """Return the mean silhouette of people, those of one cell being at one place."""
    belongs = (labels[:, None] == np.arange(groups)) * weights[:, None]
    sums, sizes = far @ belongs, belongs.sum(axis=0)
    rows = np.arange(len(labels))
    others = sizes[labels] - 1
    own = sums[rows, labels] / np.maximum(others, 1.0)
    means = sums / np.maximum(sizes, 1e-12)
    means[rows, labels] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(np.maximum(own, nearest), 1e-12)
    width = np.where(others > 0, (nearest - own) / larger, 0.0)
    return float((width * weights).sum() / weights.sum())


def _square(points: Reals, centres: Reals) -> Reals:
    return ((points[:, None, :] - centres[None]) ** 2).sum(axis=2)  # type: ignore[no-any-return]  # numpy says Any


def _distances(points: Reals) -> Reals:
    across = points[:, :1] - points[:, 0]
    across *= across
    down = points[:, 1:] - points[:, 1]
    across += down * down
    return np.sqrt(across)
