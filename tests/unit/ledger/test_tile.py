# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.kernel.merkle import leaf_hash
from comity.ledger.tile import (
    Tile,
    bundle_path,
    from_bundle,
    from_tile,
    is_tile_path,
    tiles_of,
    to_bundle,
    to_tile,
)


def test_the_specification_s_example_path() -> None:
    """C2SP tlog-tiles: index 1234067 is x001/x234/067."""
    assert Tile(level=0, index=1234067, width=256).path == "tile/0/x001/x234/067"
    assert bundle_path(273, 112) == "tile/entries/273.p/112"


def test_a_tree_of_70000_has_the_specification_s_tiles() -> None:
    """C2SP tlog-tiles: 273 full and one of 112; one full and one of 17; one of 1."""
    tiles = list(tiles_of(70_000))
    level = [[tile.width for tile in tiles if tile.level == at] for at in range(3)]
    assert level[0] == [256] * 273 + [112]
    assert level[1] == [256, 17]
    assert level[2] == [1]
    assert len(tiles) == 277


def test_a_tree_of_256_has_one_full_tile_and_one_above() -> None:
    """The second example of the specification."""
    assert [(t.level, t.width) for t in tiles_of(256)] == [(0, 256), (1, 1)]


@pytest.mark.parametrize(
    "path",
    [
        "tile/../keys.sealed",
        "tile/64/000",
        "tile/00/000",
        "tile/0/00",
        "tile/0/000.p/0",
        "tile/0/000.p/1/..",
        "tile/entries/x000/000/",
        "tile/entries/000\n",
        "checkpoint",
    ],
)
def test_no_other_path_is_served(path: str) -> None:
    """The server reads below its folder only what tlog-tiles names."""
    assert not is_tile_path(path)


def test_every_tile_of_a_tree_is_served() -> None:
    """The rule that keeps strangers out keeps no tile in."""
    for tile in tiles_of(70_000):
        assert is_tile_path(tile.path)
        assert is_tile_path(bundle_path(tile.index, tile.width))


def test_a_cut_bundle_names_the_byte() -> None:
    """Whoever looks for damage looks at that byte."""
    content = to_bundle([b"first", b"second"])
    assert from_bundle(content) == (b"first", b"second")
    with pytest.raises(InvalidDocument, match="entry 1 at byte 7"):
        from_bundle(content[:-1])


def test_an_entry_that_does_not_fit_is_refused() -> None:
    """The length has two bytes."""
    assert from_bundle(to_bundle([bytes(65_535)])) == (bytes(65_535),)
    with pytest.raises(InvalidDocument):
        to_bundle([bytes(65_536)])


def test_a_tile_of_another_width_is_refused() -> None:
    """A short tile would silently shift every hash after it."""
    hashes = (leaf_hash(b"a"), leaf_hash(b"b"))
    assert from_tile(to_tile(hashes), 2) == hashes
    for width in (1, 3):
        with pytest.raises(InvalidDocument):
            from_tile(to_tile(hashes), width)
