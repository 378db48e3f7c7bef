# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member as witness: it cosigns a log's checkpoint only if the log has grown.

Source:
    C2SP tlog-witness v1.0.0, pinned (later drafts answer 422 where it says 409 for another
    root at the same size).
"""

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.kernel.merkle import EMPTY_ROOT, implied_roots, verify_consistency
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.checkpoint import Checkpoint, from_text, verify_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.fork import Fork, convicts
from comity.ledger.note import (
    Note,
    NoteKey,
    NoteSignature,
    NoteSigner,
    from_bytes,
    is_signed_by,
)
from comity.node.disk.database import open_database

MAX_REQUEST_BYTES = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_MAX_PROOF = 63

_TABLES = (
    (
        "create table if not exists witnessed (origin {text} primary key, "
        "size bigint not null, root {bytes} not null, note {bytes} not null)"
    ),
)

FindKeys = Callable[[Origin, int], tuple[NoteKey, ...]]
"""Return the keys that may sign a log's checkpoint of a size; none for a log not witnessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness answers: an HTTP status, a body and its type."""

    status: int
    body: bytes = b""
    media_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    old_size: int
    proof: tuple[Digest, ...]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was cosigned last; *note* is None before anything was."""

    size: int
    root: Digest
    note: bytes | None


def _forget(_fork: Fork) -> None:
    """Keep no evidence."""


class Witness:
    """The witness of one member.

    Args:
        signers: Its keys; it answers with a cosignature by each.
        find_keys: What it trusts of the logs it witnesses.
        keep_fork: Takes the evidence of two stories that a log asked to have cosigned.
    """

    def __init__(
        self,
        path: Path,
        signers: Sequence[NoteSigner],
        find_keys: FindKeys,
        keep_fork: Callable[[Fork], object] = _forget,
    ) -> None:
        self._database = open_database(path, _TABLES)
        self._signers = tuple(signers)
        self._find_keys = find_keys
        self._keep_fork = keep_fork

    def add_checkpoint(self, body: bytes, now: Instant) -> Answer:
        """Answer a request to cosign, by the table of tlog-witness."""
        try:
            request = _from_request(body)
        except InvalidDocument as error:
            return _said(400, " ".join(str(error).split()))
        keys = self._find_keys(request.checkpoint.origin, request.checkpoint.size)
        if not keys:
            return _said(404, "this witness does not know the log")
        try:
            key = _signed_by(request, keys)
        except VerificationFailed as error:
            return _said(403, error.message)
        if request.old_size > request.checkpoint.size:
            return _said(400, "the old size is larger than the checkpoint")
        return self._judge(request, key, now)

    def seen(self) -> tuple[Checkpoint, ...]:
        """Return the newest checkpoint it cosigned of each log, by origin."""
        return tuple(from_text(note.text) for note in self.notes())

    def notes(self) -> tuple[Note, ...]:
        """Return the same as they were signed by their logs."""
        rows = self._database.read("select note from witnessed order by origin")
        return tuple(from_bytes(note) for (note,) in rows)

    def cosigns_as(self, keys: Collection[NoteKey]) -> bool:
        """Tell whether it cosigns by one of these keys; after a rotation elsewhere, no more."""
        return any(signer.key in keys for signer in self._signers)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _judge(self, request: _Request, key: NoteKey, now: Instant) -> Answer:
        known, asked = self._known(request.checkpoint.origin), request.checkpoint
        if request.old_size != known.size:
            return _conflict(known.size)
        if known.size and known.size == asked.size and known.root != asked.root:
            self._convict(known, request, key)
            return _conflict(known.size)
        if not asked.size and asked.root != EMPTY_ROOT:
            return _said(422, "a log of size 0 has the root of nothing")
        try:
            verify_consistency(
                known.size,
                asked.size,
                request.proof,
                first_root=known.root,
                second_root=asked.root,
            )
        except VerificationFailed as error:
            self._convict(known, request, key)
            return _said(422, error.message)
        lines = "".join(one.line for one in self._cosignatures(request.note, now))
        if not self._swap(request, known):
            return _conflict(self._known(asked.origin).size)
        return Answer(status=200, body=lines.encode())

    def _cosignatures(self, note: Note, now: Instant) -> tuple[NoteSignature, ...]:
        """Sign before anything is recorded, answer after it is durable.

        A signature that was made and never left is harmless; a record without one is an
        answer the log asks for again.
        """
        return tuple(cosign(note, signer, now) for signer in self._signers)

    def _convict(self, known: _Known, request: _Request, key: NoteKey) -> None:
        """Keep the evidence, where what the log itself signed and sent convicts it."""
        if known.note is None:
            return
        asked, is_same_size = request.checkpoint, request.checkpoint.size == known.size
        implied = implied_roots(known.size, asked.size, request.proof)
        then = self._signer_of(from_bytes(known.note), known.size, key)
        fork = Fork(
            log_key=then.vkey,
            smaller=known.note,
            larger=request.note.encoded,
            prefix_root=None if is_same_size or implied is None else implied[0],
            proof=() if is_same_size else request.proof,
            larger_key=None if then == key else key.vkey,
        )
        if then != key or convicts(fork):
            with suppress(InvalidDocument, VerificationFailed):  # of two keys, it may say less
                self._keep_fork(fork)

    def _signer_of(self, note: Note, size: int, key: NoteKey) -> NoteKey:
        """Return the key that signed what was cosigned last: another one before a rotation."""
        keys = (key, *self._find_keys(Origin(key.name), size))
        return next((one for one in keys if is_signed_by(note, one)), key)

    def _known(self, origin: Origin) -> _Known:
        query = "select size, root, note from witnessed where origin = ?"
        for size, root, note in self._database.read(query, (origin,)):
            return _Known(size=size, root=Digest(root), note=note)
        return _Known(size=0, root=EMPTY_ROOT, note=None)

    def _swap(self, request: _Request, known: _Known) -> bool:
        """Record the checkpoint if nobody recorded another since; durable when it returns."""
        origin, asked = request.checkpoint.origin, request.checkpoint
        update = (
            "update witnessed set size = ?, root = ?, note = ? "
            "where origin = ? and size = ? and root = ?"
        )
        insert = "insert into witnessed values (?, ?, ?, ?) on conflict do nothing"
        found = (asked.size, asked.root, request.note.encoded)
        with self._database.changing() as change:
            if change.run(update, (*found, origin, known.size, known.root)) == 1:
                return True
            return known.note is None and change.run(insert, (origin, *found)) == 1


def to_request(old_size: int, proof: tuple[Digest, ...], note: Note) -> bytes:
    """Write the body of a request to cosign."""
    lines = [f"old {old_size}", *map(to_base64, proof), "", ""]
    return "\n".join(lines).encode() + note.encoded


def _from_request(body: bytes) -> _Request:
    head, blank, encoded = body.partition(b"\n\n")
    first, *lines = head.decode("ascii", errors="replace").split("\n")
    old = _OLD.fullmatch(first)
    if not blank or old is None or len(lines) > _MAX_PROOF or len(body) > MAX_REQUEST_BYTES:
        raise InvalidDocument("not a request to cosign", code="ledger.add_checkpoint")
    proof = tuple(map(_hash, lines))
    note = from_bytes(encoded)
    return _Request(
        old_size=int(old[1]), proof=proof, note=note, checkpoint=from_text(note.text)
    )


def _hash(line: str) -> Digest:
    raw = from_base64(line)
    if len(raw) != 32:
        raise InvalidDocument("a hash has 32 bytes", code="ledger.add_checkpoint")
    return Digest(raw)


def _signed_by(request: _Request, keys: Sequence[NoteKey]) -> NoteKey:
    """Return the trusted key that signed; signatures by any other are ignored.

    Raises:
        VerificationFailed: None did, or one of them wrongly.
    """
    signed = [key for key in keys if is_signed_by(request.note, key)] or keys[:1]
    for key in signed:
        verify_checkpoint(request.note, request.checkpoint, key)
    return signed[0]


def _conflict(size: int) -> Answer:
    return Answer(status=409, body=f"{size}\n".encode(), media_type=SIZE_TYPE)


def _said(status: int, message: str) -> Answer:
    return Answer(status=status, body=f"{message}\n".encode())
