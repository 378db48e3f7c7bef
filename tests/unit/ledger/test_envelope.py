# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json

import pytest
from securesystemslib.dsse import Envelope as PeerEnvelope
from securesystemslib.signer._key import SSlibKey

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import to_canonical
from comity.ledger.envelope import (
    MAX_PAYLOAD_BYTES,
    from_bytes,
    keyid_of,
    pre_authentication,
    sign_payload,
    verify_envelope,
)
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE

KEY = SigningKey.from_seed(bytes(range(32)))
OTHER = SigningKey.from_seed(bytes(32))
KEYS = {keyid_of(KEY.public): KEY.public}
PAYLOAD = b'{"a":1}'


def spoilt(**changes: object) -> bytes:
    """Return an envelope with fields changed, or with ... left out."""
    value = {**json.loads(sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY])), **changes}
    return to_canonical({name: part for name, part in value.items() if part is not ...})


def test_the_covered_bytes_are_those_of_the_specification() -> None:
    """DSSE's own example of the pre-authentication encoding."""
    covered = pre_authentication("http://example.com/HelloWorld", b"hello world")
    assert covered == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_what_is_sealed_opens_and_verifies() -> None:
    """The payload comes back as the very bytes that were signed."""
    envelope = from_bytes(sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY]))
    assert envelope.payload == PAYLOAD
    verify_envelope(envelope, KEYS)


def test_an_independent_library_verifies_our_envelopes() -> None:
    """Every existing attestation tool must be able to read our statements."""
    encoded = sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY])
    keyid = keyid_of(KEY.public)
    peer_key = SSlibKey(keyid, "ed25519", "ed25519", {"public": KEY.public.hex()})
    peer = PeerEnvelope.from_dict(json.loads(encoded))
    assert keyid in peer.verify([peer_key], 1)
    assert peer.pae() == pre_authentication(PAYLOAD_TYPE, PAYLOAD)


def test_a_statement_by_a_stranger_is_refused() -> None:
    """Only keys of the member's keyset speak for the member."""
    envelope = from_bytes(sign_payload(PAYLOAD, PAYLOAD_TYPE, [OTHER]))
    with pytest.raises(VerificationFailed) as refused:
        verify_envelope(envelope, KEYS, place="entry 5")
    assert refused.value.code == "ledger.unknown_signer"


def test_one_wrong_signature_by_a_known_key_refuses_all() -> None:
    """A good signature does not excuse a bad one in the same envelope."""
    both = {**KEYS, keyid_of(OTHER.public): KEY.public}
    envelope = from_bytes(sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY, OTHER]))
    verify_envelope(envelope, KEYS)
    with pytest.raises(VerificationFailed, match="does not verify"):
        verify_envelope(envelope, both)


def test_the_payload_type_is_signed() -> None:
    """A statement must not pass for another kind of document."""
    envelope = from_bytes(spoilt(payloadType="text/plain"))
    with pytest.raises(VerificationFailed):
        verify_envelope(envelope, KEYS)


def test_every_fault_is_listed_at_once() -> None:
    """An author mends a document in one round, not in five."""
    with pytest.raises(InvalidDocument) as refused:
        from_bytes(
            spoilt(payload="a", payloadType="", signatures=[{"sig": "x"}, {"keyid": "k"}])
        )
    said = str(refused.value)
    for name in ("payloadType", "payload:", "signatures[0].keyid", "signatures[1].sig"):
        assert name in said


@pytest.mark.parametrize(
    "encoded",
    [
        b"[]",
        b"{}",
        b" " + sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY]),
        spoilt(signatures=[]),
        spoilt(signatures=...),
        spoilt(
            signatures=json.loads(sign_payload(PAYLOAD, PAYLOAD_TYPE, [KEY, KEY]))["signatures"]
        ),
        spoilt(payload="e30"),
        b"{" * 70_000,
        bytes(65_536),
    ],
)
def test_no_other_spelling_is_an_envelope(encoded: bytes) -> None:
    """Two spellings of one statement would have two digests."""
    with pytest.raises(InvalidDocument):
        from_bytes(encoded)


def test_a_payload_beyond_the_cap_is_neither_written_nor_read() -> None:
    """32 KiB keeps every entry within the 65,535 bytes of a bundle."""
    with pytest.raises(InvalidDocument, match="at most 32768"):
        sign_payload(bytes(MAX_PAYLOAD_BYTES + 1), PAYLOAD_TYPE, [KEY])
    assert len(sign_payload(bytes(MAX_PAYLOAD_BYTES), PAYLOAD_TYPE, [KEY])) < 65_536


def test_an_unknown_field_survives_in_the_bytes() -> None:
    """What was received is kept as bytes, so nothing is lost by reading it."""
    encoded = spoilt(note="kept")
    assert from_bytes(encoded).encoded == encoded
