# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A model that judges answers: asked in its own words, heard by a grammar of one word.

It may be any subject: an endpoint, a program, weights. What it costs that it errs is in the
plan; what it said is in the transcript.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from comity.assess.subjects.subject import GREETING, Limits, Session, Subject, ask_within
from comity.errors import PeerFailed
from comity.evidence.bank import Item
from comity.evidence.judge.judgement import MAX_OUTPUT_BYTES, Judgement, kept
from comity.evidence.judge.question import question_of
from comity.evidence.prompt import text_of
from comity.evidence.transcript import Missing

MODEL_JUDGE = "model-judge/1"
"""A pass says: the judge that the plan states answered PASS, more often than not."""

TRIES = 3
"""For one output; a judge that is down then fails the answer, as nothing passed it."""

LIMITS = Limits(timeout_s=60.0, max_answer_bytes=MAX_OUTPUT_BYTES)
"""What one output may cost, unless the judge's file says otherwise."""

_REST_S = 0.5

Asked = Callable[[Item, str], Awaitable[Judgement]]
"""From an item and the answer to it to what the judge said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelJudge:
    """One judge, ready to be asked.

    Args:
        template: What it is asked, as `comity.evidence.judge.question` fills it.
        subject: What is asked.
        votes: How often of each answer.
        limits: What one output may cost.
    """

    template: str
    subject: Subject
    votes: int = 1
    limits: Limits = LIMITS

    @asynccontextmanager
    async def open(self, width: int) -> AsyncIterator[Asked]:
        """Open a way to the judge for at most *width* answers at a time.

        Raises:
            PeerFailed: The judge does not answer.
        """
        async with self.subject.open(self.limits, width) as session:
            await self._greet(session)
            room = asyncio.Semaphore(max(1, min(width, self.subject.traits.width)))

            async def judge(item: Item, answer: str) -> Judgement:
                async with room:
                    return await self._judge(session, item, answer)

            yield judge

    async def _greet(self, session: Session) -> None:
        try:
            async with asyncio.timeout(self.limits.timeout_s):
                fault = await session.describe_fault(GREETING)
        except TimeoutError:
            fault = f"it did not answer within {self.limits.timeout_s:g} s"
        if fault is not None:
            raise PeerFailed(
                f"the judge {self.subject.label} is not ready: {fault}",
                code="assess.judge",
                hint="no question of the bank was asked; check the judge's address",
                peer=self.subject.label,
            )

    async def _judge(self, session: Session, item: Item, answer: str) -> Judgement:
        prompt, reference = text_of(item.prompt), text_of(item.reference)
        question = question_of(self.template, prompt, reference, answer)
        outputs = [await self._output(session, question) for _ in range(self.votes)]
        return Judgement(outputs=tuple(outputs))

    async def _output(self, session: Session, question: str) -> str | None:
        for number in range(TRIES):
            output = await ask_within(session, question, self.limits)
            if not isinstance(output, Missing):
                return kept(output)
            if output is Missing.OVERSIZE:
                break
            if number + 1 < TRIES:
                await asyncio.sleep(_REST_S * 2**number)
        return None
