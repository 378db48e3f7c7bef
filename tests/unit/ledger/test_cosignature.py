# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest

from comity.errors import VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import (
    Subtree,
    cosign,
    find_cosignature,
    subtree_message,
)
from comity.ledger.mldsa import MlDsaKey, is_valid_mldsa
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    Note,
    NoteSignature,
    NoteSigner,
)
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


MLDSA = NoteSigner.of("br.example/w", COSIGNATURE_MLDSA, MlDsaKey.from_seed(bytes(32)))


def test_the_second_signature_says_who_and_when_too() -> None:
    """By ML-DSA-44, beside the first; each is found by its own key."""
    note = cosigned().with_signatures([cosign(NOTE, MLDSA, NOW)])
    found = find_cosignature(note, MLDSA.key)
    assert found is not None
    assert (found.key, found.at) == (MLDSA.key, NOW)
    assert find_cosignature(note, WITNESS.key) is not None
    assert find_cosignature(cosigned(), MLDSA.key) is None


def test_the_second_signed_bytes_are_those_of_the_specification() -> None:
    """C2SP tlog-cosignature v1.1.0-rc.1, cosigned_message, in the words of RFC 8446."""
    raw = cosign(NOTE, MLDSA, NOW).signature
    message = (
        b"subtree/v1\n\0"
        b"\x0cbr.example/w"
        + (1_795_288_764).to_bytes(8, "big")
        + b"\x0ekh.example/log"
        + (0).to_bytes(8, "big")
        + (3).to_bytes(8, "big")
        + sha256()
    )
    assert int.from_bytes(raw[:8], "big") == 1_795_288_764
    assert is_valid_mldsa(MLDSA.key.public, message, raw[8:])
    subtree = Subtree(origin=Origin("kh.example/log"), start=0, end=3, root=sha256())
    assert subtree_message(subtree, "br.example/w", 1_795_288_764) == message


def test_extension_lines_are_not_in_the_second_signature() -> None:
    """The rc says so: no statement is made about them."""
    extended = Checkpoint(
        origin=Origin("kh.example/log"), size=3, root=sha256(), extensions=("more",)
    )
    note = sign_checkpoint(extended, LOG).with_signatures([cosign(NOTE, MLDSA, NOW)])
    assert find_cosignature(note, MLDSA.key) is not None


def test_without_a_time_it_is_checked_and_not_counted() -> None:
    """Such a one says the tree is consistent, not that it is the largest seen."""
    message = subtree_message(
        Subtree(origin=Origin("kh.example/log"), start=0, end=3, root=sha256()),
        MLDSA.key.name,
        0,
    )
    timeless = NoteSignature(
        name=MLDSA.key.name,
        key_id=MLDSA.key.key_id,
        signature=bytes(8) + MLDSA.secret.sign(message),
    )
    assert find_cosignature(NOTE.with_signatures([timeless]), MLDSA.key) is None
    forged = dataclasses.replace(timeless, signature=timeless.signature[:-1] + b"!")
    with pytest.raises(VerificationFailed):
        find_cosignature(NOTE.with_signatures([forged]), MLDSA.key)


@pytest.mark.parametrize("change", ["time", "cut", "empty", "other"])
def test_a_wrong_second_signature_refuses_the_note(change: str) -> None:
    """As a wrong first one does."""
    raw = cosign(NOTE, MLDSA, NOW).signature
    changed = {
        "time": (1).to_bytes(8, "big") + raw[8:],
        "cut": raw[:-1],
        "empty": b"",
        "other": b"\xff" * 8 + raw[8:],
    }[change]
    key = MLDSA.key
    forged = NoteSignature(name=key.name, key_id=key.key_id, signature=changed)
    with pytest.raises(VerificationFailed):
        find_cosignature(NOTE.with_signatures([forged]), key)


def test_a_part_of_a_log_is_cosigned_without_a_time() -> None:
    """What begins later than 0 can say nothing of the largest tree seen."""
    part = Subtree(origin=Origin("kh.example/log"), start=2, end=3, root=sha256())
    assert subtree_message(part, "w", 0).startswith(b"subtree/v1\n\0\x01w" + bytes(8))
    with pytest.raises(VerificationFailed):
        subtree_message(part, "w", 1)


@pytest.mark.parametrize("name", ["", "w" * 256])
def test_a_name_of_the_wrong_length_cannot_be_signed(name: str) -> None:
    """The format gives it one byte of length."""
    part = Subtree(origin=Origin("kh.example/log"), start=0, end=3, root=sha256())
    with pytest.raises(VerificationFailed):
        subtree_message(part, name, 1)
