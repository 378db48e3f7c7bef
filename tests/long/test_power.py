# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power at full size: forty members to the last unit, 193 in 100,000 persons."""

from fractions import Fraction

import pytest
from tests.fakes.coalition import hall, nobody, seats_of

from comity.council.body.body import floor_of
from comity.council.power.census import power_of
from comity.council.power.game import compile_game
from comity.council.power.halves import count_halves
from comity.council.power.packed import count_packed
from comity.council.power.preview import count_preview
from comity.council.rule.rule import double_majority
from comity.files.body import get_body

pytestmark = pytest.mark.long


def test_193_states_in_units_of_100_000_persons() -> None:
    """Exact shares add to one; floats differ from them by less than 1e-12.

    Source: the figures of the project's research prototype, another program, at this unit.
    """
    body = get_body("un")
    rule = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
    game = compile_game(rule, floor_of(body), body.members, {"population": 100_000})
    census, preview = count_packed(game, nobody), count_preview(game, nobody)
    assert census is not None
    assert preview is not None
    exact, floats = power_of(census), power_of(preview)
    assert sum(index.shapley for index in exact.players) == 1
    china = exact.players[body.members.index("CHN")]
    assert round(float(china.shapley), 9) == 0.14999132
    assert round(float(exact.decisiveness), 9) == 0.022808129
    for mine, true in zip(floats.players, exact.players, strict=True):
        assert abs(float(mine.banzhaf / true.banzhaf - 1)) < 1e-12
        assert abs(float(mine.shapley / true.shapley - 1)) < 1e-12


def test_forty_members_with_unrounded_weights() -> None:
    """A million parts of each half meet; shares add to one exactly."""
    floor = hall([10**8 + 7919 * at * at * at for at in range(40)])
    rule = double_majority(Fraction(55, 100), Fraction(65, 100), "w", 4)
    census = count_halves(compile_game(rule, floor, seats_of(floor)))
    assert census is not None
    assert sum(index.shapley for index in power_of(census).players) == 1
