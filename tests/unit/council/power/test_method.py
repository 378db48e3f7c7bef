# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from tests.fakes.coalition import hall, nobody, seats_of

from comity.council.body.body import floor_of
from comity.council.power.game import compile_game
from comity.council.power.method import Method, count_exactly
from comity.council.rule.floor import Base
from comity.council.rule.rule import (
    All,
    Leaf,
    Number,
    Rule,
    Share,
    double_majority,
    without_hegemon,
)
from comity.files.body import get_body

POPULAR = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)))


def _method(body: str, rule: Rule, unit: int = 1) -> Method | None:
    found = get_body(body)
    game = compile_game(rule, floor_of(found), found.members, {"population": unit})
    counted = count_exactly(game, nobody)
    return counted and counted[1]


def test_every_game_goes_to_the_method_that_bears_it() -> None:
    """Heads by kinds, unrounded weights by halves, two hundred states by packed integers."""
    assert _method("un", HALF) is Method.KINDS
    assert _method("waico-37", without_hegemon()) in {Method.KINDS, Method.HALVES}
    assert _method("eu", POPULAR) is Method.HALVES
    assert _method("un", POPULAR, 10_000_000) is Method.PACKED


def test_weights_within_regions_of_200_states_are_not_counted_exactly() -> None:
    """They are sampled, and the result says so."""
    rule = All(
        parts=(
            Leaf(need=Number(least=20), by="population"),
            Leaf(need=Number(least=4), by="population", within="region:Africa"),
        )
    )
    assert _method("un", rule, 1) is None


def test_a_rule_under_which_a_yes_hurts_is_not_counted_exactly() -> None:
    """Exact figures of it would look like power."""
    floor = hall((1, 1, 1))
    rule = Leaf(need=Number(least=2), count=HALF.count ^ frozenset(Base.CAST.counts))
    assert count_exactly(compile_game(rule, floor, seats_of(floor)), nobody) is None
