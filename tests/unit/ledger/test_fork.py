# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.fork import Fork, convicts, from_bytes, to_bytes, verify_fork
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey

SIGNER = NoteSigner.of("a.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
ONE = [leaf_hash(b"one %d" % number) for number in range(9)]
OTHER = [*ONE[:2], leaf_hash(b"changed"), *ONE[3:]]


def signed(tree: Tree) -> bytes:
    """Return the signed checkpoint of a tree."""
    checkpoint = Checkpoint(origin=Origin("a.example/log"), size=tree.size, root=tree.root)
    return sign_checkpoint(checkpoint, SIGNER).encoded


SAME_SIZE = Fork(
    log_key=SIGNER.key.vkey, smaller=signed(Tree.of(ONE)), larger=signed(Tree.of(OTHER))
)
TWO_SIZES = Fork(
    log_key=SIGNER.key.vkey,
    smaller=signed(Tree.of(ONE[:5])),
    larger=signed(Tree.of(OTHER)),
    prefix_root=Tree.of(OTHER[:5]).root,
    proof=Tree.of(OTHER).consistency(5),
)


@pytest.mark.parametrize("fork", [SAME_SIZE, TWO_SIZES])
def test_two_stories_convict_their_log_offline(fork: Fork) -> None:
    """Anyone with the file and no network sees that the log lied."""
    again = from_bytes(to_bytes(fork))
    assert again == fork
    smaller, larger = verify_fork(again)
    assert smaller.size <= larger.size
    assert convicts(again)


def test_an_honest_log_cannot_be_convicted() -> None:
    """One checkpoint twice, or a true prefix, is no evidence."""
    tree = Tree.of(ONE)
    twice = dataclasses.replace(SAME_SIZE, larger=SAME_SIZE.smaller)
    prefix = dataclasses.replace(
        TWO_SIZES,
        larger=signed(tree),
        prefix_root=Tree.of(ONE[:5]).root,
        proof=tree.consistency(5),
    )
    for honest in (twice, prefix, dataclasses.replace(TWO_SIZES, prefix_root=None)):
        assert not convicts(honest)


def test_an_invented_prefix_root_does_not_convict() -> None:
    """The consistency proof must lead from it to the signed root."""
    tree = Tree.of(ONE)
    framed = dataclasses.replace(
        TWO_SIZES, larger=signed(tree), prefix_root=sha256(b"x"), proof=tree.consistency(5)
    )
    with pytest.raises(VerificationFailed):
        verify_fork(framed)


def test_a_stranger_s_signature_does_not_convict() -> None:
    """Both checkpoints must bear the log's own key."""
    stranger = NoteSigner.of("a.example/log", ED25519, SigningKey.from_seed(bytes(32)))
    assert not convicts(dataclasses.replace(SAME_SIZE, log_key=stranger.key.vkey))


def test_the_sizes_must_stand_in_order() -> None:
    """Evidence has one form."""
    turned = dataclasses.replace(TWO_SIZES, smaller=TWO_SIZES.larger, larger=TWO_SIZES.smaller)
    assert not convicts(turned)


@pytest.mark.parametrize(
    "encoded", [b"", b"{}", b"[]", to_bytes(SAME_SIZE).replace(b"v1", b"v9")]
)
def test_a_malformed_file_is_refused(encoded: bytes) -> None:
    """Every refusal is our error."""
    with pytest.raises(InvalidDocument):
        from_bytes(encoded)
