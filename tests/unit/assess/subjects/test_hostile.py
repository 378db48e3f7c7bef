# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint that speaks bytes as it likes costs a bounded time and memory, and a failure."""

import asyncio
import gzip
import json
import resource
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import pytest

from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.subject import Limits, ask_within
from comity.evidence.transcript import Missing

Hostile = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LIMITS = Limits(timeout_s=20, max_answer_bytes=2_000)
HASTY = Limits(timeout_s=0.6, max_answer_bytes=2_000)
GOOD = json.dumps({"text": "yes"}).encode()
EVIL = json.dumps({"text": "smuggled"}).encode()


def reply(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Return a response's bytes; a length may lie."""
    size = len(body) if length is None else length
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Raw:
    """A server on loopback that is told byte by byte what to say."""

    def __init__(self) -> None:
        self.behave: Hostile = honest
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        """Stop, with whatever is still being said."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def endpoint(self) -> Endpoint:
        """Return it as a subject."""
        url = f"http://127.0.0.1:{self.port}/ask"
        return Endpoint(url=url, request={"q": "{prompt}"}, answer="text")

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await self.behave(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the tester hung up
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


@pytest.fixture
def raw() -> Iterator[Raw]:
    """Run a server on loopback for one test."""
    found = Raw()
    found.start()
    yield found
    found.stop()


async def _question(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"}")


async def honest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as one should."""
    await _question(reader)
    writer.write(reply(GOOD))
    await writer.drain()


def asked(raw: Raw, count: int, limits: Limits = LIMITS) -> list[str | Missing]:
    """Ask some questions, one after another, over one session."""

    async def work() -> list[str | Missing]:
        async with raw.endpoint.open(limits, 4) as session:
            return [await ask_within(session, f"question {n}", limits) for n in range(count)]

    return asyncio.run(work())


def says(*parts: bytes, pause_s: float = 0, then_close: bool = False) -> Hostile:
    """Send parts one after another, whatever was asked."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _question(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        if then_close:
            writer.close()

    return behave


def for_ever(part: bytes, *, first: bytes = b"", pause_s: float = 0) -> Hostile:
    """Send one part again and again."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _question(reader)
        writer.write(first)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return behave


def test_the_server_of_these_tests_can_be_honest(raw: Raw) -> None:
    """Or nothing here would show anything."""
    assert asked(raw, 3) == ["yes"] * 3


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b" " * 50_000_000 + GOOD)

HOSTILE: dict[str, tuple[Hostile, set[Missing]]] = {
    "a body without end": (for_ever(b"10000\r\n" + b"y" * 65_536 + b"\r\n", first=CHUNKED),
                           {Missing.OVERSIZE}),
    "a promised body without end": (for_ever(b"y" * 65_536, first=reply(b"", length=10**12)),
                                    {Missing.OVERSIZE}),
    "a body that drips": (for_ever(b"1\r\ny\r\n", first=CHUNKED, pause_s=0.05),
                          {Missing.TIMEOUT}),
    "headers that drip": (for_ever(b"X: y\r\n", first=b"HTTP/1.1 200 OK\r\n", pause_s=0.05),
                          {Missing.TIMEOUT, Missing.ERROR}),
    "headers without end": (for_ever(b"X: " + b"y" * 4_000 + b"\r\n",
                                     first=b"HTTP/1.1 200 OK\r\n"),
                            {Missing.TIMEOUT, Missing.ERROR}),
    "one header without end": (for_ever(b"y" * 65_536, first=b"HTTP/1.1 200 OK\r\nX: "),
                               {Missing.TIMEOUT, Missing.ERROR}),
    "a status line without end": (for_ever(b"y" * 65_536, first=b"HTTP/1.1 200 "),
                                  {Missing.TIMEOUT, Missing.ERROR}),
    "news without end": (for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
                         {Missing.TIMEOUT, Missing.ERROR}),
    "silence": (says(pause_s=0), {Missing.TIMEOUT}),
    "a bomb": (says(reply(BOMB, "Content-Encoding: gzip")), {Missing.ERROR}),
    "a bomb in the transfer": (
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + b"%x\r\n"
             % len(BOMB) + BOMB + b"\r\n0\r\n\r\n"), {Missing.ERROR}),
    "fewer bytes than promised": (says(reply(GOOD, length=900), then_close=True),
                                  {Missing.ERROR}),
    "a negative length": (says(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + GOOD),
                          {Missing.ERROR}),
    "two lengths": (says(reply(GOOD, "Content-Length: 3")), {Missing.ERROR}),
    "a chunk that lies": (says(CHUNKED + b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n"), {Missing.ERROR}),
    "no HTTP": (says(b"SSH-2.0-OpenSSH_9.9\r\n", then_close=True), {Missing.ERROR}),
    "a redirect to a file": (
        says(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
             b"Content-Length: 0\r\n\r\n"),
        {Missing.ERROR}),
    "another protocol": (says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"
                              b"Connection: Upgrade\r\n\r\n"),
                         {Missing.ERROR, Missing.TIMEOUT}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_a_failure_within_bounds(raw: Raw, name: str) -> None:
    """Never an exception, never more memory than a few answers may hold."""
    behave, allowed = HOSTILE[name]
    limits = HASTY if Missing.TIMEOUT in allowed else LIMITS
    raw.behave = behave
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answers = asked(raw, 3, limits)

    assert set(answers) <= allowed
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024


def test_more_bytes_than_promised_answer_no_other_question(raw: Raw) -> None:
    """A second response sent along unasked must not stand for the next question's."""
    raw.behave = says(reply(GOOD) + reply(EVIL))

    assert set(asked(raw, 6)) <= {"yes", Missing.ERROR}


def test_a_response_sent_ahead_answers_no_question(raw: Raw) -> None:
    """It arrives between two questions, on a connection that is kept."""

    async def ahead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await honest(reader, writer)
        await asyncio.sleep(0.05)
        writer.write(reply(EVIL))
        await writer.drain()

    raw.behave = ahead

    async def slowly() -> list[str | Missing]:
        found: list[str | Missing] = []
        async with raw.endpoint.open(LIMITS, 1) as session:
            for _ in range(4):
                found.append(await ask_within(session, "question", LIMITS))
                await asyncio.sleep(0.2)
        return found

    assert set(asyncio.run(slowly())) <= {"yes", Missing.ERROR}


def test_a_nasty_number_is_no_answer(raw: Raw) -> None:
    """Python refuses to read integers of more than some thousand digits."""
    raw.behave = says(reply(b'{"text": "yes", "n": ' + b"9" * 50_000 + b"}"))

    assert asked(raw, 1) == [Missing.ERROR]


def test_a_cookie_is_not_given_back(raw: Raw) -> None:
    """Or a service could tell the tester's questions from those of others."""
    seen: list[bytes] = []

    async def sets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await _question(reader))
        writer.write(reply(GOOD, "Set-Cookie: who=tester"))
        await writer.drain()

    raw.behave = sets

    assert asked(raw, 3) == ["yes"] * 3
    assert not any(b"who=tester" in one for one in seen)
