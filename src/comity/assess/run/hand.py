# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The inside of a worker's process: it opens the subject, asks what it is handed, and answers.

Standard output belongs to the runner, so what a subject prints goes to standard error.
"""

import asyncio
import json
import os
import pickle
import sys
from collections.abc import Mapping
from typing import Any

from comity.assess.run.frame import read_frame, to_frame
from comity.assess.subjects.subject import Limits, Message, Session, Subject
from comity.evidence.transcript import Missing


def main() -> None:
    """Work until the input ends."""
    out = os.dup(1)
    os.dup2(2, 1)
    asyncio.run(_work(out))


async def _work(out: int) -> None:
    stream = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(stream)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin.buffer)
    brief = await read_frame(stream)
    if brief is None:
        return
    subject, limits, width = _read_brief(brief)
    async with subject.open(limits, width) as session:
        _say(out, {"number": 0})
        asking: set[asyncio.Task[None]] = set()
        while (body := await read_frame(stream)) is not None:
            one = asyncio.create_task(_answer(session, json.loads(body), limits, out))
            asking.add(one)
            one.add_done_callback(asking.discard)
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


def _read_brief(brief: bytes) -> tuple[Subject, Limits, int]:
    found: tuple[Subject, Limits, int] = pickle.loads(brief)  # noqa: S301 - our own parent's
    return found


async def _answer(session: Session, asked: Mapping[str, Any], limits: Limits, out: int) -> None:
    said: dict[str, object] = {"number": asked["number"]}
    if "greeting" in asked:
        said["fault"] = await session.describe_fault(asked["greeting"])
    else:
        said |= await _ask(session, asked, limits)
    _say(out, said)


def _say(out: int, said: Mapping[str, object]) -> None:
    left = memoryview(to_frame(json.dumps(said).encode()))
    while left:  # the runner always reads, so this never waits for long
        left = left[os.write(out, left) :]


async def _ask(
    session: Session, asked: Mapping[str, Any], limits: Limits
) -> Mapping[str, object]:
    history = tuple(Message(role=one["role"], text=one["content"]) for one in asked["history"])
    try:
        async with asyncio.timeout(limits.timeout_s):  # the runner gave up by then
            answer = await session.ask(asked["prompt"], history)
    except TimeoutError:
        answer = Missing.TIMEOUT
    if isinstance(answer, Missing):
        return {"missing": answer.value}
    return {"answer": answer}
