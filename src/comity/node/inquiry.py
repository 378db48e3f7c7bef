# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Look into what others say of a log: fetch the evidence they name, and what they hold.

A suspicion becomes proof only by the log's own signatures on both stories.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.errors import ComityError, NotFound
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.checkpoint import open_checkpoint
from comity.ledger.fork import MAX_BYTES, Fork, from_bytes, judge_fork
from comity.ledger.forkstatement import (
    STATEMENT_TYPE,
    ForkStatement,
    from_predicate,
    to_statement,
)
from comity.ledger.note import MAX_NOTE_BYTES, NoteKey, is_signed_by
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.tree import StoredTree
from comity.node.disk.storage import Disk
from comity.node.fetch.source import LogSource
from comity.node.following.culprit import SourceTiles
from comity.node.logs.evidence import Exhibit, concerns, with_keysets, with_shared
from comity.node.logs.mirror import Held, Mirror
from comity.node.node import Node
from comity.node.views.seen import Suspicion, suspicions


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What came of looking into it.

    Args:
        taken: Evidence that came in and convicts.
        open: Suspicions that nothing proves or clears.
    """

    taken: tuple[Exhibit, ...]
    open: tuple[Suspicion, ...]


class Below:
    """What stands below a folder of a source, as a source of its own."""

    def __init__(self, source: LogSource, folder: str) -> None:
        self._source = source
        self._folder = folder

    @property
    def name(self) -> str:
        """Return what messages call it."""
        return f"{self._source.name}/{self._folder}"

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file of at most *limit* bytes."""
        return self._source.read(f"{self._folder}/{path}", limit=limit)


def inquire(node: Node) -> Inquiry:
    """Fetch evidence that peers name, and what those hold who say they saw another story.

    What cannot be fetched or does not convict is passed over; nothing is raised for it.
    """
    taken = list(_named(node))
    found = suspicions(node.view())
    asked = {(one.by, one.sight.origin): one for one in found}  # once, whatever they all say
    for one in asked.values():
        exhibit = _pursue(node, one)
        if exhibit is not None:
            taken.append(exhibit)
    convicted = {exhibit.origin for exhibit in node.evidence.exhibits()}
    return Inquiry(
        taken=tuple({one.digest: one for one in taken}.values()),
        open=tuple(one for one in found if one.sight.origin not in convicted),
    )


def report(node: Node, fork: Fork, now: Instant) -> tuple[Exhibit, Reference | None]:
    """Keep evidence and tell of it: the file as a blob, its digest in the own log.

    Returns:
        What is held, and where it was said; None where this node said so before.

    Raises:
        NotFound: The node follows no log of that name and key.
        VerificationFailed: It does not convict.
    """
    member = _member_of(node, fork)
    exhibit = None if member is None else node.keep_fork(fork)
    if exhibit is None or member is None:
        raise NotFound(
            f"this node follows no log that signs as {fork.log_key.partition('+')[0][:80]} "
            "with that key, or holds enough against it",
            code="node.fork_stranger",
            hint="follow that member first; a key nobody knows convicts whoever made it up",
        )
    node.blobs.put(exhibit.encoded)
    said = ForkStatement(origin=exhibit.origin, member=member, evidence=exhibit.digest)
    for entry in node.view().entries(STATEMENT_TYPE, subject=exhibit.digest):
        if entry.member == node.member:
            return exhibit, None
    (reference,) = node.append([to_statement(said)], now)
    return exhibit, reference


def _named(node: Node) -> Iterator[Exhibit]:
    """Yield the evidence that followed logs name and that was not here before."""
    held = {one.digest for one in node.evidence.exhibits()}
    for entry in node.view().entries(STATEMENT_TYPE):
        if entry.statement is None or entry.member == node.member:
            continue
        try:
            said = from_predicate(entry.statement.predicate)
            if said.evidence in held:
                continue
            source = node.connect(entry.member)
            content = source.read(f"blob/{said.evidence.hex()}", limit=MAX_BYTES)
            if sha256(content) != said.evidence:
                continue
            exhibit = _kept(node, from_bytes(content))
        except ComityError:
            continue
        if exhibit is not None:
            yield exhibit


def _pursue(node: Node, suspicion: Suspicion) -> Exhibit | None:
    """Ask who saw another story for what it holds of it, and prove the two of them."""
    member = next(
        (
            log.member
            for log in node.view().members()
            if log.keyset.origin == suspicion.sight.origin and not log.is_own
        ),
        None,
    )
    if member is None:
        return None
    mirror = Mirror(Disk(node.folder), member)
    held = mirror.find_checkpoint()
    try:
        source = Below(node.connect(suspicion.by), f"mirrors/{member}")
        fork = None if held is None else _contradiction(mirror, held, source)
        return None if fork is None else _kept(node, fork)
    except ComityError:
        return None


def _contradiction(mirror: Mirror, held: Held, source: LogSource) -> Fork | None:
    encoded = source.read("checkpoint", limit=MAX_NOTE_BYTES)
    size = held.checkpoint.size
    keys = tuple(one.keyset.log_key for one in reversed(mirror.read_identity().tenures))
    key, other = _signer(held.note.encoded, keys), _signer(encoded, keys)
    shown, _ = open_checkpoint(encoded, other, place=source.name)
    ours = mirror.tiles.tree(size)
    theirs = StoredTree(shown.size, SourceTiles(source).read_tile)
    is_theirs_larger = shown.size >= size
    large, small = (theirs, ours) if is_theirs_larger else (ours, theirs)
    stories = ((held.note.encoded, key), (encoded, other))
    (one, first), (two, second) = stories if is_theirs_larger else stories[::-1]
    is_same_size = shown.size == size
    fork = Fork(
        log_key=first.vkey,
        smaller=one,
        larger=two,
        prefix_root=None if is_same_size else large.root(small.size),
        proof=() if is_same_size else large.consistency(small.size),
        larger_key=second.vkey,
    )
    shown_of_one = with_keysets(fork, mirror.read_identity(), mirror.read_entry)
    return with_shared(shown_of_one, small, large)


def _signer(encoded: bytes, keys: tuple[NoteKey, ...]) -> NoteKey:
    """Return the newest key that signed, or the newest of all where none did."""
    note = note_from_bytes(encoded)
    return next((key for key in keys if is_signed_by(note, key)), keys[0])


def _kept(node: Node, fork: Fork) -> Exhibit | None:
    """Keep evidence about a log this node follows, or its own, and no other's."""
    return None if _member_of(node, fork) is None else node.keep_fork(fork)


def _member_of(node: Node, fork: Fork) -> MemberId | None:
    """Return whose log signs with the keys of the evidence, or None for a stranger's.

    Raises:
        VerificationFailed: It does not convict.
    """
    found = judge_fork(fork)
    for log in node.view().members():
        if concerns(fork, found, log.identity):
            return log.member
    return None
