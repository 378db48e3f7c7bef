# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One sync for all that a file system was given, where it promises that and tells errors.

To sync a thousand small files one by one is a thousand waits for the disk and most of what
it costs to keep them; one `syncfs` makes all of them durable at once. It waits for what other
programs have written there, too.

Source:
    syncfs(2): it waits on Linux, and tells errors since the folder was opened from Linux 5.8.
"""

import ctypes
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

_LEAST_LINUX = (5, 8)
_KNOWN = frozenset(("btrfs", "ext2", "ext3", "ext4", "f2fs", "xfs"))
"""File systems of the kernel's own, on a disk; of others nobody knows what they pass on."""

_MOUNTS = Path("/proc/self/mountinfo")


class Barrier:
    """A file system's sync; opened before what it shall make durable is written.

    Raises:
        OSError: The folder cannot be opened.
    """

    def __init__(self, folder: Path, syncfs: Callable[[int], int]) -> None:
        self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._syncfs = syncfs

    def sync(self) -> None:
        """Make durable all that was written there.

        Raises:
            OSError: Something written there since the last sync may not be durable.
        """
        if self._syncfs(self._handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def close(self) -> None:
        """Let go of the file system."""
        os.close(self._handle)


def find_barrier(folder: Path) -> Barrier | None:
    """Return a barrier over the file system of a folder, or None where each file is synced."""
    try:
        device = folder.stat().st_dev
        syncfs = _find_syncfs()
        if syncfs is None or _kind_of(device) not in _KNOWN:
            return None
        return Barrier(folder, syncfs)
    except OSError:
        return None


@cache
def _find_syncfs() -> Callable[[int], int] | None:
    system = os.uname()
    found = re.match(r"(\d+)\.(\d+)", system.release)
    if system.sysname != "Linux" or not found or (int(found[1]), int(found[2])) < _LEAST_LINUX:
        return None
    syncfs: Callable[[int], int] | None
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    return syncfs


def _kind_of(device: int) -> str:
    """Return the kind of the file system a device number belongs to, empty if unknown.

    Source:
        proc_pid_mountinfo(5): the third field is the device, the one after " - " the kind.
    """
    number = b"%d:%d" % (os.major(device), os.minor(device))
    for line in _MOUNTS.read_bytes().splitlines():
        fields, _, rest = line.partition(b" - ")
        if fields.split(b" ")[2] == number:
            return rest.split(b" ", 1)[0].decode(errors="replace")
    return ""
