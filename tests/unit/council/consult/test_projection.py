# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np
import pytest
from tests.fakes.opinions import town

from comity.council.consult.matrix import DENSE, axes, to_matrix
from comity.council.consult.projection import project
from comity.council.consult.votes import Answers, to_votes


def test_points_are_principal_components_of_the_filled_table() -> None:
    """The sparse way must give what the dense textbook way gives."""
    made = town(80, 30, mean=12, bridging=3)
    votes = to_votes(made.names, ("a", "b", "c"), made.answers)
    found = project(votes)
    table = np.full((votes.people, 30), np.nan)
    rows = np.repeat(np.arange(votes.people), votes.per_person)
    table[rows, votes.columns] = votes.answers
    centred = table - np.nanmean(table, axis=0)
    centred[np.isnan(centred)] = 0
    expected = np.linalg.svd(centred, full_matrices=False)[2][:2]
    assert np.allclose(np.abs(found.loadings), np.abs(expected))
    stretch = np.sqrt(30 / votes.per_person)[:, None]
    assert np.allclose(found.points, centred @ found.loadings.T * stretch)


def test_the_quick_way_finds_the_same_axes_as_the_full_one() -> None:
    """Large tables take another road, and must arrive at the same place."""
    made = town(900, 230, mean=25, bridging=3)
    votes = to_votes(made.names, ("a", "b", "c"), made.answers)
    matrix = to_matrix(votes, votes.answers.astype(np.float64))
    assert matrix.shape[0] * matrix.shape[1] > DENSE
    dense = matrix.toarray()
    full = np.linalg.eigh(dense.T @ dense)[1].T[[-1, -2]]
    assert np.allclose(np.abs(axes(matrix, 2)), np.abs(full), atol=1e-5)


def test_each_axis_points_where_its_strongest_opinion_does() -> None:
    """A decomposition may turn its axes round; a picture that flips confuses."""
    made = town(50, 12, mean=6, bridging=1)
    loadings = project(to_votes(made.names, ("a", "b", "c"), made.answers)).loadings
    strongest = np.abs(loadings).argmax(axis=1)
    assert (loadings[[0, 1], strongest] > 0).all()


@pytest.mark.parametrize("width", [0, 1, 3])
def test_a_table_too_small_for_two_axes_still_has_points(width: int) -> None:
    """One person and one opinion are a consultation too."""
    given = Answers(
        person=np.zeros(width, np.int64),
        opinion=np.arange(width),
        answer=np.ones(width, np.int64),
        stratum=np.array([0]),
    )
    names = tuple(f"o{n}" for n in range(width))
    found = project(to_votes(names, ("a", "b"), given))
    assert found.points.shape == (min(1, width), 2)
    assert np.isfinite(found.points).all()
