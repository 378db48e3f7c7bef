# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ask witnesses to cosign a log's newest checkpoint.

Source:
    C2SP tlog-witness v1.0.0, from the log's side.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import Protocol, runtime_checkable

from comity.errors import ComityError, PeerFailed
from comity.kernel.digest import Digest
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey, NoteSignature, from_lines
from comity.ledger.tree import StoredTree
from comity.node.fetch.http import said_in
from comity.node.witness.witness import to_request

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


@runtime_checkable
class Postbox(Protocol):
    """A peer that answers requests, not only serves files."""

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Send a body and return the status and the answer."""


class Outcome(Enum):
    """What came of asking one witness, as a metric counts it."""

    COSIGNED = "cosigned"
    REFUSED = "refused"
    AHEAD = "ahead"
    SILENT = "silent"
    UNABLE = "unable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checkpoint to be cosigned, and the tree that proves how it grew."""

    note: Note
    size: int
    tree: StoredTree
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def proof_from(self, old_size: int) -> tuple[Digest, ...]:
        """Return the proof from an earlier size; threads may ask at once."""
        with self._lock:
            return self.tree.consistency(old_size, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking one witness.

    Args:
        signatures: Its cosignatures, verified, one a key; none where it gave none.
        reason: Why there is none; empty where there is one.
        ahead: The size it says it cosigned, where that is larger than this log is.
    """

    outcome: Outcome
    signatures: tuple[NoteSignature, ...] = ()
    reason: str = ""
    ahead: int = 0


def ask(
    witness: object, keys: Sequence[NoteKey], request: Request, *, old_size: int = 0
) -> Asked:
    """Ask one witness; never raises for what the witness does.

    Args:
        keys: Those it is known by; what any other key signed is ignored.
        old_size: What it is thought to have cosigned last; it says so if it has not.
    """
    if not isinstance(witness, Postbox):
        reason = "a folder cannot cosign; ask it over HTTP"
        return Asked(outcome=Outcome.UNABLE, reason=reason)
    try:
        return _asked(witness, keys, request, old_size)
    except PeerFailed as error:
        is_refusal = error.code == "node.witness"
        outcome = Outcome.REFUSED if is_refusal else Outcome.SILENT
        return Asked(outcome=outcome, reason=" ".join(str(error).split()))
    except ComityError as error:
        return Asked(outcome=Outcome.REFUSED, reason=" ".join(str(error).split()))


def _asked(witness: Postbox, keys: Sequence[NoteKey], request: Request, old_size: int) -> Asked:
    status, answer = _post(witness, request, old_size)
    if status == 409:
        known = _known_size(answer)
        if known > request.size:
            return _ahead(known, request)
        status, answer = _post(witness, request, known)
        if status == 409 and known == request.size:
            raise _declined(
                f"it has cosigned another tree of size {known}: this log was written elsewhere "
                "too; stop the other writer, and see docs/how-to/survive-a-disaster.md"
            )
    if status != 200:
        raise _declined(f"it answered {status}: {said_in(answer)}")
    return Asked(outcome=Outcome.COSIGNED, signatures=_checked(answer, keys, request.note))


def _post(witness: Postbox, request: Request, old_size: int) -> tuple[int, bytes]:
    body = to_request(old_size, request.proof_from(old_size), request.note)
    return witness.post("add-checkpoint", body, limit=MAX_NOTE_BYTES)


def _known_size(answer: bytes) -> int:
    found = _SIZE.fullmatch(answer)
    if found is None:
        raise _declined("it answered 409 without the size it knows")
    return int(found[1])


def _ahead(known: int, request: Request) -> Asked:
    return Asked(
        outcome=Outcome.AHEAD,
        ahead=known,
        reason=f"it has cosigned size {known} of this log, which is larger than "
        f"{request.size}: this log was restored from an old copy, or another writer has "
        "its key",
    )


def _checked(answer: bytes, keys: Sequence[NoteKey], note: Note) -> tuple[NoteSignature, ...]:
    known = {(key.name, key.key_id): key for key in keys}
    found: list[NoteSignature] = []
    for signature in from_lines(answer.decode("utf-8", errors="replace")):
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            find_cosignature(note.with_signatures([signature]), key)
            found.append(signature)
    if not found:
        names = ", ".join(key.vkey[:60] for key in keys)
        raise _declined(f"it did not sign with the key {names}")
    return tuple(found)


def _declined(reason: str) -> PeerFailed:
    return PeerFailed(reason, code="node.witness")
