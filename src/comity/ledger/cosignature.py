# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A witness's word that it saw a log grow: a timestamped signature on a checkpoint.

Source:
    C2SP tlog-cosignature v1.1.0-rc.1: type 0x04 (Ed25519, over the text of the checkpoint,
    unchanged since v1.0.1) and type 0x06 (ML-DSA-44, over origin, range and root).
"""

from dataclasses import dataclass

from comity.errors import VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.ledger.checkpoint import from_text
from comity.ledger.mldsa import is_valid_mldsa
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    Note,
    NoteKey,
    NoteSignature,
    NoteSigner,
)
from comity.ledger.signature import is_valid

_STAMP_BYTES = 8
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last instant we can write
_LABEL = b"subtree/v1\n\0"
_MAX_NAME_BYTES = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """One verified cosignature."""

    key: NoteKey
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtree:
    """The leaves from *start* to before *end* of one log, under their root."""

    origin: Origin
    start: int
    end: int
    root: Digest


def cosign(note: Note, signer: NoteSigner, now: Instant) -> NoteSignature:
    """Cosign a checkpoint at an instant, as the type of the key says.

    Raises:
        InvalidDocument: The note is no checkpoint (asked only of type 0x06).
        VerificationFailed: A name does not fit into a message of type 0x06.
    """
    seconds = to_posix(now)
    message = _message(note.text, signer.key, seconds)
    return NoteSignature(
        name=signer.key.name,
        key_id=signer.key.key_id,
        signature=seconds.to_bytes(_STAMP_BYTES, "big") + signer.secret.sign(message),
    )


def find_cosignature(note: Note, key: NoteKey, *, place: str = "") -> Cosignature | None:
    """Return the cosignature of one witness on a note, or None where it gave none.

    One of type 0x06 without a time says that the tree is consistent, not that it is the
    largest seen: it is checked and not returned.

    Raises:
        VerificationFailed: The note carries one in the witness's name that is wrong.

    Source:
        C2SP signed-note: a wrong signature by a known key rejects the whole note.
    """
    found: Cosignature | None = None
    for one in note.signatures:
        if (one.name, one.key_id) == (key.name, key.key_id):
            found = _checked(note, one, key, place) or found
    return found


def subtree_message(subtree: Subtree, name: str, seconds: int) -> bytes:
    """Return the bytes a cosignature of type 0x06 signs.

    Args:
        name: The cosigner's.
        seconds: POSIX time; 0 says nothing of the largest tree seen, and is the only one
            allowed where the subtree does not begin at 0.

    Raises:
        VerificationFailed: A name is empty or longer than 255 bytes, or such a subtree has
            a time.

    Source:
        C2SP tlog-cosignature v1.1.0-rc.1, `cosigned_message`; RFC 8446, section 3.
    """
    if subtree.start and seconds:
        raise _unsignable("a subtree that does not begin at 0 is cosigned without a time")
    return b"".join(
        (
            _LABEL,
            _opaque(name),
            seconds.to_bytes(8, "big"),
            _opaque(subtree.origin),
            subtree.start.to_bytes(8, "big"),
            subtree.end.to_bytes(8, "big"),
            subtree.root,
        )
    )


def _checked(note: Note, one: NoteSignature, key: NoteKey, place: str) -> Cosignature | None:
    stamp, signature = one.signature[:_STAMP_BYTES], one.signature[_STAMP_BYTES:]
    seconds = int.from_bytes(stamp, "big")
    if not _is_right(note, signature, key, seconds):
        raise VerificationFailed(
            f"the cosignature in the name of {key.name} does not verify",
            code="ledger.cosignature",
            hint="the checkpoint was changed on its way; fetch it again",
            place=place,
        )
    return Cosignature(key=key, at=from_posix(seconds)) if seconds else None


def _is_right(note: Note, signature: bytes, key: NoteKey, seconds: int) -> bool:
    if not 0 <= seconds <= _LAST_SECOND:
        return False
    message = _message(note.text, key, seconds)
    if key.kind == COSIGNATURE_MLDSA:
        return is_valid_mldsa(key.public, message, signature)
    return (
        key.kind == COSIGNATURE_ED25519
        and seconds > 0
        and is_valid(key.public, message, signature)
    )


def _message(text: str, key: NoteKey, seconds: int) -> bytes:
    if key.kind != COSIGNATURE_MLDSA:
        return f"cosignature/v1\ntime {seconds}\n{text}".encode()
    checkpoint = from_text(text)
    whole = Subtree(
        origin=checkpoint.origin, start=0, end=checkpoint.size, root=checkpoint.root
    )
    return subtree_message(whole, key.name, seconds)


def _opaque(name: str) -> bytes:
    raw = name.encode()
    if not 1 <= len(raw) <= _MAX_NAME_BYTES:
        raise _unsignable(f"{name[:60]!r} has not 1 to {_MAX_NAME_BYTES} bytes")
    return bytes([len(raw)]) + raw


def _unsignable(message: str) -> VerificationFailed:
    return VerificationFailed(message, code="ledger.cosignature")
