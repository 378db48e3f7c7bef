# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bring a mirror up to date with a log, believing nothing that does not verify.

What came in is kept apart until the tree over it has the signed root; an interrupted sync
goes on where it stopped. A log that shrank or changed its past is refused, and where its own
signatures convict it, an evidence file is written that anyone checks offline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.errors import (
    ComityError,
    InvalidDocument,
    NotFound,
    PeerFailed,
    VerificationFailed,
)
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import Checkpoint, from_text, verify_checkpoint
from comity.ledger.fork import Fork, convicts, to_bytes, verify_fork
from comity.ledger.identity import Identity, open_identity
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey, bounded, from_bytes, is_signed_by
from comity.ledger.quorum import Quorum, Tally, tally
from comity.ledger.tile import MAX_BUNDLE_BYTES, TILE_WIDTH, Tile, bundle_path, from_bundle
from comity.ledger.tree import Edge, StoredTree
from comity.node.culprit import SourceTiles, find_culprit
from comity.node.mirror import Held, Mirror
from comity.node.source import LogSource

DEFAULT_MAX_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What an operator knows of a followed log from its own configuration.

    Args:
        log_key: The one that the member's first keyset names; its log tells of any later.
    """

    member: MemberId
    log_key: NoteKey
    quorum: Quorum
    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a sync came to.

    Args:
        previous: Size before.
        size: Size now, all of it verified.
        tally: Whose cosignatures counted on the newest checkpoint.
    """

    member: MemberId
    previous: int
    size: int
    tally: Tally


def follow(source: LogSource, mirror: Mirror, trust: Trust, now: Instant) -> Followed:
    """Bring a mirror up to date.

    Raises:
        PeerFailed: The source cannot be reached, is slow, or sends too much.
        VerificationFailed: Something does not verify, the log went back, or it forked
            (`ledger.fork`, with an evidence file); the mirror is as it was.
    """
    encoded = _needed(source, "checkpoint", MAX_NOTE_BYTES)
    try:
        note = from_bytes(encoded)
        checkpoint = from_text(note.text)
    except InvalidDocument as error:
        raise _garbage(source, "checkpoint", error) from None
    tally(note, trust.quorum, owner=trust.member)
    held = mirror.find_checkpoint()
    sync = _Sync(
        source=source,
        mirror=mirror,
        trust=trust,
        target=checkpoint,
        note=note,
        held=held,
        identity=None if held is None else mirror.read_identity(),
    )
    kept = sync.settle()
    counted = tally(kept, trust.quorum, owner=trust.member)
    mirror.keep(kept, is_counted=counted.is_met, now=now)
    return Followed(
        member=trust.member, previous=sync.start, size=checkpoint.size, tally=counted
    )


