# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From answers to a result: strata first, found groups second, the intercept third."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.council.consult.bound import MILLION
from comity.council.consult.cell import Cells, to_cells
from comity.council.consult.cluster import Division, divide
from comity.council.consult.consultation import Thresholds
from comity.council.consult.counts import OUTSIDE, count, count_strata
from comity.council.consult.intercept import factorise
from comity.council.consult.projection import project
from comity.council.consult.result import Measured, Result, conclude
from comity.council.consult.votes import Reals, Votes

ENOUGH = 7
"""Answers from which on a person is placed in a found group, as in Polis."""

LEAST_PLACED = 15
"""Where fewer people gave enough answers, fewer answers are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Where each person was placed.

    Args:
        group: Found group, or OUTSIDE for who answered too little.
        side: 0 or 1, the side of the main divide, or OUTSIDE.
        groups: How many groups were found.
    """

    group: NDArray[np.int64]
    side: NDArray[np.int64]
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A result, and the picture behind it, which decides nothing.

    Args:
        cells: Who was placed, as weighted points; their order is that of *placed*.
        placed: Numbers of the people in the cells.
        loadings: Of each opinion its place on the two axes; two rows.
    """

    result: Result
    labels: Labels
    cells: Cells | None
    division: Division | None
    placed: NDArray[np.int64]
    loadings: Reals


def analyse(votes: Votes, thresholds: Thresholds) -> Analysis:
    """Count, place, group and conclude.

    The same answers give the same result in whatever order people, opinions and strata stand.
    """
    projection = project(votes)
    factors = factorise(votes, projection.loadings[0])
    placed = _placed(votes)
    cells = to_cells(projection.points[placed]) if len(placed) else None
    division = None if cells is None else divide(cells)
    group = np.full(votes.people, OUTSIDE)
    side = np.full(votes.people, OUTSIDE)
    if cells is not None and division is not None:
        group[placed] = division.labels[cells.of_person]
        side[placed] = factors.side[placed] > 0
    labels = Labels(group=group, side=side, groups=1 if division is None else division.groups)
    intercept = np.round(factors.intercept * MILLION).astype(np.int64)
    result = conclude(
        thresholds=thresholds,
        opinions=votes.opinions,
        strata=votes.strata,
        measured=measure(votes, labels),
        intercept=tuple(intercept.tolist()),
    )
    return Analysis(
        result=result,
        labels=labels,
        cells=cells,
        division=division,
        placed=placed,
        loadings=projection.loadings,
    )


def measure(votes: Votes, labels: Labels) -> Measured:
    """Count answers by declared group, found group and side."""
    return Measured(
        by_stratum=count_strata(votes),
        by_group=count(votes, labels.group, labels.groups),
        by_side=count(votes, labels.side, 2),
    )


def _placed(votes: Votes) -> NDArray[np.int64]:
    """Return who answered enough to be placed; how much is enough depends on no order."""
    given = votes.per_person
    if not len(given):
        return np.empty(0, np.int64)
    most_first = np.sort(given)[::-1]
    least = min(ENOUGH, len(votes.opinions), int(most_first[:LEAST_PLACED][-1]))
    return np.flatnonzero(given >= max(1, least))
