# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign, find_cosignature
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, Note, NoteSignature, NoteSigner
from comity.ledger.signature import SigningKey, is_valid

LOG = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
WITNESS = NoteSigner.of("br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))
NOW = from_rfc3339("2026-11-21T19:19:24Z")
NOTE = sign_checkpoint(Checkpoint(origin=Origin("kh.example/log"), size=3, root=sha256()), LOG)


def cosigned() -> Note:
    """Return the checkpoint with the witness's word on it."""
    return NOTE.with_signatures([cosign(NOTE, WITNESS, NOW)])


def test_a_cosignature_says_who_and_when() -> None:
    """The time is signed too."""
    found = find_cosignature(cosigned(), WITNESS.key)
    assert found is not None
    assert (found.key, found.at) == (WITNESS.key, NOW)


def test_the_signed_bytes_are_those_of_the_specification() -> None:
    """C2SP tlog-cosignature: a header, the time, the checkpoint's text."""
    raw = cosign(NOTE, WITNESS, NOW).signature
    stamp, signature = raw[:8], raw[8:]
    message = f"cosignature/v1\ntime 1795288764\n{NOTE.text}".encode()
    assert int.from_bytes(stamp, "big") == 1_795_288_764
    assert is_valid(WITNESS.key.public, message, signature)


def test_no_cosignature_is_none() -> None:
    """Absent is not wrong."""
    assert find_cosignature(NOTE, WITNESS.key) is None


def test_a_changed_time_refuses_the_note() -> None:
    """A witness's word must not be made older or newer."""
    one = cosign(NOTE, WITNESS, NOW)
    later = (1_795_288_765).to_bytes(8, "big") + one.signature[8:]
    forged = NoteSignature(name=one.name, key_id=one.key_id, signature=later)
    with pytest.raises(VerificationFailed, match=r"br\.example/w"):
        find_cosignature(NOTE.with_signatures([forged]), WITNESS.key)


@pytest.mark.parametrize("signature", [b"", b"1234567", bytes(8), bytes(72), b"\xff" * 72])
def test_a_malformed_cosignature_refuses_the_note(signature: bytes) -> None:
    """Bytes in a known witness's name are checked, whatever they are."""
    key = WITNESS.key
    forged = NoteSignature(name=key.name, key_id=key.key_id, signature=signature)
    with pytest.raises(VerificationFailed):
        find_cosignature(NOTE.with_signatures([forged]), key)


def test_a_log_signature_is_no_cosignature() -> None:
    """A signature of type 1 with the same key says nothing about when."""
    plain = NoteSignature(
        name=WITNESS.key.name,
        key_id=WITNESS.key.key_id,
        signature=WITNESS.secret.sign(NOTE.text.encode()),
    )
    with pytest.raises(VerificationFailed):
        find_cosignature(NOTE.with_signatures([plain]), WITNESS.key)


def test_a_cosignature_is_bound_to_its_checkpoint() -> None:
    """Carried over to another checkpoint it is worthless."""
    larger = Checkpoint(origin=Origin("kh.example/log"), size=4, root=sha256())
    other = sign_checkpoint(larger, LOG).with_signatures([cosign(NOTE, WITNESS, NOW)])
    with pytest.raises(VerificationFailed):
        find_cosignature(other, WITNESS.key)