@dataclass(slots=True, kw_only=True)
class _Sync:
    """One run of fetching and checking up to one checkpoint."""

    source: LogSource
    mirror: Mirror
    trust: Trust
    target: Checkpoint
    note: Note
    held: Held | None
    identity: Identity | None
    fetched_bytes: int = 0

    @property
    def place(self) -> str:
        """Return where the checkpoint was read."""
        return f"{self.source.name}/checkpoint"

    @property
    def start(self) -> int:
        """Return the size already held."""
        return 0 if self.held is None else self.held.checkpoint.size

    def settle(self) -> Note:
        """Make the mirror hold the target's entries and return the note to keep."""
        if self.held is None or self.target.size > self.start:
            if self._is_signed_as_known():
                self._check_signature()
            self.run()
            return self.note
        self._check_signature()
        self._compare(self.held)
        known = (*self.log_keys, *(one.key for one in self.trust.quorum.witnesses))
        return bounded(self.held.note.with_signatures(self.note.signatures), known)

    @property
    def log_keys(self) -> tuple[NoteKey, ...]:
        """Return the keys of the target's checkpoint, as far as the log is read."""
        if self.identity is None:
            return (self.trust.log_key,)
        return self.identity.log_keys_for(self.target.size)

    def _is_signed_as_known(self) -> bool:
        """Tell whether the checkpoint speaks for a key known now; else its log must."""
        is_of_log = self.target.origin == self.trust.log_key.name
        return not is_of_log or is_signed_by(self.note, self.log_keys[0])

    def _check_signature(self) -> None:
        """Check the checkpoint by the key that the log read so far gives it."""
        verify_checkpoint(self.note, self.target, self.log_keys[0], place=self.place)

    def _compare(self, held: Held) -> None:
        """Refuse a checkpoint that is older than the one held, or another of its size."""
        tree = self.mirror.tiles.tree(self.start)
        then = tree.root(self.target.size)
        is_same_size = self.target.size == self.start
        if then != self.target.root:
            fork = Fork(
                log_key=self.log_keys[0].vkey,
                smaller=self.note.encoded,
                larger=held.note.encoded,
                prefix_root=None if is_same_size else then,
                proof=() if is_same_size else tree.consistency(self.target.size),
            )
            raise self._forked(fork)
        if not is_same_size:
            raise VerificationFailed(
                f"the log went back from size {self.start} to {self.target.size}",
                code="ledger.rollback",
                hint="this is an old copy, or its owner hides new entries; ask elsewhere",
                place=self.place,
            )

    def run(self) -> None:
        """Fetch, check and take in."""
        boundary = self.start // TILE_WIDTH * TILE_WIDTH
        edge = Edge.from_tiles(boundary, self.mirror.tiles.read_tile)
        try:
            _, end = self.mirror.incoming.write(edge, self._bundles(boundary))
            self._check(end)
        except VerificationFailed:
            self.mirror.drop_incoming()
            raise
        self.mirror.take_in()

    def _bundles(self, boundary: int) -> Iterator[Sequence[bytes]]:
        for start in range(boundary, self.target.size, TILE_WIDTH):
            index, width = start // TILE_WIDTH, min(TILE_WIDTH, self.target.size - start)
            entries = self._bundle(index, width)
            identity = self._opened(entries[0]) if not start else self.identity
            if identity is not None:
                known = max(self.start, start)
                self.identity = identity.extended(known, entries[known - start :])
            yield entries

    def _bundle(self, index: int, width: int) -> tuple[bytes, ...]:
        if width == TILE_WIDTH:
            try:
                return self.mirror.incoming.read_bundle(index, width)
            except NotFound:
                pass
        return self._fetch(index, width)

    def _fetch(self, index: int, width: int) -> tuple[bytes, ...]:
        path = bundle_path(index, width)
        try:
            content = self.source.read(path, limit=MAX_BUNDLE_BYTES)
        except NotFound:
            path = bundle_path(index)
            content = _needed(self.source, path, MAX_BUNDLE_BYTES)
        self.fetched_bytes += len(content)
        if self.fetched_bytes > self.trust.max_bytes:
            raise PeerFailed(
                f"{self.source.name} sends more than {self.trust.max_bytes} new bytes",
                code="node.peer_flood",
                hint="what came in is kept; if that much is expected, run again to go on",
                peer=self.source.name,
            )
        try:
            entries = from_bundle(content)[:width]
        except InvalidDocument as error:
            raise _garbage(self.source, path, error) from None
        if len(entries) < width:
            message = f"{len(entries)} entries where {width} must stand"
            raise _refused(message, f"{self.source.name}/{path}")
        return entries

    def _opened(self, entry: bytes) -> Identity:
        """Return who the log belongs to, which must be who the operator trusts."""
        place = f"{self.source.name}/{bundle_path(0, min(TILE_WIDTH, self.target.size))}"
        found = open_identity(entry, place=f"{place}, entry 0")
        check_identity(found, self.trust.member, self.trust.log_key, f"{place}, entry 0")
        return self.identity or found

    def _check(self, end: Edge) -> None:
        if end.root != self.target.root:
            theirs = StoredTree(self.target.size, SourceTiles(self.source).read_tile)
            self._check_past(theirs, is_certain=False)
            where = find_culprit(theirs, self._tree(), self.target)
            message = "the entries do not lead to the signed root"
            raise _refused(message, f"{self.source.name}/{where}")
        self._check_signature()
        self._check_past(self._tree(), is_certain=True)

    def _check_past(self, tree: StoredTree, *, is_certain: bool) -> None:
        """Refuse a tree under the signed root whose past is not the one we hold."""
        if self.held is None:
            return
        try:
            then, proof = tree.root(self.start), tree.consistency(self.start)
        except ComityError:
            if is_certain:
                raise
            return
        fork = Fork(
            log_key=self._key_of(self.held).vkey,
            smaller=self.held.note.encoded,
            larger=self.note.encoded,
            prefix_root=then,
            proof=proof,
        )
        if then != self.held.checkpoint.root and convicts(fork):
            raise self._forked(fork)

    def _key_of(self, held: Held) -> NoteKey:
        if self.identity is None:
            return self.trust.log_key
        return self.identity.log_keys_for(held.checkpoint.size)[0]

    def _forked(self, fork: Fork) -> VerificationFailed:
        smaller, larger = verify_fork(fork)
        name = f"evidence/fork-{self.trust.member[:16]}-{smaller.size}-{larger.size}.json"
        self.mirror.storage.replace(name, to_bytes(fork))
        return VerificationFailed(
            f"the log {smaller.origin} signed two stories: one of size {smaller.size}, "
            f"one of size {larger.size}; the evidence is in {name}",
            code="ledger.fork",
            hint="show the evidence file to other members; do not rely on this log",
            place=self.place,
        )

    def _tree(self) -> StoredTree:
        return StoredTree(self.target.size, self._read_tile)

    def _read_tile(self, tile: Tile) -> Sequence[Digest]:
        try:
            return self.mirror.incoming.read_tile(tile)
        except NotFound:
            return self.mirror.tiles.read_tile(tile)


def check_identity(identity: Identity, member: MemberId, log_key: NoteKey, place: str) -> None:
    """Check that a log belongs to whom an operator trusts.

    Raises:
        VerificationFailed: It is another member's, or names another log key.
    """
    if identity.member != member:
        raise _refused(f"this is member {identity.member}, not {member}", place)
    named = identity.first.log_key
    if named != log_key:
        raise _refused(f"the keyset names the log key {named.vkey}", place)


def _needed(source: LogSource, path: str, limit: int) -> bytes:
    try:
        return source.read(path, limit=limit)
    except NotFound:
        raise PeerFailed(
            f"{source.name} has no {path}, which its log must have",
            code="node.peer",
            hint="check the address: `checkpoint` must stand directly below it",
            peer=source.name,
        ) from None


def _garbage(source: LogSource, path: str, error: InvalidDocument) -> PeerFailed:
    return PeerFailed(
        f"{source.name}/{path} is garbage: {' '.join(str(error).split())}",
        code="node.peer",
        hint="check the address: it may not be a log at all",
        peer=source.name,
    )


def _refused(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="ledger.log",
        hint="nothing of it was taken in; fetch it from another mirror",
        place=place,
    )
