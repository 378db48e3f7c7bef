# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Remove what killed writers left half-written.

Whether the process that began a file still runs cannot be told for sure: its number may be
another's by now. Under the lock of a folder's writer it need not be told.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from comity.node.disk.folder import is_beside, is_left_over
from comity.node.disk.storage import Disk, Storage


def sweep_staged(storage: Storage, folder: str) -> int:
    """Remove each half-written file below a folder; whoever calls holds its writer's lock.

    Returns:
        How many there were. One that the disk refuses to remove is left for the next time.
    """
    return _removed(_beside(storage, folder))


def sweep_abandoned(storage: Storage, folder: str) -> int:
    """Remove the half-written files below a folder without a lock whose process has ended.

    Returns:
        How many there were.
    """
    return _removed(filter(is_left_over, _beside(storage, folder)))


def _beside(storage: Storage, folder: str) -> Iterator[Path]:
    if isinstance(storage, Disk):  # simulated storage keeps none beside
        for place, _, names in os.walk(storage.path(folder)):
            yield from (Path(place, name) for name in names if is_beside(name))


def _removed(paths: Iterable[Path]) -> int:
    count = 0
    for path in paths:
        with suppress(OSError):
            path.unlink()
            count += 1
    return count
