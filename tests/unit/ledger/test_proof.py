# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.ids import Origin
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.proof import InclusionProof, from_bytes, verify_proof
from comity.ledger.signature import SigningKey

SIGNER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
ENTRIES = [b"entry %d" % number for number in range(11)]
TREE = Tree.of(map(leaf_hash, ENTRIES))
NOTE = sign_checkpoint(
    Checkpoint(origin=Origin("kh.example/log"), size=11, root=TREE.root), SIGNER
).encoded


def proof_of(index: int, extra: bytes = b"") -> InclusionProof:
    """Return the proof of one entry."""
    path = TREE.inclusion(index)
    return InclusionProof(index=index, path=path, checkpoint=NOTE, extra=extra)


@pytest.mark.parametrize("index", range(11))
def test_an_entry_is_proven_by_its_own_proof_alone(index: int) -> None:
    """No proof fits another entry."""
    proof = from_bytes(proof_of(index).encoded)
    checkpoint, _ = verify_proof(proof, ENTRIES[index], SIGNER.key)
    assert checkpoint.size == 11
    for other, entry in enumerate(ENTRIES):
        if other != index:
            with pytest.raises(VerificationFailed):
                verify_proof(proof, entry, SIGNER.key)


def test_a_proof_has_the_specification_s_lines() -> None:
    """C2SP tlog-proof: header, extra, index, path, a blank line, the checkpoint."""
    lines = proof_of(3, b"why").encoded.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra d2h5", "index 3"]
    assert len(lines[3]) == 44
    assert lines[7:9] == ["", "kh.example/log"]


def test_every_changed_byte_is_refused() -> None:
    """One flipped byte anywhere, and the entry is no longer proven."""
    encoded = proof_of(5).encoded
    for at in range(len(encoded)):
        changed = encoded[:at] + bytes([encoded[at] ^ 1]) + encoded[at + 1 :]
        with pytest.raises((InvalidDocument, VerificationFailed)):
            verify_proof(from_bytes(changed), ENTRIES[5], SIGNER.key)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"c2sp.org/tlog-proof@v2\nindex 1",
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\nindex 01",
        b"c2sp.org/tlog-proof@v1\nindex -1",
        b"c2sp.org/tlog-proof@v1\nextra \nindex 1",
        b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA",
        b"c2sp.org/tlog-proof@v1\nindex 1\n" + b"A" * 43 + b"=\n" * 70,
        b"c2sp.org/tlog-proof@v1\nindex \xff",
    ],
)
def test_a_malformed_proof_is_refused(head: bytes) -> None:
    """Every refusal is our error."""
    with pytest.raises(InvalidDocument):
        from_bytes(head + b"\n\n" + NOTE)
