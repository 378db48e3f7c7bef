# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Re-derive everything a node keeps from its logs, and name what does not follow."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from comity.errors import ComityError, NotFound, StorageFailed, VerificationFailed
from comity.kernel.digest import Digest, from_hex
from comity.ledger.checkpoint import Checkpoint, from_text, verify_checkpoint
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.fork import verify_fork
from comity.ledger.identity import Identity, open_identity
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.reading import read_logged
from comity.ledger.redaction import is_erased, leaf_of
from comity.ledger.tree import Edge
from comity.node.care.audit import Policy, verify_log
from comity.node.care.inspection import (
    Problem,
    Shelf,
    inspect_index,
    inspect_keys,
    inspect_leftovers,
    inspect_vault,
    inspect_witness,
    mirror_shelf,
)
from comity.node.disk.journal import find_torn, read_frames
from comity.node.disk.record import Record
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.following.heldcheck import check_held
from comity.node.logs.format import FORMAT_FILE, read_format
from comity.node.logs.log import CHECKPOINT, JOURNAL, LAST
from comity.node.logs.mirror import Mirror
from comity.node.member import config as settings
from comity.node.member.absent import no_node
from comity.node.member.config import Config, Peer
from comity.node.secrets.blob import Blobs

T = TypeVar("T")

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was re-derived, and the first disagreement in each part.

    Args:
        erased: Where entries were taken out; their leaf hashes lead to the signed roots.
    """

    entries: int
    followed: int
    blobs: int
    problems: tuple[Problem, ...]
    erased: tuple[str, ...] = ()


class _Check:
    """One pass over a node's folder."""

    def __init__(self, folder: Path) -> None:
        self._disk = Disk(folder)
        self._problems: list[Problem] = []
        self._erased: list[str] = []
        self._identity: Identity | None = None
        self._size = 0

    def run(self) -> Report:
        """Check every part, going on after each problem."""
        config = self._guarded(settings.FILE, self._config)
        self._guarded(FORMAT_FILE, partial(read_format, self._disk))
        entries = self._guarded(JOURNAL, self._journal) or 0
        self._guarded("public", partial(self._public, "public", self._policy()))
        followed = 0 if config is None else sum(map(bool, self._mirrors(config)))
        blobs = self._blobs()
        for name in self._disk.names("evidence"):
            self._guarded(name, partial(self._evidence, name))
        self._beside(config)
        return Report(
            entries=entries,
            followed=followed,
            blobs=blobs,
            problems=tuple(self._problems),
            erased=tuple(self._erased),
        )

    def _beside(self, config: Config | None) -> None:
        """Check what stands beside the logs."""
        for inspect in (inspect_keys, inspect_witness, inspect_vault, inspect_leftovers):
            self._problems += inspect(self._disk)
        if config is not None:
            shelves = list(filter(None, [self._own_shelf(config), *self._shelves(config)]))
            self._problems += inspect_index(self._disk, config.index_url, shelves)

    def _own_shelf(self, config: Config) -> Shelf | None:
        if self._identity is None:
            return None

        def stretches() -> Iterator[tuple[int, tuple[bytes, ...]]]:
            first = 0
            for frame in read_frames(self._disk, JOURNAL, 0):
                yield first, frame.entries
                first += len(frame.entries)

        return Shelf(
            origin=config.origin,
            size=self._size,
            identity=self._identity,
            stretches=stretches,
        )

    def _shelves(self, config: Config) -> Iterator[Shelf | None]:
        for peer in config.peers:
            mirror = Mirror(self._disk, peer.member)
            place = f"peers/{peer.member}"
            yield self._guarded(place, partial(mirror_shelf, mirror))

    def _config(self) -> Config:
        return settings.from_toml(self._disk.read(settings.FILE))

    def _journal(self) -> int:
        edge, end = Edge(), 0
        identity: Identity | None = None
        roots: dict[int, Digest] = {}
        for frame in read_frames(self._disk, JOURNAL, 0):
            at = frame.start + 14
            for entry in frame.entries:
                place = f"{JOURNAL}, entry {edge.size}, byte {at}"
                identity = identity or open_identity(entry, place=place)
                identity = identity.extended(edge.size, [entry])
                self._reading(entry, edge.size, identity, place)
                edge.append(leaf_of(entry))
                at += len(entry) + 2
            roots[edge.size], end = edge.root, frame.end
        if identity is None:
            raise NotFound("the journal holds no entry", code="node.fsck")
        if find_torn(self._disk, JOURNAL, end) is not None:
            self._add(f"{JOURNAL}, byte {end}", "a torn group; the next append cuts it off")
        torn = Record(self._disk, LAST).find_torn()
        if torn is not None:
            self._add(f"{LAST}, byte {torn}", "a torn slot; the next append writes it anew")
        self._identity, self._size = identity, edge.size
        for name in (LAST, CHECKPOINT):
            self._guarded(name, partial(self._signed, name, identity, roots))
        return edge.size

    def _policy(self) -> Policy:
        """Return what the journal says of the public files; nothing where it is damaged."""
        if self._identity is None:
            return Policy()
        return Policy(member=self._identity.member, log_key=self._identity.first.log_key)

    def _signed(self, name: str, identity: Identity, roots: dict[int, Digest]) -> Checkpoint:
        encoded = Record(self._disk, LAST).read() if name == LAST else self._disk.read(name)
        if encoded is None:
            raise NotFound("both slots are torn; the next append writes it", code="node.fsck")
        note = note_from_bytes(encoded)
        checkpoint = from_text(note.text)
        key = identity.log_keys_for(checkpoint.size)[0]
        verify_checkpoint(note, checkpoint, key, place=name)
        if roots.get(checkpoint.size) != checkpoint.root:
            raise StorageFailed(
                f"the journal does not lead to the signed checkpoint of size {checkpoint.size}",
                code="node.rolled_back",
            )
        return checkpoint

    def _reading(self, entry: bytes, index: int, identity: Identity, place: str) -> None:
        if is_erased(entry):
            self._erased.append(f"{JOURNAL}, entry {index}")
            return
        fault = read_logged(entry, index, identity).fault
        if fault:
            self._add(place, fault)

    def _public(self, folder: str, policy: Policy) -> bool:
        try:
            found = verify_log(FolderSource(self._disk.path(folder)), policy)
        except VerificationFailed as error:
            place = f"{folder}/{error.place}" if error.place else folder
            self._add(place, error.message)
            return False
        gone = (one.index for one in found.entries if is_erased(one.encoded))
        self._erased += [f"{folder}, entry {index}" for index in gone]
        return True

    def _mirrors(self, config: Config) -> Iterator[bool]:
        for peer in config.peers:
            folder = f"peers/{peer.member}"
            if self._disk.length(f"{folder}/checkpoint"):
                mirror = Mirror(self._disk, peer.member)
                policy = Policy(member=peer.member, log_key=peer.log_key)
                check = partial(self._public, folder, policy)
                if mirror.lacks_some(mirror.size):
                    check = partial(self._held, mirror, peer)
                yield bool(self._guarded(folder, check))

    def _held(self, mirror: Mirror, peer: Peer) -> bool:
        """Check what a mirror of hashes, or of chosen entries, holds."""
        try:
            return check_held(mirror, peer.member, peer.log_key) > 0
        except VerificationFailed as error:
            self._add(f"{mirror.folder}{error.place}", error.message)
            return False

    def _blobs(self) -> int:
        blobs, count = Blobs(self._disk), 0
        for name in self._disk.names("public/blob"):
            digest = name.rsplit("/", maxsplit=1)[-1]
            if not _DIGEST.fullmatch(digest):
                self._add(name, "no blob is named so")
                continue
            self._guarded(name, partial(blobs.get, from_hex(digest)))
            count += 1
        for kept in blobs.kept.names():
            self._guarded(f"blobs/{kept.hex()}", partial(blobs.kept.check, kept))
            count += 1
        return count

    def _evidence(self, name: str) -> None:
        verify_fork(fork_from_bytes(self._disk.read(name)))

    def _guarded(self, place: str, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except VerificationFailed as error:
            self._add(error.place or place, error.message)
        except ComityError as error:
            self._add(place, " ".join(str(error).split()))
        return None

    def _add(self, place: str, message: str) -> None:
        self._problems.append(Problem(place=place, message=message))


def check_node(folder: Path) -> Report:
    """Re-derive all a node keeps and name the first wrong byte of each part; no key needed.

    Raises:
        NotFound: The folder holds no node.
    """
    if not folder.is_dir() or not Disk(folder).length(settings.FILE):
        raise no_node(folder)
    return _Check(folder).run()
