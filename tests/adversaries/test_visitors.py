# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One visitor who wants nobody else to be answered, and names that break what lists them."""

import asyncio
import socket
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.node.fetch.settings import HttpSettings
from comity.node.fetch.signature import RequestChecker
from comity.node.serving.guard import Guard, Rules
from comity.node.serving.head import PunctualProtocol
from comity.web.text import to_plain

NOW = from_rfc3339("2026-11-21T19:19:24Z")


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with nothing."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


class Hasty(PunctualProtocol):
    """The same, waiting a moment."""

    wait_s = 0.05


def scope_of(address: str, length: int) -> Scope:
    """Return what a server says of a request with a body."""
    headers = [(b"host", b"localhost"), (b"content-length", b"%d" % length)]
    return {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"",
        "headers": headers, "client": (address, 1), "scheme": "http",
    }  # fmt: skip


def test_bodies_that_one_visitor_never_ends_leave_room_for_others() -> None:
    """They would be as many as are answered at once, from one address, before any limit."""
    settings = HttpSettings(requests_at_once=8)
    checker = RequestChecker(lambda _member: None, clock=lambda: NOW)
    rules = Rules(settings=settings, origin=Origin("kh.example/log"), checker=checker)
    guard = Guard(hello, rules)

    async def ask(address: str, receive: Callable[[], asyncio.Future[Message]]) -> int:
        statuses: list[int] = []

        async def send(message: Message) -> None:
            statuses.append(message.get("status", 0))

        await guard(scope_of(address, 1), receive, send)
        return statuses[0]

    async def run() -> tuple[list[int], int]:
        async with asyncio.timeout(10):
            loop = asyncio.get_running_loop()
            never: asyncio.Future[Message] = loop.create_future()
            slow = [asyncio.create_task(ask("192.0.2.1", lambda: never)) for _ in range(20)]
            await asyncio.sleep(0)
            whole: asyncio.Future[Message] = loop.create_future()
            whole.set_result({"type": "http.request", "body": b"x", "more_body": False})
            other = await ask("192.0.2.2", lambda: whole)
            never.set_result({"type": "http.disconnect"})
            return sorted(await asyncio.gather(*slow)), other

    statuses, other = asyncio.run(run())
    assert other == 204
    assert statuses.count(429) >= 12


def test_a_head_that_never_ends_is_hung_up_on() -> None:
    """A thousand of them would hold every connection there may be; idle letters are no head."""

    async def run() -> bytes:
        bound = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            hello, http=Hasty, ws="none", lifespan="off", log_level="error", access_log=False
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")
            answer = await reader.read()
            writer.close()
            server.should_exit = True
            await serving
        bound.close()
        return answer

    assert asyncio.run(run()) == b""


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x01", "\x0b", "\ud800", "\x7f"])
def test_no_name_breaks_the_feed_it_stands_in(sign: str) -> None:
    """XML has no spelling for these, so one member would silence every feed that names it."""
    ET.fromstring(f"<title>{to_plain(f'a{sign}b')}</title>".encode())  # noqa: S314 - our own text
