# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A witness's word that it saw a log grow: a timestamped signature on a checkpoint.

Source:
    C2SP tlog-cosignature v1.0.1, type 0x04.
"""

from dataclasses import dataclass

from comity.errors import VerificationFailed
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.ledger.note import COSIGNATURE_ED25519, Note, NoteKey, NoteSignature, NoteSigner
from comity.ledger.signature import SIGNATURE_BYTES, is_valid

_STAMP_BYTES = 8
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last instant we can write


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """One verified cosignature."""

    key: NoteKey
    at: Instant


def cosign(note: Note, signer: NoteSigner, now: Instant) -> NoteSignature:
    """Cosign the text of a checkpoint at an instant."""
    seconds = to_posix(now)
    return NoteSignature(
        name=signer.key.name,
        key_id=signer.key.key_id,
        signature=seconds.to_bytes(_STAMP_BYTES, "big")
        + signer.secret.sign(_message(note.text, seconds)),
    )


def find_cosignature(note: Note, key: NoteKey, *, place: str = "") -> Cosignature | None:
    """Return the cosignature of one witness on a note, or None where it gave none.

    Raises:
        VerificationFailed: The note carries one in the witness's name that is wrong.

    Source:
        C2SP signed-note: a wrong signature by a known key rejects the whole note.
    """
    found: Cosignature | None = None
    for one in note.signatures:
        if (one.name, one.key_id) == (key.name, key.key_id):
            found = _checked(note, one, key, place)
    return found


def _checked(note: Note, one: NoteSignature, key: NoteKey, place: str) -> Cosignature:
    stamp, signature = one.signature[:_STAMP_BYTES], one.signature[_STAMP_BYTES:]
    seconds = int.from_bytes(stamp, "big")
    well_formed = (
        key.kind == COSIGNATURE_ED25519
        and len(signature) == SIGNATURE_BYTES
        and 0 < seconds <= _LAST_SECOND
    )
    if not well_formed or not is_valid(key.public, _message(note.text, seconds), signature):
        raise VerificationFailed(
            f"the cosignature in the name of {key.name} does not verify",
            code="ledger.cosignature",
            hint="the checkpoint was changed on its way; fetch it again",
            place=place,
        )
    return Cosignature(key=key, at=from_posix(seconds))


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
