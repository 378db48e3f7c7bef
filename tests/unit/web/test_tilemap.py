# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A map on which every state is one square."""

from comity.files.body import shipped_bodies
from comity.files.tiles import read_tiles
from comity.web.tilemap import draw_tiles


def test_every_member_of_every_shipped_body_has_a_square_of_its_own() -> None:
    """A state that is missing from a map, or hidden under another, is a state not counted."""
    tiles = read_tiles()
    members = {code for body in shipped_bodies() for code in body.members if len(code) == 3}

    assert members - tiles.keys() == set()
    assert len(set(tiles.values())) == len(tiles)


def test_neighbours_stay_near() -> None:
    """Who knows the map of the world finds a state where it was looked for."""
    tiles = read_tiles()

    def apart(one: str, other: str) -> int:
        return sum(abs(a - b) for a, b in zip(tiles[one], tiles[other], strict=True))

    for pair in ("KHM LAO", "BRA PRY", "FRA ESP", "KEN UGA", "DJI ETH", "NZL TON"):
        one, other = pair.split()
        assert apart(one, other) <= 4, pair
    assert tiles["CAN"][1] < tiles["USA"][1] < tiles["MEX"][1] < tiles["BRA"][1]
    assert tiles["PRT"][0] < tiles["TUR"][0] < tiles["CHN"][0] < tiles["FJI"][0]


def test_a_region_fills_its_own_drawing() -> None:
    """A bloc of the Pacific is not drawn as a few squares at the edge of an empty world."""
    drawn = draw_tiles({"FJI": "yes", "TON": "no", "WSM": "silent"})

    assert drawn.width <= 6 * (drawn.side + 2)
    assert {tile.state: tile.kind for tile in drawn.tiles}["TON"] == "no"


def test_a_seat_without_a_square_is_named_not_dropped() -> None:
    """An observer or a bloc stands in the table beneath."""
    assert draw_tiles({"KHM": "yes", "EU": "no"}).unplaced == ("EU",)
    assert draw_tiles({}).tiles == ()
