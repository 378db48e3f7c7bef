# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The static files of one log in storage, read and written bundle by bundle."""

from collections.abc import Iterable, Sequence

from comity.errors import NotFound
from comity.kernel.digest import Digest
from comity.ledger.redaction import (
    MAX_REDACTED_BYTES,
    from_redacted,
    has_gap,
    is_erased,
    leaves_of,
    redact,
    redacted_path,
    to_redacted,
)
from comity.ledger.tile import (
    MAX_BUNDLE_BYTES,
    TILE_WIDTH,
    Tile,
    bundle_path,
    from_bundle,
    from_tile,
    to_bundle,
    to_tile,
)
from comity.ledger.tree import Edge, StoredTree
from comity.node.disk.storage import Storage
from comity.node.disk.writer import Writer
from comity.node.fetch.source import LogSource


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
        """Return the entries of a bundle; a partial one may be cut from the full one.

        Where entries were taken out, their marks stand in their places.
        """
        for path in (bundle_path(index, width), bundle_path(index)):
            for name, read in ((path, from_bundle), (redacted_path(path), from_redacted)):
                try:
                    return read(self.storage.read(self.folder + name))[:width]
                except NotFound:
                    continue
        raise NotFound(f"no bundle {bundle_path(index, width)}", code="node.file")

    def widths(self, index: int) -> list[int]:
        """Return the partial widths in which a bundle stands here, redacted or not."""
        path = bundle_path(index)
        forms = [*self._forms(path), *self._forms(redacted_path(path))]
        return [int(one.rpartition("/")[2]) for one in forms if ".p/" in one]

    def redact(self, index: int, gone: Iterable[int]) -> int:
        """Take entries out of a bundle wherever it stands, whole or partial.

        The redacted form is there before the other one goes, so that a power cut leaves one
        of them; run it again to have it finished.

        Args:
            gone: Positions in the bundle.

        Returns:
            How many files the entries were taken out of.
        """
        positions, changed = frozenset(gone), 0
        for path in self._forms(bundle_path(index)):
            entries = from_bundle(self.storage.read(self.folder + path))
            changed += self._redact(path, entries, positions)
        for path in self._forms(redacted_path(bundle_path(index))):
            entries = from_redacted(self.storage.read(self.folder + path))
            changed += self._redact(path, entries, positions)
        return changed

    def _redact(self, path: str, entries: Sequence[bytes], gone: frozenset[int]) -> int:
        here = [at for at in gone if at < len(entries) and not is_erased(entries[at])]
        if not here:
            return 0
        self._put(redacted_path(path), to_redacted(redact(entries, here)))
        if path != redacted_path(path):
            self.storage.remove(self.folder + path)
        return 1

    def _forms(self, path: str) -> list[str]:
        """Return where a bundle stands: full, and in each partial width."""
        partial = self.storage.names(f"{self.folder}{path}.p")
        found = [name.removeprefix(self.folder) for name in partial]
        return [path, *found] if self.storage.length(self.folder + path) else found

    def write(self, edge: Edge, bundles: Iterable[Sequence[bytes]]) -> tuple[Edge, Edge]:
        """Write bundles that follow *edge*, and the tiles over them; durable at the end.

        Args:
            edge: At a multiple of 256 leaves; left as it is.
            bundles: Of 256 entries each, the last one perhaps fewer.

        Returns:
            The edge after the last full bundle, and the edge after the last entry.
        """
        stale: list[str] = []
        with Writer(self.storage, self.folder) as writer:
            end = edge
            for entries in bundles:
                end = edge.copy()
                filled = end.extend(leaves_of(entries))
                path = bundle_path(edge.size // TILE_WIDTH, len(entries))
                stale += _put_bundle(writer, path, entries)
                _put_tiles(writer, filled)
                if len(entries) == TILE_WIDTH:
                    stale += _partial(path, filled)
                    edge = end
            _put_tiles(writer, end.partial_tiles())
        for path in stale:  # only now does what replaces them stand there
            self.storage.remove(self.folder + path)
        return edge, end

    def _put(self, path: str, content: bytes) -> None:
        self.storage.replace(self.folder + path, content)


def _put_tiles(writer: Writer, tiles: Iterable[tuple[Tile, Sequence[Digest]]]) -> None:
    for tile, hashes in tiles:
        writer.put(tile.path, to_tile(hashes))


def _put_bundle(writer: Writer, path: str, entries: Sequence[bytes]) -> Iterable[str]:
    """Write a bundle, or what is left of one, and return what that replaces."""
    if not has_gap(entries):
        writer.put(path, to_bundle(entries))
        return ()
    writer.put(redacted_path(path), to_redacted(entries))
    return (path,)


def _partial(bundle: str, filled: Iterable[tuple[Tile, object]]) -> Iterable[str]:
    """Return where the partial forms of a bundle and of the tiles it filled stand."""
    full = (tile.full_path for tile, _ in filled)
    return [f"{path}.p" for path in (bundle, redacted_path(bundle), *full)]


def fetch_bundle(source: LogSource, path: str) -> tuple[str, tuple[bytes, ...]]:
    """Return the path and the entries of a bundle, or of what is left of it, not checked.

    Args:
        path: Of the bundle as tlog-tiles names it.

    Raises:
        InvalidDocument: What stands there is no bundle.
        NotFound: Neither form is there.
        PeerFailed: The source cannot be reached, is slow, or sends too much.
    """
    try:
        return path, from_bundle(source.read(path, limit=MAX_BUNDLE_BYTES))
    except NotFound:
        pass
    other = redacted_path(path)
    return other, from_redacted(source.read(other, limit=MAX_REDACTED_BYTES))
