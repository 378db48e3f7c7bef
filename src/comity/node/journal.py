# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The journal: groups of entries, each group one checksummed frame, all there or not at all.

A frame is 4 bytes of length, 8 bytes of SHA-256 of the body, the body: a bundle of entries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, StorageFailed
from comity.kernel.digest import sha256
from comity.ledger.tile import from_bundle, to_bundle
from comity.node.storage import Storage

_HEAD_BYTES = 12
_CHUNK_BYTES = 1024 * 1024
MAX_GROUP_BYTES = 256 * 1024 * 1024


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
    return len(body).to_bytes(4, "big") + sha256(body)[:8] + body


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
        if stop > end or len(held) < _HEAD_BYTES:
            return
        held = _at_least(storage, name, at, held, _HEAD_BYTES + length)
        body = held[_HEAD_BYTES : _HEAD_BYTES + length]
        if not length or sha256(body)[:8] != held[4:_HEAD_BYTES]:
            if stop < end and any(storage.read(name, at, end)):
                raise _damaged(name, at)
            return
        yield Frame(start=at, end=stop, entries=from_bundle(body))
        held, at = held[_HEAD_BYTES + length :], stop


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
