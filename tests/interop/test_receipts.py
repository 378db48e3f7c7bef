# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""scitt-cose and cwt read our COSE receipts, and refuse them changed anywhere."""

from collections.abc import Callable

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEHeaders, COSEKey
from scitt_cose.receipt import verify_receipt
from tests.interop.cases import LEAVES, LOG_KEY, SIZES, STATEMENT_KEY, flipped

from comity.kernel.digest import sha256
from comity.kernel.merkle import Tree
from comity.ledger.receipt import Place, to_receipt
from comity.ledger.signature import SigningKey

RECEIPT_KEY = SigningKey.from_seed(bytes(range(5, 37)))


def entry(index: int) -> bytes:
    """Return the entry under a leaf of the cases."""
    return b"entry %d" % index


def receipt(index: int, size: int) -> bytes:
    """Return the receipt of an entry in the tree of the first *size* leaves."""
    tree = Tree.of(LEAVES[:size])
    place = Place(index=index, size=size, path=tree.inclusion(index), root=tree.root)
    return to_receipt(
        place, RECEIPT_KEY, issuer="https://kh.example/log", subject="tag:kh.example,2026:x"
    )


def pem(key: SigningKey) -> bytes:
    """Return a public key as PEM."""
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def is_read(encoded: bytes, content: bytes, key: SigningKey = RECEIPT_KEY) -> bool:
    """Tell whether scitt-cose accepts a receipt of an entry."""
    found = verify_receipt(encoded, leaf_entry_hex=content.hex(), log_public_key_pem=pem(key))
    return bool(found.ok)


@pytest.mark.parametrize("size", SIZES)
def test_receipts_at_every_edge_of_a_tree_are_read(size: int) -> None:
    """Only of the entry they are of, and only under the log's key."""
    for index in sorted({0, size // 3, size - 1}):
        encoded = receipt(index, size)

        assert is_read(encoded, entry(index))
        assert not is_read(encoded, entry(index + 1))
        assert not is_read(encoded, entry(index), LOG_KEY)


Parts = list[object]


def with_proof(change: Callable[[Parts], Parts]) -> Callable[[Parts], Parts]:
    """Change the inclusion proof: size, index, path."""

    def changed(parts: Parts) -> Parts:
        unprotected = parts[1]
        assert isinstance(unprotected, dict)
        (proof,) = unprotected[396][-1]
        return [parts[0], {396: {-1: [cbor2.dumps(change(cbor2.loads(proof)))]}}, *parts[2:]]

    return changed


def with_header(label: int, value: object) -> Callable[[Parts], Parts]:
    """Change one protected header."""

    def changed(parts: Parts) -> Parts:
        protected = parts[0]
        assert isinstance(protected, bytes)
        headers = {**cbor2.loads(protected), label: value}
        return [cbor2.dumps(headers, canonical=True), *parts[1:]]

    return changed


CHANGES: dict[str, Callable[[Parts], Parts]] = {
    "another size": with_proof(lambda proof: [256, *proof[1:]]),
    "another index": with_proof(lambda proof: [proof[0], 651, proof[2]]),
    "no path": with_proof(lambda proof: [*proof[:2], []]),
    "a path turned round": with_proof(lambda proof: [*proof[:2], list(proof[2])[::-1]]),  # type: ignore[call-overload] # the list of hashes
    "no proof": lambda parts: [parts[0], {}, *parts[2:]],
    "another algorithm": with_header(1, -7),
    "another key's id": with_header(4, sha256(STATEMENT_KEY.public)),
    "another issuer": with_header(
        15, {1: "https://br.example/log", 2: "tag:kh.example,2026:x"}
    ),
    "another structure": with_header(395, 2),
    "a header nobody knows": with_header(2, [99]),
    "another signature": lambda parts: [*parts[:3], bytes(64)],
    "no signature": lambda parts: [*parts[:3], b""],
    "a payload": lambda parts: [*parts[:2], bytes(Tree.of(LEAVES[:700]).root), parts[3]],
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_receipt_changed_in_a_part_is_refused(name: str) -> None:
    """Every part is signed, or leads to what is."""
    tag = cbor2.loads(receipt(650, 700))
    same = cbor2.dumps(cbor2.CBORTag(tag.tag, list(tag.value)), canonical=True)
    changed = cbor2.CBORTag(tag.tag, CHANGES[name](list(tag.value)))

    assert is_read(same, entry(650))
    assert not is_read(cbor2.dumps(changed, canonical=True), entry(650))


def test_no_flipped_bit_passes_but_in_the_size() -> None:
    """RFC 9942 signs the root alone: trees of 700 and 701 give leaf 650 one path."""
    whole = receipt(650, 700)
    size_at = whole.index(cbor2.dumps(700)) + 2

    passed = [at for at in range(len(whole)) if is_read(flipped(whole, at), entry(650))]

    assert passed == [size_at]


@pytest.mark.parametrize("size", [1, 2, 257, 700])
def test_cwt_verifies_the_signature_over_the_root(size: int) -> None:
    """A second library, given the root that the entry leads to."""
    encoded, root = receipt(size - 1, size), bytes(Tree.of(LEAVES[:size]).root)
    protected = cbor2.loads(cbor2.loads(encoded).value[0])
    key = COSEKey.from_pem(pem(RECEIPT_KEY).decode(), kid=protected[int(COSEHeaders.KID)])

    assert COSE.new().decode(encoded, key, detached_payload=root) == root
    with pytest.raises(Exception, match="verify"):
        COSE.new().decode(encoded, key, detached_payload=bytes(32))
