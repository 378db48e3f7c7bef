# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which file, and which entry in it, is wrong when a log does not lead to its root."""

from collections.abc import Sequence

from comity.errors import InvalidDocument, NotFound, PeerFailed
from comity.kernel.digest import Digest
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.tile import (
    MAX_TILE_BYTES,
    TILE_WIDTH,
    Tile,
    bundle_path,
    from_tile,
    tiles_of,
)
from comity.ledger.tree import StoredTree
from comity.node.fetch.source import LogSource


class SourceTiles:
    """The hash tiles a source offers; nothing of them is trusted."""

    def __init__(self, source: LogSource) -> None:
        self._source = source

    def read_tile(self, tile: Tile) -> Sequence[Digest]:
        """Return the hashes of a tile.

        Raises:
            InvalidDocument: It has another width.
            NotFound: The source has neither it nor the full one.
        """
        try:
            content = self._source.read(tile.path, limit=MAX_TILE_BYTES)
        except NotFound:
            full = self._source.read(tile.full_path, limit=MAX_TILE_BYTES)
            return from_tile(full, TILE_WIDTH)[: tile.width]
        return from_tile(content, tile.width)


def find_culprit(theirs: StoredTree, ours: StoredTree, target: Checkpoint) -> str:
    """Return the place of the first entry that differs from a source's own hash tiles.

    The tiles convict an entry only if they lead to the signed root themselves.
    """
    try:
        if theirs.root() != target.root:
            return "checkpoint: neither its entries nor its tiles lead to the root it signs"
        for tile in tiles_of(target.size):
            if tile.level:
                break
            pairs = zip(theirs.read(tile), ours.read(tile), strict=True)
            for at, (their, our) in enumerate(pairs):
                if their != our:
                    path = bundle_path(tile.index, tile.width)
                    return f"{path}, entry {tile.index * TILE_WIDTH + at}"
    except (InvalidDocument, NotFound, PeerFailed):
        pass
    last = target.size - 1
    return f"{bundle_path(last // TILE_WIDTH, last % TILE_WIDTH + 1)} or an earlier bundle"
