# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's own log on disk: durable first, then signed, then published.

An append is one frame in the journal, synced; only then is a checkpoint signed over it and
swapped in as `last`. A signer that finds its journal shorter than, or beside, what it last
signed refuses: it was restored from a backup, and signing again would fork the log. Threads
that append at once share one frame, one sync and one signature.
"""

import itertools
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from comity.errors import (
    ComityError,
    Conflict,
    InvalidDocument,
    NotFound,
    NotPermitted,
    StorageFailed,
    VerificationFailed,
)
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.identity import Identity
from comity.ledger.note import Note, NoteSigner
from comity.ledger.redaction import leaf_of, leaves_of
from comity.ledger.tile import TILE_WIDTH
from comity.ledger.tree import Edge, StoredTree
from comity.node.disk.commit import GroupCommit
from comity.node.disk.journal import MAX_GROUP_BYTES, Frame, Journal, to_frame
from comity.node.disk.record import Record
from comity.node.disk.storage import Storage
from comity.node.disk.sweep import sweep_staged
from comity.node.keys.signatory import Signatory
from comity.node.logs import history
from comity.node.logs.tiles import TileFolder

JOURNAL = "log/journal"
LAST = "log/last"
LOCK = "log/lock"
PUBLIC = "public/"
CHECKPOINT = PUBLIC + "checkpoint"
RESTORED = "log/restored"
"""While it stands, nothing is signed: the log came from a backup and may be behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What one caller appends."""

    entries: tuple[bytes, ...]
    frame: bytes


class Log:
    """One log with one writer at a time; any process may read.

    Args:
        wait_s: How long to wait for another writer before giving up.
    """

    def __init__(
        self, storage: Storage, signer: NoteSigner | Signatory, *, wait_s: float = 5.0
    ) -> None:
        self._storage = storage
        self._signatory = signer if isinstance(signer, Signatory) else Signatory(signer)
        self._wait_s = wait_s
        self._public = TileFolder(storage, PUBLIC)
        self._journal = Journal(storage, JOURNAL)
        self._record = Record(storage, LAST)
        self._queue = GroupCommit(self._commit, weigh=_weight, limit=MAX_GROUP_BYTES)
        self._edge = Edge()
        self._tiled = Edge()
        self._is_read = False
        self._is_swept = False
        self._frames_at = array("Q")
        self._firsts = array("Q")
        self._recorded: bytes | None = None
        self._signed_size = 0
        self.refresh()

    @property
    def origin(self) -> Origin:
        """Return the log's name."""
        return self._signatory.origin

    @property
    def identity(self) -> Identity | None:
        """Return the member as the log states it; None where its first entry is no keyset."""
        return self._signatory.identity

    @property
    def size(self) -> int:
        """Count the durable entries this object knows of."""
        return self._edge.size

    @property
    def waiting(self) -> int:
        """Count the callers who wait for the next group commit."""
        return len(self._queue)

    def refresh(self) -> None:
        """Take in what another process has written since."""
        if not self._journal.is_doubtful and not self._is_current():
            with self._writing():
                pass

    def append(self, entries: Sequence[bytes]) -> range:
        """Add entries as one group, durable when this returns, and sign a checkpoint.

        Returns:
            Their indexes.

        Raises:
            Conflict: Another writer holds the log.
            InvalidDocument: Nothing was added: no entries, or one is too large.
            NotPermitted: The log was restored and nobody has confirmed it yet.
            StorageFailed: Nothing was added.
        """
        return self._queue.submit(_Group(entries=tuple(entries), frame=to_frame(entries)))

    def _commit(self, groups: Sequence["_Group"]) -> list[range]:
        """Add the groups of several callers, all of them or none."""
        entries = [entry for group in groups for entry in group.entries]
        frame = groups[0].frame if len(groups) == 1 else to_frame(entries)
        with self._writing():
            self._refuse_unconfirmed()
            first = self.size
            self._add(entries, frame, self._sign)
        sizes = [len(group.entries) for group in groups]
        starts = itertools.accumulate(sizes, initial=first)
        return [range(at, at + size) for at, size in zip(starts, sizes, strict=False)]

    def take_in(self, note: Note, entries: Sequence[bytes]) -> None:
        """Add entries this log once signed and lost, as a mirror kept them.

        Args:
            note: The mirror's checkpoint of this log, at the size they lead to.

        Raises:
            InvalidDocument: They are more than one group takes.
            StorageFailed: Nothing was added.
            VerificationFailed: They do not lead to the checkpoint, or the log did not sign it.
        """
        checkpoint, _ = self._open(note.encoded, "mirror")
        own = Note(
            text=note.text,
            signatures=tuple(one for one in note.signatures if one.name == self.origin),
        )

        def settle(edge: Edge) -> None:
            if (edge.size, edge.root) != (checkpoint.size, checkpoint.root):
                raise VerificationFailed(
                    "the entries do not lead to the checkpoint this log has signed",
                    code="ledger.log",
                    hint="nothing was taken in; another mirror may hold the right ones",
                )
            self._swap(own.encoded, checkpoint.size)

        with self._writing():
            self._add(entries, to_frame(entries), settle)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield entries from *start* up to, not including, *stop*."""
        end = self.size if stop is None else min(stop, self.size)
        if start >= end:
            return
        mark = start // TILE_WIDTH
        index = self._firsts[mark]
        for frame in self._journal.frames_from(self._frames_at[mark]):
            for entry in frame.entries:
                if index >= end:
                    return
                if index >= start:
                    yield entry
                index += 1

    def prepare(self) -> tuple[Checkpoint, Note, StoredTree]:
        """Write the tiles of the log as it is, and return what witnesses need to sign it."""
        with self._writing():
            if self._signed_size < self.size:
                self._refuse_unconfirmed()
                self._sign(self._edge)
            checkpoint, note = self._newest()
            found = self.find_published()
            if found is None or found[0].size < checkpoint.size:
                self._sweep_tiles()
                self._tiled, end = self._public.write(self._tiled, self._bundles())
                self._match(end, checkpoint)
            return checkpoint, note, self._public.tree(checkpoint.size)

    def publish(self, note: Note) -> Note:
        """Put a checkpoint of this log where followers read it.

        Returns:
            The checkpoint now public: signatures join those already there.

        Raises:
            Conflict: A larger checkpoint is public already.
        """
        with self._writing():
            checkpoint, _ = self._open(note.encoded, CHECKPOINT)
            found = self.find_published()
            if found is not None and found[0].size > checkpoint.size:
                message = f"a checkpoint of size {found[0].size} is public already"
                raise Conflict(message, code="node.published")
            if found is not None and found[0] == checkpoint:
                note = found[1].with_signatures(note.signatures)
            self._put_history(checkpoint.size)
            self._storage.replace(CHECKPOINT, note.encoded)
            return note

    def _put_history(self, size: int) -> None:
        """Say beside the checkpoint where the member's keys changed, for who keeps hashes."""
        changes = () if self.identity is None else self.identity.until(size).changes
        if changes:
            found = history.to_bytes(size, changes)
            self._storage.replace(PUBLIC + history.FILE, found, durable=False)

    def find_published(self) -> tuple[Checkpoint, Note] | None:
        """Return the public checkpoint, or None before the first."""
        try:
            return self._open(self._storage.read(CHECKPOINT), CHECKPOINT)
        except NotFound:
            return None

    def public_tree(self, size: int) -> StoredTree:
        """Return the tree of the first *size* entries, which are public."""
        return self._public.tree(size)

    def open_signed(self, encoded: bytes) -> Checkpoint:
        """Return a checkpoint that somebody shows of this log, if its own key signed it.

        Raises:
            InvalidDocument: Malformed.
            VerificationFailed: This log did not sign it.
        """
        return self._open(encoded, "mirror")[0]

    def _add(
        self, entries: Sequence[bytes], frame: bytes, settle: Callable[[Edge], None]
    ) -> None:
        """Make entries durable, then settle on the tree over them; else take them back."""
        start, first, edge = self._journal.end, self.size, self._edge.copy()
        edge.extend(leaves_of(entries))
        stop = self._journal.append(frame)
        try:
            self._signatory.take(first, entries)
            settle(edge)
        except Conflict:  # what stands there now may be the other writer's
            self._signatory.take(first, ())
            raise
        except ComityError:
            self._signatory.take(first, ())
            self._journal.take_back(start)
            raise
        self._note_frame(first + len(entries), start)
        # In this order: interrupted anywhere, the next writing reads the frame from the disk.
        self._edge = edge
        self._journal.end = stop

    def _sweep_tiles(self) -> None:
        """Remove what a killed writer left among the tiles; nobody else writes there now."""
        if not self._is_swept:
            sweep_staged(self._storage, f"{PUBLIC}tile/")
            self._is_swept = True

    def _refuse_unconfirmed(self) -> None:
        if self._storage.length(RESTORED):
            raise NotPermitted(
                "this log was restored from a backup, and nobody has confirmed yet that it is "
                "not behind what it signed before",
                code="node.unconfirmed",
                hint="ask its witnesses and mirrors: comity node confirm",
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._storage.lock(LOCK, self._wait_s):
            if self._journal.is_doubtful:
                self._settle()
            self._catch_up()
            yield

    def _settle(self) -> None:
        """Take back what a failed append left, unless another writer has signed over it."""
        if self._record.read() == self._recorded:
            self._journal.settle()
        else:
            self._journal.accept()

    def _catch_up(self) -> None:
        if self._is_current():
            return
        seen = self.size if self._is_read else -1
        published = self.find_published()
        signed = [found for found in (self._find_last(), published) if found]
        unmet = {one.size: one for one, _ in signed if one.size > seen}
        # Of what was signed and never made public, no tile need be there.
        boundary = 0 if published is None else published[0].size // TILE_WIDTH * TILE_WIDTH
        for frame in self._journal.frames():
            self._note_frame(self.size + len(frame.entries), frame.start)
            self._extend(frame, boundary)
            if self.size in unmet:
                self._match(self._edge, unmet.pop(self.size))
        for checkpoint in unmet.values():
            raise self._rolled_back(checkpoint)
        self._journal.cut_torn()
        self._is_read = True
        self._recorded, last = self._record.read(), self._find_last()
        self._signed_size = 0 if last is None else last[0].size

    def _is_current(self) -> bool:
        if not self._signed_size or not self._journal.is_at_end():
            return False
        return self._record.read() == self._recorded

    def _extend(self, frame: Frame, boundary: int) -> None:
        self._signatory.take(self.size, frame.entries)
        for entry in frame.entries:
            self._edge.append(leaf_of(entry))
            if self.size == boundary:
                self._tiled = self._edge.copy()

    def _note_frame(self, size: int, start: int) -> None:
        first = self.size
        while len(self._firsts) * TILE_WIDTH < size:
            self._firsts.append(first)
            self._frames_at.append(start)

    def _sign(self, edge: Edge) -> None:
        """Sign and record the tree so far, where nobody has to confirm the log first."""
        checkpoint = Checkpoint(origin=self.origin, size=edge.size, root=edge.root)
        encoded = self._signatory.sign(checkpoint).encoded
        # Not synced: a power cut may lose or tear the newest record, never an entry it covers.
        self._swap(encoded, checkpoint.size)

    def _swap(self, encoded: bytes, size: int) -> None:
        self._record.swap(self._recorded, encoded)
        self._recorded, self._signed_size = encoded, size

    def _newest(self) -> tuple[Checkpoint, Note]:
        found = self._find_last()
        if found is None:
            raise NotFound("the log has no entry yet", code="node.empty_log")
        return found

    def _find_last(self) -> tuple[Checkpoint, Note] | None:
        """Return the last signed checkpoint, or None where a power cut tore its record."""
        encoded = self._record.read()
        try:
            return None if encoded is None else self._open(encoded, LAST)
        except InvalidDocument:
            return None

    def _open(self, encoded: bytes, name: str) -> tuple[Checkpoint, Note]:
        return self._signatory.open(encoded, place=name)

    def _bundles(self) -> Iterator[Sequence[bytes]]:
        entries = self.entries(self._tiled.size)
        while bundle := tuple(itertools.islice(entries, TILE_WIDTH)):
            yield bundle

    def _match(self, edge: Edge, checkpoint: Checkpoint) -> None:
        if edge.root != checkpoint.root or edge.size != checkpoint.size:
            raise self._rolled_back(checkpoint)

    def _rolled_back(self, checkpoint: Checkpoint) -> StorageFailed:
        return StorageFailed(
            f"the journal has {self.size} entries and does not lead to the checkpoint of size "
            f"{checkpoint.size} this log has signed; signing again would fork it",
            code="node.rolled_back",
            hint="put the newest journal back (a mirror has every entry), or start a new log",
        )


def _weight(group: _Group) -> int:
    return len(group.frame)
