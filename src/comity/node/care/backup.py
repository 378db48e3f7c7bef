# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Copy a node that serves, again and again into one place, and put a copy back.

A backup is a manifest and the pieces of files it names, each stored under its SHA-256. A run
writes what is not there yet, then the manifest, then lets go what no manifest names: whatever
interrupts it, the copy before stays whole.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Conflict, NotFound, StorageFailed, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.note import from_bytes
from comity.node.care.manifest import (
    FILE,
    PIECE_BYTES,
    Kept,
    Manifest,
    from_json,
    object_name,
    to_json,
)
from comity.node.disk.handle import reporting
from comity.node.disk.journal import read_frames
from comity.node.disk.record import Record, to_slots
from comity.node.disk.storage import Disk
from comity.node.logs.format import read_format
from comity.node.logs.log import CHECKPOINT, JOURNAL, LAST, LOCK
from comity.node.member import config as settings
from comity.node.member.absent import no_node

_LOCK_WAIT_S = 30.0
_REBUILT = {"index.sqlite"}
_PASSING = ("-wal", "-shm", "-journal", ".new", ".redacting")

Progress = Callable[[int, int], None]
"""Told how many of how many files are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a run came to.

    Args:
        written_bytes: What was not there yet.
        skipped: What was left out and why, such as a symbolic link.
    """

    manifest: Manifest
    written_bytes: int
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenFile:
    """One file held open, whatever is put in its place meanwhile."""

    handle: int

    def length(self, _name: str) -> int:
        """Return its size."""
        return os.fstat(self.handle).st_size

    def read(self, _name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return a stretch of it."""
        return os.pread(self.handle, (PIECE_BYTES if end is None else end) - start, start)


def back_up(
    folder: Path, target: Path, now: Instant, progress: Progress = lambda _done, _all: None
) -> Backup:
    """Bring the copy of a node in *target* up to date; the node may be serving.

    Raises:
        Conflict: *target* holds something else, lies in the node, or the log stays locked.
        NotFound: The folder holds no node.
        StorageFailed: A file cannot be read or written; the copy before is whole.
    """
    source, target = Disk(folder), target.absolute()
    if not folder.is_dir() or not source.length(settings.FILE):
        raise no_node(folder)
    number = read_format(source)
    return _Run(source, Disk(target), _previous(folder, target)).run(number, now, progress)


def _previous(folder: Path, target: Path) -> Manifest | None:
    if target.resolve().is_relative_to(folder.resolve()):
        message = f"{target} lies in the node itself"
        raise Conflict(message, code="node.backup", hint="back up to another disk")
    if target.exists() and not (target.is_dir() and not target.is_symlink()):
        raise Conflict(f"{target} is no folder", code="node.backup", hint="name a folder")
    try:
        return from_json(Disk(target).read(FILE))
    except NotFound:
        if target.exists() and any(one.name != "objects" for one in target.iterdir()):
            raise Conflict(
                f"{target} holds something that is no backup",
                code="node.backup",
                hint="name a new folder, or one that holds a backup of this node",
            ) from None
        return None


class _Run:
    """One run over a node's folder."""

    def __init__(self, source: Disk, target: Disk, previous: Manifest | None) -> None:
        self._source = source
        self._target = target
        self._previous = {} if previous is None else {one.name: one for one in previous.files}
        self._before = previous
        self._written_bytes = 0
        self._skipped: list[str] = []

    def run(self, number: int, now: Instant, progress: Progress) -> Backup:
        """Copy what changed, write the manifest, let go what it no longer names."""
        with reporting(self._target.folder, "create"):
            self._target.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._held_log() as (signed, journal):
            checkpoint = from_text(from_bytes(signed).text)
            self._refuse_other(checkpoint)
            public = self._find(CHECKPOINT)  # before the tiles it needs
            names = list(self._names())
            files = [self._stored(LAST, to_slots(signed)), self._journal(journal, checkpoint)]
            if public is not None:
                files.append(self._stored(CHECKPOINT, public))
            for done, name in enumerate(names):
                files.extend(self._copied(name))
                progress(done + 1, len(names))
            late = set(self._names()) - set(names)  # a full tile whose partial one has gone
            for name in sorted(late):
                files.extend(self._copied(name))
        manifest = Manifest(
            node_format=number,
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=checkpoint.root,
            taken=now,
            files=tuple(sorted(files, key=lambda one: one.name)),
        )
        self._target.replace(FILE, to_json(manifest))
        self._let_go(manifest)
        return Backup(
            manifest=manifest,
            written_bytes=self._written_bytes,
            skipped=tuple(sorted(self._skipped)),
        )

    @contextmanager
    def _held_log(self) -> Iterator[tuple[bytes, _OpenFile]]:
        """Hold the journal open as it was when the last checkpoint covered all of it."""
        path = self._source.path(JOURNAL)
        with self._source.lock(LOCK, _LOCK_WAIT_S), reporting(path, "read"):
            signed = Record(self._source, LAST).read() or self._source.read(CHECKPOINT)
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            yield signed, _OpenFile(handle=handle)
        finally:
            os.close(handle)

    def _refuse_other(self, checkpoint: Checkpoint) -> None:
        before = self._before
        if before is None:
            return
        if before.origin == checkpoint.origin and before.size <= checkpoint.size:
            return
        raise Conflict(
            f"the backup is of {before.origin} with {before.size} entries, and this is "
            f"{checkpoint.origin} with {checkpoint.size}",
            code="node.backup",
            hint="no copy is replaced by an older one or another node's: name a new folder",
        )

    def _names(self) -> Iterator[str]:
        """Yield every file to copy; symbolic links are never followed."""
        for place, folders, names in os.walk(self._source.folder):
            for name in sorted(folders):
                if Path(place, name).is_symlink():
                    self._skip(Path(place, name), "is a symbolic link")
                    folders.remove(name)
            if "incoming" in folders:
                folders.remove("incoming")
            for name in sorted(names):
                path = Path(place, name)
                relative = path.relative_to(self._source.folder).as_posix()
                if name == "lock" or name.endswith(_PASSING) or relative in _REBUILT:
                    continue
                if relative not in {JOURNAL, LAST, CHECKPOINT}:
                    yield relative

    def _journal(self, journal: _OpenFile, checkpoint: Checkpoint) -> Kept:
        count = end = 0
        for frame in read_frames(journal, JOURNAL, 0):  # type: ignore[arg-type] # only reads
            if count >= checkpoint.size:
                self._skipped.append(
                    f"{JOURNAL} goes on beyond what was signed; publish, then back up again"
                )
                break
            count, end = count + len(frame.entries), frame.end
        if count != checkpoint.size:
            raise StorageFailed(
                f"the journal has {count} entries where {checkpoint.size} were signed",
                code="node.backup",
                hint="run `comity node fsck`; the copy before was left as it is",
            )
        return self._pieces(JOURNAL, journal, end, 0)

    def _copied(self, name: str) -> Iterator[Kept]:
        path = self._source.path(name)
        try:
            found = path.lstat()
        except FileNotFoundError:  # a partial tile, now that the full one is there
            return
        if not stat.S_ISREG(found.st_mode):
            self._skip(path, "is no ordinary file")
            return
        if name.endswith(".sqlite"):
            yield self._stored(name, _sqlite(path))
            return
        known = self._previous.get(name)
        if known is not None and (known.bytes, known.changed_ns) == (
            found.st_size,
            found.st_mtime_ns,
        ):
            yield known
            return
        with reporting(path, "read"):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                yield self._pieces(
                    name, _OpenFile(handle=handle), found.st_size, found.st_mtime_ns
                )
            finally:
                os.close(handle)

    def _pieces(self, name: str, file: _OpenFile, length: int, changed_ns: int) -> Kept:
        mode = os.fstat(file.handle).st_mode
        pieces = tuple(
            self._put(file.read(name, start, min(start + PIECE_BYTES, length)))
            for start in range(0, length, PIECE_BYTES)
        )
        return Kept(
            name=name,
            bytes=length,
            pieces=pieces,
            changed_ns=changed_ns,
            is_private=not mode & 0o077,
        )

    def _stored(self, name: str, content: bytes) -> Kept:
        pieces = tuple(
            self._put(content[start : start + PIECE_BYTES])
            for start in range(0, len(content), PIECE_BYTES)
        )
        return Kept(name=name, bytes=len(content), pieces=pieces)

    def _put(self, content: bytes) -> str:
        digest = sha256(content).hex()
        name = object_name(digest)
        if self._target.length(name) != len(content):
            self._target.replace(name, content)
            self._target.path(name).chmod(0o600)
            self._written_bytes += len(content)
        return digest

    def _let_go(self, manifest: Manifest) -> None:
        named = {object_name(piece) for one in manifest.files for piece in one.pieces}
        for name in list(self._target.names("objects")):
            if name not in named:
                self._target.remove(name)

    def _find(self, name: str) -> bytes | None:
        try:
            return self._source.read(name)
        except NotFound:
            return None

    def _skip(self, path: Path, why: str) -> None:
        said = f"{path.relative_to(self._source.folder).as_posix()} {why}"
        if said not in self._skipped:
            self._skipped.append(said)


def read_manifest(backup: Path) -> Manifest:
    """Return what a backup says it holds.

    Raises:
        InvalidDocument: Its manifest is malformed.
        NotFound: There is none.
    """
    try:
        return from_json(Disk(backup).read(FILE))
    except NotFound:
        raise NotFound(
            f"{backup} holds no backup",
            code="node.backup",
            hint="make one with `comity node backup`",
        ) from None


def put_back(
    backup: Path, manifest: Manifest, disk: Disk, progress: Progress = lambda _done, _all: None
) -> None:
    """Write every file of a backup into a folder, each piece checked against its digest.

    Raises:
        StorageFailed: The disk refuses.
        VerificationFailed: A piece is missing or was changed.
    """
    objects = Disk(backup)
    for done, kept in enumerate(manifest.files):
        path = disk.path(kept.name)
        with reporting(path, "write"):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                for piece in kept.pieces:
                    file.write(_piece(objects, piece, kept.name))
                file.flush()
                os.fdatasync(file.fileno())
                os.fchmod(file.fileno(), 0o600 if kept.is_private else 0o644)
        if path.stat().st_size != kept.bytes:
            raise _changed(kept.name, "has another length than its pieces")
        progress(done + 1, len(manifest.files))
    disk.settle(kept.name for kept in manifest.files)


def _piece(objects: Disk, digest: str, name: str) -> bytes:
    try:
        content = objects.read(object_name(digest), 0, PIECE_BYTES + 1)
    except NotFound:
        raise _changed(name, f"misses its piece {digest}") from None
    if sha256(content).hex() != digest:
        raise _changed(name, f"has a changed piece, {object_name(digest)}")
    return content


def _changed(name: str, what: str) -> VerificationFailed:
    return VerificationFailed(
        f"the copy of {name} {what}",
        code="node.backup",
        hint="use another backup; a mirror has every published entry",
        place=name,
    )


def _sqlite(path: Path) -> bytes:
    """Return a database as it is at one moment, whoever writes to it."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=30)) as live,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            live.backup(copy)
            return copy.serialize()
    except sqlite3.Error as error:
        raise StorageFailed(
            f"cannot copy the database {path}: {error}",
            code="node.storage",
            hint="run `comity node fsck`; the copy before was left as it is",
        ) from None
