# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.fakes.coalition import every_coalition, hall, nobody, seats_of

from comity.council.power.bloc import CONSENSUS, MAJORITY, Bloc
from comity.council.power.game import compile_game
from comity.council.power.measured import Meter
from comity.council.power.union import Move, Table
from comity.council.rule.floor import Base
from comity.council.rule.rule import All, AtLeast, Leaf, Number, Rule, Share

FIVE = hall((1,) * 5, {"b:in": (0, 1, 2)})
HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))


def _table(*blocs: Bloc, rule: Rule = HALF) -> Table:
    return Table(
        game=compile_game(rule, FIVE, seats_of(FIVE)),
        floor=FIVE,
        blocs=blocs,
        meter=Meter(
            wanted=None,
            samples=100,
            new_generator=lambda: np.random.Generator(np.random.PCG64(1)),
        ),
        told=nobody,
    )


def _three(rule: Rule = MAJORITY) -> Bloc:
    return Bloc(name="three", members=("S0", "S1", "S2"), rule=rule)


def test_three_of_five_take_all_the_power() -> None:
    """By majority each of them has half of the say; the other two have none."""
    union = _table(_three()).unite()
    found = union.united[0]
    assert found.voice.banzhaf.value == 1
    assert found.blocks_apart.value == 1
    assert [stake.effective for stake in found.stakes] == [Fraction(1, 2)] * 3
    assert [stake.before for stake in found.stakes] == [Fraction(6, 16)] * 3
    assert union.outside == ("S3", "S4")
    assert union.after.voices["S3"].shapley.value == 0


def test_effective_power_is_the_power_in_the_joint_rule() -> None:
    """One bloc by majority, written out as one rule and counted vote by vote."""
    inner = Leaf(need=Number(least=2), within="b:in")
    outer = Leaf(need=Number(least=1))
    bloc = Bloc(name="three", members=("S0", "S1", "S2"), rule=MAJORITY)
    table = _table(bloc, rule=Leaf(need=Number(least=4)))
    others = [Leaf(need=Number(least=1), within=f"o:{at}") for at in (3, 4)]
    joint = All(parts=(inner, AtLeast(count=1, parts=tuple(others)), outer))
    floor = hall((1,) * 5, {"b:in": (0, 1, 2), "o:3": (3,), "o:4": (4,)})
    swings = every_coalition(joint, floor).swings
    stakes = table.unite().united[0].stakes
    assert [stake.effective for stake in stakes] == [
        Fraction(sum(row), 16) for row in swings[:3]
    ]


def test_what_leaving_would_bring_is_told() -> None:
    """By consensus three have a quarter of the say each, and would have as much alone."""
    table = _table(_three(CONSENSUS))
    moves = list(table.leaving(table.unite()))
    assert [move.member for move in moves] == ["S0", "S1", "S2"]
    assert [move.inside for move in moves] == [Fraction(1, 4)] * 3
    assert [move.outside for move in moves] == [Fraction(1, 4)] * 3
    assert not any(move.gains or move.joins for move in moves)


def test_moving_gains_where_the_voice_is_worth_more_there() -> None:
    """The same two figures speak for leaving and against joining."""
    stays = Move(
        bloc="b", member="S0", joins=False, inside=Fraction(1, 8), outside=Fraction(1, 4)
    )
    assert stays.gains
    assert not replace(stays, joins=True).gains


def test_who_would_join_is_told() -> None:
    """Outside a bloc that decides alone there is nothing to be had."""
    table = _table(_three())
    (move,) = table.joining(table.unite(), ("S3",))
    assert move.joins
    assert move.outside == 0
    assert move.inside == Fraction(3, 8)
    assert move.gains


def test_the_chance_to_block_grows_with_voting_as_one() -> None:
    """Two of five vote apart, and block less often than as one."""
    pair = Bloc(name="pair", members=("S0", "S1"), rule=CONSENSUS)
    found = _table(pair).unite().united[0]
    assert found.agrees == Fraction(1, 4)
    assert found.blocks_apart.value == 1 - Fraction(1, 8) / Fraction(1, 2)
    assert found.voice.prevent.value == pytest.approx(0.75)
    assert found.apart == Fraction(2, 5)
