# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When this node first held an entry under a signed checkpoint: not what its author claims.

One line for each checkpoint that brought something new: its size, and the second it was kept.
The lines grow in both numbers; an entry was logged, as this node saw it, at the first line
whose size is above its index.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from comity.errors import NotFound
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.node.disk.storage import Storage

FILE = "logged"
_LONGEST_LINE = 96

LoggedAt: TypeAlias = Callable[[int], Instant | None]
"""Return when the entry at an index was first held; None where nobody wrote that down."""


def note_size(storage: Storage, folder: str, size: int, now: Instant) -> None:
    """Write down that a checkpoint of a size is held, unless one as large was before."""
    name = folder + FILE
    length = storage.length(name)
    tail = storage.read(name, max(0, length - _LONGEST_LINE)) if length else b""
    whole, _, torn = tail.rpartition(b"\n")
    last = _lines(whole.rpartition(b"\n")[2])
    if last and last[-1][0] >= size:
        return
    at = max(to_posix(now), last[-1][1] if last else 0)
    storage.write(name, length - len(torn), f"{size} {at}\n".encode())


def read_logged(storage: Storage, folder: str) -> LoggedAt:
    """Return when each entry of a log was first held; read when it is first asked."""

    @cache
    def lines() -> tuple[Sequence[int], Sequence[int]]:
        try:
            found = _lines(storage.read(folder + FILE).rpartition(b"\n")[0])
        except NotFound:
            found = []
        return [size for size, _ in found], [at for _, at in found]

    def logged_at(index: int) -> Instant | None:
        sizes, times = lines()
        place = bisect_right(sizes, index)
        return from_posix(times[place]) if place < len(times) else None

    return logged_at


def _lines(content: bytes) -> list[tuple[int, int]]:
    rows = [line.split(b" ") for line in content.split(b"\n")]
    return [
        (int(one[0]), int(one[1]))
        for one in rows
        if len(one) == 2 and all(map(bytes.isdigit, one))
    ]
