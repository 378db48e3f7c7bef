# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from tests.fakes.coalition import hall, seats_of

from comity.council.power.game import compile_game, merge
from comity.council.power.need import MAX_SPECIAL, Query, extent, split
from comity.council.rule.rule import (
    AGAINST,
    All,
    Leaf,
    Not,
    Number,
    any_of,
    double_majority,
)

FLOOR = hall((4, 3, 2, 1), {"g:A": (0,)})
SEATS = seats_of(FLOOR)


def test_a_blocking_minority_lowers_what_many_votes_must_weigh() -> None:
    """With three of four the weight does not matter any more."""
    rule = double_majority(Fraction(1, 2), Fraction(6, 10), "w", 2)
    found = split(compile_game(rule, FLOOR, SEATS))
    assert found is not None
    assert found.specials == ()
    assert found.weights == (1, 2, 3, 4)
    assert found.needs.tolist() == [[11, 11, 6, 0, 0]]
    assert list(found.queries())[2] == Query(special=0, size=2, weight=6)
    assert extent(found) == (2, 6)


def test_who_has_a_veto_is_special() -> None:
    """Without it nothing wins; with it the others need what it does not bring."""
    veto = Not(part=Leaf(need=Number(least=1), count=AGAINST, within="g:A"))
    rule = All(parts=(Leaf(need=Number(least=6), by="w"), veto))
    found = split(compile_game(rule, FLOOR, SEATS))
    assert found is not None
    assert found.specials == (0,)
    assert found.needs.tolist() == [[7, 7, 7, 7], [2, 2, 2, 2]]


def test_a_bloc_is_special() -> None:
    """It brings several heads."""
    rule = any_of(Leaf(need=Number(least=3)), Leaf(need=Number(least=9), by="w"))
    found = split(merge(compile_game(rule, FLOOR, SEATS), {"pair": ("S0", "S1")}))
    assert found is not None
    assert found.specials == (2,)
    assert found.needs.tolist() == [[4, 4, 4], [2, 0, 0]]


def test_a_rule_on_heads_has_nothing_to_split() -> None:
    """It is counted by kinds."""
    assert split(compile_game(Leaf(need=Number(least=2)), FLOOR, SEATS)) is None


def test_too_many_special_players_are_not_gone_through() -> None:
    """Every one of them doubles the work."""
    floor = hall((1,) * 25, {"g:A": range(MAX_SPECIAL + 1)})
    rule = All(
        parts=(Leaf(need=Number(least=6), by="w"), Leaf(need=Number(least=2), within="g:A"))
    )
    assert split(compile_game(rule, floor, seats_of(floor))) is None
