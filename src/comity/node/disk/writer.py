# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Write many files durably: put there one by one, synced by the hundred.

A sync waits for the disk, and the next file need not wait with it: by the time a batch is
synced, most of it is on the disk, and several syncs at once share the disk's own commits.
"""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comity.node.disk.storage import Disk, Storage

_BATCH = 512
_LANES = 8


class Writer:
    """Files on their way to the disk, all durable when this ends; the first error counts.

    A power cut before may leave any of the last batch torn; a killed process none.
    """

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._folder = folder
        self._waiting: list[str] = []

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""
        self._storage.replace(self._folder + path, content, durable=False)
        self.keep(path)

    def keep(self, path: str) -> None:
        """Have a file synced that stands there already, perhaps not on the disk yet."""
        self._waiting.append(self._folder + path)
        if len(self._waiting) >= _BATCH:
            self._sync()

    def _sync(self) -> None:
        names, self._waiting = self._waiting, []
        if not isinstance(self._storage, Disk) or len(names) <= _LANES:
            self._storage.sync(names)  # simulated storage repeats a run from its seed
            return
        size = -(-len(names) // _LANES)
        parts = [names[at : at + size] for at in range(0, len(names), size)]
        with ThreadPoolExecutor(_LANES) as pool:
            for _ in pool.map(self._storage.sync, parts):
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Sync what is left; after an error nothing rests on it."""
        if error is None and self._waiting:
            self._sync()
