# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np

from comity.council.consult.cell import SIDE, to_cells
from comity.council.consult.cluster import divide


def clouds(
    *centres: tuple[float, float], each: int = 200
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return points around centres."""
    dice = np.random.default_rng(4)
    return np.concatenate([np.array(c) + dice.normal(0, 0.4, (each, 2)) for c in centres])


def test_clouds_that_lie_apart_are_found_as_they_are() -> None:
    """Two, three and four groups, each whole."""
    places = [(0, 0), (9, 0), (0, 9), (9, 9)]
    for many in (2, 3, 4):
        cells = to_cells(clouds(*places[:many]))
        division = divide(cells)
        labels = division.labels[cells.of_person].reshape(many, 200)
        assert division.groups == many
        assert (labels == labels[:, :1]).all()
        assert len(set(labels[:, 0])) == many
        assert division.silhouette > 0.8


def test_groups_are_numbered_by_size() -> None:
    """Group A is the largest on every machine."""
    points = np.concatenate([clouds((0, 0), each=50), clouds((9, 9), each=300)])
    cells = to_cells(points)
    assert divide(cells).labels[cells.of_person][-1] == 0


def test_an_odd_person_is_no_group() -> None:
    """Groups of one distort what is called agreed (red-dwarf issue 97)."""
    points = np.concatenate([clouds((0, 0)), [[60.0, 60.0]]])
    cells = to_cells(points)
    division = divide(cells)
    sizes = np.bincount(division.labels, cells.weights)
    assert sizes.min() >= 4


def test_people_who_answer_alike_are_one_group() -> None:
    """Where nothing divides, nothing is divided."""
    cells = to_cells(np.zeros((30, 2)))
    assert len(cells.weights) == 1
    assert divide(cells).groups == 1


def test_cells_hold_everybody_once() -> None:
    """A cell stands for its people, at their middle."""
    points = clouds((0, 0), (5, 3))
    cells = to_cells(points)
    assert len(cells.weights) <= SIDE * SIDE
    assert cells.weights.sum() == len(points)
    assert np.allclose(cells.weights @ cells.centres, points.sum(axis=0))
    first = points[cells.of_person == cells.of_person[0]]
    assert np.allclose(first.mean(axis=0), cells.centres[cells.of_person[0]])
