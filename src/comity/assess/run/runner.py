# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The draw-order window runner: asks ahead, but takes outcomes only in draw order.

Taken as they arrive, slow failures hide behind quick passes: with 64 questions at a time and
failures five times slower, false recognition rises from 5 % to 98 %. So the window's first
question is always the next outcome, whatever else has been answered.

Several categories may be asked abreast. They are taken in turn, one outcome each, so that the
transcript is a function of the answers alone: not of time, nor of how many workers ask.

Source:
    docs/spec/evidence.md, "The transcript"; docs/how-to/run-a-long-test.md.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack

from comity.assess.run.asking import Asking, has_unanswered, settle_unanswered
from comity.assess.run.brake import Brake
from comity.assess.run.course import (
    LEAST_WINDOW,
    PLAIN,
    Assignment,
    Course,
    Manner,
    Outcome,
    Progress,
    Result,
    Scorer,
    Step,
)
from comity.assess.run.desk import Desk
from comity.assess.run.journal import open_journal
from comity.assess.run.lane import Lane
from comity.assess.run.pace import Pace
from comity.assess.run.question import Line
from comity.assess.run.sent import open_sent
from comity.assess.scorers.judge import Asked
from comity.assess.scorers.scorer import refuse_unscorable, score
from comity.assess.subjects.subject import Subject, preflight, refuse_unaskable
from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.evidence.judge.judgement import find_judgement
from comity.evidence.prompt import find_fault

__all__ = [
    "LEAST_WINDOW",
    "PLAIN",
    "Assignment",
    "Course",
    "Manner",
    "Outcome",
    "Progress",
    "Result",
    "Scorer",
    "Step",
    "run",
]


def run(
    assignment: Assignment,
    subject: Subject,
    *,
    scorer: Scorer = score,
    progress: Progress | None = None,
    ready: Callable[[float], None] | None = None,
    brake: Brake | None = None,
) -> Result:
    """Test a subject until every category has its verdict; resume where a run broke off.

    What was answered is never asked again, what was sent and never answered only where the
    plan says so. Ctrl-C, a kill or a full disk leave files from which the same call goes on.

    Args:
        ready: Told, before the bank is touched, in how many seconds the subject greeted.
        brake: Pulled to stop once what is on its way has come back.

    Raises:
        Conflict: Another process runs this test.
        InvalidDocument: A course cannot be asked.
        NotPermitted: A scorer's model is not installed, or nobody judges what needs a judge.
        PeerFailed: The subject or the judge is not ready; nothing of the bank was asked.
        StorageFailed: The disk refused the transcript.
        VerificationFailed: The transcript on disk is damaged or not of this plan.
    """
    _check(assignment)
    digest = assignment.plan_digest
    with ExitStack() as stack:
        desk = Desk(
            journal=stack.enter_context(open_journal(assignment.transcript, digest)),
            sent=stack.enter_context(open_sent(assignment.sent, digest)),
            scorer=scorer,
            progress=progress or _say_nothing,
        )
        lanes = _lanes(assignment.courses, desk)
        if any(lane.is_open or has_unanswered(lane, desk) for lane in lanes):
            trial = _Trial(assignment, lanes, desk, brake or Brake())
            asyncio.run(trial.run(subject, ready or _say_nothing))
        return _result(lanes, desk)


def _result(lanes: Sequence[Lane], desk: Desk) -> Result:
    """Return what the lanes came to; where nothing is open, the list of what was sent goes."""
    is_finished = not any(lane.is_open for lane in lanes)
    if is_finished:
        desk.journal.sync()
        desk.sent.remove()
    return Result(
        outcomes=tuple(lane.outcome() for lane in lanes),
        records=tuple(desk.journal.records),
        head=desk.journal.head,
        sent=desk.count,
        is_finished=is_finished,
    )


