# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A growing tree held by its right edge, and proofs folded from its tiles.

Memory is at most 256 hashes a level; full tiles are handed out as they fill and belong to
whoever stores them.

Source:
    RFC 9162, section 2.1; C2SP tlog-tiles v0.1.0.
"""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeAlias, cast

from comity.errors import NotFound
from comity.kernel.digest import Digest
from comity.kernel.merkle import EMPTY_ROOT, node_hash
from comity.ledger.tile import HASH_BYTES, TILE_WIDTH, Tile

_HEIGHT = 8
_MOST_HELD = 32
"""Tiles a tree keeps at hand: at most 1.5 MB."""

_PAIRS = {
    2 * HASH_BYTES << height: struct.Struct(f"{2 * HASH_BYTES}s" * (1 << height)).unpack
    for height in range(_HEIGHT)
}
"""Cut rows of hashes into pairs, by their length in bytes: twice as quick as one by one."""

TileReader: TypeAlias = Callable[[Tile], Sequence[Digest]]
"""Return the hashes of a tile; its storage raises where the tile is missing or wrong."""


class _Row:
    """The hashes of a level's last, not yet full tile, and the peaks over those counted."""

    __slots__ = ("counted", "hashes", "peaks")

    def __init__(self, hashes: Iterable[Digest] = ()) -> None:
        self.hashes = list(hashes)
        self.peaks: list[Digest] = []
        self.counted = 0

    def copy(self) -> "_Row":
        """Return a row that grows on its own."""
        twin = _Row(self.hashes)
        twin.peaks, twin.counted = list(self.peaks), self.counted
        return twin

    def count(self) -> list[Digest]:
        """Return the roots of the row's perfect subtrees, the largest first."""
        new, hashes, peaks = hashlib.sha256, self.hashes, self.peaks
        for index in range(self.counted, len(hashes)):
            top, rest = hashes[index], index
            while rest & 1:
                top = Digest(new(b"\x01" + peaks.pop() + top).digest())
                rest >>= 1
            peaks.append(top)
        self.counted = len(hashes)
        return peaks


class Edge:
    """The right edge of a tree: what is needed to extend it and to know its root."""

    __slots__ = ("_rows", "size")

    def __init__(self) -> None:
        self.size = 0
        self._rows = [_Row()]

    def copy(self) -> "Edge":
        """Return an edge that grows on its own."""
        twin = Edge()
        twin.size = self.size
        twin._rows = [row.copy() for row in self._rows]
        return twin

    def append(self, leaf: Digest) -> tuple[tuple[Tile, tuple[Digest, ...]], ...]:
        """Add one leaf hash and return the tiles it filled, lowest level first."""
        self.size += 1
        hashes = self._rows[0].hashes
        hashes.append(leaf)
        return () if len(hashes) < TILE_WIDTH else self._fill()

    def extend(self, leaves: Iterable[Digest]) -> list[tuple[Tile, tuple[Digest, ...]]]:
        """Add leaf hashes and return the tiles they filled, in order."""
        filled: list[tuple[Tile, tuple[Digest, ...]]] = []
        coming = tuple(leaves)
        start = 0
        while start < len(coming):
            hashes = self._rows[0].hashes
            part = coming[start : start + TILE_WIDTH - len(hashes)]
            hashes += part
            start, self.size = start + len(part), self.size + len(part)
            if len(hashes) == TILE_WIDTH:
                filled.extend(self._fill())
        return filled

    def extend_tile(self, content: bytes) -> tuple[tuple[Tile, tuple[Digest, ...]], ...]:
        """Add the 256 leaf hashes of one tile by its bytes; return the tiles filled above it.

        The size must be a multiple of 256, so that they are a tile of their own.
        """
        self.size += TILE_WIDTH
        self._push(1, fold_tile(content))
        return self._fill(1)

    def _fill(self, level: int = 0) -> tuple[tuple[Tile, tuple[Digest, ...]], ...]:
        """Take away the full tiles from a level up, and put their roots above them."""
        filled: list[tuple[Tile, tuple[Digest, ...]]] = []
        while len(self._rows[level].hashes) == TILE_WIDTH:
            hashes = tuple(self._rows[level].hashes)
            index = (self.size >> _HEIGHT * (level + 1)) - 1
            filled.append((Tile(level=level, index=index, width=TILE_WIDTH), hashes))
            self._rows[level] = _Row()
            level += 1
            self._push(level, fold(hashes))
        return tuple(filled)

    def _push(self, level: int, top: Digest) -> None:
        if level == len(self._rows):
            self._rows.append(_Row())
        self._rows[level].hashes.append(top)

    def partial_tiles(self) -> tuple[tuple[Tile, tuple[Digest, ...]], ...]:
        """Return the partial tiles of the tree at its present size, lowest level first."""
        return tuple(
            (
                Tile(
                    level=level,
                    index=self.size >> _HEIGHT * (level + 1),
                    width=len(row.hashes),
                ),
                tuple(row.hashes),
            )
            for level, row in enumerate(self._rows)
            if row.hashes
        )

    @property
    def root(self) -> Digest:
        """Return the root of the tree at its present size."""
        new, top = hashlib.sha256, b""
        for row in self._rows:
            for peak in reversed(row.count()):
                top = new(b"\x01" + peak + top).digest() if top else peak
        return Digest(top) if top else EMPTY_ROOT

    @staticmethod
    def from_tiles(size: int, read: TileReader) -> "Edge":
        """Return the right edge of a stored tree of *size* leaves."""
        edge = Edge()
        rows: list[_Row] = []
        count = size
        while count or not rows:
            count, width = divmod(count, TILE_WIDTH)
            tile = Tile(level=len(rows), index=count, width=width)
            rows.append(_Row(read(tile) if width else ()))
        edge.size, edge._rows = size, rows
        return edge


