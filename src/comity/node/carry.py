# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Logs on a memory stick: written as static files, only what the stick lacks, durably.

    logs/<member>/       checkpoint, tile/…, blob/…: each a log anyone may follow
    requests/<member>/   by witness: a checkpoint to be cosigned
    answers/<member>/    by witness: the same checkpoint with its cosignatures
    stick.json           what was meant to be here; for people to read, never trusted

A stick proves nothing by itself: whoever takes it in verifies every byte by keys known already.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import from_hex
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.note import Note, from_bytes, is_signed_by
from comity.ledger.tile import TILE_WIDTH, Tile, bundle_path, tiles_of, to_tile
from comity.node.disk.storage import Disk, Storage
from comity.node.disk.writer import Writer
from comity.node.following.intake import to_bundle_file
from comity.node.logs import history
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder
from comity.node.member.config import Peer
from comity.node.node import Node

MANIFEST = "stick.json"
LOGS = "logs/"
REQUESTS = "requests/"
ANSWERS = "answers/"
STICK_TYPE = "comity-stick/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """One log as it now stands on the stick.

    Args:
        size: Entries of its checkpoint.
        files: Files written in this run.
        written_bytes: Bytes of them.
        is_older: The stick holds a larger checkpoint already; nothing was written.
    """

    member: MemberId
    origin: Origin
    name: str
    size: int
    files: int
    written_bytes: int
    is_older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was written onto a stick.

    Args:
        requests: Witnesses that are asked to cosign the node's own log.
    """

    cargo: tuple[Cargo, ...]
    requests: tuple[Peer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What is to go onto a stick.

    Args:
        peers: Whose logs, beside the node's own; None for all that are mirrored.
        since: Bundles that end at or below this entry stay away: whoever gets the stick has
            them.
        is_own: Whether the node's own log goes along.
        with_blobs: Whether the blobs anyone may read go along.
        is_afresh: Write also what seems to be there: the stick may be damaged.
        on_log: Told of each log when it is written.
    """

    peers: Sequence[Peer] | None = None
    since: int = 0
    is_own: bool = True
    with_blobs: bool = True
    is_afresh: bool = False
    on_log: Callable[[Cargo], None] = lambda _cargo: None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    member: MemberId
    name: str
    note: Note
    tiles: TileFolder
    read_bundle: Callable[[int], tuple[bytes, ...]]
    history: bytes


def load(node: Node, stick: Disk, loading: Loading, now: Instant) -> Loaded:
    """Write the node's log, those it mirrors and its requests to cosign onto a stick.

    Raises:
        NotFound: The node has published nothing yet.
        StorageFailed: The stick is full or does not obey; the same command goes on.
    """
    cargo: list[Cargo] = []
    for log in _logs(node, loading):
        loader = _Loader(stick, loading, log)
        cargo.append(loader.run(node))
        loading.on_log(cargo[-1])
    requests = tuple(_requests(node, stick)) if loading.is_own else ()
    _write_manifest(node, stick, cargo, now)
    return Loaded(cargo=tuple(cargo), requests=requests)


def _logs(node: Node, loading: Loading) -> Iterator[_Log]:
    storage = Disk(node.folder)
    if loading.is_own:
        yield _own(node, storage)
    for peer in node.config.peers if loading.peers is None else loading.peers:
        mirror = Mirror(storage, peer.member)
        held = mirror.find_checkpoint()
        if held is not None:
            yield _Log(
                member=peer.member,
                name=peer.name,
                note=held.note,
                tiles=mirror.tiles,
                read_bundle=mirror.read_bundle,
                history=mirror.read_history(),
            )


def _own(node: Node, storage: Storage) -> _Log:
    published = node.log.find_published()
    if published is None:
        raise NotFound(
            "this node has published nothing yet",
            code="node.unpublished",
            hint="run `comity publish` first",
        )
    tiles = TileFolder(storage, "public/")
    size = published[0].size

    def read_bundle(number: int) -> tuple[bytes, ...]:
        return tiles.read_bundle(number, min(TILE_WIDTH, size - number * TILE_WIDTH))

    return _Log(
        member=node.member,
        name=node.keyset.name,
        note=published[1],
        tiles=tiles,
        read_bundle=read_bundle,
        history=history.to_bytes(size, node.identity.until(size).changes),
    )


class _Loader:
    """One log on its way to the stick."""

    def __init__(self, stick: Disk, loading: Loading, log: _Log) -> None:
        self._stick = stick
        self._loading = loading
        self._log = log
        self._folder = f"{LOGS}{log.member}/"
        self._files = 0
        self._bytes = 0

    def run(self, node: Node) -> Cargo:
        """Write tiles and bundles, then the checkpoint over them."""
        checkpoint = from_text(self._log.note.text)
        if self._size_there() > checkpoint.size and not self._loading.is_afresh:
            return self._cargo(checkpoint.origin, self._size_there(), is_older=True)
        with Writer(self._stick, self._folder) as writer:
            for tile in tiles_of(checkpoint.size):
                self._put_tile(writer, tile)
            for number in range(-(-checkpoint.size // TILE_WIDTH)):
                self._put_bundle(writer, number, checkpoint.size)
            if self._log.member == node.member and self._loading.with_blobs:
                self._put_blobs(writer, node)
        if self._files or not self._is_there("checkpoint", len(self._log.note.encoded)):
            if self._log.history:
                self._stick.replace(self._folder + history.FILE, self._log.history)
            self._stick.replace(f"{self._folder}checkpoint", self._log.note.encoded)
            self._sweep(checkpoint.size)
        return self._cargo(checkpoint.origin, checkpoint.size)

    def _put_tile(self, writer: Writer, tile: Tile) -> None:
        if not self._is_there(tile.path, tile.width * 32):
            self._put(writer, tile.path, to_tile(self._log.tiles.read_tile(tile)))
            if tile.width == TILE_WIDTH:
                self._stick.remove(f"{self._folder}{tile.full_path}.p")

    def _put_bundle(self, writer: Writer, number: int, size: int) -> None:
        start = number * TILE_WIDTH
        width = min(TILE_WIDTH, size - start)
        if number and start + width <= self._loading.since:
            return
        if self._is_there(bundle_path(number, width)):
            return
        entries = self._log.read_bundle(number)
        if len(entries) == width:
            self._put(writer, *to_bundle_file(number, entries))
            if width == TILE_WIDTH:
                self._stick.remove(f"{self._folder}{bundle_path(number)}.p")

    def _sweep(self, size: int) -> None:
        """Remove the partial files of smaller sizes, which nothing needs any more."""
        number, width = divmod(size, TILE_WIDTH)
        partial = [tile.path for tile in tiles_of(size) if tile.width < TILE_WIDTH]
        for path in (*partial, bundle_path(number, width or TILE_WIDTH)):
            folder, dot, _ = path.partition(".p/")
            for name in list(self._stick.names(f"{self._folder}{folder}.p")) if dot else ():
                if name != self._folder + path:
                    self._stick.remove(name)

    def _put_blobs(self, writer: Writer, node: Node) -> None:
        for name in Disk(node.folder).names("public/blob"):
            hexed = name.rpartition("/")[2]
            if len(hexed) == 64 and not self._is_there(f"blob/{hexed}"):
                content = node.blobs.serve(from_hex(hexed), None)
                if content is not None:
                    self._put(writer, f"blob/{hexed}", content)

    def _put(self, writer: Writer, path: str, content: bytes) -> None:
        writer.put(path, content)
        self._files += 1
        self._bytes += len(content)

    def _is_there(self, path: str, length: int | None = None) -> bool:
        if self._loading.is_afresh:
            return False
        found = self._stick.length(self._folder + path)
        return found > 0 if length is None else found == length

    def _size_there(self) -> int:
        try:
            encoded = self._stick.read(f"{self._folder}checkpoint")
            return from_text(from_bytes(encoded).text).size
        except (NotFound, InvalidDocument):
            return 0

    def _cargo(self, origin: Origin, size: int, *, is_older: bool = False) -> Cargo:
        return Cargo(
            member=self._log.member,
            origin=origin,
            name=self._log.name,
            size=size,
            files=self._files,
            written_bytes=self._bytes,
            is_older=is_older,
        )


def _requests(node: Node, stick: Disk) -> Iterator[Peer]:
    """Ask each witness that has not cosigned the public checkpoint yet."""
    published = node.log.find_published()
    if published is None:
        return
    note = published[1]
    for peer in node.config.peers:
        name = f"{REQUESTS}{node.member}/{peer.member}"
        if peer.witness_key is None or is_signed_by(note, peer.witness_key):
            stick.remove(name)
            continue
        stick.replace(name, note.encoded)
        yield peer


def _write_manifest(node: Node, stick: Disk, cargo: Sequence[Cargo], now: Instant) -> None:
    logs: list[Json] = [
        {"member": one.member, "origin": one.origin, "name": one.name, "size": one.size}
        for one in cargo
    ]
    value: Json = {
        "type": STICK_TYPE,
        "written": to_rfc3339(now),
        "by": node.member,
        "logs": logs,
    }
    stick.replace(MANIFEST, to_canonical(value))
