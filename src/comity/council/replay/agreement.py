# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How far a bloc speaks with one voice: the agreement index, and how often nobody differs."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from comity.council.replay.board import Board
from comity.council.replay.history import CODES
from comity.council.rule.floor import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How the seats of a bloc voted together.

    Args:
        items: Items on which at least two of them voted; the others say nothing of it.
        unanimous: Of those, how many on which all who voted said the same.
        index: Mean agreement index over those items, from 0 to 1; None where there are none.
    """

    items: int
    unanimous: int
    index: float | None


def agreement(board: Board, seats: Collection[str]) -> Agreement:
    """Measure how a bloc voted together.

    On one item, with Y for, N against or objecting, A abstaining and M the largest of the
    three, the index is (M - (Y + N + A - M) / 2) / (Y + N + A): 1 where all say the same, 0
    where the three are equal. Seats that were absent, silent or recused count on no side.

    Source:
        Hix, Noury and Roland, Power to the parties, BJPS 35 (2005), 209-234.
    """
    tally = board.part(board.columns_of(seats), None)
    sides = np.stack(
        [
            tally[CODES[Answer.YES]],
            tally[CODES[Answer.NO]] + tally[CODES[Answer.OBJECT]],
            tally[CODES[Answer.ABSTAIN]],
        ]
    )
    voted, largest = sides.sum(axis=0), sides.max(axis=0)
    speaks = voted >= 2
    voted, largest = voted[speaks], largest[speaks]
    if not len(voted):
        return Agreement(items=0, unanimous=0, index=None)
    index = (largest - (voted - largest) / 2) / voted
    return Agreement(
        items=len(voted),
        unanimous=int(np.count_nonzero(voted == largest)),
        index=float(index.mean()),
    )
