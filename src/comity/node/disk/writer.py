# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Write many files durably: written one by one, synced and put in place by the hundred.

A sync waits for the disk, and the next file need not wait with it: by the time a batch is
synced, most of it is on the disk, and several syncs at once share the disk's own commits.
"""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comity.errors import StorageFailed
from comity.node.disk.storage import Disk, Storage

_BATCH = 512
_LANES = 8


class Writer:
    """Files on their way to the disk, all durable when this ends; the first error counts.

    None is seen before it is whole and synced: a killed process or a power cut costs the last
    batch at most.
    """

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._folder = folder
        self._staged: list[str] = []
        self._left: list[str] = []

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""
        name = self._folder + path
        self._storage.stage(name, content)
        self._staged.append(name)
        if len(self._staged) >= _BATCH:
            self._commit()

    def keep(self, path: str) -> None:
        """Have a file synced that another run left, which may have been killed just then."""
        self._left.append(self._folder + path)

    def _commit(self) -> None:
        names, self._staged = self._staged, []
        if not isinstance(self._storage, Disk) or len(names) <= _LANES:
            self._storage.commit(names)  # simulated storage repeats a run from its seed
            return
        size = -(-len(names) // _LANES)
        parts = [names[at : at + size] for at in range(0, len(names), size)]
        with ThreadPoolExecutor(_LANES) as pool:
            for _ in pool.map(self._storage.commit, parts):
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit what is left, for the next run too; it never hides an earlier error."""
        try:
            self._commit()
            self._storage.sync(self._left)
        except StorageFailed:
            if error is None:
                raise
