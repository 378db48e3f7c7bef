# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member as witness: it cosigns a log's checkpoint only if the log has grown.

Source:
    C2SP tlog-witness v1.0.0, pinned (later drafts answer 422 where it says 409 for another
    root at the same size).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.kernel.merkle import EMPTY_ROOT, verify_consistency
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.checkpoint import Checkpoint, from_text, verify_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.note import Note, NoteKey, NoteSigner, from_bytes
from comity.node.database import open_database, telling

MAX_REQUEST_BYTES = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_MAX_PROOF = 63

_TABLES = sa.MetaData()
_SEEN = sa.Table(
    "witnessed",
    _TABLES,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.LargeBinary, nullable=False),
)


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


class Witness:
    """The witness of one member.

    Args:
        find_log: Return the key of a log it witnesses, or None for any other.
    """

    def __init__(
        self, path: Path, signer: NoteSigner, find_log: Callable[[Origin], NoteKey | None]
    ) -> None:
        self._engine = open_database(path, _TABLES)
        self._signer = signer
        self._find_log = find_log

    def add_checkpoint(self, body: bytes, now: Instant) -> Answer:
        """Answer a request to cosign, by the table of tlog-witness."""
        try:
            request = _from_request(body)
        except InvalidDocument as error:
            return _said(400, " ".join(str(error).split()))
        key = self._find_log(request.checkpoint.origin)
        if key is None:
            return _said(404, "this witness does not know the log")
        try:
            verify_checkpoint(request.note, request.checkpoint, key)
        except VerificationFailed as error:
            return _said(403, error.message)
        if request.old_size > request.checkpoint.size:
            return _said(400, "the old size is larger than the checkpoint")
        return self._judge(request, now)

    def seen(self) -> tuple[Checkpoint, ...]:
        """Return the newest checkpoint it cosigned of each log, by origin."""
        with telling(self._engine), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_SEEN.c.note).order_by(_SEEN.c.origin))
            return tuple(from_text(from_bytes(row.note).text) for row in rows)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _judge(self, request: _Request, now: Instant) -> Answer:
        known, root = self._known(request.checkpoint.origin)
        if request.old_size != known:
            return _conflict(known)
        if known and known == request.checkpoint.size and root != request.checkpoint.root:
            return _conflict(known)
        if not request.checkpoint.size and request.checkpoint.root != EMPTY_ROOT:
            return _said(422, "a log of size 0 has the root of nothing")
        try:
            verify_consistency(
                known,
                request.checkpoint.size,
                request.proof,
                first_root=root,
                second_root=request.checkpoint.root,
            )
        except VerificationFailed as error:
            return _said(422, error.message)
        if not self._swap(request, known, root):
            return _conflict(self._known(request.checkpoint.origin)[0])
        return Answer(status=200, body=cosign(request.note, self._signer, now).line.encode())

    def _known(self, origin: Origin) -> tuple[int, Digest]:
        with telling(self._engine), self._engine.connect() as connection:
            query = sa.select(_SEEN.c.size, _SEEN.c.root).where(_SEEN.c.origin == origin)
            row = connection.execute(query).one_or_none()
        return (0, EMPTY_ROOT) if row is None else (row.size, Digest(row.root))

    def _swap(self, request: _Request, known: int, root: Digest) -> bool:
        """Record the checkpoint if nobody recorded another since; durable when it returns."""
        values = {
            "origin": request.checkpoint.origin,
            "size": request.checkpoint.size,
            "root": request.checkpoint.root,
            "note": request.note.encoded,
        }
        update = (
            sa.update(_SEEN)
            .where(_SEEN.c.origin == request.checkpoint.origin)
            .where(_SEEN.c.size == known, _SEEN.c.root == root)
            .values(**values)
        )
        insert = sa.insert(_SEEN).values(**values).prefix_with("OR IGNORE", dialect="sqlite")
        with telling(self._engine), self._engine.begin() as connection:
            if connection.execute(update).rowcount == 1:
                return True
            return not known and connection.execute(insert).rowcount == 1


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


def _conflict(size: int) -> Answer:
    return Answer(status=409, body=f"{size}\n".encode(), media_type=SIZE_TYPE)


def _said(status: int, message: str) -> Answer:
    return Answer(status=status, body=f"{message}\n".encode())
