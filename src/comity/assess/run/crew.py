# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Several workers that ask at once as one subject: they ask, one runner takes in draw order.

Which worker asks a question, and how many there are, decides nothing: the runner sees one
session, and outcomes fall in the order of the draw.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from comity.assess.run.worker import Worker
from comity.assess.subjects.subject import Limits, Message, Session, Subject, Traits
from comity.evidence.transcript import Missing

Engine = Literal["process", "ray"]
MAX_WORKERS = 64

Hire = Callable[[Subject, Limits, int], AbstractAsyncContextManager[Worker]]
"""From a subject, its limits and how many questions at a time to one worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A subject that several workers ask.

    Args:
        subject: What each of them asks.
        workers: How many there are.
        hire: Where they work.
    """

    subject: Subject
    workers: int
    hire: Hire

    @property
    def traits(self) -> Traits:
        """Return what the subject can take."""
        return self.subject.traits

    @property
    def label(self) -> str:
        """Return what a person may read of the subject."""
        return self.subject.label

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Start the workers, all of them before any is asked; end them after."""
        each = -(-width // self.workers)
        async with AsyncExitStack() as stack:
            hiring = (
                stack.enter_async_context(self.hire(self.subject, limits, each))
                for _ in range(self.workers)
            )
            yield _CrewSession([await worker for worker in hiring])


class _CrewSession:
    """One session over all workers; the least busy asks next."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers
        self._busy = [0] * len(workers)

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return the answer, or why there is none."""
        place = min(range(len(self._workers)), key=self._busy.__getitem__)
        self._busy[place] += 1
        try:
            return await self._workers[place].ask(prompt, history)
        finally:
            self._busy[place] -= 1

    async def describe_fault(self, prompt: str) -> str | None:
        """Have every worker ask once; return the first fault."""
        found = await asyncio.gather(*(one.describe_fault(prompt) for one in self._workers))
        return next((fault for fault in found if fault is not None), None)


def crew_of(subject: Subject, workers: int, engine: Engine) -> Subject:
    """Return the subject as several workers ask it, or itself where one process does.

    Raises:
        NotPermitted: The engine's extra is not installed.
    """
    if engine == "ray":
        from comity.assess.run.cluster import hire_actor  # noqa: PLC0415 - an extra

        return Crew(subject=subject, workers=workers, hire=hire_actor)
    if workers == 1:
        return subject
    from comity.assess.run.process import hire_process  # noqa: PLC0415 - only where wanted

    return Crew(subject=subject, workers=workers, hire=hire_process)
