# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Everybody as a point on a plane: the two ways in which answers differ most.

A missing answer counts as its opinion's mean, which after centring is exactly zero; so the
table stays sparse and principal components are singular vectors of it.

Source:
    Polis: principal components of the table of votes, each person's point stretched by
    the square root of opinions by answers.
"""

from dataclasses import dataclass

import numpy as np

from comity.council.consult.matrix import axes, to_matrix
from comity.council.consult.votes import Reals, Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Where people and opinions lie.

    Args:
        points: Of each person two coordinates.
        loadings: Two rows: how much each opinion counts on each axis.
    """

    points: Reals
    loadings: Reals


def project(votes: Votes) -> Projection:
    """Place everybody by what they answered."""
    width = len(votes.opinions)
    if not votes.people:
        return Projection(points=np.zeros((0, 2)), loadings=np.zeros((2, width)))
    values = votes.answers.astype(np.float64)
    answered = np.maximum(1, np.bincount(votes.columns, minlength=width))
    means = np.bincount(votes.columns, values, width) / answered
    values -= means[votes.columns]
    matrix = to_matrix(votes, values)
    loadings = axes(matrix, 2)
    stretch = np.sqrt(width / votes.per_person)
    return Projection(points=(matrix @ loadings.T) * stretch[:, None], loadings=loadings)
