# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject in this process: any Python function from prompt to answer."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from comity.assess.subjects.subject import Limits, Session
from comity.evidence.transcript import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Python function under test; it may block, raise, or never return.

    Args:
        call: From prompt to answer; called from several threads at a time.
        label: What a person reads.
    """

    call: Callable[[str], str]
    label: str = "a Python function"

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Open a session; each question runs in a thread of its own."""
        del limits, width
        yield _FunctionSession(self.call)


class _FunctionSession:
    """One session; a daemon thread a question, so that one that hangs blocks nothing."""

    def __init__(self, call: Callable[[str], str]) -> None:
        self._call = call

    async def ask(self, prompt: str) -> str | Missing:
        """Return the answer, or why there is none."""
        answer = await self._run(prompt)
        return answer if isinstance(answer, str) else Missing.ERROR

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words."""
        answer = await self._run(prompt)
        match answer:
            case str():
                return None
            case BaseException():
                return f"it raised {type(answer).__name__}"
            case _:
                return f"it returned {type(answer).__name__}, not text"

    async def _run(self, prompt: str) -> object:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()

        def settle(answer: object) -> None:
            if not done.done():
                done.set_result(answer)

        def work() -> None:
            try:
                answer: object = self._call(prompt)
            except Exception as error:  # noqa: BLE001 - what a subject raises is its failure
                answer = error
            with suppress(RuntimeError):  # the loop closed while the function still ran
                loop.call_soon_threadsafe(settle, answer)

        threading.Thread(target=work, daemon=True).start()
        return await done
