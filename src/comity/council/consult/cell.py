# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""People who lie close together as one weighted point: the cells of a grid over the plane."""

from dataclasses import dataclass

import numpy as np

from comity.council.consult.votes import Integers, Reals

SIDE = 48
_EDGE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells that hold somebody, in the order of the grid.

    Args:
        centres: Of each cell the mean of its people's points.
        weights: Of each cell how many people lie in it.
        of_person: Of each person its cell.
    """

    centres: Reals
    weights: Reals
    of_person: Integers


def to_cells(points: Reals) -> Cells:
    """Lay a grid of 48 by 48 over the middle 99 % of the points.

    Who lies outside is in a cell of the border.
    """
    low, high = np.quantile(points, [_EDGE, 1 - _EDGE], axis=0)
    scale = np.maximum(high - low, 1e-12) / SIDE
    steps = np.clip((points - low) / scale, 0, SIDE - 1).astype(np.int64)
    _, of_person = np.unique(steps[:, 0] * SIDE + steps[:, 1], return_inverse=True)
    weights = np.bincount(of_person).astype(np.float64)
    sums = [np.bincount(of_person, points[:, axis]) for axis in (0, 1)]
    centres = np.stack(sums, axis=1) / weights[:, None]
    return Cells(centres=centres, weights=weights, of_person=of_person.astype(np.int64))
