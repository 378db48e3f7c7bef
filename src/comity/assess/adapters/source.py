# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A committed bank as a source of samples for Inspect: drawn here, asked there.

Inspect runs its own solver, tools and sandbox; our runner says what is due, in draw order,
takes the answers in draw order, keeps the transcript and stops when the evidence suffices.
This is the only module that imports Inspect into a process of ours; it is for whoever calls
Inspect there anyway.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from comity.assess.run.course import Result
from comity.assess.subjects.subject import Limits, Message, Session, Subject, Traits
from comity.errors import NotPermitted
from comity.evidence.transcript import Missing

Go = Callable[[Subject], Result]
"""Runs a test of the subject it is given, such as `desk.testing.run_test` of a node's plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What waits for Inspect's answer, and where that goes."""

    number: int
    messages: tuple[Message, ...]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[str | Missing]

    def settle(self, answer: str | Missing) -> None:
        """Hand the answer over to the loop that waits for it, unless it waits no longer."""

        def put() -> None:
            if not self.answer.done():
                self.answer.set_result(answer)

        self.loop.call_soon_threadsafe(put)


@dataclass(slots=True)
class _Bridge:
    """A subject whose questions are answered elsewhere."""

    traits: Traits
    label: str = "a task of Inspect"
    due: "queue.Queue[_Question | None]" = field(default_factory=queue.Queue)
    asked: dict[int, _Question] = field(default_factory=dict)

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Open it; limits are kept by whoever asks."""
        del limits, width
        yield self

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return what Inspect's solver answers."""
        loop = asyncio.get_running_loop()
        question = _Question(
            number=len(self.asked) + 1,
            messages=(*history, Message(role="user", text=prompt)),
            loop=loop,
            answer=loop.create_future(),
        )
        self.asked[question.number] = question
        self.due.put(question)
        return await question.answer

    async def describe_fault(self, prompt: str) -> str | None:
        """Find nothing: Inspect says itself what is wrong with a model."""
        del prompt
        return None


def as_sample_source(go: Go, *, width: int = 16) -> Any:
    """Return a source for `Task(dataset=...)`; its `result()` waits for the test's end.

    Args:
        go: Runs in a thread of its own, so whatever it opens it opens there.
        width: Most questions on their way at a time; give Inspect the same as `max_samples`.

    Raises:
        NotPermitted: Inspect is not installed.
    """
    bridge = _Bridge(traits=Traits(width=width))
    return _draw(bridge, _Errand(go, bridge))


def _draw(bridge: _Bridge, errand: "_Errand") -> Any:
    class Draw(_base()):  # type: ignore[misc] # their class, imported when it is needed
        """What is due, as samples."""

        async def next_samples(self) -> Any:
            """Wait for questions; None once the verdict has fallen."""
            errand.start()
            first = await asyncio.to_thread(bridge.due.get)
            if first is None:
                return None
            return [_sample(each) for each in (first, *_waiting(bridge))]

        async def sample_complete(self, sample: Any) -> Any:
            """Hand the answer over, and take what has come due since."""
            answer = sample.output.completion if sample.error is None else Missing.ERROR
            bridge.asked[int(sample.id)].settle(answer)
            return [_sample(each) for each in _waiting(bridge)]

        async def sample_abandoned(self, sample: Any, epoch: int) -> None:
            """Count what somebody cancelled as a failure."""
            del epoch
            bridge.asked[int(sample.id)].settle(Missing.ERROR)

        def result(self) -> Result:
            """Wait for the test and return what it came to, or raise what kept it from that."""
            return errand.result()

    return Draw()


def _base() -> Any:
    try:
        from inspect_ai import SampleSource  # noqa: PLC0415 - takes seconds
    except ImportError:
        raise NotPermitted(
            "Inspect is not installed",
            code="assess.inspect",
            hint="it is Comity's extra inspect",
        ) from None
    return SampleSource


class _Errand:
    """The test on its way, in a thread of its own."""

    def __init__(self, go: Go, bridge: _Bridge) -> None:
        self._found: list[Result] = []
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._work, args=(go, bridge), daemon=True)

    def start(self) -> None:
        """Begin, once."""
        if self._thread.ident is None:
            self._thread.start()

    def result(self) -> Result:
        """Wait until it is over."""
        self.start()
        self._thread.join()
        if self._failed:
            raise self._failed[0]
        return self._found[0]

    def _work(self, go: Go, bridge: _Bridge) -> None:
        try:
            self._found.append(go(bridge))
        except BaseException as error:  # noqa: BLE001 - raised again to whoever asks for the result
            self._failed.append(error)
        finally:
            bridge.due.put(None)


def _waiting(bridge: _Bridge) -> list[_Question]:
    """Return the questions that are due already; the end is left for whoever waits for it."""
    found: list[_Question] = []
    while True:
        try:
            question = bridge.due.get_nowait()
        except queue.Empty:
            return found
        if question is None:
            bridge.due.put(None)
            return found
        found.append(question)


def _sample(question: _Question) -> Any:
    from inspect_ai.dataset import Sample  # noqa: PLC0415 - takes seconds
    from inspect_ai.model import (  # noqa: PLC0415 - likewise
        ChatMessageAssistant,
        ChatMessageSystem,
        ChatMessageUser,
    )

    kinds = {
        "system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant
    }  # fmt: skip
    return Sample(
        id=question.number,
        input=[kinds[each.role](content=each.text) for each in question.messages],
    )
