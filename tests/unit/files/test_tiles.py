# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.files.body import get_body, shipped_bodies
from comity.files.instrument import GONE, shipped_instruments
from comity.files.tiles import read_tiles
from comity.law.market import EUROPEAN_UNION, STATES

WITHOUT_A_SQUARE = {EUROPEAN_UNION} | GONE
"""Those on record that are no state of today."""


def test_no_two_states_stand_on_one_square() -> None:
    """One would hide the other, and its vote."""
    tiles = read_tiles()

    assert len(set(tiles.values())) == len(tiles)
    assert all(column >= 0 and row >= 0 for column, row in tiles.values())


def test_every_square_is_a_state_and_every_member_has_one() -> None:
    """A state without a square would be missing from every map and be missed by nobody."""
    tiles = read_tiles()

    assert set(tiles) <= STATES
    assert set(tiles) >= set(get_body("un").members)
    for body in shipped_bodies():
        assert set(tiles) >= set(body.members), body.slug
    for agreement in shipped_instruments():
        said = {act.state for act in agreement.acts} - WITHOUT_A_SQUARE
        assert set(tiles) >= said, agreement.slug
