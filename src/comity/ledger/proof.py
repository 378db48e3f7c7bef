# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One entry's place in a log, checkable offline and alone.

Source:
    C2SP tlog-proof (December 2025).
"""

import re
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import Digest
from comity.kernel.merkle import leaf_hash, verify_inclusion
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.checkpoint import Checkpoint, open_checkpoint
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_PATH = 63
_MAX_EXTRA_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """The index of an entry, the path to the root, the checkpoint that names the root.

    Args:
        extra: Opaque bytes nobody authenticated.
    """

    index: int
    path: tuple[Digest, ...]
    checkpoint: bytes
    extra: bytes = b""

    @property
    def encoded(self) -> bytes:
        """Write the proof as its bytes."""
        lines = [_HEADER]
        if self.extra:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def from_bytes(encoded: bytes) -> InclusionProof:
    """Read a proof without trusting it.

    Raises:
        InvalidDocument: Malformed.
    """
    head, blank, checkpoint = encoded.partition(b"\n\n")
    if not blank or len(encoded) > MAX_NOTE_BYTES + 2 * _MAX_EXTRA_BYTES:
        raise _refused("a proof is a head, an empty line and a checkpoint")
    try:
        header, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise _refused(f"byte {error.start} is not ASCII") from None
    if header != _HEADER:
        raise _refused(f"the first line must be {_HEADER}")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "))
        if not 0 < len(extra) <= _MAX_EXTRA_BYTES:
            raise _refused("the extra line is empty or too long")
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None:
        raise _refused("the index line is missing or malformed")
    if len(lines) > _MAX_PATH:
        raise _refused(f"{len(lines)} hashes; a path has at most {_MAX_PATH}")
    path = tuple(map(_hash, lines))
    return InclusionProof(index=int(index[1]), path=path, checkpoint=checkpoint, extra=extra)


def verify_proof(proof: InclusionProof, entry: bytes, key: NoteKey) -> tuple[Checkpoint, Note]:
    """Check that an entry stands in the log of *key* where the proof says.

    Whose cosignatures the returned note carries is the reader's policy (`quorum`).

    Raises:
        InvalidDocument: The checkpoint inside is malformed.
        VerificationFailed: The checkpoint or the path does not verify.
    """
    checkpoint, note = open_checkpoint(proof.checkpoint, key)
    verify_inclusion(
        leaf_hash(entry),
        proof.index,
        proof.path,
        size=checkpoint.size,
        root=checkpoint.root,
    )
    return checkpoint, note


def _hash(line: str) -> Digest:
    raw = from_base64(line)
    if len(raw) != 32:
        raise _refused(f"a hash of {len(raw)} bytes, not 32")
    return Digest(raw)


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="ledger.proof", faults=[Fault(message=message)])
