# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a whole procedure makes of a history: silence, then quorum and vote, at the close."""

import numpy as np
from numpy.typing import NDArray

from comity.council.replay.board import Board, Truths, Turned, passes
from comity.council.rule.floor import Floor
from comity.council.rule.outcome import Outcome, Stage, State, settle
from comity.council.rule.procedure import OnBreak, Procedure

STATES = tuple(State)
"""A state's code is its place here."""


def rule_on(procedure: Procedure, floor: Floor) -> Outcome:
    """Settle one item on what was said in the end.

    A history knows no hours, so silence that was broken leads straight to the vote wherever
    the procedure lets it; and it knows no reasons, so a no counts as one.
    """
    found = settle(procedure, floor, may=None)
    if found.state in {State.SILENCE_BROKEN, State.EXTENDED}:
        return settle(procedure, floor, stage=Stage.VOTE, may=None)
    return found


def states(procedure: Procedure, board: Board | Turned) -> NDArray[np.uint8]:
    """Settle every item of a history at once; codes of `STATES`."""
    votes = passes(procedure.adopts, board)
    found = np.where(votes, _code(State.ADOPTED), _code(State.REJECTED)).astype(np.uint8)
    if procedure.quorum is not None:
        found[~passes(procedure.quorum, board)] = _code(State.NO_QUORUM)
    if procedure.silence is not None:
        broken = passes(procedure.silence.broken_by, board)
        if procedure.silence.on_break is OnBreak.FAIL:
            found[:] = _code(State.REJECTED)
        found[~broken] = _code(State.SILENCE_HELD)
    return found


def adopted(procedure: Procedure, board: Board | Turned) -> Truths:
    """Tell, item by item, whether it is adopted."""
    standing = [_code(state) for state in State if state.is_adopted]
    return np.asarray(np.isin(states(procedure, board), standing), dtype=np.bool_)


def _code(state: State) -> int:
    return STATES.index(state)
