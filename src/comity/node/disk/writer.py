# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Write many files durably: while they are on their way to the disk, the next are made ready.

Several syncs under way at once share the disk's own commits, so that a thousand files cost a
fraction of a thousand syncs.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comity.node.disk.storage import Disk, Storage

_WRITERS = 8
_MAX_WAITING = 24


class Writer:
    """Durable writes on their way while the next are made ready; the first error counts."""

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._folder = folder
        # Simulated storage stays in one thread, so that a run repeats from its seed.
        self._pool = ThreadPoolExecutor(_WRITERS) if isinstance(storage, Disk) else None
        self._waiting: deque[Future[None]] = deque()

    def put(self, path: str, content: bytes) -> None:
        """Write a file; waits where the disk is far behind."""
        name = self._folder + path
        if self._pool is None:
            self._storage.replace(name, content)
            return
        while len(self._waiting) >= _MAX_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(self._storage.replace, name, content))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what is on its way; what it raises never hides an earlier error."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        for future in self._waiting if error is None else ():
            future.result()
