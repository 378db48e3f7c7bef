# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a proposal stands on its course: voting, silence, close."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from comity.council.decision.count import Count
from comity.council.decision.early import Early
from comity.council.decision.proposal import Terms
from comity.council.decision.result import State
from comity.council.decision.text import InForce
from comity.council.rule import outcome
from comity.council.rule.outcome import Outcome, Stage, settle
from comity.council.rule.procedure import Procedure
from comity.kernel.instant import Instant, shifted

CountAt = Callable[[Instant | None], Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a course.

    Args:
        closes: The close in force; None where there is none.
        reached: When enough other members had received the proposal; None where they had not.
        at: Counts what was in time for a limit.
        early: Finds when a vote was decided early; given when it began and by how many seconds
            its close comes later than the text says.
    """

    procedure: Procedure
    terms: Terms
    closes: Instant | None
    as_of: Instant
    at: CountAt
    reached: Instant | None = None
    early: Callable[[Instant | None, int], tuple[Early, CountAt] | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a proposal has come, and the count that says so.

    Args:
        outcome: What the procedure makes of the count, were it all.
        ends: The end of what runs, or ran; None where nothing ends it.
        decided_at: When it was decided; None where it is not, or nothing tells when.
        text: What was in force where it was decided early; else None.
    """

    state: State
    count: Count
    outcome: Outcome
    is_decided: bool = False
    ends: Instant | None = None
    decided_at: Instant | None = None
    text: InForce | None = None

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
        return _voted(asked, opens), Stage.VOTE
    return _silent(asked, opens)


def _silent(asked: Asked, opens: Instant) -> tuple[Course, Stage]:
    """Let silence run, be extended where it is broken, and give way to the vote.

    It begins once others had received the proposal, whatever opening its author wrote, and a
    close moves by as much: nobody agrees by silence to what it was not given.
    """
    silence, stage = asked.procedure.silence, Stage.SILENCE
    if silence is None:
        return _voted(asked, opens), Stage.VOTE
    if asked.reached is None:
        return _running(asked, State.VOTING, stage, None), stage
    ends = max(opens, asked.reached)
    delay_s = int((ends - opens).total_seconds())
    if asked.closes is not None:
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
    voted = _voted(asked, ends, delay_s)
    if voted.is_decided:
        return voted, Stage.VOTE
    return replace(voted, state=State.SILENCE_BROKEN), Stage.VOTE


def _voted(asked: Asked, begins: Instant | None, later_s: int = 0) -> Course:
    closes = asked.closes
    early = None if asked.early is None else asked.early(begins, later_s)
    if early is not None:
        settled, at = early
        return replace(_closed(asked, at, settled.limit), text=settled.text)
    if closes is not None and asked.as_of >= closes:
        return _closed(asked, asked.at, closes)
    course = _running(asked, State.VOTING, Stage.VOTE, closes)
    if closes is None and course.outcome.is_adopted:
        return replace(course, state=State.ADOPTED, is_decided=True)
    return course


def _closed(asked: Asked, at: CountAt, closes: Instant) -> Course:
    count = at(closes)
    found = settle(asked.procedure, count.floor, stage=Stage.VOTE, may=None)
    return _decided(count, found, closes)


def _running(asked: Asked, state: State, stage: Stage, ends: Instant | None) -> Course:
    count = asked.at(ends)
    found = settle(asked.procedure, count.floor, stage=stage, may=None)
    return Course(state=state, count=count, outcome=found, ends=ends)


def _decided(count: Count, found: Outcome, at: Instant) -> Course:
    return Course(
        state=State(found.state.value), count=count, outcome=found, is_decided=True, ends=at,
        decided_at=at,
    )  # fmt: skip
