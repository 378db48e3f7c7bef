# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

import pytest
from tests.fakes.coalition import hall, seats_of

from comity.council.power.game import Measure, compile_game, merge
from comity.council.power.gate import ALWAYS, NEVER, Bar, Below
from comity.council.rule.floor import Answer, Base
from comity.council.rule.rule import AGAINST, Across, All, Leaf, Not, Number, Share
from comity.errors import InvalidDocument

FLOOR = hall((10, 20, 30), {"g:A": (0, 1), "g:B": (2,)})
SEATS = seats_of(FLOOR)
THIRD = Fraction(1, 3)


def test_shares_become_whole_numbers_of_yes_votes() -> None:
    """At least a third of 60 is 20, and more than a third is 21: no rounding in between."""
    at_least = Leaf(need=Share(of=Base.CAST, least=THIRD), by="w")
    more = Leaf(need=Share(of=Base.CAST, least=THIRD, strict=True), by="w")
    assert compile_game(at_least, FLOOR, SEATS).adopts == Bar(measure=0, least=20)
    assert compile_game(more, FLOOR, SEATS).adopts == Bar(measure=0, least=21)


def test_a_veto_asks_everybody_in_the_group() -> None:
    """Nobody against means that all of them said yes, where all say yes or no."""
    veto = Not(part=Leaf(need=Number(least=1), count=AGAINST, within="g:A"))
    game = compile_game(veto, FLOOR, SEATS)
    assert game.adopts == Bar(measure=0, least=2)
    assert game.values == ((1, 1, 0),)
    assert game.measures == (Measure(by=None, within="g:A"),)


def test_what_noes_adopt_is_not_monotone() -> None:
    """A rule that objections carry is said to be one under which a yes can hurt."""
    game = compile_game(Leaf(need=Number(least=2), count=AGAINST), FLOOR, SEATS)
    assert game.adopts == Below(measure=0, least=2)
    assert not game.is_monotone


def test_what_cannot_be_reached_never_holds() -> None:
    """Four of three members, a share of an empty group, answers nobody gives."""
    for leaf in (
        Leaf(need=Number(least=4)),
        Leaf(need=Number(least=4), count=AGAINST),
        Leaf(need=Number(least=1), count=frozenset({Answer.ABSTAIN})),
    ):
        assert compile_game(leaf, FLOOR, SEATS).adopts == NEVER
    everything = Leaf(need=Number(least=3), count=frozenset(Answer))
    assert compile_game(everything, FLOOR, SEATS).adopts == ALWAYS
    empty = hall((1, 1), {"g:A": ()})
    share = Leaf(need=Share(of=Base.MEMBERS, least=THIRD), within="g:A")
    assert compile_game(share, empty, seats_of(empty)).adopts == NEVER


def test_units_round_weights_first_and_numbers_up() -> None:
    """Shares are taken of what is counted, so that they can be reached."""
    floor = hall((14, 15, 24))
    units = {"w": 10}
    share = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), by="w")
    game = compile_game(share, floor, seats_of(floor), units)
    assert game.values == ((1, 2, 2),)
    assert game.adopts == Bar(measure=0, least=3)
    number = Leaf(need=Number(least=21), by="w")
    assert compile_game(number, floor, seats_of(floor), units).adopts == Bar(measure=0, least=3)


def test_what_a_rule_misses_in_a_body_is_told_at_once() -> None:
    """Whoever brings a rule to another body learns all it lacks there."""
    rule = All(
        parts=(
            Leaf(need=Number(least=1), by="gold"),
            Leaf(need=Number(least=1), within="g:C"),
            Across(family="sea", missing=0, leaf=Leaf(need=Number(least=1))),
        )
    )
    with pytest.raises(InvalidDocument) as caught:
        compile_game(rule, FLOOR, SEATS)
    assert caught.value.code == "council.power"
    told = str(caught.value)
    for part in ("weights called 'gold'", "no group 'g:C'", "groups of the family 'sea'"):
        assert part in told


def test_a_bloc_brings_what_its_members_bring() -> None:
    """Heads, weights and groups are added up, and the others keep their places."""
    rule = All(parts=(Leaf(need=Number(least=2)), Leaf(need=Number(least=30), by="w")))
    game = merge(compile_game(rule, FLOOR, SEATS), {"pair": ("S0", "S2")})
    assert game.players == ("S1", "pair")
    assert game.values == ((1, 2), (20, 40))


def test_nobody_is_in_two_blocs() -> None:
    """A vote cannot be cast twice."""
    game = compile_game(Leaf(need=Number(least=2)), FLOOR, SEATS)
    with pytest.raises(InvalidDocument, match="blocs do not fit") as caught:
        merge(game, {"one": ("S0", "S1"), "two": ("S1", "S9")})
    assert caught.value.code == "council.bloc"
    assert [fault.message for fault in caught.value.faults] == [
        "S9 is no member of the body",
        "S1 is in two blocs",
    ]


def test_weights_beyond_exact_sums_are_refused() -> None:
    """A sum that a float would round is not counted."""
    floor = hall((1 << 52, 1))
    with pytest.raises(InvalidDocument, match=r"2\^52"):
        compile_game(Leaf(need=Number(least=1), by="w"), floor, seats_of(floor))
