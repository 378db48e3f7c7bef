# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The RFC 6962 Merkle tree over leaf hashes: roots, inclusion, consistency.

Source:
    RFC 9162 (Certificate Transparency 2.0), section 2.1. Leaves are hashed with a 0x00
    prefix and nodes with 0x01, so no leaf ever passes for a node.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.errors import NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256

EMPTY_ROOT = sha256()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> Digest:
    """Hash one entry as a leaf."""
    return sha256(b"\x00" + entry)


def node_hash(left: Digest, right: Digest) -> Digest:
    """Hash two neighbouring subtrees as one node."""
    return sha256(b"\x01" + left + right)


def root_of(leaves: Iterable[Digest]) -> Digest:
    """Return the root over leaf hashes, in memory of one hash per level."""
    full: list[Digest] = []
    for size, leaf in enumerate(leaves):
        top, rest = leaf, size
        while rest & 1:
            top = node_hash(full.pop(), top)
            rest >>= 1
        full.append(top)
    if not full:
        return EMPTY_ROOT
    root = full.pop()
    while full:
        root = node_hash(full.pop(), root)
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A whole tree in memory: leaf hashes first, every level above them, the root last.

    A node without a sibling moves up unchanged, which gives the RFC's shape.
    """

    levels: tuple[tuple[Digest, ...], ...]

    @staticmethod
    def of(leaves: Iterable[Digest]) -> "Tree":
        """Build every level over leaf hashes."""
        levels = [tuple(leaves)]
        while len(levels[-1]) > 1:
            below = levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            above = [node_hash(left, right) for left, right in pairs]
            levels.append((*above, *below[len(above) * 2 :]))
        return Tree(levels=tuple(levels))

    @property
    def size(self) -> int:
        """Count the leaves."""
        return len(self.levels[0])

    @property
    def root(self) -> Digest:
        """Return the root."""
        return self.levels[-1][0] if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> tuple[Digest, ...]:
        """Return the path that proves one leaf, sibling of the leaf first.

        Raises:
            NotFound: No leaf stands at that index.

        Source:
            RFC 9162, section 2.1.3.1.
        """
        if not 0 <= index < self.size:
            raise _no_leaf(index, self.size)
        path: list[Digest] = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        return tuple(path)

    def consistency(self, first: int) -> tuple[Digest, ...]:
        """Return the proof that the tree of the *first* leaves is a prefix of this one.

        Raises:
            NotFound: This tree has fewer leaves, or *first* is negative.

        Source:
            RFC 9162, section 2.1.4.1. From nothing, and to itself, the proof is empty.
        """
        if not 0 <= first <= self.size:
            raise _no_leaf(first, self.size)
        if first in {0, self.size}:
            return ()
        index, height = first - 1, 0
        while index & 1:
            index, height = index >> 1, height + 1
        proof = [self.levels[height][index]] if index else []
        for level in self.levels[height:-1]:
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
            index >>= 1
        return tuple(proof)


def root_from_inclusion(leaf: Digest, index: int, size: int, path: Sequence[Digest]) -> Digest:
    """Fold a leaf and its path into the root they imply.

    Raises:
        VerificationFailed: The path has the wrong length for that index and size.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise _refused("inclusion", f"no leaf {index} in a tree of {size}")
    top, last, rest = leaf, size - 1, list(path)
    while last:
        if index & 1 or index < last:
            if not rest:
                raise _refused("inclusion", "the path is too short")
            other = rest.pop(0)
            top = node_hash(other, top) if index & 1 else node_hash(top, other)
        index, last = index >> 1, last >> 1
    if rest:
        raise _refused("inclusion", "the path is too long")
    return top


def verify_inclusion(
    leaf: Digest, index: int, path: Sequence[Digest], *, size: int, root: Digest
) -> None:
    """Check that a leaf stands at *index* in the tree of *size* leaves under *root*.

    Raises:
        VerificationFailed: It does not, or the path has the wrong length.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if root_from_inclusion(leaf, index, size, path) != root:
        raise _refused("inclusion", f"leaf {index} leads to another root")


def verify_consistency(
    first: int, second: int, proof: Sequence[Digest], *, first_root: Digest, second_root: Digest
) -> None:
    """Check that the tree of *first* leaves is a prefix of the tree of *second* leaves.

    Raises:
        VerificationFailed: It is not, or the proof has the wrong length.

    Source:
        RFC 9162, section 2.1.4.2.
    """
    if not 0 <= first <= second:
        raise _refused("consistency", f"a tree of {second} cannot extend one of {first}")
    if first in {0, second}:
        expected = EMPTY_ROOT if first == 0 else second_root
        if proof or first_root != expected:
            raise _refused("consistency", "the same size, or none, has one root and no proof")
        return
    nodes = list(proof)
    if first & (first - 1) == 0:
        nodes.insert(0, first_root)
    old, new = _fold_consistency(first - 1, second - 1, nodes)
    if old != first_root:
        raise _refused("consistency", f"the proof leads to another root at {first}")
    if new != second_root:
        raise _refused("consistency", f"the proof leads to another root at {second}")


def implied_roots(
    first: int, second: int, proof: Sequence[Digest]
) -> tuple[Digest, Digest] | None:
    """Return the roots at both sizes that a consistency proof leads to, whatever they are.

    Returns:
        None where it leads to none: a wrong length, or sizes whose proof leaves out the first
        root (a power of two, nothing, or the same size twice).
    """
    if not 0 < first < second or first & (first - 1) == 0:
        return None
    try:
        return _fold_consistency(first - 1, second - 1, list(proof))
    except VerificationFailed:
        return None


def _fold_consistency(index: int, last: int, nodes: list[Digest]) -> tuple[Digest, Digest]:
    while index & 1:
        index, last = index >> 1, last >> 1
    if not nodes:
        raise _refused("consistency", "the proof is too short")
    old = new = nodes.pop(0)
    while last:
        if index & 1 or index < last:
            if not nodes:
                raise _refused("consistency", "the proof is too short")
            other = nodes.pop(0)
            if index & 1:
                old, new = node_hash(other, old), node_hash(other, new)
            else:
                new = node_hash(new, other)
        index, last = index >> 1, last >> 1
    if nodes:
        raise _refused("consistency", "the proof is too long")
    return old, new


def _refused(what: str, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code=f"kernel.{what}",
        hint="do not rely on it; ask its publisher for the proof again",
    )


def _no_leaf(index: int, size: int) -> NotFound:
    return NotFound(f"no leaf {index} in a tree of {size}", code="kernel.leaf")
