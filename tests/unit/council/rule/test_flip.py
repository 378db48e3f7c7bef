# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What would flip a result: as few seats as can be, said so that one can check it."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.council.rule.decide import decide
from comity.council.rule.flip import UNNAMED, Flip, find_flip, moved
from comity.council.rule.floor import Answer, Base, Floor, Weights
from comity.council.rule.nearest import MAX_STEPS
from comity.council.rule.rule import (
    AGAINST,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
    double_majority,
    without_hegemon,
)

NO_VETO = Not(part=Leaf(need=Number(least=1), count=AGAINST, within="seat:permanent"))
COUNCIL = All(parts=(Leaf(need=Number(least=9)), NO_VETO))
PERMANENT = frozenset({"CHN", "FRA", "GBR", "RUS", "USA"})


def floor_of(
    said: Mapping[Answer, int],
    names: Mapping[str, Answer] | None = None,
    **groups: frozenset[str],
) -> Floor:
    """Seat so many for each answer, beside those with names."""
    answers = dict(names or {})
    for answer, count in said.items():
        answers |= {f"{answer.value} {place}": answer for place in range(count)}
    named = {name.replace("_", ":"): seats for name, seats in groups.items()}
    return Floor(seats=frozenset(answers), answers=answers, groups=named)


def council(yes: int, no: int, **permanent: Answer) -> Floor:
    """Seat a council of 15 with its permanent members."""
    sat = {name: permanent.get(name, Answer.YES) for name in PERMANENT}
    abstain = 15 - len(sat) - yes - no
    said = {Answer.YES: yes, Answer.NO: no, Answer.ABSTAIN: abstain}
    return floor_of(said, sat, seat_permanent=PERMANENT)


def test_the_margin_of_a_share_is_exact() -> None:
    """69 of 136 is one vote: 68 would be half, which is not more than half."""
    rule = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2), strict=True))
    floor = floor_of({Answer.YES: 69, Answer.NO: 67, Answer.ABSTAIN: 7})

    flip = find_flip(rule, floor)

    assert (flip.count, flip.fewest, flip.is_exact) == (1, 1, True)
    assert not decide(rule, moved(floor, flip.moves)).passed


def test_one_veto_is_named_and_asked_only_to_abstain() -> None:
    """An abstention of a permanent member is enough, so no more is asked of it."""
    flip = find_flip(COUNCIL, council(7, 0, RUS=Answer.NO))

    assert flip.words() == ("It would flip with 1 seat: had RUS abstained instead (said no).")


def test_a_veto_and_too_few_votes_may_be_one_seat() -> None:
    """Eight in favour and one permanent member against: that member's yes does both."""
    flip = find_flip(COUNCIL, council(4, 0, USA=Answer.NO))

    assert [(m.seats, m.after) for m in flip.moves] == [(("USA",), Answer.YES)]


def test_any_of_a_class_is_said_to_be_any() -> None:
    """Naming two of forty would look like blame."""
    flip = find_flip(Leaf(need=Number(least=39)), floor_of({Answer.YES: 40}))

    assert flip.words().startswith(
        "It would flip with 2 seats: had any 2 of the 40 that said yes"
    )


def test_seats_known_by_number_only_are_not_named() -> None:
    """“unnamed 1.1” is nobody."""
    answers = {f"{UNNAMED}1.{place}": Answer.YES for place in range(3)}
    flip = find_flip(
        Leaf(need=Number(least=3)), Floor(seats=frozenset(answers), answers=answers)
    )

    assert UNNAMED not in flip.words()


def test_the_largest_weights_move_first() -> None:
    """Fewest seats means the heaviest."""
    weights = Weights(name="w", unit="u", source="s", values={"a": 5, "b": 3, "c": 1, "d": 1})
    rule = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(3, 5)), by="w")
    floor = Floor(seats=frozenset("abcd"), answers={"c": Answer.YES}, weights={"w": weights})

    flip = find_flip(rule, floor)

    assert [move.seats for move in flip.moves] == [("a",)]


def test_what_nothing_said_could_flip_is_said_so() -> None:
    """Nine votes cannot be had from eight seats."""
    flip = find_flip(Leaf(need=Number(least=9)), floor_of({Answer.NO: 8}))

    assert flip == Flip(moves=(), fewest=None, is_exact=True)
    assert flip.words() == "Nothing that could be said would flip it."
    assert flip.to_json() == {"count": 0, "fewest": None, "exact": True, "moves": []}


