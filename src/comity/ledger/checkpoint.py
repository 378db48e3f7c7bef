# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a log commits to: its origin, its size, its root, signed as a note.

Source:
    C2SP tlog-checkpoint v1.0.0.
"""

import re
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.note import ED25519, Note, NoteKey, NoteSignature, NoteSigner, from_bytes
from comity.ledger.signature import is_valid

MAX_SIZE = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log at one size.

    Args:
        extensions: Further lines; kept, signed, never read.
    """

    origin: Origin
    size: int
    root: Digest
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Write the text a log and its witnesses sign."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def from_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        InvalidDocument: Malformed; one size and one root have one spelling.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or "" in lines:
        raise _refused("a checkpoint has an origin, a size and a root, a line each")
    origin, size, encoded, *extensions = lines
    if not _DECIMAL.fullmatch(size) or int(size) > MAX_SIZE:
        raise _refused(f"{size[:30]!r} is not a size in plain decimal")
    root = from_base64(encoded)
    if len(root) != 32:
        raise _refused(f"the root has {len(root)} bytes, not 32")
    return Checkpoint(
        origin=Origin(origin), size=int(size), root=Digest(root), extensions=tuple(extensions)
    )


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> Note:
    """Sign a checkpoint with the key of its log."""
    text = checkpoint.text
    signature = NoteSignature(
        name=signer.key.name,
        key_id=signer.key.key_id,
        signature=signer.secret.sign(text.encode()),
    )
    return Note(text=text, signatures=(signature,))


def open_checkpoint(
    encoded: bytes, key: NoteKey, *, place: str = "checkpoint"
) -> tuple[Checkpoint, Note]:
    """Read a checkpoint and check that the log's own key signed it.

    Raises:
        InvalidDocument: Malformed.
        VerificationFailed: Of another log, unsigned by its key, or wrongly signed.
    """
    note = from_bytes(encoded)
    checkpoint = from_text(note.text)
    verify_checkpoint(note, checkpoint, key, place=place)
    return checkpoint, note


def verify_checkpoint(
    note: Note, checkpoint: Checkpoint, key: NoteKey, *, place: str = "checkpoint"
) -> None:
    """Check that the log's key signed a checkpoint that is already read.

    Raises:
        VerificationFailed: Of another log, unsigned by its key, or wrongly signed.
    """
    if checkpoint.origin != key.name:
        message = f"this is the log {checkpoint.origin!r}, not {key.name!r}"
        raise VerificationFailed(message, code="ledger.origin", place=place)
    signatures = [
        one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)
    ]
    text = note.text.encode()
    if key.kind != ED25519 or not signatures:
        raise VerificationFailed(
            f"the log's key {key.vkey} did not sign this checkpoint",
            code="ledger.checkpoint",
            hint="ask the log's owner for its key over another channel",
            place=place,
        )
    if not all(is_valid(key.public, text, one.signature) for one in signatures):
        raise VerificationFailed(
            "the log's signature on this checkpoint does not verify",
            code="ledger.checkpoint",
            hint="the checkpoint was changed on its way",
            place=place,
        )


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="ledger.checkpoint", faults=[Fault(message=message)])
