# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's own log on disk: durable first, then signed, then published.

An append is one frame in the journal, synced; only then is a checkpoint signed over it and
recorded as `last`. A signer that finds its journal shorter than, or beside, what it last
signed refuses: it was restored from a backup, and signing again would fork the log.
"""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from comity.errors import Conflict, InvalidDocument, NotFound, StorageFailed
from comity.kernel.ids import Origin
from comity.kernel.merkle import leaf_hash
from comity.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from comity.ledger.note import Note, NoteSigner
from comity.ledger.tile import TILE_WIDTH
from comity.ledger.tree import Edge, StoredTree
from comity.node.journal import Frame, read_frames, to_frame
from comity.node.storage import Storage
from comity.node.tiles import TileFolder

JOURNAL = "log/journal"
LAST = "log/last"
LOCK = "log/lock"
PUBLIC = "public/"
CHECKPOINT = PUBLIC + "checkpoint"


class Log:
    """One log with one writer at a time; any process may read.

    Args:
        wait_s: How long to wait for another writer before giving up.
    """

    def __init__(self, storage: Storage, signer: NoteSigner, *, wait_s: float = 5.0) -> None:
        self._storage = storage
        self._signer = signer
        self._wait_s = wait_s
        self._public = TileFolder(storage, PUBLIC)
        self._edge = Edge()
        self._tiled = Edge()
        self._end = 0
        self._is_read = False
        self._frames_at = array("Q")
        self._firsts = array("Q")
        self._last: tuple[bytes, Checkpoint] | None = None
        self.refresh()

    @property
    def origin(self) -> Origin:
        """Return the log's name."""
        return Origin(self._signer.key.name)

    @property
    def size(self) -> int:
        """Count the durable entries this object knows of."""
        return self._edge.size

    def refresh(self) -> None:
        """Take in what another process has written since."""
        if not self._is_current():
            with self._writing():
                pass

    def append(self, entries: Sequence[bytes]) -> range:
        """Add entries as one group, durable when this returns, and sign a checkpoint.

        Returns:
            Their indexes.

        Raises:
            Conflict: Another writer holds the log.
            StorageFailed: Nothing was added.
        """
        frame = to_frame(entries)
        with self._writing():
            start, first = self._end, self.size
            edge = self._edge.copy()
            edge.extend(map(leaf_hash, entries))
            self._storage.append(JOURNAL, frame)
            try:
                self._sign(edge)
            except StorageFailed:
                self._storage.truncate(JOURNAL, start)
                raise
            self._note_frame(Frame(start=start, end=start + len(frame), entries=tuple(entries)))
            self._edge = edge
        return range(first, self.size)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield entries from *start* up to, not including, *stop*."""
        end = self.size if stop is None else min(stop, self.size)
        if start >= end:
            return
        mark = start // TILE_WIDTH
        index = self._firsts[mark]
        for frame in read_frames(self._storage, JOURNAL, self._frames_at[mark]):
            for entry in frame.entries:
                if index >= end:
                    return
                if index >= start:
                    yield entry
                index += 1

    def prepare(self) -> tuple[Checkpoint, Note, StoredTree]:
        """Write the tiles of the log as it is, and return what witnesses need to sign it."""
        with self._writing():
            if self._last is None or self._last[1].size < self.size:
                self._sign(self._edge)
            checkpoint, note = self._newest()
            found = self.find_published()
            if found is None or found[0].size < checkpoint.size:
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
            checkpoint, _ = open_checkpoint(note.encoded, self._signer.key)
            found = self.find_published()
            if found is not None and found[0].size > checkpoint.size:
                message = f"a checkpoint of size {found[0].size} is public already"
                raise Conflict(message, code="node.published")
            if found is not None and found[0] == checkpoint:
                note = found[1].with_signatures(note.signatures)
            self._storage.replace(CHECKPOINT, note.encoded)
            return note

    def find_published(self) -> tuple[Checkpoint, Note] | None:
        """Return the public checkpoint, or None before the first."""
        return self._find_signed(CHECKPOINT)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._storage.lock(LOCK, self._wait_s):
            self._catch_up()
            yield

    def _catch_up(self) -> None:
        if self._is_current():
            return
        seen = self.size if self._is_read else -1
        published = self.find_published()
        signed = [found for found in (self._find_last(), published) if found]
        unmet = {one.size: one for one, _ in signed if one.size > seen}
        # Of what was signed and never made public, no tile need be there.
        boundary = 0 if published is None else published[0].size // TILE_WIDTH * TILE_WIDTH
        for frame in read_frames(self._storage, JOURNAL, self._end):
            self._note_frame(frame)
            self._extend(frame, boundary)
            if self.size in unmet:
                self._match(self._edge, unmet.pop(self.size))
        for checkpoint in unmet.values():
            raise self._rolled_back(checkpoint)
        if self._end < self._storage.length(JOURNAL):
            self._storage.truncate(JOURNAL, self._end)
        self._is_read = True
        last = self._find_last()
        self._last = None if last is None else (last[1].encoded, last[0])

    def _is_current(self) -> bool:
        if self._last is None or self._end != self._storage.length(JOURNAL):
            return False
        return self._storage.read(LAST) == self._last[0]

    def _extend(self, frame: Frame, boundary: int) -> None:
        for entry in frame.entries:
            self._edge.append(leaf_hash(entry))
            if self.size == boundary:
                self._tiled = self._edge.copy()

    def _note_frame(self, frame: Frame) -> None:
        first = self.size
        while len(self._firsts) * TILE_WIDTH < first + len(frame.entries):
            self._firsts.append(first)
            self._frames_at.append(frame.start)
        self._end = frame.end

    def _sign(self, edge: Edge) -> None:
        checkpoint = Checkpoint(origin=self.origin, size=edge.size, root=edge.root)
        encoded = sign_checkpoint(checkpoint, self._signer).encoded
        # Not synced: a power cut may lose or tear the newest record, never an entry it covers.
        self._storage.replace(LAST, encoded, durable=False)
        self._last = (encoded, checkpoint)

    def _newest(self) -> tuple[Checkpoint, Note]:
        found = self._find_last()
        if found is None:
            raise NotFound("the log has no entry yet", code="node.empty_log")
        return found

    def _find_last(self) -> tuple[Checkpoint, Note] | None:
        """Return the last signed checkpoint, or None where a power cut tore its record."""
        try:
            return self._find_signed(LAST)
        except InvalidDocument:
            return None

    def _find_signed(self, name: str) -> tuple[Checkpoint, Note] | None:
        try:
            encoded = self._storage.read(name)
        except NotFound:
            return None
        return open_checkpoint(encoded, self._signer.key, place=name)

    def _bundles(self) -> Iterator[Sequence[bytes]]:
        for start in range(self._tiled.size, self.size, TILE_WIDTH):
            yield tuple(self.entries(start, start + TILE_WIDTH))

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
