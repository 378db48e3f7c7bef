# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl import bindings
from nacl.exceptions import CryptoError

from comity.errors import VerificationFailed
from comity.ledger.signature import LOW_ORDER, SigningKey, is_valid, verify


def openssl_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    """OpenSSL's verdict, under the same refusal of low-order encodings."""
    if key in LOW_ORDER or signature[:32] in LOW_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def libsodium_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    """Libsodium's verdict with nothing of ours around it."""
    try:
        bindings.crypto_sign_open(signature + message, key)
    except (CryptoError, ValueError):
        return False
    return True


def test_every_edge_vector_has_one_verdict(shared: Path) -> None:
    """A member must not be able to sign what half of its followers accept."""
    vectors = json.loads((shared / "vectors" / "cctv_ed25519.json").read_bytes())
    verdicts = {
        (is_valid(*case), openssl_accepts(*case), libsodium_accepts(*case))
        for vector in vectors
        for case in [
            (
                bytes.fromhex(vector["key"]),
                vector["msg"].encode(),
                bytes.fromhex(vector["sig"]),
            )
        ]
    }
    assert len(vectors) == 914
    assert verdicts == {(True, True, True), (False, False, False)}


def test_without_the_refusal_openssl_disagrees(shared: Path) -> None:
    """The rule is needed: where it is left out, verdicts differ on published vectors."""
    vectors = json.loads((shared / "vectors" / "cctv_ed25519.json").read_bytes())
    differing = 0
    for vector in vectors:
        key, signature = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"])
        message = vector["msg"].encode()
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            continue
        differing += not is_valid(key, message, signature)
    assert differing > 100


def test_wycheproof_verdicts_are_ours(shared: Path) -> None:
    """A second published suite, with its own expected results."""
    suite = json.loads((shared / "vectors" / "wycheproof_ed25519.json").read_bytes())
    count = 0
    for group in suite["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            accepted = is_valid(key, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
            assert accepted == (test["result"] == "valid"), test
            count += 1
    assert count == suite["numberOfTests"]


def test_the_low_order_encodings_are_those_of_the_vectors(shared: Path) -> None:
    """The list is computed from the curve; the vectors name the same 14 encodings."""
    vectors = json.loads((shared / "vectors" / "cctv_ed25519.json").read_bytes())
    named = {v["key"] for v in vectors if "low_order_A" in (v["flags"] or ())}
    named |= {v["sig"][:64] for v in vectors if "low_order_R" in (v["flags"] or ())}
    assert {encoding.hex() for encoding in LOW_ORDER} == named


def test_the_first_vector_of_rfc_8032_is_reproduced() -> None:
    """RFC 8032, section 7.1, TEST 1: signing is deterministic."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    key = SigningKey.from_seed(bytes.fromhex(seed))
    signature = key.sign(b"")
    assert key.public.hex().startswith("d75a980182b10ab7")
    assert signature.hex().startswith("e5564300c360ac72")
    verify(key.public, b"", signature)


@pytest.mark.parametrize("changed", ["key", "message", "signature", "short key"])
def test_any_change_is_refused(changed: str) -> None:
    """Key, message and signature all take part."""
    key = SigningKey.from_seed(bytes(range(32)))
    public, message, signature = key.public, b"statement", key.sign(b"statement")
    match changed:
        case "key":
            public = SigningKey.from_seed(bytes(32)).public
        case "message":
            message += b"!"
        case "signature":
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        case _:
            public = public[:-1]
    with pytest.raises(VerificationFailed) as refused:
        verify(public, message, signature, place="entry 3")
    assert refused.value.place == "entry 3"


def test_a_secret_never_shows() -> None:
    """A key in a log line or a traceback would be a lost key."""
    key = SigningKey.from_seed(bytes(range(32)))
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_the_page_lists_every_point_of_low_order() -> None:
    """Who writes a second implementation has the page and not this file."""
    page = (Path(__file__).parents[3] / "docs" / "spec" / "ledger.md").read_text("utf-8")
    listed = re.findall(r"^([0-9a-f]{64})   ", page, re.MULTILINE)
    low = {bytes.fromhex(one) for one in listed}
    high = {one[:31] + bytes([one[31] | 0x80]) for one in low}
    assert len(listed) == 7
    assert low | high == LOW_ORDER
