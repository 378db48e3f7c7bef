# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from tests.fakes.coalition import hall, nobody, seats_of, weighted

from comity.council.power.game import compile_game
from comity.council.power.halves import MAX_PLAYERS, count_halves
from comity.council.power.packed import count_packed
from comity.council.rule.floor import Base
from comity.council.rule.rule import All, Leaf, Number, Share, double_majority


def test_halves_and_packed_integers_agree_on_24_players() -> None:
    """Two algorithms that share nothing but the game."""
    floor = hall([17 * at * at + 5 for at in range(24)])
    rule = double_majority(Fraction(11, 20), Fraction(13, 20), "w", 3)
    game = compile_game(rule, floor, seats_of(floor))
    assert count_halves(game) == count_packed(game, nobody)


def test_one_player_is_counted() -> None:
    """Half of one is none."""
    census = count_halves(weighted(1, (1,)))
    assert census is not None
    assert census.winning == (0, 1)
    assert census.swings == ((1,),)


def test_more_players_than_can_be_halved_are_left() -> None:
    """Beyond forty the halves do not fit."""
    assert count_halves(weighted(2, (1,) * (MAX_PLAYERS + 1))) is None


def test_two_measures_of_weight_are_one_listed_and_one_bisected() -> None:
    """Votes and people, as under the Treaty of Nice."""
    floor = hall((5, 4, 3, 2, 1), {"g:A": (0, 1, 2), "g:B": (3, 4)})
    half = Share(of=Base.MEMBERS, least=Fraction(1, 2))
    rule = All(
        parts=(
            Leaf(need=half, by="w"),
            Leaf(need=half, by="w", within="g:A"),
            Leaf(need=Number(least=3)),
        )
    )
    game = compile_game(rule, floor, seats_of(floor))
    assert count_halves(game) == count_packed(game, nobody)


def test_progress_of_both_passes_is_told() -> None:
    """Forty players take some seconds."""
    told: list[tuple[int, int]] = []
    count_halves(weighted(9, (5, 4, 3, 2, 1)), lambda *said: told.append(said))
    assert told[-1][0] == told[-1][1]
    assert sorted(told) == told
