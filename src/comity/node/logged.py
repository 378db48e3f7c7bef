# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When this node first held an entry under a signed checkpoint: not what its author claims.

One line for each checkpoint that brought something new: its size, and the second it was kept.
The lines grow in both numbers; an entry was logged, as this node saw it, at the first line
whose size is above its index.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeAlias

from comity.errors import NotFound
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.node.storage import Storage

FILE = "logged"

LoggedAt: TypeAlias = Callable[[int], Instant | None]
"""Return when the entry at an index was first held; None where nobody wrote that down."""


def note_size(storage: Storage, folder: str, size: int, now: Instant) -> None:
    """Write down that a checkpoint of a size is held, unless one as large was before."""
    lines = _lines(storage, folder)
    if lines and lines[-1][0] >= size:
        return
    at = max(to_posix(now), lines[-1][1] if lines else 0)
    storage.append(folder + FILE, f"{size} {at}\n".encode())


def read_logged(storage: Storage, folder: str) -> LoggedAt:
    """Return when each entry of a log was first held."""
    lines = _lines(storage, folder)
    sizes = [size for size, _ in lines]

    def logged_at(index: int) -> Instant | None:
        place = bisect_right(sizes, index)
        return from_posix(lines[place][1]) if place < len(lines) else None

    return logged_at


def _lines(storage: Storage, folder: str) -> Sequence[tuple[int, int]]:
    """Return the lines that can be read; a power cut may have torn the last one."""
    try:
        content = storage.read(folder + FILE)
    except NotFound:
        return ()
    found = [line.split() for line in content.split(b"\n")[:-1]]
    return [
        (int(one[0]), int(one[1]))
        for one in found
        if len(one) == 2 and one[0].isdigit() and one[1].isdigit()
    ]
