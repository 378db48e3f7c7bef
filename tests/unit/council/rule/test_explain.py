# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules in words: what an official reads is what the rule decides."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.council.rule.explain import explain, explain_procedure
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import Departed, OnBreak, Procedure, Roll, Silence
from comity.council.rule.rule import (
    AGAINST,
    ATTENDING,
    IN_FAVOUR,
    NOT_IN_FAVOUR,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Share,
    any_of,
    double_majority,
)
from comity.council.rule.wording import EN

TWO_THIRDS = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(2, 3)))
ONE_AGAINST = Leaf(need=Number(least=1), count=AGAINST)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(2, 3), "two thirds"),
        (Fraction(1, 2), "half"),
        (Fraction(55, 100), "55 %"),
        (Fraction(5502, 100_000), "2751/50000"),
        (Fraction(625, 1000), "62.5 %"),
        (Fraction(5, 7), "5/7"),
        (Fraction(1), "all"),
    ],
)
def test_a_share_is_said_exactly_or_as_a_fraction(share: Fraction, words: str) -> None:
    """A rounded threshold is another threshold."""
    assert EN.share(share) == words


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (TWO_THIRDS, "at least two thirds of the votes for and against are in favour"),
        (
            Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=True), by="tonnage"),
            "those in favour carry more than half of the tonnage of the votes cast",
        ),
        (
            Leaf(need=Share(of=Base.PRESENT, least=Fraction(1)), count=AGAINST),
            "all of those present are against",
        ),
        (Leaf(need=Number(least=9)), "at least nine members are in favour"),
        (Leaf(need=Number(least=107)), "at least 107 members are in favour"),
        (Leaf(need=Number(least=1), count=AGAINST), "at least one member is against"),
        (
            Leaf(need=Number(least=4), count=NOT_IN_FAVOUR, within="region:Africa"),
            "at least four members in Africa are not in favour",
        ),
        (
            Leaf(need=Number(least=50), by="gross_tonnage"),
            "those in favour carry at least 50 of gross tonnage",
        ),
        (
            Leaf(need=Number(least=2), count=frozenset({Answer.ABSTAIN, Answer.RECUSED})),
            "at least two members abstain or stand aside",
        ),
    ],
)
def test_a_count_is_one_clause(leaf: Leaf, words: str) -> None:
    """Amount, base, place, answer, in the order one speaks."""
    assert explain(leaf) == words


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (ONE_AGAINST, "nobody is against"),
        (replace(ONE_AGAINST, within="seat:permanent"), "nobody among “permanent” is against"),
        (
            Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 4), strict=True)),
            "at most a quarter of the votes for and against are in favour",
        ),
        (TWO_THIRDS, "less than two thirds of the votes for and against are in favour"),
        (Leaf(need=Number(least=3), count=AGAINST), "fewer than three members are against"),
        (
            Leaf(need=Number(least=3), by="votes", count=AGAINST),
            "those against carry less than 3 of votes",
        ),
        (
            Leaf(need=Share(of=Base.PRESENT, least=Fraction(1)), count=AGAINST),
            "not all of those present are against",
        ),
    ],
)
def test_a_denied_count_is_said_without_not_so(leaf: Leaf, words: str) -> None:
    """“Nobody is against” is read; “not (at least 1 against)” is puzzled over."""
    assert explain(Not(part=leaf)) == words


def test_joints_are_nested_in_brackets() -> None:
    """Otherwise “and” and “or” mean what the reader likes."""
    rule = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)

    assert explain(rule) == (
        "at least 55 % of the members are in favour and (those in favour carry at least 65 % "
        "of the population of the members or fewer than four members are not in favour)"
    )
    assert explain(Not(part=any_of(ONE_AGAINST, ONE_AGAINST))).startswith("it does not hold")
    assert explain(All(parts=())) == "whatever is said"
    several = AtLeast(count=2, parts=(ONE_AGAINST, ONE_AGAINST, TWO_THIRDS))
    assert explain(several).startswith("at least two of these three hold: at least one member")


def test_a_procedure_says_all_it_asks_in_one_sentence() -> None:
    """What is not said with the result is found out too late."""
    full = Procedure(
        adopts=TWO_THIRDS,
        quorum=Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3)), count=ATTENDING),
        silence=Silence(
            period_h=72, broken_by=ONE_AGAINST, on_break=OnBreak.EXTEND, extend_h=24
        ),
        negative_needs_reason=True,
        roll=Roll.AT_CLOSE,
        departed=Departed.KEEP,
        suspended=Departed.KEEP,
        closes_early=True,
        reveal_min=5,
        challenge_days=14,
    )

    assert explain_procedure(full) == (
        "Adopted unless silence is broken within 72 hours: it is broken when at least one "
        "member is against, and then the period is once longer by 24 hours, after which a "
        "break leads to a vote that adopts when at least two thirds of the votes for and "
        "against are in favour; nothing is adopted by vote unless at least a third of the "
        "members are present; a no or an objection without a reason counts as an abstention; "
        "who is a member when it closes has a seat; the seat of one who leaves meanwhile stays "
        "in the base; the seat of one suspended meanwhile stays in the base; it closes once "
        "nothing said could change it; ballots are shown from 5 minutes before the close; it "
        "can be challenged for 14 days."
    )
    assert explain_procedure(Procedure(adopts=ONE_AGAINST)) == (
        "Adopted when at least one member is against."
    )


def test_another_language_is_another_table() -> None:
    """Pages translate by handing in their words; no code changes."""
    words = replace(
        EN,
        bases={**EN.bases, Base.YES_AND_NO: "les votes pour et contre"},
        said={**EN.said, IN_FAVOUR: ("sont pour", "est pour")},
        phrases={
            **EN.phrases,
            "at least": "au moins {amount}",
            "of base": "{amount} : {base}{where} {said}",
        },
    )

    assert (
        explain(TWO_THIRDS, words) == "au moins two thirds : les votes pour et contre sont pour"
    )


def test_more_than_all_is_not_said_to_be_all() -> None:
    """Nothing can be more than all of its base, and the sentence must not hide it."""
    leaf = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1), strict=True))

    assert explain(leaf) == "more than all of the members are in favour"
