# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bundle from which entries were taken out, and which still leads to the signed root.

Denying a whole bundle would hide 255 neighbours. Here an entry that had to go leaves its leaf
hash behind: the tree over the bundle, every proof and every other entry stay as they were.

A redacted bundle is the line `comity-redacted/1`, then for each entry in order either a byte 0,
its length in two big-endian bytes and the entry, or a byte 1 and the 32 bytes of the leaf hash.
It takes at least one gap; a bundle without one has only the form of tlog-tiles.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import Digest
from comity.kernel.merkle import leaf_hash
from comity.ledger.tile import HASH_BYTES, TILE_WIDTH

HEADER = b"comity-redacted/1\n"
MAX_REDACTED_BYTES = len(HEADER) + TILE_WIDTH * (3 + 65_535)
_KEPT, _GONE = 0, 1
_MARK = b"\x00comity-erased/1\x00"
MIN_MARKED_BYTES = len(_MARK) + HASH_BYTES

GONE = "erased; its leaf hash is all that is left"
"""What a reader says of an entry that was taken out."""


class Erased(bytes):
    """What stands for an entry that was taken out: a mark with its leaf hash.

    It passes wherever entries pass and cannot be read as a statement; only who hashes leaves
    must ask (`leaf_of`). That an entry is one is its type, never its bytes: an entry somebody
    logged with the same bytes is that entry and nothing else.
    """

    @staticmethod
    def of(leaf: Digest, length: int = MIN_MARKED_BYTES) -> "Erased":
        """Return the mark of a leaf, *length* bytes long.

        Raises:
            InvalidDocument: Shorter than a mark is.
        """
        if length < MIN_MARKED_BYTES:
            raise _refused(f"an entry of {length} bytes is shorter than its mark would be")
        return Erased((_MARK + leaf).ljust(length, b"\x00"))

    @property
    def leaf(self) -> Digest:
        """Return the leaf hash of the entry that was here."""
        return Digest(self[len(_MARK) : MIN_MARKED_BYTES])


def from_marked(entry: bytes) -> bytes:
    """Return an entry of one's own journal as what it is: a mark is told by its bytes there.

    Nobody else writes into one's own journal, and `is_mark` refuses such bytes on their way in.
    """
    return Erased(entry) if is_mark(entry) else entry


def is_mark(entry: bytes) -> bool:
    """Tell whether bytes are spelled as a mark is."""
    tail = entry[MIN_MARKED_BYTES:]
    return (
        len(entry) >= MIN_MARKED_BYTES and entry.startswith(_MARK) and not tail.strip(b"\x00")
    )


def leaf_of(entry: bytes) -> Digest:
    """Return the leaf hash of an entry, or the one an erased entry left behind."""
    return entry.leaf if isinstance(entry, Erased) else leaf_hash(entry)


def leaves_of(entries: Iterable[bytes]) -> list[Digest]:
    """Return the leaf hashes of entries; there are very many."""
    new = hashlib.sha256
    return [
        one.leaf if isinstance(one, Erased) else Digest(new(b"\x00" + one).digest())
        for one in entries
    ]


def redact(entries: Sequence[bytes], gone: Iterable[int]) -> tuple[bytes, ...]:
    """Take entries out of a bundle by their position in it.

    Raises:
        InvalidDocument: No entry stands at one of the positions.
    """
    positions = set(gone)
    beyond = sorted(at for at in positions if not 0 <= at < len(entries))
    if beyond:
        raise _refused(f"no entry stands at {beyond[0]} in a bundle of {len(entries)}")
    return tuple(
        Erased.of(leaf_of(entry)) if at in positions else entry
        for at, entry in enumerate(entries)
    )


def restored(entries: Iterable[bytes], held: Mapping[int, bytes]) -> tuple[bytes, ...]:
    """Put back what one holds oneself, where it is exactly what was taken out."""
    return tuple(
        held[at]
        if isinstance(entry, Erased) and at in held and leaf_of(held[at]) == entry.leaf
        else entry
        for at, entry in enumerate(entries)
    )


def is_erased(entry: bytes) -> bool:
    """Tell whether an entry was taken out."""
    return isinstance(entry, Erased)


def has_gap(entries: Iterable[bytes]) -> bool:
    """Tell whether an entry of a bundle was taken out."""
    return any(map(is_erased, entries))


def redacted_path(path: str) -> str:
    """Return where the redacted form of a bundle stands.

    >>> redacted_path("tile/entries/x001/067")
    'tile/redacted/x001/067'
    """
    return path.replace("tile/entries/", "tile/redacted/", 1)


def to_redacted(entries: Sequence[bytes]) -> bytes:
    """Encode a bundle with gaps.

    Raises:
        InvalidDocument: It has none, more than 256 entries, or one that is too long.
    """
    if not has_gap(entries) or len(entries) > TILE_WIDTH:
        raise _refused(f"{len(entries)} entries without a gap are no redacted bundle")
    parts = [HEADER]
    for entry in entries:
        if isinstance(entry, Erased):
            parts += (bytes([_GONE]), entry.leaf)
            continue
        if len(entry) > 0xFFFF:
            raise _refused(f"an entry of {len(entry)} bytes; at most 65535 fit")
        parts += (bytes([_KEPT]), len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def from_redacted(content: bytes) -> tuple[bytes, ...]:
    """Decode a bundle with gaps; what it says is only worth the root it leads to.

    Raises:
        InvalidDocument: Another header or mark, cut short, no gap, more than 256 entries.
    """
    if not content.startswith(HEADER):
        raise _refused("the first line is not comity-redacted/1")
    entries: list[bytes] = []
    at, end = len(HEADER), len(content)
    while at < end:
        kind, start = content[at], at + 1
        if kind == _GONE:
            stop = start + HASH_BYTES
            entries.append(Erased.of(Digest(content[start:stop].ljust(HASH_BYTES))))
        elif kind == _KEPT:
            start += 2
            stop = start + int.from_bytes(content[at + 1 : start], "big")
            entries.append(content[start:stop])
        else:
            raise _refused(f"byte {at}: {kind} marks neither an entry nor a gap")
        if stop > end or start > end:
            raise _refused(f"entry {len(entries) - 1} at byte {at} is cut short")
        at = stop
    if not has_gap(entries) or len(entries) > TILE_WIDTH:
        raise _refused(f"{len(entries)} entries without a gap, or more than {TILE_WIDTH}")
    return tuple(entries)


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(
        "not a redacted bundle", code="ledger.redaction", faults=[Fault(message=message)]
    )
