# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The draw-order window runner: asks ahead, but takes outcomes only in draw order.

Taken as they arrive, slow failures hide behind quick passes: with 64 questions at a time and
failures five times slower, false recognition rises from 5 % to 98 %. So the window's first
question is always the next outcome, whatever else has been answered.

Source:
    docs/spec/evidence.md, "The transcript"; docs/how-to/test-a-service.md.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.assess.run.journal import Journal, open_journal
from comity.assess.scorers.scorer import score
from comity.assess.subjects.subject import (
    Limits,
    Session,
    Subject,
    ask_within,
    preflight,
    refuse_unaskable,
)
from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.evidence.bank import Item, Opening
from comity.evidence.prompt import find_fault, text_of
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.outcome import Outcome as Mark
from comity.evidence.statistics.outcome import Score, is_passed
from comity.evidence.statistics.path import follow
from comity.evidence.transcript import Missing, Record
from comity.kernel.digest import Digest

LEAST_WINDOW = 8
"""Fewer at a time would leave the line idle; more than needed would burn items."""

Scorer = Callable[[str, str, str, str], Mark]
"""From scorer id, prompt, reference and answer to pass, fail or a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one category's test asks, and when it stops.

    Args:
        category: Its name.
        openings: Items in draw order; the first stands behind those in `prior`.
        design: Acceptance and rejection numbers, counted from the first draw.
        prior: Outcomes of earlier draws, when a second tester continues the first's test.
    """

    category: str
    openings: Sequence[Opening]
    design: Design
    prior: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A whole test of one subject under one plan.

    Args:
        plan_digest: What the transcript chains from.
        courses: Categories, tested one after another.
        transcript: Where the transcript stands or will stand.
        limits: What one answer may cost.
        width: Most questions on their way at a time.
    """

    plan_digest: Digest
    courses: tuple[Course, ...]
    transcript: Path
    limits: Limits
    width: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One outcome as it falls.

    Args:
        record: What was asked and answered.
        asked: Questions of the category so far, earlier testers' included.
        failed: Failures among them.
        verdict: What the design says now.
        is_resumed: The record was read from disk, not asked now.
    """

    record: Record
    asked: int
    failed: int
    verdict: Verdict
    is_resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one category came to.

    Args:
        category: Its name.
        outcomes: What each draw came to, in order, earlier testers' included.
        verdict: Insufficient only where the items ran out.
    """

    category: str
    outcomes: tuple[Mark, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finished test: outcomes by category, records in order, and the chain's head.

    Args:
        outcomes: One for each course, in the order of the courses.
        records: The whole transcript.
        head: The chain's head after the last record.
        sent: Questions sent by this run, those behind the verdict included.
    """

    outcomes: tuple[Outcome, ...]
    records: tuple[Record, ...]
    head: Digest
    sent: int


Progress = Callable[[Step], None]


