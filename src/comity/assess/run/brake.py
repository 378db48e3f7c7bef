# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A way to stop a run without losing what is on its way: no further question goes out."""

import asyncio
from collections.abc import Callable


class Brake:
    """Pulled once, what was asked is still taken; it may be pulled from a signal handler.

    Args:
        heard: Called in the run's own loop when the brake was pulled.
    """

    def __init__(self, heard: Callable[[], None] | None = None) -> None:
        self.is_pulled = False
        self._heard = heard
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Future[None]] = set()

    def bind(self) -> None:
        """Belong to the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        if self.is_pulled:
            self._release()

    def pull(self) -> None:
        """Let no further question out."""
        if self.is_pulled:
            return
        self.is_pulled = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._release)

    async def wait(self, seconds: float) -> bool:
        """Wait, at most until the brake is pulled; tell whether it is."""
        if self.is_pulled or seconds <= 0:
            return self.is_pulled
        loop = asyncio.get_running_loop()
        rung: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(seconds, _ring, rung)
        self._waiting.add(rung)
        try:
            await rung
        finally:
            timer.cancel()
            self._waiting.discard(rung)
        return self.is_pulled

    def _release(self) -> None:
        if self._heard is not None:
            self._heard()
        for rung in self._waiting:
            _ring(rung)


def _ring(rung: "asyncio.Future[None]") -> None:
    if not rung.done():
        rung.set_result(None)
