# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from tests.fakes.coalition import hall, nobody, seats_of, weighted

from comity.council.body.body import floor_of
from comity.council.power.census import power_of
from comity.council.power.game import compile_game, merge
from comity.council.power.halves import count_halves
from comity.council.power.packed import count_packed
from comity.council.rule.rule import Leaf, Number, double_majority
from comity.files.body import get_body

UNION = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)


def test_193_states_are_counted_in_millions_of_persons() -> None:
    """Shares add to one exactly.

    Source: the figures of the project's research prototype, another program, at this unit.
    """
    body = get_body("un")
    game = compile_game(UNION, floor_of(body), body.members, {"population": 1_000_000})
    census = count_packed(game, nobody)
    assert census is not None
    power = power_of(census)
    assert sum(index.shapley for index in power.players) == 1
    by_name = dict(zip(body.members, power.players, strict=True))
    assert round(float(by_name["CHN"].shapley), 9) == 0.149972389
    assert round(float(by_name["TUV"].shapley), 9) == 0.001432069
    assert round(float(power.decisiveness), 9) == 0.022801925


def test_blocs_are_special_players() -> None:
    """A bloc brings several heads, and every way the blocs can vote is gone through."""
    body = get_body("eu")
    game = compile_game(UNION, floor_of(body), body.members, {"population": 1_000_000})
    joined = merge(game, {"benelux": ("BEL", "NLD", "LUX"), "baltic": ("EST", "LVA", "LTU")})
    assert count_packed(joined, nobody) == count_halves(joined)


def test_progress_ends_where_it_said() -> None:
    """A bar that stops short looks like a crash."""
    told: list[tuple[int, int]] = []
    floor = hall((3, 2, 2, 1))
    game = compile_game(Leaf(need=Number(least=5), by="w"), floor, seats_of(floor))
    count_packed(game, lambda done, steps: told.append((done, steps)))
    assert told[-1] == (7, 7)


def test_a_table_beyond_memory_is_refused() -> None:
    """Unrounded populations of a hundred states are left to sampling, or to larger units."""
    assert count_packed(weighted(10**9, [10**7 + at for at in range(150)]), nobody) is None
