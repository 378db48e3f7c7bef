# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The tree is RFC 9162's: published roots, and no proof that fits anything else."""

from itertools import pairwise

import pytest

from comity.errors import NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.merkle import (
    EMPTY_ROOT,
    Tree,
    implied_roots,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[Digest]:
    """Hash that many one-byte entries."""
    return [leaf_hash(bytes([n])) for n in range(count)]


def reference_root(hashes: list[Digest]) -> Digest:
    """Compute the root by the RFC's own recursive definition (2.1.1)."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(reference_root(hashes[:split]), reference_root(hashes[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    """Anyone's RFC 6962 verifier must accept our trees."""
    hashes = [leaf_hash(entry) for entry in ENTRIES[:size]]
    assert root_of(hashes).hex() == ROOTS[size - 1]
    assert Tree.of(hashes).root.hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 6, 7, 11, 16, 33, 70])
def test_the_root_follows_the_recursive_definition(size: int) -> None:
    """The quick forms must not drift from the RFC's definition at ragged sizes."""
    hashes = leaves(size)
    assert root_of(hashes) == Tree.of(hashes).root == reference_root(hashes)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 13, 33])
def test_every_leaf_is_proven_by_its_path(size: int) -> None:
    """A bank opens any of its items, so every position needs a proof."""
    hashes = leaves(size)
    tree = Tree.of(hashes)
    for index, leaf in enumerate(hashes):
        verify_inclusion(leaf, index, tree.inclusion(index), size=size, root=tree.root)


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13])
def test_no_path_fits_another_leaf_position_or_length(size: int) -> None:
    """A proof that fits elsewhere would let an item be swapped."""
    hashes = leaves(size)
    tree = Tree.of(hashes)
    for index, leaf in enumerate(hashes):
        path = tree.inclusion(index)
        wrong = [
            (hashes[index - 1], index, path),
            (leaf, (index + 1) % size, path),
            (leaf, index, path[:-1]),
            (leaf, index, (*path, leaf)),
            (leaf, index, (leaf_hash(b"x"), *path[1:])),
        ]
        for other_leaf, other_index, other_path in wrong:
            with pytest.raises(VerificationFailed):
                verify_inclusion(other_leaf, other_index, other_path, size=size, root=tree.root)


def test_a_leaf_outside_the_tree_is_neither_proven_nor_verified() -> None:
    """Positions come from outside documents."""
    tree = Tree.of(leaves(3))
    for index in (-1, 3):
        with pytest.raises(NotFound):
            tree.inclusion(index)
        with pytest.raises(VerificationFailed):
            root_from_inclusion(tree.levels[0][0], index, 3, ())


@pytest.mark.parametrize("second", [1, 2, 3, 6, 7, 8, 13, 32, 33])
def test_every_prefix_is_proven_consistent(second: int) -> None:
    """A follower moves from any checkpoint it kept to the newest."""
    hashes = leaves(second)
    tree = Tree.of(hashes)
    for first in range(second + 1):
        verify_consistency(
            first,
            second,
            tree.consistency(first),
            first_root=reference_root(hashes[:first]),
            second_root=tree.root,
        )


@pytest.mark.parametrize(
    ("first", "second"), [(1, 2), (3, 7), (4, 7), (6, 8), (7, 13), (8, 13)]
)
def test_a_rewritten_prefix_has_no_consistency_proof(first: int, second: int) -> None:
    """A log that changed its past must be caught at either root and at any length."""
    hashes = leaves(second)
    tree, proof = Tree.of(hashes), Tree.of(hashes).consistency(first)
    old = reference_root(hashes[:first])
    other = leaf_hash(b"other")
    for wrong in (proof[:-1], (*proof, other), (other, *proof[1:])):
        with pytest.raises(VerificationFailed):
            verify_consistency(first, second, wrong, first_root=old, second_root=tree.root)
    for roots in ((other, tree.root), (old, other)):
        with pytest.raises(VerificationFailed):
            verify_consistency(first, second, proof, first_root=roots[0], second_root=roots[1])


@pytest.mark.parametrize(("first", "second"), [(3, 5), (3, 8), (5, 6), (7, 8)])
def test_a_proof_says_to_which_roots_it_leads(first: int, second: int) -> None:
    """Whatever they are: what a log sends shows the past it claims."""
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    proof = Tree.of(leaves[:second]).consistency(first)
    roots = (Tree.of(leaves[:first]).root, Tree.of(leaves[:second]).root)
    assert implied_roots(first, second, proof) == roots
    assert implied_roots(first, second, proof[:-1]) is None
    assert implied_roots(first, second, (*proof, EMPTY_ROOT)) is None


@pytest.mark.parametrize(("first", "second"), [(0, 5), (4, 5), (5, 5), (6, 5), (-1, 5)])
def test_some_sizes_leave_the_first_root_out_of_the_proof(first: int, second: int) -> None:
    """Nothing can be told of what does not stand there."""
    assert implied_roots(first, second, (EMPTY_ROOT,)) is None


def test_a_log_does_not_shrink() -> None:
    """A smaller size after a larger one is a rollback, whatever the proof."""
    with pytest.raises(VerificationFailed):
        verify_consistency(3, 2, (), first_root=EMPTY_ROOT, second_root=EMPTY_ROOT)
    with pytest.raises(NotFound):
        Tree.of(leaves(2)).consistency(3)


def test_equal_sizes_need_equal_roots() -> None:
    """Two roots at one size are a fork."""
    one, two = (reference_root(leaves(n)) for n in (3, 4))
    with pytest.raises(VerificationFailed):
        verify_consistency(3, 3, (), first_root=one, second_root=two)
    with pytest.raises(VerificationFailed):
        verify_consistency(0, 3, (), first_root=one, second_root=two)


def test_roots_differ_from_size_to_size() -> None:
    """A tree and its extension must never share a root."""
    roots = [root_of(leaves(n)) for n in range(20)]
    assert all(before != after for before, after in pairwise(roots))
    assert len(set(roots)) == len(roots)