def test_only_what_may_be_said_is_looked_at() -> None:
    """In a body without abstention nobody is told to abstain."""
    floor = council(7, 0, RUS=Answer.NO)

    flip = find_flip(COUNCIL, floor, may=(Answer.YES, Answer.NO))

    assert [move.after for move in flip.moves] == [Answer.YES]


def test_a_quorum_can_be_broken_by_staying_away() -> None:
    """With 97 of 193 present one that stays away is enough."""
    there = Leaf(
        need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True),
        count=Base.PRESENT.counts,
    )
    rule = All(parts=(there, Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2)))))

    flip = find_flip(rule, floor_of({Answer.YES: 97, Answer.SILENT: 96}))

    assert [(len(m.seats), m.after) for m in flip.moves] == [(1, Answer.SILENT)]


def test_a_large_body_with_regions_and_weights_is_exact_in_time() -> None:
    """193 seats, each of its own weight, in five regions: the bound and the change meet."""
    seats = [f"s{place:03}" for place in range(193)]
    groups = {
        f"region:{name}": frozenset(seats[start::5]) for start, name in enumerate("abcde")
    }
    weights = Weights(
        name="population",
        unit="person",
        source="made up",
        values={seat: 1 + (place * 7919) % 1009 for place, seat in enumerate(seats)},
    )
    floor = Floor(
        seats=frozenset(seats),
        answers=dict.fromkeys(seats[:70], Answer.YES),
        groups=groups,
        weights={"population": weights},
    )
    both = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)

    for rule in (without_hegemon(), both):
        flip = find_flip(rule, floor)
        assert flip.is_exact
        assert decide(rule, moved(floor, flip.moves)).passed
    assert find_flip(without_hegemon(), floor).count == 27  # 97 are needed and 70 are there


def test_where_the_search_ends_a_bound_is_said() -> None:
    """A knapsack of many sizes is not solved to the end; what is proven is told apart."""
    seats = [f"s{place:02}" for place in range(60)]
    sizes = {seat: 10_000 + 37 * place * place for place, seat in enumerate(seats)}
    other = {seat: 10_000 + 37 * (59 - place) ** 2 for place, seat in enumerate(seats)}
    third = {seat: 10_000 + (place * 7919) % 90_000 for place, seat in enumerate(seats)}
    floor = Floor(
        seats=frozenset(seats),
        weights={
            name: Weights(name=name, unit="u", source="s", values=values)
            for name, values in (("x", sizes), ("y", other), ("z", third))
        },
    )
    need = Share(of=Base.MEMBERS, least=Fraction(61, 100))
    rule: Rule = All(parts=tuple(Leaf(need=need, by=name) for name in "xyz"))

    flip = find_flip(rule, floor)

    assert flip.fewest is not None
    assert flip.fewest <= flip.count
    assert flip.is_exact or "(at least" in flip.words()
    assert MAX_STEPS < 100_000


@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_some_of_several_is_flipped_by_the_cheapest(count: int) -> None:
    """Of three parts, those nearest to holding are chosen."""
    parts = tuple(Leaf(need=Number(least=least)) for least in (2, 3, 4))
    rule = AtLeast(count=count, parts=parts)

    assert find_flip(rule, floor_of({Answer.SILENT: 6})).count == count + 1


def test_a_change_of_moves_is_told_by_kind() -> None:
    """Those that said no and those that abstained are told apart, those alike together."""
    weights = {"a": 9, "b": 8, "c": 7, "d": 1}
    floor = Floor(
        seats=frozenset(weights),
        answers={"a": Answer.NO, "b": Answer.ABSTAIN, "c": Answer.ABSTAIN, "d": Answer.YES},
        weights={"w": Weights(name="w", unit="u", source="s", values=weights)},
    )
    rule = Leaf(need=Number(least=25), by="w")

    assert find_flip(rule, floor).words() == (
        "It would flip with 3 seats: had a said yes instead (said no), "
        "and b, c said yes instead (abstained)."
    )
    assert any_of(rule) == AtLeast(count=1, parts=(rule,))


def test_an_answer_nobody_gave_is_silence() -> None:
    """A seat that is absent from the answers may move too."""
    floor = replace(floor_of({Answer.SILENT: 3}), answers={})

    assert find_flip(Leaf(need=Number(least=2)), floor).count == 2
