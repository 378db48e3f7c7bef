# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Fetch what is new of a log, bundle by bundle or as hashes alone, and keep what is wanted.

Nothing is believed before the tree over it has the signed root.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from comity.errors import InvalidDocument, NotFound, PeerFailed, VerificationFailed
from comity.kernel.digest import Digest
from comity.ledger.reading import read_entry
from comity.ledger.redaction import (
    MAX_REDACTED_BYTES,
    from_redacted,
    has_gap,
    leaf_of,
    leaves_of,
    redacted_path,
    restored,
    to_redacted,
)
from comity.ledger.tile import (
    HASH_BYTES,
    MAX_TILE_BYTES,
    TILE_WIDTH,
    Tile,
    bundle_path,
    from_bundle,
    from_tile,
    to_bundle,
    to_tile,
)
from comity.ledger.tree import Edge
from comity.node.disk.writer import Writer
from comity.node.fetch.source import LogSource
from comity.node.following.quota import Meter
from comity.node.logs.following import ALWAYS_KEPT, Following, Mode
from comity.node.logs.mirror import Mirror

_REDACTED = "tile/redacted/"

Filled: TypeAlias = tuple[Tile, Sequence[Digest]]
"""A tile that is full now, with its hashes."""


class Paused(Exception):
    """A quota is reached before the log's hashes are all here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one log has come in.

    Args:
        entries: Entries whose hashes are here.
        total: Entries the log will then have.
        fetched_bytes: Bytes read from the source in this run.
    """

    entries: int
    total: int
    fetched_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """Which bundles are fetched and which are kept.

    Args:
        is_scanning: Read every bundle for keysets, as the known key no longer signs.
    """

    following: Following
    is_scanning: bool = False

    def may_want(self, number: int) -> bool:
        """Tell whether a bundle must be fetched to know."""
        if self.following.mode is Mode.FULL or self.is_scanning or not number:
            return True
        return bool(self.following.kinds) or self._is_named(number)

    def wants(self, number: int, entries: Sequence[bytes]) -> bool:
        """Tell whether a fetched bundle is kept."""
        if self.following.mode is Mode.FULL or not number or self._is_named(number):
            return True
        kinds = {*self.following.kinds, *ALWAYS_KEPT}
        return any(kinds & _kinds_of(entry) for entry in entries)

    def _is_named(self, number: int) -> bool:
        return any(place // TILE_WIDTH == number for place in self.following.places)


@dataclass(slots=True, kw_only=True)
class Intake:
    """One log coming in from one source.

    Args:
        since: Entries below it are here already and are not counted again.
        look: Called with each bundle read, in order, before its root is known.
        is_resumed: Whether an earlier run may have left some of it among what came in.
    """

    source: LogSource
    mirror: Mirror
    wants: Wants
    meter: Meter
    since: int
    look: Callable[[int, tuple[bytes, ...]], None]
    on_progress: Callable[[Progress], None]
    missed: int | None = None
    reached: int = 0
    is_resumed: bool = True
    fetched_bytes: int = 0

    def grow(self, edge: Edge, size: int) -> Edge:
        """Bring in the tree from *edge*, at a multiple of 256, to *size*; return its edge.

        Raises:
            Paused: The bytes of a day are used up; what came in is kept.
            PeerFailed: The source fails; what came in is kept.
            VerificationFailed: A bundle cannot be the log's.
        """
        folder = self.mirror.incoming.folder
        self.is_resumed = any(self.mirror.storage.names(folder))
        with Writer(self.mirror.storage, folder) as writer:
            for start in range(edge.size, size, TILE_WIDTH):
                self._bring(edge, start // TILE_WIDTH, min(TILE_WIDTH, size - start), writer)
                self._report(min(start + TILE_WIDTH, size), size)
            for tile, hashes in edge.partial_tiles():
                writer.put(tile.path, to_tile(hashes))
        return edge

    def _bring(self, edge: Edge, number: int, width: int, writer: Writer) -> None:
        """Extend the tree by one bundle, or by its hashes alone."""
        entries = self._find_here(number, width, writer) or self._find(number, width, writer)
        if entries is not None:
            self.look(number, entries)
            filled: Iterable[Filled] = edge.extend(leaves_of(entries))
        else:
            tile = Tile(level=0, index=number, width=width)
            path = tile.path
            content = self._fetch_tile(path, tile)
            if width == TILE_WIDTH:
                writer.put(path, content)
                filled = edge.extend_tile(content)
            else:
                filled = edge.extend(from_tile(content, width))
        for above, hashes in filled:
            writer.put(above.path, to_tile(hashes))

    def refill(self, reach: int, size: int) -> int:
        """Fetch wanted bundles of the verified tree missing from *reach* on.

        Returns:
            Below which entry nothing wanted is missing now.
        """
        for start in range(reach // TILE_WIDTH * TILE_WIDTH, size, TILE_WIDTH):
            self.reached = start
            number, width = start // TILE_WIDTH, min(TILE_WIDTH, size - start)
            if self.wants.may_want(number) and not self.mirror.holds(number, width):
                if self.meter.reason:
                    return start
                self.refill_one(number, width)
            self._report(start + width, size)
        return size

    def refill_one(self, number: int, width: int) -> None:
        """Fetch one bundle of the verified tree, and keep it where it is wanted.

        Raises:
            Paused: The bytes of a day are used up.
            PeerFailed: The source fails.
            VerificationFailed: An entry does not stand in the verified tree.
        """
        path, entries = self.fetch(number, width)
        tile = Tile(level=0, index=number, width=width)
        for at, leaf in enumerate(self.mirror.tiles.read_tile(tile)):
            if leaf_of(entries[at]) != leaf:
                place = f"{self.source.name}/{path}, entry {number * TILE_WIDTH + at}"
                raise refused("this entry does not stand in the verified tree", place)
        self.meter.count(statements=width)
        if self.wants.wants(number, entries):
            path, content = to_bundle_file(number, entries)
            self.mirror.storage.replace(self.mirror.folder + path, content)

    def _find(self, number: int, width: int, writer: Writer) -> tuple[bytes, ...] | None:
        """Fetch a bundle where it may be wanted and no quota keeps it out."""
        if not self.wants.may_want(number):
            return None
        if self.meter.reason and number:  # the first bundle says who the member is
            self.missed = number * TILE_WIDTH if self.missed is None else self.missed
            return None
        return self._take(number, width, writer)

    def _take(self, number: int, width: int, writer: Writer) -> tuple[bytes, ...]:
        _, entries, content = self._fetch(number, width)
        start = number * TILE_WIDTH
        self.meter.count(statements=start + width - max(start, self.since))
        if has_gap(entries) and start < self.since:  # what is here goes by a statement only
            entries = restored(entries, dict(enumerate(self.mirror.read_bundle(number))))
        if self.wants.wants(number, entries):
            if content:
                writer.put(bundle_path(number, width), content)
            else:
                writer.put(*to_bundle_file(number, entries))
        return entries

    def _find_here(self, number: int, width: int, writer: Writer) -> tuple[bytes, ...] | None:
        """Return a bundle an earlier run left; what a power cut tore counts as not there."""
        if width < TILE_WIDTH or not self.is_resumed:
            return None
        try:
            entries = self.mirror.incoming.read_bundle(number, width)
        except (NotFound, InvalidDocument):
            return None
        if len(entries) < width:
            return None
        writer.keep(to_bundle_path(number, entries))
        return entries

    def fetch(self, number: int, width: int) -> tuple[str, tuple[bytes, ...]]:
        """Return a bundle of the source, not checked yet, and the path it was read at."""
        path, entries, _ = self._fetch(number, width)
        return path, entries

    def _fetch(self, number: int, width: int) -> tuple[str, tuple[bytes, ...], bytes]:
        """Return the same and the file itself, where it is a bundle of just these entries."""
        path, content = self._read_bundle(bundle_path(number, width), bundle_path(number))
        try:
            read = from_redacted if path.startswith(_REDACTED) else from_bundle
            entries = read(content)
        except InvalidDocument as error:
            raise garbage(self.source, path, error) from None
        if len(entries) < width:
            message = f"{len(entries)} entries where {width} must stand"
            raise refused(message, f"{self.source.name}/{path}")
        is_just_these = len(entries) == width and read is from_bundle
        return path, entries[:width], content if is_just_these else b""

    def _fetch_tile(self, path: str, tile: Tile) -> bytes:
        """Return the bytes of a tile, of which an earlier run may have left a full one."""
        length, is_full = tile.width * HASH_BYTES, tile.width == TILE_WIDTH
        if is_full and self.is_resumed:
            with suppress(NotFound):
                left = self.mirror.storage.read(self.mirror.incoming.folder + path)
                if len(left) == length:
                    return left
        found = self._read((path,) if is_full else (path, tile.full_path), MAX_TILE_BYTES)
        if found is None:
            raise missing(self.source, tile.full_path)
        place, content = found
        wanted = length if place == path else MAX_TILE_BYTES
        if len(content) != wanted:
            message = f"{len(content)} bytes; a tile of its width has {wanted}"
            error = InvalidDocument(message, code="ledger.tile")
            raise garbage(self.source, place, error)
        return content[:length]

    def _read_bundle(self, path: str, full_path: str) -> tuple[str, bytes]:
        """Read a bundle, or what stands in its place once the log has grown or lost entries."""
        paths = (path, full_path, redacted_path(path), redacted_path(full_path))
        found = self._read(paths, MAX_REDACTED_BYTES)
        if found is None:
            raise missing(self.source, full_path)
        return found

    def _read(self, paths: Iterable[str], limit: int) -> tuple[str, bytes] | None:
        if not self.meter.has_bytes_left:
            raise Paused
        for path in dict.fromkeys(paths):
            try:
                content = self.source.read(path, limit=limit)
            except NotFound:
                continue
            self.fetched_bytes += len(content)
            self.meter.count(size=len(content))
            return path, content
        return None

    def _report(self, entries: int, total: int) -> None:
        self.on_progress(
            Progress(entries=entries, total=total, fetched_bytes=self.fetched_bytes)
        )


def to_bundle_file(number: int, entries: Sequence[bytes]) -> tuple[str, bytes]:
    """Return where a bundle is kept, and its bytes; with gaps it has another form."""
    content = to_redacted(entries) if has_gap(entries) else to_bundle(entries)
    return to_bundle_path(number, entries), content


def to_bundle_path(number: int, entries: Sequence[bytes]) -> str:
    """Return where a bundle is kept."""
    path = bundle_path(number, len(entries))
    return redacted_path(path) if has_gap(entries) else path


def _kinds_of(entry: bytes) -> frozenset[str]:
    statement = read_entry(entry, None).statement
    if statement is None:
        return frozenset()
    return frozenset((statement.kind, statement.predicate_type))


def needed(source: LogSource, path: str, limit: int) -> bytes:
    """Return a file of a log that every log has.

    Raises:
        PeerFailed: The source has none.
    """
    try:
        return source.read(path, limit=limit)
    except NotFound:
        raise missing(source, path) from None


def missing(source: LogSource, path: str) -> PeerFailed:
    """Say that a source lacks what every log has."""
    return PeerFailed(
        f"{source.name} has no {path}, which its log must have",
        code="node.peer",
        hint="check the address: `checkpoint` must stand directly below it",
        peer=source.name,
    )


def garbage(source: LogSource, path: str, error: InvalidDocument) -> PeerFailed:
    """Say that a source sent what no log has."""
    return PeerFailed(
        f"{source.name}/{path} is garbage: {' '.join(str(error).split())}",
        code="node.peer",
        hint="check the address: it may not be a log at all",
        peer=source.name,
    )


def refused(message: str, place: str) -> VerificationFailed:
    """Say that something does not belong to the log."""
    return VerificationFailed(
        message,
        code="ledger.log",
        hint="nothing of it was taken in; fetch it from another mirror",
        place=place,
    )
