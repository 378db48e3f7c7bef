# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One small record, swapped in place and never half there: two slots, written in turn.

A slot is 8 bytes of number, 4 of length, 32 of SHA-256 over both and the content, the content.
The valid slot with the larger number is the record; a write tears at most the older one.
A file that does not begin with a zero byte is a record of format 1: the content and no more.
"""

from comity.errors import Conflict, InvalidDocument, NotFound
from comity.kernel.digest import sha256
from comity.node.disk.handle import File
from comity.node.disk.storage import Storage

SLOT_BYTES = 64 * 1024
_HEAD_BYTES = 44
_FIRST_READ = 1024
_WAIT_S = 5.0


class Record:
    """A named record in storage, replaced only by whoever knows what stands there."""

    def __init__(self, storage: Storage, name: str) -> None:
        self._storage = storage
        self._name = name
        self._seen: dict[int, tuple[bytes, tuple[int, bytes]]] = {}

    def read(self) -> bytes | None:
        """Return the record, or None before the first."""
        try:
            with self._storage.opened(self._name) as file:
                return self._newest(file)[1]
        except NotFound:
            return None

    def find_torn(self) -> int | None:
        """Return the byte where a slot begins that was written and is not whole, or None."""
        try:
            with self._storage.opened(self._name) as file:
                return self._find_torn(file)
        except NotFound:
            return None

    def swap(self, expected: bytes | None, content: bytes) -> None:
        """Put a record in the place of the one expected; not synced.

        Raises:
            Conflict: Another one stands there: somebody else wrote.
            StorageFailed: The record is as it was.
        """
        with self._storage.lock(self._name, _WAIT_S) as file:
            number, found = self._newest(file)
            if found != expected:
                raise Conflict(
                    f"{self._name} is not what this writer left there; another one has written",
                    code="node.second_writer",
                    hint="one log has one writer at a time; stop the other and run this again",
                )
            if found is not None and not number:
                self._storage.replace(self._name, to_slots(content))
                return
            place, slot = (number + 1) % 2, _to_slot(number + 1, content)
            file.write(place * SLOT_BYTES, slot, durable=False)
            self._seen[place] = slot, (number + 1, content)

    def _newest(self, file: File) -> tuple[int, bytes | None]:
        first = file.read(0, _FIRST_READ)
        if first and first[0]:
            return 0, file.read()
        one, other = self._slot(file, 0, first), self._slot(file, 1)
        if one is None or other is None:
            return one or other or (1, None)
        return max(one, other)

    def _find_torn(self, file: File) -> int | None:
        if self._newest(file)[0]:
            for place in (0, 1):
                start = place * SLOT_BYTES
                written = any(file.read(start, start + SLOT_BYTES))
                if written and self._slot(file, place) is None:
                    return start
        return None

    def _slot(self, file: File, place: int, held: bytes = b"") -> tuple[int, bytes] | None:
        start = place * SLOT_BYTES
        held = held or file.read(start, start + _FIRST_READ)
        seen = self._seen.get(place)
        if seen is not None and held.startswith(seen[0]):  # what was whole before still is
            return seen[1]
        length = int.from_bytes(held[8:12], "big")
        if length > SLOT_BYTES - _HEAD_BYTES:
            return None
        end = _HEAD_BYTES + length
        if end > len(held):
            held = file.read(start, start + end)
        number, content = int.from_bytes(held[:8], "big"), held[_HEAD_BYTES:end]
        if not number or held[:end] != _to_slot(number, content):
            return None
        self._seen[place] = held[:end], (number, content)
        return number, content


def to_slots(content: bytes) -> bytes:
    """Return the file of a first record."""
    return _to_slot(2, content)


def _to_slot(number: int, content: bytes) -> bytes:
    if len(content) > SLOT_BYTES - _HEAD_BYTES:
        message = f"{len(content)} bytes are too many for a record"
        raise InvalidDocument(message, code="node.record")
    head = number.to_bytes(8, "big") + len(content).to_bytes(4, "big")
    return head + sha256(head, content) + content
