# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Our statements are DSSE and in-toto to securesystemslib, and its envelopes to us."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope as Dsse
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey
from tests.interop.cases import ENVELOPE, LOG_KEY, PAYLOAD, STATEMENT_KEY, accepts

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import sha256
from comity.ledger.envelope import from_bytes, keyid_of, sign_payload, verify_envelope
from comity.ledger.signature import SigningKey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    from_payload,
    to_payload,
    to_predicate_type,
)


def known(key: SigningKey) -> SSlibKey:
    """Return a key of ours as the library knows keys."""
    value = {"public": key.public.hex()}
    return SSlibKey(keyid_of(key.public), "ed25519", "ed25519", value)


def library_accepts(entry: bytes, *keys: SigningKey, threshold: int = 1) -> bool:
    """Tell whether the library verifies an envelope."""
    try:
        envelope = Dsse.from_dict(json.loads(entry))
        envelope.verify([known(key) for key in keys], threshold)
    except (VerificationError, KeyError, ValueError, TypeError):
        return False
    return True


def we_accept(entry: bytes, *keys: SigningKey) -> bool:
    """Tell whether we verify an envelope."""
    publics = {keyid_of(key.public): key.public for key in keys}
    return accepts(lambda: verify_envelope(from_bytes(entry), publics))


def test_the_library_verifies_our_envelopes() -> None:
    """By one key, and by two of two."""
    both = sign_payload(PAYLOAD, PAYLOAD_TYPE, [STATEMENT_KEY, LOG_KEY])

    assert library_accepts(ENVELOPE, STATEMENT_KEY)
    assert library_accepts(both, STATEMENT_KEY, LOG_KEY, threshold=2)
    assert not library_accepts(ENVELOPE, STATEMENT_KEY, LOG_KEY, threshold=2)
    assert not library_accepts(ENVELOPE, LOG_KEY)


CHANGES: dict[str, dict[str, Json]] = {
    "another payload": {"payload": "e30="},
    "no payload": {"payload": ""},
    "another type": {"payloadType": "text/plain"},
    "no signature": {"signatures": []},
    "a signature of zeros": {
        "signatures": [{"keyid": keyid_of(STATEMENT_KEY.public), "sig": "A" * 86 + "=="}]},
    "another key's signature": {
        "signatures": json.loads(sign_payload(PAYLOAD, PAYLOAD_TYPE, [LOG_KEY]))["signatures"]},
    "a signature of nothing": {
        "signatures": [{"keyid": keyid_of(STATEMENT_KEY.public), "sig": ""}]},
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_neither_verifies_a_changed_envelope(name: str) -> None:
    """Payload, type and signature all take part, for both."""
    changed = to_canonical({**json.loads(ENVELOPE), **CHANGES[name]})

    assert not library_accepts(changed, STATEMENT_KEY)
    assert not we_accept(changed, STATEMENT_KEY)


def test_no_flipped_bit_passes_either() -> None:
    """Of what is signed; the library reads more spellings of it than one."""
    for at in range(0, len(PAYLOAD), 3):
        payload = PAYLOAD[:at] + bytes([PAYLOAD[at] ^ 1]) + PAYLOAD[at + 1 :]
        value: dict[str, Any] = json.loads(sign_payload(payload, PAYLOAD_TYPE, [LOG_KEY]))
        value["signatures"] = json.loads(ENVELOPE)["signatures"]
        changed = to_canonical(value)
        assert not library_accepts(changed, STATEMENT_KEY)
        assert not we_accept(changed, STATEMENT_KEY)


def test_we_verify_the_librarys_envelopes() -> None:
    """A statement signed by another tool, its own key id and all, once in canonical JSON."""
    signer = CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(9, 41))))
    subject = Subject.of(sha256(b"weights"), name="translator")
    statement = Statement(
        predicate_type=to_predicate_type("note"), predicate={"n": 1}, subjects=(subject,)
    )
    envelope = Dsse(payload=to_payload(statement), payload_type=PAYLOAD_TYPE, signatures={})
    envelope.sign(signer)
    entry = to_canonical(envelope.to_dict())

    read = from_bytes(entry)
    public = bytes.fromhex(signer.public_key.keyval["public"])
    verify_envelope(read, {signer.public_key.keyid: public})
    assert from_payload(read.payload).subjects == (subject,)
    assert not accepts(lambda: verify_envelope(read, {signer.public_key.keyid: LOG_KEY.public}))


def test_our_statements_have_the_shape_of_in_toto() -> None:
    """Statement v1, field by field, as in-toto's attestation framework names them."""
    subject = Subject.of(sha256(b"weights"), name="translator")
    statement = Statement(
        predicate_type=to_predicate_type("system"), predicate={"n": 1}, subjects=(subject,)
    )

    value = json.loads(to_payload(statement))

    assert set(value) == {"_type", "subject", "predicateType", "predicate"}
    assert value["_type"] == "https://in-toto.io/Statement/v1"
    assert value["subject"] == [
        {"name": "translator", "digest": {"sha256": sha256(b"weights").hex()}}
    ]
    assert "://" in value["predicateType"]
    assert isinstance(value["predicate"], dict)
    assert PAYLOAD_TYPE == "application/vnd.in-toto+json"
