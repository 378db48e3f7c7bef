# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Write many files durably: written one by one, synced and put in place by the hundred.

A sync waits for the disk, and the next file need not wait with it: while one batch is synced
the next is written. A batch is synced by one barrier where the file system has one, else by
several syncs at once, which share the disk's own commits.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comity.errors import StorageFailed
from comity.node.disk.barrier import Barrier, find_barrier
from comity.node.disk.storage import Disk, Storage

_BATCH = 512
_LANES = 8


class Writer:
    """Files on their way to the disk, all durable when this ends; the first error counts.

    None is seen before it is whole and synced: a killed process or a power cut costs the last
    two batches at most.
    """

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._folder = folder
        self._staged: list[str] = []
        self._left: list[str] = []
        self._barrier = self._find_barrier()
        self._aside = ThreadPoolExecutor(1)
        self._underway: Future[None] | None = None

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""
        name = self._folder + path
        self._storage.stage(name, content)
        self._staged.append(name)
        if len(self._staged) >= _BATCH:
            self._turn()

    def keep(self, path: str) -> None:
        """Have a file synced that another run left, which may have been killed just then."""
        self._left.append(self._folder + path)

    def _find_barrier(self) -> Barrier | None:
        """Return a barrier that tells errors from now on, before anything is written."""
        return find_barrier(self._storage.folder) if isinstance(self._storage, Disk) else None

    def _turn(self) -> None:
        """Have the batch committed aside, once the one before it is there."""
        self._await()
        names, self._staged = self._staged, []
        if isinstance(self._storage, Disk):
            self._underway = self._aside.submit(self._commit, names)
        else:  # simulated storage repeats a run from its seed
            self._commit(names)

    def _await(self) -> None:
        underway, self._underway = self._underway, None
        if underway is not None:
            underway.result()

    def _commit(self, names: Sequence[str]) -> None:
        if not isinstance(self._storage, Disk) or len(names) <= _LANES:
            self._storage.commit(names)
        elif self._barrier is not None:
            self._storage.commit(names, self._barrier)
        else:
            self._commit_by_lanes(self._storage, names)

    def _commit_by_lanes(self, disk: Disk, names: Sequence[str]) -> None:
        size = -(-len(names) // _LANES)
        parts = [names[at : at + size] for at in range(0, len(names), size)]
        with ThreadPoolExecutor(_LANES) as pool:
            for _ in pool.map(disk.commit, parts):
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
            self._await()
            self._commit(self._staged)
            self._storage.sync(self._left)
        except StorageFailed:
            if error is None:
                raise
        finally:
            self._aside.shutdown()
            if self._barrier is not None:
                self._barrier.close()
