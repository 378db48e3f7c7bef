# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Connections to one address: one question at a time on each, kept while nothing is amiss.

A connection is used again only if its last response ended exactly where it said, nothing was
said on it unasked since, and it was not idle for long. No redirect is followed, no proxy or
netrc of the environment is read, and no cookie is kept: there is no code for any of them.
"""

import asyncio
import ssl

from comity.assess.subjects.address import Address
from comity.assess.subjects.reply import BROKEN, Reply
from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

IDLE_S = 15.0
"""A service may hang up on who says nothing for longer, just as the next question goes out."""

_READ_BYTES = 16_384
"""At a time; asyncio's own way takes 256 KiB from the system and gives most of it back."""

_NEXT_ADDRESS_S = 0.25
"""After so long the next address of a name is tried as well (RFC 8305, section 5)."""


class Connection(asyncio.BufferedProtocol):
    """One connection; asyncio calls it as bytes come."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reply = Reply(0)
        self._told: asyncio.Future[NoAnswer | None] | None = None
        self._idle_since_s = 0.0
        self._received = memoryview(bytearray(_READ_BYTES))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the way out."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a stream it is one
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go."""
        del sizehint
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        """Hand bytes to who waits for them; hang up where nobody does."""
        if self._told is None or self._told.done():
            self.close()
            return
        try:
            if self._reply.feed(self._received[:nbytes]):
                self._told.set_result(None)
        except NoAnswer as refused:
            self._told.set_result(refused)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that nothing more comes."""
        self._transport = None
        if self._told is None or self._told.done():
            return
        try:
            self._reply.end(is_clean=exc is None)
            self._told.set_result(None)
        except NoAnswer as refused:
            self._told.set_result(refused)

    async def post(self, request: bytes, reply: Reply) -> None:
        """Send a question; return when the reply to it has come.

        Raises:
            NoAnswer: None came, or nothing that is one.
        """
        if self._transport is None:
            raise NoAnswer(BROKEN)
        loop = asyncio.get_running_loop()
        self._reply, self._told = reply, loop.create_future()
        self._transport.write(request)
        refused = await self._told
        if refused is not None:
            raise refused
        self._idle_since_s = loop.time()

    def is_fresh(self, now_s: float) -> bool:
        """Tell whether another question may go out here."""
        is_open = self._transport is not None and not self._transport.is_closing()
        return is_open and now_s - self._idle_since_s < IDLE_S

    def close(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()


class Connections:
    """As many connections to one address as questions are on their way.

    Args:
        width: Most of them; a further question waits.
    """

    def __init__(self, address: Address, width: int) -> None:
        self._address = address
        self._room = asyncio.Semaphore(width)
        self._idle: list[Connection] = []
        self._tls = _tls() if address.is_secure else None

    async def post(self, body: bytes, cap: int) -> Reply:
        """Post one body and return the reply to it.

        Args:
            cap: Most bytes of the reply's body.

        Raises:
            NoAnswer: There is none.
        """
        reply = Reply(cap)
        async with self._room:
            connection = self._find_idle() or await self._connect()
            try:
                await connection.post(self._address.request(body), reply)
            finally:
                if reply.is_kept:
                    self._idle.append(connection)
                else:
                    connection.close()
        return reply

    def close(self) -> None:
        """Hang up wherever no question is on its way."""
        for connection in self._idle:
            connection.close()

    def _find_idle(self) -> Connection | None:
        now_s = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh(now_s):
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        address, loop = self._address, asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                Connection,
                address.host,
                address.port,
                ssl=self._tls,
                happy_eyeballs_delay=_NEXT_ADDRESS_S,
            )
        except (OSError, ValueError):
            raise NoAnswer("nothing answers at that address", Missing.UNREACHABLE) from None
        return connection


def _tls() -> ssl.SSLContext:
    """Return what checks a service's certificate against its name and the system's roots."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
