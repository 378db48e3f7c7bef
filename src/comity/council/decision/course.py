# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a proposal stands on its course: voting, silence, close."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from comity.council.decision.count import Count
from comity.council.decision.proposal import Terms
from comity.council.decision.result import State
from comity.council.rule import outcome
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.outcome import Outcome, Stage, settle
from comity.council.rule.procedure import Procedure
from comity.kernel.instant import Instant, shifted

CountAt = Callable[[Instant | None], Count]

_SAYABLE = (
    Answer.YES, Answer.NO, Answer.OBJECT, Answer.ABSTAIN, Answer.RECUSED, Answer.PRESENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a course.

    Args:
        closes: The close in force; None where there is none.
        reached: When enough other members had received the proposal; None where they had not.
        at: Counts what was in time for a limit.
        moments: When ballots were received, each once, rising.
    """

    procedure: Procedure
    terms: Terms
    closes: Instant | None
    as_of: Instant
    at: CountAt
    reached: Instant | None = None
    moments: Sequence[Instant] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a proposal has come, and the count that says so.

    Args:
        outcome: What the procedure makes of the count, were it all.
        ends: The end of what runs, or ran; None where nothing ends it.
        decided_at: When it was decided; None where it is not, or nothing tells when.
    """

    state: State
    count: Count
    outcome: Outcome
    is_decided: bool = False
    ends: Instant | None = None
    decided_at: Instant | None = None

    @property
    def passed(self) -> bool:
        """Tell whether the text is adopted."""
        return self.is_decided and self.outcome.is_adopted


def course_of(asked: Asked) -> Course:
    """Follow a proposal to an instant, and say what would have led elsewhere."""
    found, stage = _course(asked)
    return replace(found, outcome=settle(asked.procedure, found.count.floor, stage=stage))


def _course(asked: Asked) -> tuple[Course, Stage]:
    opens = asked.terms.opens
    if opens is not None and asked.as_of < opens:
        return _running(asked, State.OPEN, Stage.VOTE, asked.closes), Stage.VOTE
    if asked.procedure.silence is None or opens is None:
        return _voted(asked), Stage.VOTE
    return _silent(asked, opens)


def _silent(asked: Asked, opens: Instant) -> tuple[Course, Stage]:
    """Let silence run, be extended where it is broken, and give way to the vote.

    It begins once others had received the proposal, whatever opening its author wrote, and a
    close moves by as much: nobody agrees by silence to what it was not given.
    """
    silence, stage = asked.procedure.silence, Stage.SILENCE
    if silence is None:
        return _voted(asked), Stage.VOTE
    if asked.reached is None:
        return _running(asked, State.VOTING, stage, None), stage
    ends = max(opens, asked.reached)
    if asked.closes is not None:
        delay_s = int((ends - opens).total_seconds())
        asked = replace(asked, closes=shifted(asked.closes, delay_s))
    for stage, hours in ((Stage.SILENCE, silence.period_h), (Stage.EXTENDED, silence.extend_h)):
        ends = shifted(ends, hours * 3600)
        if asked.as_of < ends:
            state = State.VOTING if stage is Stage.SILENCE else State.EXTENDED
            return _running(asked, state, stage, ends), stage
        count = asked.at(ends)
        found = settle(asked.procedure, count.floor, stage=stage, may=None)
        if found.state is outcome.State.SILENCE_BROKEN:
            break
        if found.state is not outcome.State.EXTENDED:
            return _decided(count, found, ends), stage
    voted = _voted(asked)
    if voted.is_decided:
        return voted, Stage.VOTE
    return replace(voted, state=State.SILENCE_BROKEN), Stage.VOTE


def _voted(asked: Asked) -> Course:
    closes = asked.closes
    early = _settled_early(asked) if asked.procedure.closes_early else None
    if early is not None:
        return early
    if closes is not None and asked.as_of >= closes:
        count = asked.at(closes)
        return _decided(count, _verdict(asked.procedure, count.floor), closes)
    course = _running(asked, State.VOTING, Stage.VOTE, closes)
    if closes is None and course.outcome.is_adopted:
        return replace(course, state=State.ADOPTED, is_decided=True)
    return course


def _running(asked: Asked, state: State, stage: Stage, ends: Instant | None) -> Course:
    count = asked.at(ends)
    found = settle(asked.procedure, count.floor, stage=stage, may=None)
    return Course(state=state, count=count, outcome=found, ends=ends)


def _decided(count: Count, found: Outcome, at: Instant) -> Course:
    return Course(
        state=State(found.state.value), count=count, outcome=found, is_decided=True, ends=at,
        decided_at=at,
    )  # fmt: skip


def _verdict(procedure: Procedure, floor: Floor) -> Outcome:
    return settle(procedure, floor, stage=Stage.VOTE, may=None)


def _settled_early(asked: Asked) -> Course | None:
    """Return the vote as it stood when nobody still silent could change it, or None."""
    for moment in asked.moments:
        limit = shifted(moment, 1)
        if moment > asked.as_of or (asked.closes is not None and limit > asked.closes):
            return None
        count = asked.at(limit)
        if _is_settled(asked.procedure, count.floor):
            return _decided(count, _verdict(asked.procedure, count.floor), limit)
    return None


def _is_settled(procedure: Procedure, floor: Floor) -> bool:
    """Tell whether what the silent might still say could change the verdict.

    Each answer is tried for all of them: in rules in which an answer only ever helps or only
    ever harms, what all of them cannot change no part of them can.
    """
    silent = [seat for seat in floor.seats if floor.answer(seat) is Answer.SILENT]
    now = _holds(procedure, floor)
    return all(
        _holds(
            procedure,
            replace(floor, answers={**floor.answers, **dict.fromkeys(silent, answer)}),
        )
        == now
        for answer in _SAYABLE
    )


def _holds(procedure: Procedure, floor: Floor) -> tuple[bool, bool]:
    """Return whether the quorum and the rule hold; the rule only where the quorum does."""
    quorum = procedure.quorum
    is_quorate = quorum is None or decide(quorum, floor).passed
    return is_quorate, is_quorate and decide(procedure.adopts, floor).passed
