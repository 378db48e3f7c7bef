# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A connection on which the head of a request does not come is closed.

The server waits for as long as a visitor lets it: one that sends a letter a minute on each of
a thousand connections would hold them all, before anything could count its requests.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WAIT_S = 10.0


class PunctualProtocol(H11Protocol):  # the server asks for its subclass
    """HTTP/1.1 as uvicorn speaks it, for visitors who say in time what they want."""

    wait_s = HEAD_WAIT_S
    _is_late = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """Begin to wait."""
        super().connection_made(transport)
        self.loop.call_later(self.wait_s, self._look)

    def data_received(self, data: bytes) -> None:
        """Take in what came; a whole head begins the wait anew."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._is_late = False

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        is_waiting = self.conn.their_state is h11.IDLE
        if is_waiting and self._is_late:
            self.transport.close()
            return
        self._is_late = is_waiting
        self.loop.call_later(self.wait_s, self._look)
