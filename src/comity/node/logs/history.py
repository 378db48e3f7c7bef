# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read who a member is from a verified log, remembering where its keysets stand.

What is remembered is only where to look: indexes of entries in a log that never changes
them. Lost or damaged, it is found again by reading the log. The same file stands beside a
checkpoint that others read, so that who keeps no entries knows which to ask for.
"""

from collections.abc import Callable, Iterable

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.ledger.identity import Identity, bears_on_identity, open_identity
from comity.ledger.tile import TILE_WIDTH
from comity.node.disk.storage import Storage

FILE = "history"
MAX_BYTES = 64 * 1024

ReadBundle = Callable[[int], tuple[bytes, ...]]


def read_identity(storage: Storage, name: str, size: int, read: ReadBundle) -> Identity:
    """Return the identity a verified log states in its first *size* entries, at least one.

    Args:
        name: The file that remembers where its keysets stand.
        read: Return the entries of one bundle of the log.

    Raises:
        VerificationFailed: Its first entry is no keyset.
    """
    known, places = _remembered(storage, name)
    first = read(0)[0]
    places = [place for place in places if place < size]
    if known < size:
        for number in range(known // TILE_WIDTH, -(-size // TILE_WIDTH)):
            start = number * TILE_WIDTH
            for index, entry in enumerate(read(number), start):
                if known <= index < size and bears_on_identity(entry):
                    places.append(index)
        storage.replace(name, to_bytes(size, places), durable=False)
    return _folded(open_identity(first), places, read)


def remember(storage: Storage, name: str, start: int, size: int, places: Iterable[int]) -> None:
    """Note where keysets stand among entries just read, if those before are noted already."""
    known, before = _remembered(storage, name)
    if start and known != start:
        return
    found = to_bytes(size, [*(before if start else ()), *places])
    storage.replace(name, found, durable=False)


def to_bytes(size: int, places: Iterable[int]) -> bytes:
    """Write where keysets and compromises stand among the first *size* entries of a log."""
    value: Json = {"size": size, "entries": list(places)}
    return to_canonical(value)


def find_places(content: bytes) -> tuple[int, ...]:
    """Return where a file says that they stand; nothing where it is none of these files."""
    return tuple(_read(content)[1])


def _folded(identity: Identity, places: Iterable[int], read: ReadBundle) -> Identity:
    for index in places:
        number, at = divmod(index, TILE_WIDTH)
        identity = identity.extended(index, [read(number)[at]])
    return identity


def _remembered(storage: Storage, name: str) -> tuple[int, list[int]]:
    try:
        return _read(storage.read(name))
    except NotFound:
        return 1, []


def _read(content: bytes) -> tuple[int, list[int]]:
    try:
        match from_canonical(content):
            case {"size": int(size), "entries": [*places]} if size >= 1 and all(
                type(one) is int and 0 < one < size for one in places
            ):
                return size, [one for one in places if isinstance(one, int)]
    except InvalidDocument:
        pass
    return 1, []