def run(
    assignment: Assignment,
    subject: Subject,
    *,
    scorer: Scorer = score,
    progress: Progress | None = None,
) -> Result:
    """Test a subject until every category has its verdict; resume where a run broke off.

    Answers already in the transcript are never asked for again. Ctrl-C, a kill or a full
    disk leave a transcript from which the same call continues.

    Raises:
        Conflict: Another process runs this test.
        InvalidDocument: A course cannot be asked.
        PeerFailed: The subject is not ready; nothing of the bank was asked.
        StorageFailed: The disk refused the transcript.
        VerificationFailed: The transcript on disk is damaged or not of this plan.
    """
    _check(assignment)
    with open_journal(assignment.transcript, assignment.plan_digest) as journal:
        desk = _Desk(journal=journal, scorer=scorer, progress=progress or _say_nothing)
        lanes = _lanes(assignment.courses, desk)
        sent = 0
        if any(lane.is_open for lane in lanes):
            sent = asyncio.run(_ask_all(assignment, subject, lanes, desk))
        return Result(
            outcomes=tuple(lane.outcome() for lane in lanes),
            records=tuple(journal.records),
            head=journal.head,
            sent=sent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every lane needs to settle an answer."""

    journal: Journal
    scorer: Scorer
    progress: Progress

    def mark(self, item: Item, answer: str | Missing) -> Mark:
        """Score one answer; what is missing fails."""
        if isinstance(answer, Missing):
            return False
        return self.scorer(item.scorer, text_of(item.prompt), text_of(item.reference), answer)


class _Lane:
    """One course on its way: which draw is next, and where the path stands."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.outcomes = list(course.prior)
        self.path = follow(course.design, course.prior)
        self.due = list(course.openings[: max(0, course.design.cap - len(course.prior))])
        self.taken = 0

    @property
    def is_open(self) -> bool:
        """Tell whether another question is due."""
        return self.path.verdict is Verdict.INSUFFICIENT and self.taken < len(self.due)

    @property
    def draw(self) -> int:
        """Return the 1-based draw that is due."""
        return len(self.outcomes) + 1

    def settle(self, record: Record, *, is_resumed: bool) -> Step:
        """Take the outcome of the draw that was due."""
        self.taken += 1
        self.outcomes.append(record.outcome)
        self.path = self.path.after(record.outcome)
        return Step(
            record=record,
            asked=self.path.asked,
            failed=self.path.failed,
            verdict=self.path.verdict,
            is_resumed=is_resumed,
        )

    def window(self, width: int) -> int:
        """Return how many questions may be on their way, at most *width*.

        As many as it takes until a verdict is possible: fewer would leave the line idle,
        more would show items that may not be needed.
        """
        most = min(width, self.course.design.cap - self.path.asked)
        for more in range(min(LEAST_WINDOW, width), most):
            if self.path.may_end_within(more):
                return more
        return width

    def outcome(self) -> Outcome:
        """Return what the course came to."""
        return Outcome(
            category=self.course.category,
            outcomes=tuple(self.outcomes),
            verdict=self.path.verdict,
        )


def _lanes(courses: Iterable[Course], desk: _Desk) -> list[_Lane]:
    lanes = {course.category: _Lane(course) for course in courses}
    for number, record in enumerate(desk.journal.records, start=1):
        lane = lanes.get(record.category)
        if lane is None or not lane.is_open or record.draw != lane.draw:
            raise _foreign(number, "this draw was not due")
        if record.opening != lane.due[lane.taken]:
            raise _foreign(number, "another item was due at this draw")
        if record.outcome != desk.mark(record.opening.item, record.answer):
            raise _foreign(number, "the scorer says otherwise of this answer")
        desk.progress(lane.settle(record, is_resumed=True))
    return list(lanes.values())


async def _ask_all(
    assignment: Assignment, subject: Subject, lanes: Sequence[_Lane], desk: _Desk
) -> int:
    due = (opening.item.prompt for lane in lanes for opening in lane.due[lane.taken :])
    refuse_unaskable(subject, due)
    assignment = replace(assignment, width=min(assignment.width, subject.traits.width))
    async with subject.open(assignment.limits, assignment.width) as session:
        await preflight(session, subject, assignment.limits)
        return sum([await _ask_lane(assignment, session, lane, desk) for lane in lanes])


async def _ask_lane(assignment: Assignment, session: Session, lane: _Lane, desk: _Desk) -> int:
    rest = iter(lane.due[lane.taken :])
    asked: deque[tuple[Opening, asyncio.Task[str | Missing]]] = deque()
    sent = 0
    try:
        while lane.is_open:
            for opening in _up_to(lane.window(assignment.width) - len(asked), rest):
                question = ask_within(session, opening.item.prompt, assignment.limits)
                asked.append((opening, asyncio.create_task(question)))
                sent += 1
            opening, task = asked.popleft()
            _settle(lane, desk, opening, await task)
    finally:
        for _, task in asked:
            task.cancel()
        await asyncio.gather(*(task for _, task in asked), return_exceptions=True)
    return sent


def _settle(lane: _Lane, desk: _Desk, opening: Opening, answer: str | Missing) -> None:
    mark = desk.mark(opening.item, answer)
    record = Record(
        draw=lane.draw,
        opening=opening,
        answer=answer,
        passed=is_passed(mark),
        score_ppm=mark.ppm if isinstance(mark, Score) else None,
    )
    desk.journal.append(record)
    desk.progress(lane.settle(record, is_resumed=False))


def _up_to(count: int, rest: Iterable[Opening]) -> Iterable[Opening]:
    return (opening for _, opening in zip(range(count), rest, strict=False))


def _say_nothing(step: Step) -> None:
    del step


def _check(assignment: Assignment) -> None:
    faults: list[Fault] = []
    names = [course.category for course in assignment.courses]
    if len(set(names)) != len(names):
        faults.append(Fault(message="a category stands twice"))
    if assignment.width < 1:
        faults.append(Fault(message="at least one question goes out at a time"))
    faults += [
        Fault(
            message=f"position {opening.item.position} is no item of {course.category!r} to ask"
        )
        for course in assignment.courses
        for opening in course.openings
        if opening.item.category != course.category
        or find_fault(opening.item.prompt)
        or not isinstance(opening.item.reference, str)
    ]
    if faults:
        raise InvalidDocument("not a test to run", code="assess.courses", faults=faults)


def _foreign(number: int, message: str) -> VerificationFailed:
    return VerificationFailed(
        f"the transcript does not fit this plan: {message}",
        code="assess.transcript",
        hint="continue only the transcript this plan began",
        place=f"line {number}",
    )
