# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One member's verified log as a view reads it, with why it may be believed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comity.errors import NotFound, VerificationFailed
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.identity import Identity
from comity.ledger.keyset import Keyset
from comity.ledger.note import Note, from_bytes
from comity.ledger.quorum import Quorum, tally
from comity.ledger.tile import TILE_WIDTH
from comity.ledger.tree import StoredTree
from comity.node.disk.logged import LoggedAt, read_logged
from comity.node.disk.storage import Storage
from comity.node.logs.evidence import Forked
from comity.node.logs.log import Log
from comity.node.logs.mirror import Holding, Mirror
from comity.node.logs.redacting import redacted
from comity.node.member.config import Peer

COUNTED = "log/counted"
PUBLISHED_AT = "log/published"
_STRETCH = 1024 - TILE_WIDTH
_STRETCH_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Why an entry may be believed, and how fresh that is.

    Args:
        log_size: Size of the checkpoint that covers the entry.
        cosigners: Members whose cosignatures counted on it.
        quorum_met: Whether they suffice by this node's own rule.
        checked_at: When the log was last read, or the node's own published; None before.
        cosigned_at: When the first of those cosigners saw that checkpoint; None without any.
        forked_from: The first entry that the two stories of a forked log are not shown to
            share, where this one is not before it; it counts for nothing, whoever cosigned.
    """

    log_size: int
    cosigners: tuple[MemberId, ...]
    quorum_met: bool
    checked_at: Instant | None
    cosigned_at: Instant | None = None
    forked_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLog:
    """One log of a view.

    Args:
        counted: What is known of entries below `counted_size`, which met the quorum.
        newest: What is known of the others.
        read_bundle: Entries of the verified log, 256 at a time; fewer where not all are held.
        holding: Which entries are held; None where all are.
        gone: Kinds, by index, of entries taken out that this node held before.
        logged_at: When this node first held an entry under a checkpoint.
        forked: What convicts the log of two stories; None where nothing does.
        tree: The tree under the newest checkpoint; None before the first.
    """

    member: MemberId
    name: str
    identity: Identity
    size: int
    counted_size: int
    counted: Provenance
    newest: Provenance
    is_own: bool
    read_bundle: Callable[[int], tuple[bytes, ...]]
    holding: Holding | None = None
    gone: Mapping[int, str] = field(default_factory=dict)
    forked: Forked | None = None
    tree: StoredTree | None = None
    logged_at: LoggedAt = lambda _index: None

    def stretches(self, start: int) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Yield the entries held from *start* on, as places and at most 1024 that follow."""
        first, gathered, size = start, list[bytes](), 0
        for number in range(start // TILE_WIDTH, -(-self.size // TILE_WIDTH)):
            at = number * TILE_WIDTH
            entries = self.read_bundle(number)[max(0, start - at) :]
            is_full = len(gathered) >= _STRETCH or size > _STRETCH_BYTES
            if is_full or first + len(gathered) != max(start, at):
                if gathered:
                    yield first, gathered
                first, gathered, size = max(start, at), [], 0
            gathered.extend(entries)
            size += sum(map(len, entries))
        if gathered:
            yield first, gathered

    @property
    def keyset(self) -> Keyset:
        """Return the keyset in force."""
        return self.identity.keyset

    def provenance(self, position: int) -> Provenance:
        """Return what is known of one entry; beyond every checkpoint nobody vouches for it."""
        found, forked = self._attested(position), self.forked
        if forked is None or position < forked.shared:
            return found
        return replace(found, quorum_met=False, forked_from=forked.shared)

    def _attested(self, position: int) -> Provenance:
        if position < self.counted_size:
            return self.counted
        if position < self.newest.log_size:
            return self.newest
        return replace(self.newest, cosigners=(), quorum_met=False, cosigned_at=None)


def own_log(log: Log, identity: Identity, storage: Storage, quorum: Quorum) -> MemberLog:
    """Return a node's own log; entries beyond the public checkpoint are its own to see."""
    size, member, at = log.size, identity.member, _published_at(storage)
    published = log.find_published()
    newest = None if published is None else published[1]

    def read_bundle(number: int) -> tuple[bytes, ...]:
        start = number * TILE_WIDTH
        return tuple(log.entries(start, min(start + TILE_WIDTH, size)))

    counted = _provenance(_find_note(storage, COUNTED), quorum, member, at)
    return MemberLog(
        member=member,
        name=identity.keyset.name,
        identity=identity,
        size=size,
        counted_size=counted.log_size if counted.quorum_met else 0,
        counted=counted,
        newest=_provenance(newest, quorum, member, at),
        is_own=True,
        read_bundle=read_bundle,
        gone=redacted(storage),
        tree=None if published is None else log.public_tree(published[0].size),
        logged_at=read_logged(storage, "log/"),
    )


def peer_log(peer: Peer, mirror: Mirror, quorum: Quorum) -> MemberLog:
    """Return the verified log of a peer whose mirror is not empty."""
    held, counted = mirror.find_checkpoint(), mirror.find_counted()
    at = mirror.find_checked_at()
    newest = _provenance(None if held is None else held.note, quorum, peer.member, at)
    then = _provenance(None if counted is None else counted.note, quorum, peer.member, at)
    identity = mirror.read_identity()
    return MemberLog(
        member=peer.member,
        name=identity.keyset.name,
        identity=identity,
        size=newest.log_size,
        counted_size=then.log_size if then.quorum_met else 0,
        counted=then,
        newest=newest,
        is_own=False,
        read_bundle=mirror.read_bundle,
        gone=redacted(mirror.storage, mirror.folder),
        tree=None if held is None else mirror.tiles.tree(held.checkpoint.size),
        holding=mirror.holding if mirror.lacks_some(mirror.size) else None,
        logged_at=read_logged(mirror.storage, mirror.folder),
    )


def _provenance(
    note: Note | None, quorum: Quorum, owner: MemberId, checked_at: Instant | None
) -> Provenance:
    if note is None:
        return Provenance(log_size=0, cosigners=(), quorum_met=False, checked_at=checked_at)
    size = from_text(note.text).size
    try:
        counted = tally(note, quorum, owner=owner)
    except VerificationFailed:  # its witness became known after the note was taken in
        return Provenance(log_size=size, cosigners=(), quorum_met=False, checked_at=checked_at)
    return Provenance(
        log_size=size,
        cosigners=counted.members,
        quorum_met=counted.is_met,
        checked_at=checked_at,
        cosigned_at=min((one.at for _, one in counted.counted), default=None),
    )


def _find_note(storage: Storage, name: str) -> Note | None:
    try:
        return from_bytes(storage.read(name))
    except NotFound:
        return None


def _published_at(storage: Storage) -> Instant | None:
    try:
        return from_rfc3339(storage.read(PUBLISHED_AT).decode())
    except NotFound:
        return None
