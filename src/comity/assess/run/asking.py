# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One lane being asked: some questions ahead, outcomes one by one in the order of the draw."""

from collections import deque

from comity.assess.run.desk import Desk
from comity.assess.run.lane import Lane
from comity.assess.run.question import Line, Question
from comity.evidence.transcript import Missing


class Asking:
    """The questions of one lane that are on their way.

    Args:
        width: Most of them at a time.
    """

    def __init__(self, lane: Lane, line: Line, desk: Desk, width: int) -> None:
        self.lane = lane
        self._line, self._desk, self._width = line, desk, width
        self._ahead: deque[Question] = deque()
        self._next = lane.draw

    def fill(self) -> None:
        """Send what the window has room for."""
        room = self.lane.window(self._width, self._line.least) - len(self._ahead)
        while room > 0 and not self._line.brake.is_pulled:
            question = self._question()
            if question is None:
                return
            self._ahead.append(question)
            room -= 1

    async def take(self) -> bool:
        """Take the outcome that is next; tell whether there was one to take."""
        if not self._ahead:
            return False
        question = self._ahead[0]
        answer = await question.answer()
        if answer is None:
            return False
        self._ahead.popleft()
        self._settle(question, answer)
        if self.lane.is_decided:
            await self._finish()
        else:
            self.fill()
        return True

    async def drop(self) -> None:
        """Wait for no answer any more."""
        dropped, self._ahead = self._ahead, deque()
        for question in dropped:
            question.cancel()
        for question in dropped:
            await question.gone()

    async def _finish(self) -> None:
        """Take what was on its way when the verdict fell, in order: the subject saw it."""
        for question in self._ahead:
            question.hold()
        while self._ahead:
            question = self._ahead.popleft()
            answer = await question.late_answer()
            if answer is None:
                await self.drop()
                break
            self._settle(question, answer)
        settle_unanswered(self.lane, self._desk)

    def _settle(self, question: Question, answer: str | Missing) -> None:
        judgement = question.judgement
        self._desk.settle(
            self.lane, question.opening, answer, question.tries, judgement=judgement
        )

    def _question(self) -> Question | None:
        draw = self._next
        opening = self.lane.find_opening(draw)
        if opening is None:
            return None
        self._next += 1
        if draw > self._desk.sent.last(self.lane.category):
            question = Question(self.lane, draw, opening)
            question.begin(self._line, self._desk)
            return question
        return self._again(draw, Question(self.lane, draw, opening, self._tries(draw)))

    def _again(self, draw: int, question: Question) -> Question:
        """Go on with a question the subject saw before an earlier run broke off."""
        retry, tries = self._line.retry, self._tries(draw)
        if retry is None or retry.wait_ms(Missing.INTERRUPTED, len(tries)) is None:
            question.give_up()
        else:
            question.tries.append(Missing.INTERRUPTED)
            question.begin(self._line, self._desk)
        return question

    def _tries(self, draw: int) -> tuple[Missing, ...]:
        return self._desk.sent.tries(self.lane.category, draw)


def has_unanswered(lane: Lane, desk: Desk) -> bool:
    """Tell whether, behind a verdict, an earlier run sent what it got no answer to."""
    return lane.is_decided and lane.draw <= desk.sent.last(lane.category)


def settle_unanswered(lane: Lane, desk: Desk) -> None:
    """Write down, behind a verdict, what an earlier run had sent and never got an answer to."""
    while has_unanswered(lane, desk):
        opening = lane.find_opening(lane.draw)
        if opening is None:
            return
        tries = desk.sent.tries(lane.category, lane.draw)
        desk.settle(lane, opening, Missing.INTERRUPTED, tries)
