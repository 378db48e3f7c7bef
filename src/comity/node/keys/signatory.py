# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who signs a log's checkpoints: at each size the key that its keysets give it.

The log feeds its entries through here before it signs over them, so that the checkpoint
that first covers a rotation is signed by the new key already.
"""

from collections.abc import Sequence

from comity.errors import NotPermitted, VerificationFailed
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint, from_text, sign_checkpoint, verify_checkpoint
from comity.ledger.identity import Identity, open_identity
from comity.ledger.note import Note, NoteKey, NoteSigner, from_bytes, is_signed_by


class Signatory:
    """The log's signers, and what the log says about when each is in force.

    Args:
        signers: The first signs where the log is no member's, as long as none is in force. A
            key without its secret verifies what it signed and signs nothing.
    """

    def __init__(self, *signers: NoteSigner | NoteKey) -> None:
        self._signers = {
            one.key if isinstance(one, NoteSigner) else one: one for one in signers
        }
        self._first = next(iter(self._signers))
        self._size = 0
        self._identity: Identity | None = None

    @property
    def origin(self) -> Origin:
        """Return the log's name."""
        return Origin(self._first.name)

    @property
    def identity(self) -> Identity | None:
        """Return the member as its log states it, or None where its first entry does not."""
        return self._identity

    def take(self, start: int, entries: Sequence[bytes]) -> None:
        """Read entries that stand from *start* on; what was read beyond it is forgotten."""
        if start < self._size and self._identity is not None:
            self._identity = None if start == 0 else self._identity.until(start)
        self._size = start + len(entries)
        if not start and entries:
            try:
                self._identity = open_identity(entries[0])
            except VerificationFailed:
                return
        if self._identity is not None:
            self._identity = self._identity.extended(start, entries)

    def sign(self, checkpoint: Checkpoint) -> Note:
        """Sign a checkpoint over entries that were taken.

        Raises:
            NotPermitted: The key in force is not among the signers.
        """
        needed, *also = self._keys_for(checkpoint.size)
        note = sign_checkpoint(checkpoint, self._get_signer(needed))
        for key in also:
            signer = self._signers.get(key)
            if isinstance(signer, NoteSigner) and not self._is_compromised(key):
                more = sign_checkpoint(checkpoint, signer)
                note = note.with_signatures(more.signatures)
        return note

    def open(self, encoded: bytes, *, place: str) -> tuple[Checkpoint, Note]:
        """Read a checkpoint this log has signed, by whichever of its keys.

        Raises:
            InvalidDocument: Malformed.
            VerificationFailed: Of another log, unsigned by its keys, or wrongly signed.
        """
        note = from_bytes(encoded)
        checkpoint = from_text(note.text)
        keys = [key for key in self._signers if is_signed_by(note, key)]
        if not keys and checkpoint.origin == self.origin:
            raise VerificationFailed(
                "no key of this node's key file signed this checkpoint of its own log",
                code="ledger.checkpoint",
                hint="if keys were rotated since this process began, start it again; else put "
                "the newest key file back",
                place=place,
            )
        for key in keys or [self._first]:
            verify_checkpoint(note, checkpoint, key, place=place)
        return checkpoint, note

    def _keys_for(self, size: int) -> tuple[NoteKey, ...]:
        if self._identity is None:
            return (self._first,)
        return self._identity.log_keys_for(size)

    def _get_signer(self, key: NoteKey) -> NoteSigner:
        signer = self._signers.get(key)
        if isinstance(signer, NoteSigner):
            return signer
        if signer is not None:
            raise NotPermitted(
                "this node was opened to be read, and signs nothing",
                code="node.looked_at",
                hint="open it with its passphrase to write",
            )
        raise NotPermitted(
            f"this node has no secret of its log's key {key.vkey}",
            code="node.keys_other",
            hint="put the newest key file of this member back",
        )

    def _is_compromised(self, key: NoteKey) -> bool:
        stolen = () if self._identity is None else self._identity.compromises
        return any(key.vkey in one.keys for one in stolen)
