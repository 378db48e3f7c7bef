# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject in this process: any Python function from prompt to answer.

It shares memory and time with the tester: what may hang, grow or fork belongs in a process.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from comity.assess.subjects.subject import Limits, Message, Session, Traits, to_chat
from comity.evidence.transcript import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Python function under test; it may block, raise, or never return.

    Args:
        call: From prompt to answer; called from several threads at a time.
        label: What a person reads.
        converses: It takes `history=` too: a list of {"role", "content"}, the oldest first.
        width: Most calls at a time.
    """

    call: Callable[..., str]
    label: str = "a Python function"
    converses: bool = False
    width: int = 256

    @property
    def traits(self) -> Traits:
        """Return what it can take."""
        return Traits(converses=self.converses, width=self.width)

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Open a session; each question runs in a thread of its own."""
        del limits, width
        yield _FunctionSession(self.call, converses=self.converses)


class _FunctionSession:
    """One session; a daemon thread a question, so that one that hangs blocks nothing."""

    def __init__(self, call: Callable[..., str], *, converses: bool) -> None:
        self._call = call
        self._converses = converses

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return the answer, or why there is none."""
        answer = await self._run(prompt, history)
        return answer if isinstance(answer, str) else Missing.ERROR

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words."""
        answer = await self._run(prompt, ())
        match answer:
            case str():
                return None
            case BaseException():
                return f"it raised {type(answer).__name__}"
            case _:
                return f"it returned {type(answer).__name__}, not text"

    async def _run(self, prompt: str, history: Sequence[Message]) -> object:
        more = {"history": to_chat(history)} if self._converses else {}
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()

        def settle(answer: object) -> None:
            if not done.done():
                done.set_result(answer)

        def work() -> None:
            try:
                answer: object = self._call(prompt, **more)
            except Exception as error:  # noqa: BLE001 - what a subject raises is its failure
                answer = error
            with suppress(RuntimeError):  # the loop closed while the function still ran
                loop.call_soon_threadsafe(settle, answer)

        threading.Thread(target=work, daemon=True).start()
        return await done
