# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A map of one square per state, so that a small state is as visible as a large one.

A map alone is never the only way to read a fact: the page puts the same in a table beneath.
Each kind has a pattern of its own besides its colour, so colour is never the only sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.files.tiles import read_tiles

_SIDE = 22
_GAP = 2
"""Together three cells of a pattern, so that it lies the same way in every square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One state's square, in pixels from the upper left.

    Args:
        kind: The class of the square: what is drawn there.
    """

    state: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMap:
    """Squares to draw, and how large the drawing is.

    Args:
        unplaced: States that have no square; the table shows them all the same.
    """

    width: int
    height: int
    side: int
    tiles: tuple[Tile, ...]
    unplaced: tuple[str, ...]


def draw_tiles(kinds: Mapping[str, str]) -> TileMap:
    """Place states on the map, cut to the part of it that they fill.

    Args:
        kinds: State to what is drawn there, in words fit for a class of a style sheet.
    """
    places = read_tiles()
    placed = {state: places[state] for state in kinds if state in places}
    left = min((column for column, _ in placed.values()), default=0)
    top = min((row for _, row in placed.values()), default=0)
    step = _SIDE + _GAP
    tiles = tuple(
        Tile(
            state=state,
            kind=kinds[state],
            x=(column - left) * step + _GAP,
            y=(row - top) * step + _GAP,
        )
        for state, (column, row) in sorted(placed.items())
    )
    return TileMap(
        width=max((tile.x for tile in tiles), default=0) + step,
        height=max((tile.y for tile in tiles), default=0) + step,
        side=_SIDE,
        tiles=tiles,
        unplaced=tuple(sorted(kinds.keys() - placed.keys())),
    )
