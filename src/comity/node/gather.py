# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ask witnesses to cosign a log's newest checkpoint.

Source:
    C2SP tlog-witness v1.0.0, from the log's side.
"""

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from comity.errors import ComityError, PeerFailed
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey, NoteSignature, from_lines
from comity.ledger.tree import StoredTree
from comity.node.witness import to_request

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


@runtime_checkable
class Postbox(Protocol):
    """A peer that answers requests, not only serves files."""

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Send a body and return the status and the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checkpoint to be cosigned, and the tree that proves how it grew."""

    note: Note
    size: int
    tree: StoredTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking one witness.

    Args:
        signature: Its cosignature, verified, or None.
        reason: Why there is none; empty where there is one.
    """

    signature: NoteSignature | None
    reason: str = ""


def ask(witness: object, key: NoteKey, request: Request) -> Asked:
    """Ask one witness; never raises for what the witness does."""
    if not isinstance(witness, Postbox):
        return Asked(signature=None, reason="a folder cannot cosign; ask it over HTTP")
    try:
        status, answer = _post(witness, request, 0)
        if status == 409:
            status, answer = _post(witness, request, _old_size(answer, request))
        if status != 200:
            said = answer[:200].decode("utf-8", errors="replace").strip()
            return Asked(signature=None, reason=f"it answered {status}: {said}")
        return Asked(signature=_checked(answer, key, request.note))
    except ComityError as error:
        return Asked(signature=None, reason=" ".join(str(error).split()))


def _post(witness: Postbox, request: Request, old_size: int) -> tuple[int, bytes]:
    proof = request.tree.consistency(old_size, request.size)
    body = to_request(old_size, proof, request.note)
    return witness.post("add-checkpoint", body, limit=MAX_NOTE_BYTES)


def _old_size(answer: bytes, request: Request) -> int:
    found = _SIZE.fullmatch(answer)
    if found is None:
        raise _declined("it answered 409 without the size it knows")
    size = int(found[1])
    if size > request.size:
        raise _declined(
            f"it has cosigned size {size} of this log, which is larger than {request.size}: "
            "this log was restored from an old copy, or another writer has its key"
        )
    return size


def _checked(answer: bytes, key: NoteKey, note: Note) -> NoteSignature:
    for signature in from_lines(answer.decode("utf-8", errors="replace")):
        if (signature.name, signature.key_id) == (key.name, key.key_id):
            find_cosignature(note.with_signatures([signature]), key)
            return signature
    raise _declined(f"it did not sign with the key {key.vkey}")


def _declined(reason: str) -> PeerFailed:
    return PeerFailed(reason, code="node.witness")
