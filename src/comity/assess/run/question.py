# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One item on its way: its place in the queue, its tries, and the answer that stands."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from comity.assess.run.brake import Brake
from comity.assess.run.desk import Desk
from comity.assess.run.lane import Lane
from comity.assess.run.pace import Pace
from comity.assess.scorers.judge import Asked
from comity.assess.subjects.subject import Limits, Session, ask_within
from comity.evidence.asking import Retry
from comity.evidence.bank import Opening
from comity.evidence.judge.judgement import Judgement
from comity.evidence.judge.stated import is_judge
from comity.evidence.transcript import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How questions reach the subject.

    Args:
        pace: When the next may go out.
        brake: Pulled when no further question may go out.
        least: As many go out although a verdict may need fewer.
        is_single: One question at a time, of one lane.
        judge: Asked of every answer that no scorer can score; None where there is none.
    """

    session: Session
    limits: Limits
    retry: Retry | None
    pace: Pace
    brake: Brake
    least: int
    is_single: bool
    judge: Asked | None = None


class Question:
    """One item of one lane on its way."""

    def __init__(
        self, lane: Lane, draw: int, opening: Opening, tries: Sequence[Missing] = ()
    ) -> None:
        self.opening = opening
        self.tries = list(tries)
        self.judgement: Judgement | None = None
        self.is_sent = False
        self._lane, self._draw = lane, draw
        self._is_resting = False
        self._task: asyncio.Task[str | Missing | None] | None = None
        self._alone: tuple[Line, Desk, float] | None = None
        self._answer: str | Missing | None = None

    def give_up(self) -> None:
        """Let it stand as one whose answer never came, because the tester stopped."""
        self.is_sent = True
        self._answer = Missing.INTERRUPTED

    def begin(self, line: Line, desk: Desk) -> None:
        """Send it, or have it sent when its turn comes.

        Where nothing else goes on it is pursued by who awaits it: a task of its own costs two
        rounds of the loop, a fifth of all a question costs.
        """
        wait_s = line.pace.take(asyncio.get_running_loop().time())
        if wait_s <= 0:
            self._send(desk)
        if line.is_single:
            self._alone = (line, desk, wait_s)
        else:
            self._task = asyncio.create_task(self._pursue(line, desk, wait_s))

    async def answer(self) -> str | Missing | None:
        """Return the answer that stands, or None if the brake kept it from going out."""
        if self._alone is not None:
            return await self._pursue(*self._alone)
        return self._answer if self._task is None else await self._task

    def hold(self) -> None:
        """Neither send it nor send it again: the lane is decided."""
        if self._task is not None and (self._is_resting or not self.is_sent):
            self._task.cancel()

    async def late_answer(self) -> str | Missing | None:
        """Return the answer of one that was held, or None if it never went out."""
        if self._task is None:
            return self._answer
        if self._is_resting:
            return self.tries.pop()
        return await self._task if self.is_sent else None

    def cancel(self) -> None:
        """Stop waiting for it."""
        if self._task is not None:
            self._task.cancel()

    async def gone(self) -> None:
        """Wait until nothing of it goes on."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _send(self, desk: Desk) -> None:
        desk.send(self._lane.category, self._draw, self.tries)
        self.is_sent = True

    async def _pursue(self, line: Line, desk: Desk, wait_s: float) -> str | Missing | None:
        if not self.is_sent:
            if await line.brake.wait(wait_s):
                return None
            self._send(desk)
        while True:
            answer = await ask_within(line.session, self.opening.item.prompt, line.limits)
            wait_ms = None
            if line.retry is not None and not self._lane.is_decided:
                wait_ms = line.retry.wait_ms(answer, len(self.tries))
            if wait_ms is None or not isinstance(answer, Missing):
                await self._have_judged(line, answer)
                return answer
            self.tries.append(answer)
            await self._rest(line, wait_ms)
            self._send(desk)

    async def _have_judged(self, line: Line, answer: str | Missing) -> None:
        item = self.opening.item
        if line.judge is not None and is_judge(item.scorer) and isinstance(answer, str):
            self.judgement = await line.judge(item, answer)

    async def _rest(self, line: Line, wait_ms: int) -> None:
        self._is_resting = True
        await asyncio.sleep(wait_ms / 1000)
        await asyncio.sleep(line.pace.take(asyncio.get_running_loop().time()))
        self._is_resting = False