def fold(hashes: Sequence[Digest]) -> Digest:
    """Return the root of a perfect subtree from its 2**k hashes."""
    row: Sequence[Digest] = hashes
    while len(row) > 1:
        row = _above(row)
    return row[0]


def fold_tile(content: bytes) -> Digest:
    """Return the root over the hashes of a whole tile, from its bytes."""
    new, row = hashlib.sha256, content
    while len(row) > HASH_BYTES:
        pairs = _PAIRS[len(row)](row)
        row = b"".join([new(b"\x01" + both).digest() for both in pairs])
    return Digest(row)


def _above(row: Sequence[Digest]) -> list[Digest]:
    """Hash neighbours; the last one of an odd row has no parent yet."""
    new, pairs = hashlib.sha256, iter(row)
    both = zip(pairs, pairs, strict=False)
    hashes = [new(b"\x01" + left + right).digest() for left, right in both]
    return cast("list[Digest]", hashes)


class StoredTree:
    """Proofs over a tree of a fixed size whose tiles are read as needed.

    The tiles last used stay at hand with the nodes inside them, so that the next proof near
    by reads and hashes next to nothing.
    """

    __slots__ = ("_held", "read", "size")

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self.read = read
        self._held: OrderedDict[tuple[int, int], tuple[Sequence[Digest], ...]] = OrderedDict()

    def root(self, size: int | None = None) -> Digest:
        """Return the root of the tree of the first *size* leaves."""
        count = self.size if size is None else size
        if not 0 <= count <= self.size:
            raise _beyond(count, self.size)
        return self._range(0, count) if count else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> tuple[Digest, ...]:
        """Return the path that proves leaf *index* in the tree of *size* leaves.

        Source:
            RFC 9162, section 2.1.3.1.
        """
        end = self.size if size is None else size
        if not 0 <= index < end <= self.size:
            raise _beyond(index, end)
        path: list[Digest] = []
        start = 0
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency(self, first: int, second: int | None = None) -> tuple[Digest, ...]:
        """Return the proof that the first *first* leaves are a prefix of *second*.

        Source:
            RFC 9162, section 2.1.4.1; empty from nothing and to itself.
        """
        end = self.size if second is None else second
        if not 0 <= first <= end <= self.size:
            raise _beyond(first, end)
        if first in {0, end}:
            return ()
        proof: list[Digest] = []
        start, is_whole = 0, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start, is_whole = middle, False
        if not is_whole:
            proof.append(self._range(start, end))
        return tuple(reversed(proof))

    def _range(self, start: int, end: int) -> Digest:
        peaks: list[Digest] = []
        while start < end:
            height = (end - start).bit_length() - 1
            if start:
                height = min(height, (start & -start).bit_length() - 1)
            peaks.append(self._node(height, start >> height))
            start += 1 << height
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root

    def _node(self, height: int, index: int) -> Digest:
        level, rest = divmod(height, _HEIGHT)
        number, at = divmod(index << rest, TILE_WIDTH)
        return self._rows(level, number, rest)[rest][at >> rest]

    def _rows(self, level: int, number: int, highest: int) -> tuple[Sequence[Digest], ...]:
        """Return the rows of nodes inside a tile, its hashes first, up to the highest asked.

        What is held is replaced and never changed: several threads may prove at once.
        """
        place = (level, number)
        rows = self._held.pop(place, ())
        if not rows:
            count = self.size >> _HEIGHT * level
            width = min(TILE_WIDTH, count - number * TILE_WIDTH)
            rows = (self.read(Tile(level=level, index=number, width=width)),)
        while len(rows) <= highest:
            rows = (*rows, _above(rows[-1]))
        self._held[place] = rows
        while len(self._held) > _MOST_HELD:
            with suppress(KeyError):  # another thread may have let go of the last one
                self._held.popitem(last=False)
        return rows


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _beyond(index: int, size: int) -> NotFound:
    return NotFound(f"no leaf {index} in a tree of {size}", code="ledger.leaf")
