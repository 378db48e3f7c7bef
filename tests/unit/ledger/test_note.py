# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    MAX_NOTE_BYTES,
    NoteKey,
    NoteSignature,
    NoteSigner,
    from_bytes,
    from_lines,
    from_vkey,
)
from comity.ledger.signature import SigningKey, is_valid

KEY = SigningKey.from_seed(bytes(range(32)))

# The example of the documentation of golang.org/x/mod/sumdb/note.
PEER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PEER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_is_read_and_verifies() -> None:
    """Key id, framing and signature agree with Go's sumdb/note."""
    key, note = from_vkey(PEER_KEY), from_bytes(PEER_NOTE.encode())
    (signature,) = note.signatures
    assert (signature.name, signature.key_id) == (key.name, key.key_id)
    assert is_valid(key.public, note.text.encode(), signature.signature)
    assert note.encoded == PEER_NOTE.encode()
    assert key.vkey == PEER_KEY


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE_ED25519])
def test_a_key_survives_its_line(kind: int) -> None:
    """Operators pass keys around as one line of text."""
    key = NoteKey(name="ai-office.example/log", kind=kind, public=KEY.public)
    assert from_vkey(key.vkey) == key


def test_a_key_of_the_other_algorithm_survives_too() -> None:
    """ML-DSA-44 keys are 1,312 bytes; another length is no key."""
    public = MlDsaKey.from_seed(bytes(32)).public
    key = NoteKey(name="br.example/w", kind=COSIGNATURE_MLDSA, public=public)
    assert from_vkey(key.vkey) == key
    cut = NoteKey(name="br.example/w", kind=COSIGNATURE_MLDSA, public=public[:32])
    with pytest.raises(InvalidDocument, match="ML-DSA-44"):
        from_vkey(cut.vkey)


def test_one_key_has_another_id_for_another_purpose() -> None:
    """The id covers name and type, so signatures cannot be carried over."""
    ids = {
        NoteKey(name=name, kind=kind, public=KEY.public).key_id
        for name in ("a", "b")
        for kind in (ED25519, COSIGNATURE_ED25519)
    }
    assert len(ids) == 4


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        PEER_KEY.replace("c74f20a3", "c74f20a4"),
        PEER_KEY.replace("c74f20a3", "C74F20A3"),
        PEER_KEY.replace("PeterNeumann", "Peter Neumann"),
        PEER_KEY.replace("+ARpc", "+AR pc"),
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "pq+00000000+BgAA",
    ],
)
def test_a_malformed_key_is_refused(vkey: str) -> None:
    """A mistyped digit must not become a key nobody holds."""
    with pytest.raises(InvalidDocument):
        from_vkey(vkey)


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n- name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA".encode(),
        "text\n\n— name\n".encode(),
        "text\n\n— na+me AAAAAAAA\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "te\tt\n\n— name AAAAAAAA\n".encode(),
        b"\xff\n\n",
        ("x\n\n" + "— name AAAAAAAA\n" * 65).encode(),
        bytes(MAX_NOTE_BYTES + 1),
    ],
)
def test_a_malformed_note_is_refused(encoded: bytes) -> None:
    """C2SP signed-note, section Format; every refusal is our error."""
    with pytest.raises(InvalidDocument):
        from_bytes(encoded)


def test_the_last_blank_line_parts_text_from_signatures() -> None:
    """The text itself may hold blank lines."""
    note = from_bytes("one\n\ntwo\n\n— name AAAAAAAA\n".encode())
    assert note.text == "one\n\ntwo\n"


def test_a_newer_signature_by_the_same_key_replaces_the_older() -> None:
    """A note that is cosigned again and again must not grow."""
    note = from_bytes(PEER_NOTE.encode())
    first = NoteSignature(name="w", key_id=b"1234", signature=b"old")
    second = NoteSignature(name="w", key_id=b"1234", signature=b"new")
    both = note.with_signatures([first]).with_signatures([second])
    assert both.signatures == (*note.signatures, second)
    assert from_lines(second.line) == (second,)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\x00", "a\x7f", "a\u202eb"])
def test_a_name_notes_cannot_carry_names_no_signer(name: str) -> None:
    """It would make notes that nobody can read."""
    with pytest.raises(InvalidDocument):
        NoteSigner.of(name, ED25519, KEY)