class _Trial:
    """The lanes of one run: some asked at a time, one outcome taken of each in turn."""

    def __init__(
        self, assignment: Assignment, lanes: Sequence[Lane], desk: Desk, brake: Brake
    ) -> None:
        self._assignment, self._desk, self._brake = assignment, desk, brake
        self._lanes = lanes
        self._asked: dict[int, Asking] = {}

    async def run(self, subject: Subject, ready: Callable[[float], None]) -> None:
        """Ask until no lane is open, or until the brake was pulled and all is back."""
        self._brake.bind()
        try:
            for lane in self._lanes:
                settle_unanswered(lane, self._desk)
            if any(lane.is_open for lane in self._lanes):
                await self._open(subject, ready)
        finally:
            for asking in self._asked.values():
                await asking.drop()
            self._desk.stop()

    async def _open(self, subject: Subject, ready: Callable[[float], None]) -> None:
        assignment, clock = self._assignment, asyncio.get_running_loop().time
        refuse_unaskable(subject, (prompt for lane in self._lanes for prompt in lane.prompts()))
        width = min(assignment.width, subject.traits.width)
        scorers = {scorer for lane in self._lanes for scorer in lane.scorers()}
        refuse_unscorable(scorers, has_judge=assignment.judge is not None)
        async with AsyncExitStack() as stack:
            judge: Asked | None = None
            if assignment.judge is not None:
                judge = await stack.enter_async_context(assignment.judge.open(width))
            opened = subject.open(assignment.limits, width)
            session = await stack.enter_async_context(opened)
            began = clock()
            await preflight(session, subject, assignment.limits)
            ready(clock() - began)
            line = Line(
                session=session,
                limits=assignment.limits,
                retry=assignment.retry,
                pace=Pace(assignment.rates),
                brake=self._brake,
                least=assignment.least,
                is_single=width == 1,
                judge=judge,
            )
            await self._ask(line, width)

    async def _ask(self, line: Line, width: int) -> None:
        abreast = min(self._assignment.abreast, width)
        each = width // min(abreast, len(self._lanes))
        waiting = [place for place, lane in enumerate(self._lanes) if lane.is_open]
        last = self._last_taken()
        while waiting:
            active = waiting[:abreast]
            for place in active:
                if place not in self._asked:
                    self._asked[place] = Asking(self._lanes[place], line, self._desk, each)
                    self._asked[place].fill()
            last = next((place for place in active if place > last), active[0])
            took = await self._asked[last].take()
            if not (took and self._lanes[last].is_open):
                waiting.remove(last)
                await self._asked.pop(last).drop()

    def _last_taken(self) -> int:
        """Return the lane of the newest record, so that a resumed run takes the next one."""
        records = self._desk.journal.records
        names = [lane.category for lane in self._lanes]
        return names.index(records[-1].category) if records else -1


def _lanes(courses: Iterable[Course], desk: Desk) -> list[Lane]:
    lanes = {course.category: Lane(course) for course in courses}
    for number, record in enumerate(desk.journal.records, start=1):
        lane = lanes.get(record.category)
        if lane is None or record.draw != lane.draw:
            raise _foreign(number, "this draw was not due")
        if record.opening != lane.find_opening(record.draw):
            raise _foreign(number, "another item was due at this draw")
        mark = desk.mark(record.opening.item, record.answer, find_judgement(record))
        if record.outcome != mark:
            raise _foreign(number, "the scorer says otherwise of this answer")
        if lane.is_decided:
            lane.settle_late(record)
        else:
            desk.progress(lane.settle(record, is_resumed=True))
    return list(lanes.values())


def _say_nothing(_: object) -> None:
    pass


def _check(assignment: Assignment) -> None:
    faults: list[Fault] = []
    names = [course.category for course in assignment.courses]
    if len(set(names)) != len(names):
        faults.append(Fault(message="a category stands twice"))
    if min(assignment.width, assignment.least, assignment.abreast) < 1:
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
