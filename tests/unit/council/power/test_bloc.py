# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

import pytest
from tests.fakes.coalition import hall, seats_of

from comity.council.power.bloc import (
    CONSENSUS,
    INTERNAL,
    MAJORITY,
    Bloc,
    inside,
    without_members,
)
from comity.council.power.game import compile_game
from comity.council.power.gate import Bar
from comity.council.rule.rule import AGAINST, Leaf, Number
from comity.errors import InvalidDocument

FLOOR = hall((5, 4, 3, 2, 1))
THREE = ("S0", "S1", "S2")


def test_consensus_gives_each_member_the_chance_that_all_others_agree() -> None:
    """Of three, two others agree one time in four."""
    found = inside(Bloc(name="b", members=THREE, rule=CONSENSUS), FLOOR)
    assert found.agrees == Fraction(1, 8)
    assert found.banzhaf == dict.fromkeys(THREE, Fraction(1, 4))


def test_a_majority_within_is_worth_more() -> None:
    """Of three, the two others disagree half of the time."""
    found = inside(Bloc(name="b", members=THREE, rule=MAJORITY), FLOOR)
    assert found.banzhaf["S0"] == Fraction(1, 2)


def test_a_bloc_may_weigh_its_members() -> None:
    """Shares are of the bloc's own weight, not of the body's."""
    rule = Leaf(need=Number(least=8), by="w")
    found = inside(Bloc(name="b", members=THREE, rule=rule), FLOOR)
    assert found.banzhaf == {"S0": Fraction(3, 4), "S1": Fraction(1, 4), "S2": Fraction(1, 4)}


def test_a_rule_within_that_noes_carry_is_refused() -> None:
    """What a bloc says yes to when its members say no has no effective power."""
    rule = Leaf(need=Number(least=1), count=AGAINST)
    with pytest.raises(InvalidDocument, match="cannot be counted exactly"):
        inside(Bloc(name="b", members=THREE, rule=rule), FLOOR)


def test_without_members_the_bar_stays() -> None:
    """Who turns against is still counted in what the rule asks for."""
    game = compile_game(Leaf(need=Number(least=3)), FLOOR, seats_of(FLOOR))
    rest = without_members(game, ("S0", "S4"))
    assert rest.players == ("S1", "S2", "S3")
    assert rest.adopts == Bar(measure=0, least=3)


def test_the_rules_within_have_the_names_people_use() -> None:
    """They are what the command line takes."""
    assert set(INTERNAL) == {"consensus", "majority", "two-thirds"}
