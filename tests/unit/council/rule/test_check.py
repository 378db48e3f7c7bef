# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules that cannot be used are refused with an example; all others are left alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.council.rule.check import check, check_floor, refuse_flawed, told
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Floor, Weights
from comity.council.rule.goal import alternatives
from comity.council.rule.nearest import find_any
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import (
    AGAINST,
    ATTENDING,
    Across,
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
from comity.council.rule.sample import sample_floor
from comity.errors import InvalidDocument

HALF = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2)))
ALL_SAY = Leaf(need=Number(least=1), count=frozenset(Answer))
NOT_MOST_AGAINST = Not(part=Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2)), count=AGAINST))
QUORUM = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), count=ATTENDING)
BODY = Floor(
    seats=frozenset("abcdef"),
    groups={"region:N": frozenset("abc"), "region:S": frozenset("def")},
    weights={
        "people": Weights(
            name="people", unit="person", source="made up", values=dict.fromkeys("abcdef", 5)
        )
    },
)


def flaws(rule: Rule, floor: Floor | None = None, quorum: Rule | None = None) -> list[str]:
    """Return what is wrong, in words."""
    return [str(flaw) for flaw in check(Procedure(adopts=rule, quorum=quorum), floor)]


@pytest.mark.parametrize(
    "rule",
    [
        HALF,
        QUORUM,
        without_hegemon(),
        double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4),
        All(parts=(HALF, Not(part=Leaf(need=Number(least=3), count=AGAINST)))),
        Not(part=Leaf(need=Number(least=1), count=AGAINST)),
    ],
)
def test_a_rule_that_can_pass_and_fail_is_left_alone(rule: Rule) -> None:
    """A check that refuses good rules is switched off."""
    assert flaws(rule) == []


def test_a_rule_that_can_never_pass_is_refused() -> None:
    """More than half in favour and more than half against."""
    need = Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True)
    rule = All(parts=(Leaf(need=need), Leaf(need=need, count=AGAINST)))

    (said,) = flaws(rule)

    assert "holds never: nothing could ever be adopted; for example with 12 members" in said


def test_a_rule_that_always_passes_is_refused() -> None:
    """Either some are in favour or not: that is no rule."""
    one = Leaf(need=Number(least=1))

    (said,) = flaws(any_of(one, Not(part=one)))

    assert "holds always: everything is adopted, whatever is said" in said
    assert "holds always" in flaws(ALL_SAY)[0]


def test_a_part_that_never_holds_is_refused() -> None:
    """A blocking minority of seven in a body of six blocks nothing."""
    rule = double_majority(Fraction(1, 2), Fraction(1, 2), "people", 7)

    (said,) = flaws(rule, BODY)

    assert "the part “at least seven members are not in favour” never holds" in said


def test_an_empty_base_that_adopts_is_refused_with_the_floor() -> None:
    """Nobody says anything, and it is adopted because nobody was against."""
    (flaw,) = check(Procedure(adopts=NOT_MOST_AGAINST))

    assert "can be empty" in flaw.message
    assert "ask a quorum" in flaw.message
    assert flaw.example is not None
    assert decide(NOT_MOST_AGAINST, flaw.example).passed


def test_an_empty_base_that_only_fails_is_left_alone() -> None:
    """It is said with the result; nothing is adopted by it."""
    assert flaws(HALF) == []
    assert flaws(All(parts=(HALF, NOT_MOST_AGAINST))) == []


def test_a_quorum_heals_an_empty_base() -> None:
    """With anyone present who votes the base is there; presence alone is no vote."""
    voting = Leaf(need=Number(least=1), count=Base.CAST.counts)

    assert flaws(NOT_MOST_AGAINST, quorum=voting) == []
    assert "can be empty" in flaws(NOT_MOST_AGAINST, quorum=QUORUM)[0]


def test_a_quorum_that_excludes_the_rule_is_refused() -> None:
    """All must be silent, and half must be in favour."""
    silent = Leaf(
        need=Share(of=Base.MEMBERS, least=Fraction(1)), count=frozenset({Answer.SILENT})
    )

    assert "exclude each other" in flaws(HALF, quorum=silent)[0]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (ALL_SAY, "silence is always broken"),
        (
            All(
                parts=(
                    Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1))),
                    Leaf(need=Number(least=1), count=AGAINST),
                )
            ),
            "silence can never be broken",
        ),
    ],
)
def test_silence_that_is_never_or_always_broken_is_refused(broken: Rule, words: str) -> None:
    """The one adopts everything, the other nothing by silence."""
    silence = Silence(period_h=1, broken_by=broken, on_break=OnBreak.FAIL)
    procedure = Procedure(adopts=Not(part=broken), silence=silence)

    assert any(words in str(flaw) for flaw in check(procedure))


def test_what_the_body_has_not_is_named_with_what_is_near() -> None:
    """A misspelt group would count nobody."""
    leaf = Leaf(need=Number(least=1), within="region:n", by="peple")
    across = Across(family="regio", missing=0, leaf=HALF)

    found = check(Procedure(adopts=All(parts=(leaf, across))), BODY)

    assert [(flaw.message, flaw.near) for flaw in found] == [
        ("the body has no groups of the family 'regio'", "region"),
        ("the body has no weights called 'peple'", "people"),
        ("the body has no group called 'region:n'", "region:N"),
    ]


