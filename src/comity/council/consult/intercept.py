# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an opinion is worth beyond the divide: the intercept of a factorised table.

An answer is modelled as mean + person + opinion + person's leaning times opinion's leaning;
what remains of an opinion once leaning explains what it can is its intercept. The start is the
first axis of the projection, so nothing is drawn by lot. It is shown, and decides nothing.

Source:
    Community Notes' matrix factorisation with its weights 0.15 and 0.03, solved by alternating
    least squares instead of gradient descent.
"""

from dataclasses import dataclass

import numpy as np

from comity.council.consult.matrix import Matrix, to_matrix
from comity.council.consult.votes import Reals, Votes

ON_INTERCEPTS, ON_LEANINGS = 0.15, 0.03
MOST_ROUNDS = 12
SETTLED = 5e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The fitted model.

    Args:
        intercept: Of each opinion.
        leaning: Of each opinion.
        side: Of each person its leaning; the sign is the side of the main divide.
    """

    intercept: Reals
    leaning: Reals
    side: Reals


@dataclass(slots=True)
class _Side:
    """One side of the table, people or opinions, while the other one is held.

    Args:
        seen: Sparse, one where there is an answer.
        said: Sparse, the answers.
        count: Answers of each row.
        total: Sum of each row's answers.
    """

    seen: Matrix
    said: Matrix
    count: Reals
    total: Reals

    def solve(self, mean: float, offset: Reals, leaning: Reals) -> tuple[Reals, Reals]:
        """Return each row's intercept and leaning that fit best, given the columns'."""
        given = np.stack((leaning, leaning**2, offset, offset * leaning), axis=1)
        along, along_2, offsets, both = (self.seen @ given).T
        rest = self.total - mean * self.count - offsets
        rest_along = self.said @ leaning - mean * along - both
        weight, weight_2 = self.count + ON_INTERCEPTS, along_2 + ON_LEANINGS
        divisor = weight * weight_2 - along * along
        own = (rest * weight_2 - rest_along * along) / divisor
        return own, (rest_along * weight - rest * along) / divisor


def factorise(votes: Votes, first_axis: Reals) -> Factors:
    """Fit the model.

    Args:
        first_axis: Of each opinion its place on the projection's first axis.
    """
    width = len(votes.opinions)
    if not votes.people:
        return Factors(intercept=np.zeros(width), leaning=np.zeros(width), side=np.zeros(0))
    seen = to_matrix(votes, np.ones(len(votes.answers)))
    said = to_matrix(votes, (votes.answers.astype(np.float64) + 1) * 0.5)
    count = votes.per_person.astype(np.float64)
    shown = np.bincount(votes.columns, minlength=width).astype(np.float64)
    people = _Side(seen, said, count, said @ np.ones(width))
    opinions = _Side(seen.T, said.T, shown, said.T @ np.ones(votes.people))
    size = float(np.abs(first_axis).max()) or 1.0
    intercept, leaning = np.zeros(width), first_axis / size
    mean = float(opinions.total.sum() / shown.sum())
    for _ in range(MOST_ROUNDS):
        person, side = people.solve(mean, intercept, leaning)
        before = intercept
        intercept, leaning = opinions.solve(mean, person, side)
        explained = count @ person + shown @ intercept + side @ (seen @ leaning)
        mean = float((opinions.total.sum() - explained) / (shown.sum() + ON_INTERCEPTS))
        if float(np.abs(intercept - before).max(initial=0)) < SETTLED:
            break
    return Factors(intercept=intercept, leaning=leaning, side=side)
