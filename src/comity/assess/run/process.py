# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A worker in a process of its own, asked over its input and output, one frame a message.

It belongs to no terminal, so that Ctrl-C reaches the runner alone; when its input ends, it
ends.
"""

import asyncio
import json
import os
import pickle
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from comity.assess.run.frame import read_frame, to_frame
from comity.assess.run.worker import Worker, gone
from comity.assess.subjects.subject import Limits, Message, Subject, to_chat
from comity.errors import NotPermitted
from comity.evidence.transcript import Missing

_COMMAND = (sys.executable, "-c", "from comity.assess.run.hand import main; main()")
_READY = 0
"""Under this number a worker says that its session is open; questions count from 1."""

_GRACE_S = 5.0


@asynccontextmanager
async def hire_process(subject: Subject, limits: Limits, width: int) -> AsyncIterator[Worker]:
    """Start one worker in a process of its own; end it after.

    Raises:
        NotPermitted: The subject cannot be handed to another process.
    """
    brief = _brief(subject, limits, width)
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    worker = _ProcessWorker(process.stdin, process.stdout, subject.label)
    try:
        worker.send(brief)
        await worker.ready
        yield worker
    finally:
        process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        await worker.done


def _brief(subject: Subject, limits: Limits, width: int) -> bytes:
    try:
        return pickle.dumps((subject, limits, width))
    except (pickle.PicklingError, AttributeError, TypeError):
        raise NotPermitted(
            f"{subject.label} cannot be asked from several processes",
            code="assess.unshared",
            hint="use one worker, or a function that stands by its name in a module",
        ) from None


class _ProcessWorker:
    """The runner's side of one worker: questions go out numbered, answers come in any order."""

    def __init__(
        self, into: asyncio.StreamWriter, out: asyncio.StreamReader, label: str
    ) -> None:
        self._into, self._out, self._label = into, out, label
        self._waiting: dict[int, asyncio.Future[Mapping[str, str | None]]] = {}
        self._number = 0
        self._is_gone = False
        self.ready = asyncio.get_running_loop().create_future()
        self._waiting[_READY] = self.ready
        self.done = asyncio.create_task(self._listen())

    async def ask(self, prompt: str, history: Sequence[Message]) -> str | Missing:
        """Return the answer, or why there is none."""
        said = await self._call({"prompt": prompt, "history": to_chat(history)})
        answer = said.get("answer")
        return Missing(said["missing"]) if answer is None else answer

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words, or None when all is well."""
        return (await self._call({"greeting": prompt}))["fault"]

    def send(self, body: bytes) -> None:
        """Hand over one message."""
        self._into.write(to_frame(body))

    async def _call(self, asked: Mapping[str, object]) -> Mapping[str, str | None]:
        if self._is_gone:
            raise gone(self._label)
        self._number += 1
        number = self._number
        found: asyncio.Future[Mapping[str, str | None]] = (
            asyncio.get_running_loop().create_future()
        )
        self._waiting[number] = found
        self.send(json.dumps({"number": number, **asked}).encode())
        try:
            return await found
        finally:
            del self._waiting[number]

    async def _listen(self) -> None:
        while (body := await read_frame(self._out)) is not None:
            said = json.loads(body)
            found = self._waiting.get(said["number"])
            if found is not None and not found.done():
                found.set_result(said)
        self._is_gone = True
        for found in self._waiting.values():
            if not found.done():
                found.set_exception(gone(self._label))
