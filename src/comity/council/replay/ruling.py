# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a whole procedure makes of an item: quorum first, silence next, then the vote."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from comity.council.replay.board import Board, Truths, Turned, passes
from comity.council.rule.decide import Reason, decide
from comity.council.rule.floor import Floor
from comity.council.rule.procedure import OnBreak, Procedure


class Outcome(Enum):
    """What became, or would have become, of an item."""

    ADOPTED = "adopted"
    BY_SILENCE = "adopted_by_silence"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"

    @property
    def passed(self) -> bool:
        """Tell whether the item is adopted, by whatever way."""
        return self in {Outcome.ADOPTED, Outcome.BY_SILENCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One item under one procedure.

    Args:
        reason: The part that decided: the quorum, what breaks the silence, or the vote.
    """

    outcome: Outcome
    reason: Reason


def rule_on(procedure: Procedure, floor: Floor) -> Ruling:
    """Decide one item on what was said in the end.

    A history knows no hours: what was said at the close is all there is. Silence that was
    broken and is extended stays broken, and reasons of a no are not recorded, so that a no
    counts as one.
    """
    if procedure.quorum is not None:
        quorum = decide(procedure.quorum, floor)
        if not quorum.passed:
            return Ruling(outcome=Outcome.NO_QUORUM, reason=quorum)
    if procedure.silence is not None:
        broken = decide(procedure.silence.broken_by, floor)
        if not broken.passed:
            return Ruling(outcome=Outcome.BY_SILENCE, reason=broken)
        if procedure.silence.on_break is not OnBreak.VOTE:
            return Ruling(outcome=Outcome.REJECTED, reason=broken)
    reason = decide(procedure.adopts, floor)
    return Ruling(outcome=Outcome.ADOPTED if reason.passed else Outcome.REJECTED, reason=reason)


OUTCOMES = tuple(Outcome)
"""An outcome's code is its place here."""


def outcomes(procedure: Procedure, board: Board | Turned) -> NDArray[np.uint8]:
    """Decide every item of a history at once; codes of `OUTCOMES`."""
    votes = passes(procedure.adopts, board)
    found = np.where(votes, _code(Outcome.ADOPTED), _code(Outcome.REJECTED)).astype(np.uint8)
    if procedure.silence is not None:
        broken = passes(procedure.silence.broken_by, board)
        if procedure.silence.on_break is not OnBreak.VOTE:
            found[:] = _code(Outcome.REJECTED)
        found[~broken] = _code(Outcome.BY_SILENCE)
    if procedure.quorum is not None:
        found[~passes(procedure.quorum, board)] = _code(Outcome.NO_QUORUM)
    return found


def adopted(procedure: Procedure, board: Board | Turned) -> Truths:
    """Tell, item by item, whether it is adopted."""
    passing = [_code(outcome) for outcome in Outcome if outcome.passed]
    return np.asarray(np.isin(outcomes(procedure, board), passing), dtype=np.bool_)


def _code(outcome: Outcome) -> int:
    return OUTCOMES.index(outcome)
