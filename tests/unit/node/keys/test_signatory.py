# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""At each size a log's checkpoint is signed by the key its keysets give it."""

import pytest
from tests.fakes.dynasty import ORIGIN, Dynasty, saying, signed

from comity.errors import NotPermitted, VerificationFailed
from comity.kernel.digest import sha256
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.identity import BOTH_SIGN
from comity.ledger.note import NoteSigner, is_signed_by
from comity.node.keys.signatory import Signatory

KH = Dynasty()


def checkpoint(size: int) -> Checkpoint:
    """Return a checkpoint of some size."""
    return Checkpoint(origin=ORIGIN, size=size, root=sha256(b"%d" % size))


def signers(signatory: Signatory, size: int) -> list[int]:
    """Return by number the keysets whose log key signed."""
    note = signatory.sign(checkpoint(size))
    return [at for at in range(3) if is_signed_by(note, KH.log(at).key)]


def rotated(*known: NoteSigner) -> Signatory:
    """Return who signs a log with a rotation at entry 1."""
    signatory = Signatory(*known)
    signatory.take(0, [KH.first()])
    signatory.take(1, [KH.rotation(1)])
    return signatory


def test_the_first_checkpoint_over_a_rotation_has_both_signatures() -> None:
    """And the last by the old key comes 256 entries later."""
    signatory = rotated(KH.log(0), KH.log(1))
    sizes = (1, 2, 1 + BOTH_SIGN, 2 + BOTH_SIGN)
    assert [signers(signatory, size) for size in sizes] == [[0], [0, 1], [0, 1], [1]]


def test_entries_taken_back_are_forgotten() -> None:
    """A rotation that failed to become durable never was."""
    signatory = rotated(KH.log(0), KH.log(1))
    signatory.take(1, [signed(saying(1), KH.statement(0))])
    assert signers(signatory, 2) == [0]
    signatory.take(0, ())
    assert signatory.identity is None


def test_without_the_key_in_force_nothing_is_signed() -> None:
    """An older key file cannot go on with the log."""
    with pytest.raises(NotPermitted) as refused:
        rotated(KH.log(0)).sign(checkpoint(2))
    assert refused.value.code == "node.keys_other"


def test_a_checkpoint_by_a_stranger_is_not_this_logs() -> None:
    """Its own records are signed by its own keys, whichever."""
    signatory = rotated(KH.log(0), KH.log(1))
    note = signatory.sign(checkpoint(2))
    assert signatory.open(note.encoded, place="last")[0] == checkpoint(2)
    stranger = Signatory(Dynasty(name="thief").log(0)).sign(checkpoint(2))
    with pytest.raises(VerificationFailed):
        signatory.open(stranger.encoded, place="last")


def test_a_log_of_no_member_is_signed_by_its_first_key() -> None:
    """Such as in a test of the tree alone."""
    signatory = Signatory(KH.log(0), KH.log(1))
    signatory.take(0, [b"not a keyset", KH.rotation(1)])
    assert (signatory.identity, signers(signatory, 2)) == (None, [0])
