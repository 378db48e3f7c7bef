# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Take an entry out of a log on disk: of one's own journal and public files, or of a mirror.

The journal is written anew beside the old one, byte for byte but for the entry, which becomes a
mark of the same length, and is then renamed: a power cut leaves the old journal or the new one,
and no byte after the entry moves. Every step may be repeated.
"""

from collections.abc import Mapping

from comity.errors import NotFound, NotPermitted
from comity.kernel.canonical import from_canonical, to_canonical
from comity.ledger.reading import read_entry
from comity.ledger.redaction import Erased, is_erased, leaf_of
from comity.ledger.tile import TILE_WIDTH, to_bundle
from comity.node.disk.journal import Frame, read_frames, to_framed
from comity.node.disk.storage import Storage
from comity.node.logs.log import JOURNAL, LOCK, PUBLIC
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder

RECORD = "redacted"
"""Beside a log: the indexes taken out of it and their kinds, by which erasures are judged."""

_OWN = "log/"

_BESIDE = "log/journal.redacting"
_CHUNK_BYTES = 4 * 1024 * 1024


def redact_own(storage: Storage, index: int, *, wait_s: float = 5.0) -> bool:
    """Take an entry out of one's own journal and public files.

    Returns:
        Whether it was still there.

    Raises:
        NotFound: The log has no such entry.
        NotPermitted: It is the first entry, which says whose log it is.
        StorageFailed: Not finished; run it again.
    """
    _check_index(index)
    with storage.lock(LOCK, wait_s):
        frame, first = _find_frame(storage, index)
        entry = frame.entries[index - first]
        was_there = not is_erased(entry)
        if was_there:
            _note(storage, _OWN, index, entry)
            _rewrite(storage, frame, _marked(frame, index - first))
        _note(storage, _OWN, index, entry)  # also makes the journal's new name durable
        number, at = divmod(index, TILE_WIDTH)
        return TileFolder(storage, PUBLIC).redact(number, [at]) > 0 or was_there


def redact_mirror(mirror: Mirror, index: int, *, wait_s: float = 5.0) -> bool:
    """Take an entry out of a mirror, and tell whether it was still there.

    Raises:
        NotFound: The mirrored log has no such entry.
        NotPermitted: It is the first entry, which says whose log it is.
        StorageFailed: Not finished; run it again.
    """
    _check_index(index)
    if index >= mirror.size:
        raise _no_entry(index, mirror.size)
    number, at = divmod(index, TILE_WIDTH)
    with mirror.storage.lock(f"{mirror.folder}lock", wait_s):
        held = mirror.read_bundle(number)
        if at >= len(held) or is_erased(held[at]):
            return False
        _note(mirror.storage, mirror.folder, index, held[at])
        mirror.drop_incoming()
        return mirror.tiles.redact(number, [at]) > 0


def redacted(storage: Storage, folder: str = _OWN) -> Mapping[int, str]:
    """Return what was taken out of a log: kind by index, "" for what was no statement."""
    try:
        value = from_canonical(storage.read(folder + RECORD))
    except NotFound:
        return {}
    found = value if isinstance(value, Mapping) else {}
    return {int(at): str(kind) for at, kind in found.items() if at.isdecimal()}


def _find_frame(storage: Storage, index: int) -> tuple[Frame, int]:
    first = 0
    for frame in read_frames(storage, JOURNAL, 0):
        if index < first + len(frame.entries):
            return frame, first
        first += len(frame.entries)
    raise _no_entry(index, first)


def _marked(frame: Frame, at: int) -> bytes:
    """Return a frame of the same length with a mark in the place of one entry."""
    entries = list(frame.entries)
    entries[at] = Erased.of(leaf_of(entries[at]), len(entries[at]))
    return to_framed(to_bundle(entries))


def _rewrite(storage: Storage, frame: Frame, content: bytes) -> None:
    storage.remove(_BESIDE)
    length = storage.length(JOURNAL)
    for start in range(0, length, _CHUNK_BYTES):
        part = storage.read(JOURNAL, start, min(start + _CHUNK_BYTES, length))
        storage.write(_BESIDE, start, part, durable=False)
    storage.write(_BESIDE, frame.start, content)
    storage.move(_BESIDE, JOURNAL)


def _note(storage: Storage, folder: str, index: int, entry: bytes) -> None:
    known = redacted(storage, folder)
    statement = read_entry(entry, None).statement
    kind = known.get(index, "" if statement is None else statement.kind)
    found = {str(at): one for at, one in sorted({**known, index: kind}.items())}
    storage.replace(folder + RECORD, to_canonical(found))


def _check_index(index: int) -> None:
    if index == 0:
        raise NotPermitted(
            "the first entry says whose log it is and cannot be taken out",
            code="node.redact_first",
            hint="without it nothing in the log could be verified",
        )


def _no_entry(index: int, size: int) -> NotFound:
    return NotFound(f"no entry {index} in a log of {size}", code="node.entry")
