# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What would have to be so: the alternatives say neither more nor less than the rule."""

import itertools
from fractions import Fraction

import pytest

from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.goal import alternatives, empty_base, joined
from comity.council.rule.nearest import SAYABLE, find_any, nearest
from comity.council.rule.rule import (
    AGAINST,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
)

SEATS = ("a", "b", "c")
GROUPS = {"r:x": frozenset("a"), "r:y": frozenset("bc")}
HALF_CAST = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2)))
TWO = Leaf(need=Number(least=2))


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize(
    "rule",
    [
        HALF_CAST,
        TWO,
        Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3), strict=True), within="r:y"),
        Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3)), within="r:none"),
        Not(part=HALF_CAST),
        All(parts=(HALF_CAST, Not(part=Leaf(need=Number(least=1), count=AGAINST)))),
        AtLeast(count=2, parts=(HALF_CAST, TWO, Not(part=TWO))),
        Across(family="r", missing=1, leaf=HALF_CAST),
        All(parts=()),
    ],
)
def test_a_rule_is_so_exactly_where_one_alternative_is_met(rule: Rule, *, wanted: bool) -> None:
    """On every floor, whatever floor they were made on."""
    floors = [
        Floor(
            seats=frozenset(SEATS), answers=dict(zip(SEATS, said, strict=True)), groups=GROUPS
        )
        for said in itertools.product(SAYABLE, repeat=len(SEATS))
    ]
    made = list(alternatives(rule, floors[0], wanted=wanted))

    for floor in floors:
        is_met = any(all(bound.is_met(floor) for bound in bounds) for bounds in made)
        assert is_met is (decide(rule, floor).passed is wanted)


def test_an_empty_base_is_an_alternative_of_its_own() -> None:
    """A fixed number has no base; all members are there unless nobody has a seat."""
    floor = Floor(seats=frozenset("a"), answers={"a": Answer.YES})

    ((bound,),) = empty_base(HALF_CAST, floor)
    assert not bound.is_met(floor)
    assert bound.is_met(Floor(seats=frozenset("a")))
    assert list(empty_base(TWO, floor)) == []
    members = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)))
    assert list(empty_base(members, floor)) == []
    assert list(empty_base(members, Floor(seats=frozenset()))) == [()]


def test_joined_takes_one_of_each() -> None:
    """Of two and three alternatives, six."""
    floor = Floor(seats=frozenset(SEATS))
    two = alternatives(AtLeast(count=1, parts=(TWO, HALF_CAST)), floor, wanted=True)
    both = joined([lambda: two, lambda: alternatives(TWO, floor, wanted=False)])

    assert len(list(both)) == 2
    assert list(joined([])) == [()]


def test_any_change_is_found_or_proven_absent() -> None:
    """Not the smallest: whether there is one at all."""
    floor = Floor(seats=frozenset(SEATS))
    nine = Leaf(need=Number(least=9))

    assert find_any(floor, alternatives(TWO, floor, wanted=True), SAYABLE).count == 2
    assert find_any(floor, alternatives(nine, floor, wanted=True), SAYABLE).fewest is None
    exclusive = All(parts=(TWO, Leaf(need=Number(least=2), count=AGAINST)))
    assert find_any(floor, alternatives(exclusive, floor, wanted=True), SAYABLE).fewest is None
    assert nearest(floor, alternatives(exclusive, floor, wanted=True), SAYABLE).is_exact
    assert nearest(floor, alternatives(TWO, floor, wanted=False), SAYABLE).count == 0
