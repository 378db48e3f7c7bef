# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a node's folder is laid out: one number, and how each layout becomes the next.

An upgrade changes how the node keeps its own records, never a byte that was signed or that
others have seen. A folder without the record is of format 1.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.errors import NotFound, StorageFailed
from comity.node.disk.record import to_slots
from comity.node.disk.storage import Disk, Storage
from comity.node.logs.log import LAST, LOCK

FORMAT_FILE = "format"
FORMAT = 2
_log = logging.getLogger(__name__)
_WAIT_S = 5.0
_MAX_BYTES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """How a folder of one format becomes one of the next.

    Args:
        reads: The files it looks at; those that are not there are left out.
        rewrite: Pure: from the bytes of those files to the bytes of those that change. Done
            twice, it changes nothing more, as a power cut may come between two files.
        says: What changes, for the operator.
    """

    reads: tuple[str, ...]
    rewrite: Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
    says: str


def record_in_slots(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Put the last signed checkpoint, a plain note in format 1, into the slots of format 2."""
    note = files.get(LAST, b"")
    return {LAST: to_slots(note)} if note.strip(b"\0") and note[0] else {}


UPGRADES: Mapping[int, Upgrade] = {
    1: Upgrade(
        reads=(LAST,),
        rewrite=record_in_slots,
        says="the last signed checkpoint in two slots that are written in turn",
    )
}
"""By the format each begins with; every format before the newest has one."""


def read_format(storage: Storage) -> int:
    """Return the format of a node's folder.

    Raises:
        StorageFailed: It is newer than this program (`node.format_newer`), or no number.
    """
    try:
        content = storage.read(FORMAT_FILE, 0, _MAX_BYTES)
    except NotFound:
        return 1
    text = content.decode("ascii", errors="replace").strip()
    if not text.isdecimal() or not int(text):
        raise StorageFailed(
            f"{FORMAT_FILE} says {text!r}, which is no number",
            code="node.format",
            hint="put the file back from a backup; `comity node fsck` says what else is wrong",
        )
    found = int(text)
    if found > FORMAT:
        raise StorageFailed(
            f"the node's folder is of format {found}; this program knows 1 to {FORMAT}",
            code="node.format_newer",
            hint="a newer program has upgraded it: use that one, or a newer one still",
        )
    return found


def upgrade(storage: Storage) -> tuple[Upgrade, ...]:
    """Bring a node's folder to the newest format, and return what was done.

    Raises:
        Conflict: Another process writes to the log.
        StorageFailed: The folder is of a newer format, or a write failed; run it again.
    """
    if read_format(storage) == FORMAT:
        return ()
    done: list[Upgrade] = []
    with storage.lock(LOCK, _WAIT_S):
        for number in range(read_format(storage), FORMAT):
            one = UPGRADES[number]
            for name, content in one.rewrite(_files(storage, one.reads)).items():
                storage.replace(name, content)
            write_format(storage, number + 1)
            done.append(one)
    return tuple(done)


def settle(storage: Disk) -> None:
    """Make a node's folder ready to be worked in: the newest format, no leftovers.

    Raises:
        Conflict: Another process writes to the log.
        StorageFailed: The folder is of a newer format, or a write failed.
    """
    for one in upgrade(storage):
        _log.warning("%s was brought to a newer format: %s", storage.folder, one.says)
    storage.sweep()


def write_format(storage: Storage, number: int = FORMAT) -> None:
    """Record the format of a node's folder."""
    storage.replace(FORMAT_FILE, f"{number}\n".encode())


def _files(storage: Storage, names: tuple[str, ...]) -> dict[str, bytes]:
    found = {}
    for name in names:
        try:
            found[name] = storage.read(name)
        except NotFound:
            continue
    return found
