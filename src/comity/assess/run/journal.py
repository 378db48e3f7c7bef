# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The transcript on disk: one line a record, the chain's head first, then the record.

Whatever moment the process dies, what is on disk is the truth: a last line without its
line break never happened, everything before it must chain from the plan. A line is handed to
the system before the next question is judged, so a kill loses nothing; the disk itself is
waited for at intervals (`sync`), so a power cut may lose what fell within one.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.assess.run.disk import damaged, storage, unusable, write_whole
from comity.errors import Conflict, InvalidDocument
from comity.evidence.transcript import Record, decode, encode, extend_line, start_of
from comity.kernel.digest import Digest

_HEAD_DIGITS = 64


class Journal:
    """An open transcript: the records it holds, its head, and a way to add one."""

    def __init__(self, path: Path, descriptor: int, plan_digest: Digest) -> None:
        self._path = path
        self._descriptor = descriptor
        self.head = start_of(plan_digest)
        self.records: list[Record] = []
        self._is_fresh = False

    def load(self) -> None:
        """Read every whole line, check the chain, and cut a torn end off.

        Raises:
            VerificationFailed: A whole line is damaged, or belongs to another plan.
        """
        with storage(self._path):
            held = self._path.read_bytes()
        whole = held.rfind(b"\n") + 1
        for number, line in enumerate(held[:whole].splitlines(), start=1):
            self._take(number, line)
        with storage(self._path):
            os.truncate(self._descriptor, whole)

    def append(self, record: Record) -> None:
        """Write one record behind the last; a kill after this call cannot lose it.

        Raises:
            StorageFailed: The disk refused; what was written before stays good.
        """
        encoded = encode(record)
        head = extend_line(self.head, encoded)
        line = b"%s %s\n" % (head.hex().encode(), encoded)
        write_whole(self._path, self._descriptor, line)
        self.head = head
        self.records.append(record)
        self._is_fresh = True

    def sync(self) -> None:
        """Have what was written survive a power cut, too."""
        if self._is_fresh:
            with storage(self._path):
                os.fdatasync(self._descriptor)
        self._is_fresh = False

    def _take(self, number: int, line: bytes) -> None:
        encoded = line[_HEAD_DIGITS + 1 :]
        try:
            record = decode(encoded)
        except InvalidDocument as error:
            raise damaged(self._path, number, str(error)) from None
        head = extend_line(self.head, encoded)
        if line[: _HEAD_DIGITS + 1] != head.hex().encode() + b" ":
            message = "it does not chain from the plan and the records before it"
            raise damaged(self._path, number, message)
        self.head = head
        self.records.append(record)


@contextmanager
def open_journal(path: Path, plan_digest: Digest) -> Iterator[Journal]:
    """Open a plan's transcript for one writer, new or left by an interrupted run.

    Raises:
        Conflict: Another process writes it.
        StorageFailed: The disk refused.
        VerificationFailed: What is there is damaged, or belongs to another plan.
    """
    with storage(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise unusable(path, "it is no regular file")
        _lock(descriptor, path)
        try:
            journal = Journal(path, descriptor, plan_digest)
            journal.load()
            yield journal
            journal.sync()
        finally:
            if not os.fstat(descriptor).st_size:
                path.unlink(missing_ok=True)  # nothing was answered: nothing is left behind
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):  # held, or removed empty by who held it
        is_ours = False
    if not is_ours:
        raise Conflict(
            f"another process is writing the transcript {path.name}",
            code="assess.transcript_busy",
            hint="one assessment at a time; wait for it or stop it, then run this again",
        )
