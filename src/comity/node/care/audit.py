# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Verify a whole log from its files alone: no node, no key, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.errors import InvalidDocument, NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.ledger.checkpoint import Checkpoint, from_text, verify_checkpoint
from comity.ledger.identity import Identity, open_identity
from comity.ledger.keyset import Keyset
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey, from_bytes, is_signed_by
from comity.ledger.quorum import Quorum, Tally, tally
from comity.ledger.reading import Reading, read_logged
from comity.ledger.redaction import MAX_REDACTED_BYTES, from_redacted, leaf_of, redacted_path
from comity.ledger.tile import (
    HASH_BYTES,
    MAX_BUNDLE_BYTES,
    MAX_TILE_BYTES,
    TILE_WIDTH,
    Tile,
    bundle_path,
    from_bundle,
    to_tile,
)
from comity.ledger.tree import Edge, StoredTree
from comity.node.fetch.source import LogSource
from comity.node.following.culprit import SourceTiles, find_culprit

_REDACTED = "tile/redacted/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a reader already knows about a log, each part optional.

    Args:
        member: The id its first keyset must have, learnt over another channel.
        log_key: The log's key that its first keyset must name.
        quorum: Whose cosignatures count.
    """

    member: MemberId | None = None
    log_key: NoteKey | None = None
    quorum: Quorum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedEntry:
    """One entry that stands in the log under its signed root.

    Args:
        encoded: The bytes as logged.
        reading: What it says, its signature checked, or why it cannot be read.
    """

    index: int
    encoded: bytes
    sha256: Digest
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLog:
    """A log all of whose files verify.

    Args:
        identity: Who the member is by its own entries; its id and first keys are only as
            good as the channel they were compared over.
        tally: Whose cosignatures counted, or None where the reader named no quorum.
    """

    member: MemberId
    identity: Identity
    checkpoint: Checkpoint
    note: Note
    entries: tuple[VerifiedEntry, ...]
    tally: Tally | None

    @property
    def keyset(self) -> Keyset:
        """Return the keyset in force."""
        return self.identity.keyset

    @property
    def origin(self) -> Origin:
        """Return the log's name."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """Count the entries."""
        return self.checkpoint.size


def verify_log(source: LogSource, policy: Policy | None = None) -> VerifiedLog:
    """Check every file of a log: checkpoint, entries, signatures, tiles.

    Raises:
        VerificationFailed: The first disagreement, with its file, entry and byte.
        PeerFailed: The source cannot be reached.
    """
    policy = policy or Policy()
    note, checkpoint = _checkpoint(source)
    identity = _opened(source, checkpoint)
    first = identity.first.log_key
    if is_signed_by(note, policy.log_key or first) or checkpoint.origin != first.name:
        verify_checkpoint(note, checkpoint, policy.log_key or first)
    if policy.log_key not in {None, first}:
        raise _wrong("the keyset names another log key than you trust", "entry 0")
    if policy.member not in {None, identity.member}:
        raise _wrong(f"this is member {identity.member}, not {policy.member}", "entry 0")
    identity, entries = _entries(source, checkpoint, identity)
    verify_checkpoint(note, checkpoint, identity.log_keys_for(checkpoint.size)[0])
    quorum = policy.quorum
    counted = None if quorum is None else tally(note, quorum, owner=identity.member)
    return VerifiedLog(
        member=identity.member,
        identity=identity,
        checkpoint=checkpoint,
        note=note,
        entries=entries,
        tally=counted,
    )


def read_identity(source: LogSource) -> Identity:
    """Return who a log says it belongs to, so that its keys can be compared elsewhere.

    Where the first key did not sign the checkpoint, the whole log is read and verified.

    Raises:
        VerificationFailed: Its first entry is no keyset, or its checkpoint is not signed by
            the key its keysets name.
        PeerFailed: The source cannot be reached.
    """
    note, checkpoint = _checkpoint(source)
    identity = _opened(source, checkpoint)
    first = identity.first.log_key
    if is_signed_by(note, first) or checkpoint.origin != first.name:
        verify_checkpoint(note, checkpoint, first)
        return identity
    return verify_log(source).identity


def _checkpoint(source: LogSource) -> tuple[Note, Checkpoint]:
    try:
        content = source.read("checkpoint", limit=MAX_NOTE_BYTES)
    except NotFound:
        raise _wrong("this file is missing", "checkpoint") from None
    try:
        note = from_bytes(content)
        checkpoint = from_text(note.text)
    except InvalidDocument as error:
        raise _wrong(_one_line(error), "checkpoint") from None
    if not checkpoint.size:
        raise _wrong("the log is empty; its first entry must be a keyset", "checkpoint")
    return note, checkpoint


