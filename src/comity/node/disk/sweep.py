# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Remove what killed writers left half-written, where a lock says that nobody writes.

Whether the process that began a file still runs cannot be told for sure: its number may be
another's by now. Under the lock of a folder's writer it need not be told.
"""

import os
from contextlib import suppress
from pathlib import Path

from comity.node.disk.folder import is_beside
from comity.node.disk.storage import Disk, Storage


def sweep_staged(storage: Storage, folder: str) -> int:
    """Remove each half-written file below a folder; whoever calls holds its writer's lock.

    Returns:
        How many there were. One that the disk refuses to remove is left for the next time.
    """
    if not isinstance(storage, Disk):  # simulated storage keeps none beside
        return 0
    count = 0
    for place, _, names in os.walk(storage.path(folder)):
        for name in filter(is_beside, names):
            with suppress(OSError):
                Path(place, name).unlink()
                count += 1
    return count
