# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The static files of one log in storage, read and written bundle by bundle."""

from collections.abc import Iterable, Sequence

from comity.errors import NotFound
from comity.kernel.digest import Digest
from comity.kernel.merkle import leaf_hash
from comity.ledger.tile import (
    TILE_WIDTH,
    Tile,
    bundle_path,
    from_bundle,
    from_tile,
    to_bundle,
    to_tile,
)
from comity.ledger.tree import Edge, StoredTree
from comity.node.storage import Storage


class TileFolder:
    """Tiles and bundles of one log below one folder, as tlog-tiles lays them out."""

    def __init__(self, storage: Storage, folder: str) -> None:
        self.storage = storage
        self.folder = folder

    def tree(self, size: int) -> StoredTree:
        """Return proofs over the first *size* leaves."""
        return StoredTree(size, self.read_tile)

    def read_tile(self, tile: Tile) -> Sequence[Digest]:
        """Return the hashes of a tile; a partial one may be cut from the full one."""
        try:
            return from_tile(self.storage.read(self.folder + tile.path), tile.width)
        except NotFound:
            full = self.storage.read(self.folder + tile.full_path)
            return from_tile(full, TILE_WIDTH)[: tile.width]

    def read_bundle(self, index: int, width: int) -> tuple[bytes, ...]:
        """Return the entries of a bundle; a partial one may be cut from the full one."""
        try:
            return from_bundle(self.storage.read(self.folder + bundle_path(index, width)))
        except NotFound:
            return from_bundle(self.storage.read(self.folder + bundle_path(index)))[:width]

    def write(self, edge: Edge, bundles: Iterable[Sequence[bytes]]) -> tuple[Edge, Edge]:
        """Write bundles that follow *edge*, and the tiles over them.

        Args:
            edge: At a multiple of 256 leaves; left as it is.
            bundles: Of 256 entries each, the last one perhaps fewer.

        Returns:
            The edge after the last full bundle, and the edge after the last entry.
        """
        for entries in bundles:
            end = edge.copy()
            filled = end.extend(map(leaf_hash, entries))
            self._put(bundle_path(edge.size // TILE_WIDTH, len(entries)), to_bundle(entries))
            self._put_tiles(filled)
            if len(entries) < TILE_WIDTH:
                self._put_tiles(end.partial_tiles())
                return edge, end
            self._forget_partial(bundle_path(edge.size // TILE_WIDTH), filled)
            edge = end
        self._put_tiles(edge.partial_tiles())
        return edge, edge

    def _forget_partial(self, bundle: str, filled: Iterable[tuple[Tile, object]]) -> None:
        for path in (bundle, *(tile.full_path for tile, _ in filled)):
            self.storage.remove(f"{self.folder}{path}.p")

    def _put_tiles(self, tiles: Iterable[tuple[Tile, Sequence[Digest]]]) -> None:
        for tile, hashes in tiles:
            self._put(tile.path, to_tile(hashes))

    def _put(self, path: str, content: bytes) -> None:
        self.storage.replace(self.folder + path, content)
