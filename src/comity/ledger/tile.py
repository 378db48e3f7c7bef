# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The static files of a log: where each tile and bundle stands, and how a bundle reads.

Source:
    C2SP tlog-tiles v0.1.0.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import Digest

TILE_WIDTH = 256
HASH_BYTES = 32
MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + 65_535)
MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES

_PATH = re.compile(
    r"tile/(?:entries|redacted|0|[1-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile or bundle of a tree: its level, its place in the level, its width.

    Args:
        level: 0 holds leaf hashes; level n holds roots of full tiles of level n - 1.
        index: Position in the level.
        width: Hashes in it, 1 to 256; less than 256 is a partial tile.
    """

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Return the path of the hashes."""
        return f"tile/{self.level}/{_numbered(self.index)}{_part(self.width)}"

    @property
    def full_path(self) -> str:
        """Return the path the hashes have once the tile is full."""
        return f"tile/{self.level}/{_numbered(self.index)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of the entries under level-0 tile *index*.

    >>> bundle_path(1234067)
    'tile/entries/x001/x234/067'
    """
    return f"tile/entries/{_numbered(index)}{_part(width)}"


def is_tile_path(path: str) -> bool:
    """Tell whether a path is one tlog-tiles knows, and so safe to read below a folder."""
    return _PATH.fullmatch(path) is not None


def tiles_of(size: int) -> Iterable[Tile]:
    """Yield every tile of a tree of *size* leaves, lowest level first."""
    level, count = 0, size
    while count:
        for index in range(-(-count // TILE_WIDTH)):
            width = min(TILE_WIDTH, count - index * TILE_WIDTH)
            yield Tile(level=level, index=index, width=width)
        level, count = level + 1, count // TILE_WIDTH


def to_tile(hashes: Sequence[bytes]) -> bytes:
    """Encode the hashes of a tile."""
    return b"".join(hashes)


def from_tile(content: bytes, width: int) -> tuple[Digest, ...]:
    """Decode the hashes of a tile.

    Raises:
        InvalidDocument: Not exactly *width* hashes.
    """
    if len(content) != width * HASH_BYTES:
        message = f"{len(content)} bytes; a tile of width {width} has {width * HASH_BYTES}"
        raise InvalidDocument(message, code="ledger.tile", faults=[Fault(message=message)])
    found = [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]
    return tuple(cast("list[Digest]", found))


def to_bundle(entries: Iterable[bytes]) -> bytes:
    """Encode entries, each after its length as two big-endian bytes.

    Raises:
        InvalidDocument: An entry is longer than 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > 0xFFFF:
            message = f"an entry of {len(entry)} bytes; at most 65535 fit"
            raise InvalidDocument(
                message, code="ledger.bundle", faults=[Fault(message=message)]
            )
        parts.append(len(entry).to_bytes(2, "big"))
        parts.append(entry)
    return b"".join(parts)


def from_bundle(content: bytes) -> tuple[bytes, ...]:
    """Decode the entries of a bundle.

    Raises:
        InvalidDocument: The bytes end inside an entry; the fault names where.
    """
    entries: list[bytes] = []
    at, end = 0, len(content)
    while at < end:
        start = at + 2
        stop = start + (content[at] << 8 | content[at + 1]) if start <= end else end + 1
        if stop > end:
            message = f"entry {len(entries)} at byte {at} is cut short"
            raise InvalidDocument(
                message, code="ledger.bundle", faults=[Fault(message=message)]
            )
        entries.append(content[start:stop])
        at = stop
    return tuple(entries)


def _numbered(index: int) -> str:
    text = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03d}/{text}"
    return text


def _part(width: int) -> str:
    return f".p/{width}" if width < TILE_WIDTH else ""
