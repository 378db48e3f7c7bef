# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The journal: groups of entries, each group one checksummed frame, all there or not at all.

A frame is 4 bytes of length, 8 bytes of SHA-256 of the body, the body: a bundle of entries.
Behind the last frame stand zeros: room written beforehand, so that an append changes bytes and
nothing else of the file, which is the quickest thing a disk can be asked to make durable.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, NotFound, StorageFailed
from comity.kernel.digest import sha256
from comity.ledger.redaction import from_marked, is_erased, is_mark
from comity.ledger.tile import from_bundle, to_bundle
from comity.node.disk.storage import Storage

_HEAD_BYTES = 12
_CHUNK_BYTES = 1024 * 1024
_LEAST_ROOM_BYTES = 64 * 1024
_MOST_ROOM_BYTES = 4 * 1024 * 1024
_FIRST_OF_LENGTH = re.compile(rb"[\x00-\x10]")
MAX_GROUP_BYTES = 256 * 1024 * 1024
_WINDOWS = (4 * 1024 * 1024, 64 * 1024 * 1024, 2 * MAX_GROUP_BYTES + 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One group as it stands in the journal, from byte *start* to byte *end*."""

    start: int
    end: int
    entries: tuple[bytes, ...]


def to_frame(entries: Sequence[bytes]) -> bytes:
    """Encode a group.

    Raises:
        InvalidDocument: The group is empty or larger than 256 MiB.
    """
    body = to_bundle(entries)
    if not entries or len(body) > MAX_GROUP_BYTES:
        message = f"{len(entries)} entries of {len(body)} bytes cannot be one group"
        raise InvalidDocument(message, code="node.group", faults=[Fault(message=message)])
    if any(is_mark(entry) and not is_erased(entry) for entry in entries):
        message = "an entry spelled like the mark of an erased one cannot be appended"
        raise InvalidDocument(message, code="node.group", faults=[Fault(message=message)])
    return to_framed(body)


def to_framed(body: bytes) -> bytes:
    """Put the length and checksum of a group before it."""
    return len(body).to_bytes(4, "big") + sha256(body)[:8] + body


class Journal:
    """The journal of one log, written by whoever holds the log's lock.

    Args:
        end: Where the last frame that was read or written ends.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self.end = 0
        self._storage = storage
        self._name = name
        self._doubtful: int | None = None
        self._room = 0

    @property
    def is_doubtful(self) -> bool:
        """Tell whether an append failed and could not be taken back yet."""
        return self._doubtful is not None

    def is_at_end(self) -> bool:
        """Tell whether nothing was written behind the end this object knows."""
        return not any(self._head_at(self.end))

    def append(self, frame: bytes) -> int:
        """Write a frame at the end; durable when this returns.

        Returns:
            Where it ends, for the caller to put into `end` once it has taken the frame in.

        Raises:
            StorageFailed: It is not there, or `is_doubtful` until `settle` has taken it back.
        """
        stop = self.end + len(frame)
        self._make_room(stop)
        try:
            self._storage.write(self._name, self.end, frame)
        except StorageFailed:
            self.take_back(self.end)
            raise
        return stop

    def take_back(self, start: int) -> None:
        """Cut off what was written from a byte on; where the disk refuses, `settle` will."""
        self.end = self._doubtful = start
        with suppress(StorageFailed):
            self.settle()

    def settle(self) -> None:
        """Cut off what a failed append may have left.

        Raises:
            StorageFailed: The disk still refuses.
        """
        if self._doubtful is not None:
            self._cut(self._doubtful)
            self._doubtful = None

    def accept(self) -> None:
        """Keep what a failed append left: another writer has built on it since."""
        self._doubtful = None

    def frames(self) -> Iterator[Frame]:
        """Yield the frames behind the end, and move it past each."""
        for frame in read_frames(self._storage, self._name, self.end):
            self.end = frame.end
            yield frame

    def cut_torn(self) -> None:
        """Cut off what a power cut left behind the end."""
        if find_torn(self._storage, self._name, self.end) is not None:
            self._cut(self.end)

    def _cut(self, length: int) -> None:
        self._room = 0
        self._storage.truncate(self._name, length)

    def frames_from(self, start: int) -> Iterator[Frame]:
        """Yield the frames from a byte on."""
        return read_frames(self._storage, self._name, start)

    def _head_at(self, at: int) -> bytes:
        try:
            return self._storage.read(self._name, at, at + _HEAD_BYTES)
        except NotFound:
            return b""

    def _make_room(self, stop: int) -> None:
        """Write zeros for many frames to come; a frame that is large itself gains nothing."""
        if stop <= self._room:  # to ask for the length makes the next sync dearer (Linux 6.13)
            return
        room = min(max(self.end, _LEAST_ROOM_BYTES), _MOST_ROOM_BYTES)
        self._room = self._storage.length(self._name)
        if stop <= self._room or (stop - self.end) * 4 > room:
            return
        with suppress(StorageFailed):  # a nearly full disk may still take this one frame
            self._storage.reserve(self._name, self.end + room)
            self._room = self.end + room


def read_frames(storage: Storage, name: str, start: int) -> Iterator[Frame]:
    """Yield whole frames from a byte on; a torn tail ends the reading.

    Raises:
        StorageFailed: A frame is damaged that others follow.
    """
    end = storage.length(name)
    held, at = b"", start
    while at < end:
        held = _at_least(storage, name, at, held, _HEAD_BYTES)
        length = int.from_bytes(held[:4], "big")
        stop = at + _HEAD_BYTES + length
        if 0 < length <= MAX_GROUP_BYTES and stop <= end:
            held = _at_least(storage, name, at, held, _HEAD_BYTES + length)
        if not _is_frame(held, 0):
            if _is_followed(storage, name, at):
                raise _damaged(name, at)
            return
        body = held[_HEAD_BYTES : _HEAD_BYTES + length]
        entries = tuple(map(from_marked, from_bundle(body)))
        yield Frame(start=at, end=stop, entries=entries)
        held, at = held[_HEAD_BYTES + length :], stop


def find_torn(storage: Storage, name: str, end: int) -> int | None:
    """Return the first byte behind the last frame that is not zero, or None."""
    length = storage.length(name)
    for start in range(end, length, _CHUNK_BYTES):
        chunk = storage.read(name, start, min(start + _CHUNK_BYTES, length))
        rest = chunk.lstrip(b"\0")
        if rest:
            return start + len(chunk) - len(rest)
    return None


def _is_frame(content: bytes, at: int) -> bool:
    start = at + _HEAD_BYTES
    stop = start + int.from_bytes(content[at : at + 4], "big")
    if not start < stop <= len(content):
        return False
    return sha256(content[start:stop])[:8] == content[at + 4 : start]


def _is_followed(storage: Storage, name: str, at: int) -> bool:
    """Tell whether a whole frame stands anywhere behind what is none.

    Only one write is ever on its way to the disk, and the next begins when it is there: what
    a power cut tears is the last frame, and no whole one can follow it.
    """
    start = at + 1
    if find_torn(storage, name, start) is None:
        return False
    for window in _WINDOWS:
        content = storage.read(name, start, min(start + window, storage.length(name)))
        stop = len(content.rstrip(b"\0"))
        found = _FIRST_OF_LENGTH.finditer(content, 0, stop)
        if any(_is_frame(content, first.start()) for first in found):
            return True
        if len(content) < window:
            break
    return False


def _at_least(storage: Storage, name: str, at: int, held: bytes, count: int) -> bytes:
    if len(held) >= count:
        return held
    start = at + len(held)
    return held + storage.read(name, start, start + max(count - len(held), _CHUNK_BYTES))


def _damaged(name: str, at: int) -> StorageFailed:
    return StorageFailed(
        f"{name} is damaged at byte {at}: the frame there does not match its checksum",
        code="node.journal_damaged",
        hint="restore the journal from a copy that is at least as long",
    )