def test_what_is_near_to_nothing_is_answered_by_what_there_is() -> None:
    """Whoever takes a rule to another body cannot guess what that one counts by."""
    leaf = Leaf(need=Number(least=1), by="tonnage")

    [flaw] = check(Procedure(adopts=leaf), BODY)

    assert flaw.message == "the body has no weights called 'tonnage'; it has people"


def test_a_group_or_a_body_without_a_seat_is_refused() -> None:
    """Nobody can be in favour there."""
    empty = Floor(seats=frozenset("x"), groups={"g": frozenset()})

    assert "nobody of the group 'g' has a seat" in flaws(
        Leaf(need=Number(least=1), within="g"), empty
    )
    assert "nobody has a seat" in flaws(HALF, Floor(seats=frozenset()))


def test_faults_of_the_floor_itself_are_all_said() -> None:
    """Strangers, overlapping regions, missing and negative weights: none silently counted."""
    weights = Weights(name="w", unit="u", source="s", values={"a": 1, "b": -2})
    floor = Floor(
        seats=frozenset({"a", "b", "c"}),
        answers={"d": Answer.YES},
        groups={"r:N": frozenset({"a", "x"}), "r:S": frozenset({"a"}), "plain": frozenset("a")},
        weights={"w": weights},
    )

    assert [flaw.message for flaw in check_floor(floor)] == [
        "d answered and has no seat",
        "x of the group r:N has no seat",
        "a in both r:N and r:S",
        "no weight w for c",
        "a negative weight w for b",
    ]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Leaf(need=Number(least=100_000)), "more seats than any body has"),
        (
            Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2)), count=ATTENDING),
            "counts answers that its base leaves out",
        ),
        (AtLeast(count=3, parts=(HALF, QUORUM)), "asks 3 of 2 parts and can never hold"),
        (All(parts=(HALF,) * 401), "has 402 parts"),
    ],
)
def test_what_is_absurd_is_refused_before_anything_is_tried(rule: Rule, words: str) -> None:
    """Cheaply, and without an example."""
    assert words in flaws(rule)[0]


def test_nesting_without_end_is_refused() -> None:
    """And does not exhaust the stack."""
    rule: Rule = HALF
    for _ in range(50):
        rule = Not(part=rule)

    assert flaws(rule) == ["the rule is deeper than 8 levels"]


def test_a_refusal_lists_every_flaw() -> None:
    """One exception, all flaws, the code that programs read."""
    leaf = Leaf(need=Number(least=1), within="region:n", by="people")
    with pytest.raises(InvalidDocument) as caught:
        refuse_flawed(Procedure(adopts=leaf), BODY, source="ours.toml")

    assert (caught.value.code, caught.value.source) == ("council.rule_flaw", "ours.toml")
    assert caught.value.faults[0].near == "region:N"
    refuse_flawed(Procedure(adopts=HALF), BODY)


def test_an_example_is_told_by_counts() -> None:
    """Names would say nothing of a made-up body."""
    floor = Floor(seats=frozenset("abc"), answers={"a": Answer.YES}, weights=BODY.weights)

    assert told(floor) == "3 members (yes 1, silent 2) (people in all: 30)"


def test_the_sample_body_has_what_a_rule_speaks_of() -> None:
    """Groups with a neighbour, families with more groups than may fail, weights that differ."""
    across = Across(family="region", missing=3, leaf=HALF)
    named = Leaf(need=Number(least=9), within="seat:permanent")
    floor = sample_floor([across, named, Leaf(need=Number(least=50), by="tonnage")])

    assert len(floor.family("region")) == 5
    assert len(floor.within("seat:permanent")) >= 18
    assert len(floor.family("seat")) == 2
    assert set(floor.weights["tonnage"].values.values()) == {50, 100, 150}
    assert list(check_floor(floor)) == []


def test_a_search_with_little_to_spend_claims_nothing() -> None:
    """Found nothing is not proven none."""
    least = alternatives(QUORUM, BODY, wanted=True)

    assert find_any(BODY, least, tuple(Answer), -1).fewest == 0


@pytest.mark.parametrize("depth", [9, 10_000])
def test_a_rule_deeper_than_any_is_said_to_be_whatever_else_is_wrong(depth: int) -> None:
    """Made in memory, it was never read; nothing here runs out of stack."""
    rule: Rule = HALF
    for _ in range(depth):
        rule = Not(part=rule)

    assert any("deeper than 8 levels" in said for said in flaws(rule))


def test_weights_that_are_all_zero_and_a_body_of_nobody_are_refused() -> None:
    """Both would be decided by an empty base for ever."""
    by_people = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), by="people")
    nothing = replace(BODY.weights["people"], values=dict.fromkeys("abcdef", 0))
    (said,) = flaws(by_people, replace(BODY, weights={"people": nothing}))
    assert "holds never" in said
    assert "nobody has a seat" in flaws(HALF, Floor(seats=frozenset()))


def test_weights_of_thirty_digits_are_counted_to_the_last() -> None:
    """Counting is in whole numbers, however large."""
    values = {"a": 10**30, "b": 10**30 + 1, **dict.fromkeys("cdef", 0)}
    people = replace(BODY.weights["people"], values=values)
    most = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True), by="people")
    body = replace(BODY, weights={"people": people})
    assert flaws(most, body) == []
    verdicts = [decide(most, replace(body, answers={seat: Answer.YES})).passed for seat in "ab"]
    assert verdicts == [False, True]