def _opened(source: LogSource, checkpoint: Checkpoint) -> Identity:
    width = min(TILE_WIDTH, checkpoint.size)
    path = bundle_path(0, width)
    try:
        entry = _bundle(source, path, width)[0]
    except NotFound:  # one of the two is wrong, and nothing is signed yet
        said = f"a log of size {checkpoint.size} must have {path}, which is missing"
        raise _wrong(said, f"checkpoint, {path}") from None
    return open_identity(entry, place=f"{path}, entry 0, byte 2")


def _entries(
    source: LogSource, checkpoint: Checkpoint, identity: Identity
) -> tuple[Identity, tuple[VerifiedEntry, ...]]:
    edge, found, ours = Edge(), list[VerifiedEntry](), dict[Tile, Sequence[Digest]]()
    for entries in _bundles(source, checkpoint.size):
        ours.update(edge.extend(map(leaf_of, entries)))
        identity = identity.extended(len(found), entries)
        found.extend(
            VerifiedEntry(
                index=index,
                encoded=entry,
                sha256=sha256(entry),
                reading=read_logged(entry, index, identity),
            )
            for index, entry in enumerate(entries, len(found))
        )
    ours.update(edge.partial_tiles())
    if edge.root != checkpoint.root:
        theirs = StoredTree(checkpoint.size, SourceTiles(source).read_tile)
        mine = StoredTree(checkpoint.size, ours.__getitem__)
        where = find_culprit(theirs, mine, checkpoint)
        raise _wrong("the entries do not lead to the signed root", where)
    for tile, hashes in ours.items():
        _check_tile(source, tile, hashes)
    return identity, tuple(found)


def _bundles(source: LogSource, size: int) -> Iterator[tuple[bytes, ...]]:
    for start in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - start)
        path = bundle_path(start // TILE_WIDTH, width)
        try:
            yield _bundle(source, path, width)
        except NotFound:
            raise _wrong("this file is missing", path) from None


def _bundle(source: LogSource, path: str, width: int) -> tuple[bytes, ...]:
    """Read a bundle, or what is left of it where entries were taken out.

    A partial one goes when the full one is there, which may be before the checkpoint says so.
    """
    full = path.partition(".p/")[0]
    for form in dict.fromkeys((path, full, redacted_path(path), redacted_path(full))):
        limit = MAX_REDACTED_BYTES if form.startswith(_REDACTED) else MAX_BUNDLE_BYTES
        try:
            return _parsed(source.read(form, limit=limit), form, width)
        except NotFound:
            continue
    raise NotFound(f"no bundle {path}", code="node.file")


def _parsed(content: bytes, path: str, width: int) -> tuple[bytes, ...]:
    read = from_redacted if path.startswith(_REDACTED) else from_bundle
    try:
        entries = read(content)
    except InvalidDocument as error:
        raise _wrong(_one_line(error), path) from None
    if len(entries) == TILE_WIDTH and ".p/" not in path:
        return entries[:width]
    if len(entries) != width:
        raise _wrong(f"{len(entries)} entries where {width} must stand", path)
    return entries


def _check_tile(source: LogSource, tile: Tile, hashes: Sequence[Digest]) -> None:
    content, expected = _tile(source, tile), to_tile(hashes)
    if content == expected:
        return
    pairs = zip(content, expected, strict=False)
    shorter = min(len(content), len(expected))
    at = next((n for n, (one, other) in enumerate(pairs) if one != other), shorter)
    raise _wrong("this tile does not belong to the entries", f"{tile.path}, byte {at}")


def _tile(source: LogSource, tile: Tile) -> bytes:
    """Read a tile; a partial one may be cut from the full one, as a bundle may."""
    try:
        return source.read(tile.path, limit=MAX_TILE_BYTES)
    except NotFound:
        pass
    try:
        full = source.read(tile.full_path, limit=MAX_TILE_BYTES)
    except NotFound:
        raise _wrong("this file is missing", tile.path) from None
    return full[: tile.width * HASH_BYTES]


def _one_line(error: InvalidDocument) -> str:
    return " ".join(str(error).split())


def _wrong(message: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="ledger.log",
        hint="do not rely on this copy; fetch the log again or from another mirror",
        place=place,
    )
