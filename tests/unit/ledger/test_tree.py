# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Sequence

import pytest

from comity.errors import NotFound
from comity.kernel.digest import Digest
from comity.kernel.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from comity.ledger.tile import Tile, tiles_of
from comity.ledger.tree import Edge, StoredTree

SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000]
LEAVES = [leaf_hash(b"%d" % number) for number in range(70_000)]


def stored(size: int) -> tuple[Edge, dict[Tile, Sequence[Digest]]]:
    """Return a tree's edge and all of its tiles."""
    edge = Edge()
    tiles: dict[Tile, Sequence[Digest]] = dict(edge.extend(LEAVES[:size]))
    tiles.update(edge.partial_tiles())
    return edge, tiles


@pytest.mark.parametrize("size", SIZES)
def test_the_edge_has_the_root_of_the_whole_tree(size: int) -> None:
    """The kernel's tree over all leaves is the oracle."""
    edge, _ = stored(size)
    assert edge.root == root_of(LEAVES[:size])
    assert edge.size == size


@pytest.mark.parametrize("size", SIZES)
def test_the_tiles_of_a_growing_tree_are_those_of_the_specification(size: int) -> None:
    """Every tile comes out once, none is missing, none is too many."""
    _, tiles = stored(size)
    assert set(tiles) == set(tiles_of(size))


@pytest.mark.parametrize("tiles", [1, 3, 256, 257])
def test_whole_tiles_extend_an_edge_as_their_hashes_do(tiles: int) -> None:
    """A follower by hashes takes in 256 at once; the tree is the same."""
    one, other = Edge(), Edge()
    for number in range(tiles):
        leaves = [leaf_hash(b"%d" % (number * 256 + at)) for at in range(256)]
        first, *above = one.extend(leaves)
        assert first == (Tile(level=0, index=number, width=256), tuple(leaves))
        assert list(other.extend_tile(b"".join(leaves))) == above
    assert (one.size, one.root) == (other.size, other.root)
    assert one.partial_tiles() == other.partial_tiles()


def test_an_empty_edge_has_the_root_of_nothing() -> None:
    """RFC 9162, section 2.1.1."""
    assert Edge().root == EMPTY_ROOT
    assert Edge().partial_tiles() == ()


@pytest.mark.parametrize("size", [1, 5, 256, 300, 66_000])
def test_an_edge_read_from_tiles_grows_like_the_one_that_wrote_them(size: int) -> None:
    """A node that starts again must continue the same tree."""
    _, tiles = stored(size)
    again = Edge.from_tiles(size, tiles.__getitem__)
    again.extend(LEAVES[size : size + 300])
    assert again.root == root_of(LEAVES[: size + 300])


@pytest.mark.parametrize("size", [1, 2, 7, 256, 300, 1000])
def test_proofs_from_tiles_are_those_of_the_whole_tree(size: int) -> None:
    """Byte for byte the proofs of the kernel's tree, for every leaf and every prefix."""
    _, tiles = stored(size)
    tree, oracle = StoredTree(size, tiles.__getitem__), Tree.of(LEAVES[:size])
    for index in range(size):
        assert tree.inclusion(index) == oracle.inclusion(index)
    for first in range(size + 1):
        assert tree.consistency(first) == oracle.consistency(first)
        assert tree.root(first) == root_of(LEAVES[:first])


@pytest.mark.parametrize("first", [1, 255, 256, 4096, 65_536, 65_537, 69_999])
def test_proofs_over_three_levels_of_tiles_verify(first: int) -> None:
    """The independent verifier of the kernel accepts them."""
    _, tiles = stored(70_000)
    tree = StoredTree(70_000, tiles.__getitem__)
    root = tree.root()
    verify_inclusion(LEAVES[first], first, tree.inclusion(first), size=70_000, root=root)
    verify_consistency(
        first,
        70_000,
        tree.consistency(first),
        first_root=root_of(LEAVES[:first]),
        second_root=root,
    )


def test_an_older_size_can_be_proven_from_newer_tiles() -> None:
    """A log proves yesterday's checkpoint with today's tiles."""
    _, tiles = stored(1000)
    tree, oracle = StoredTree(1000, tiles.__getitem__), Tree.of(LEAVES[:700])
    assert tree.inclusion(3, 700) == oracle.inclusion(3)
    assert tree.consistency(300, 700) == oracle.consistency(300)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 6)])
def test_what_is_not_in_the_tree_is_not_found(index: int, size: int) -> None:
    """Asking beyond the tree must not read a tile that does not exist."""
    _, tiles = stored(5)
    with pytest.raises(NotFound):
        StoredTree(5, tiles.__getitem__).inclusion(index, size)


def test_copies_grow_apart() -> None:
    """A failed append must leave the log's own edge as it was."""
    edge, _ = stored(255)
    twin = edge.copy()
    twin.extend(LEAVES[255:600])
    assert (edge.size, edge.root) == (255, root_of(LEAVES[:255]))
    assert twin.root == root_of(LEAVES[:600])


def test_a_tree_reads_a_tile_once_and_holds_few() -> None:
    """A server proves near by again and again, and must not grow with the log."""
    edge, tiles = Edge(), dict[Tile, Sequence[Digest]]()
    tiles.update(edge.extend(LEAVES[n % 700] for n in range(256 * 40)))
    tiles.update(edge.partial_tiles())
    asked: list[Tile] = []

    def read(tile: Tile) -> Sequence[Digest]:
        asked.append(tile)
        return tiles[tile]

    tree = StoredTree(edge.size, read)
    first = [tree.inclusion(index) for index in (5, 6, 200)]
    before = len(asked)
    assert len(set(asked)) == before
    assert [tree.inclusion(index) for index in (5, 6, 200)] == first
    assert len(asked) == before
    again = [tree.inclusion(256 * number) for number in range(40)]
    assert [tree.inclusion(256 * number) for number in range(40)] == again
    assert len(asked) > before + 40
