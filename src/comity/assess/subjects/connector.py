# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Connections that are kept only while nothing was said on them unasked."""

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.connector import Connection
from aiohttp.tracing import Trace


class QuietConnector(TCPConnector):
    """A pool that drops a kept connection on which bytes wait that no question asked for.

    aiohttp would take them for the answer to the next question. Deriving from its connector is
    the one way it offers to look at a connection before it is used again.
    """

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp names it
    ) -> Connection:
        """Return a connection on which nothing waits."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or not protocol.should_close:
                return connection
            connection.close()
