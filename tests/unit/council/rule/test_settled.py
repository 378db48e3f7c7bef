# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When what is said settles a vote, whatever the silent may still say."""

from fractions import Fraction

import pytest

from comity.council.rule.floor import Answer, Base, Floor, Weights
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import (
    AGAINST,
    All,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    double_majority,
    without_hegemon,
)
from comity.council.rule.settled import Unsettled

SEATS = tuple(f"s{number}" for number in range(10))
HALF_CAST = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=True))


def floor(said: str) -> Floor:
    """Return ten seats in two regions; a letter each for yes, no, abstain, void, silent."""
    answers = {"y": Answer.YES, "n": Answer.NO, "a": Answer.ABSTAIN, "v": Answer.VOID}
    return Floor(
        seats=frozenset(SEATS),
        answers={seat: answers[one] for seat, one in zip(SEATS, said, strict=False)
                 if one in answers},
        groups={"region:n": frozenset(SEATS[:5]), "region:s": frozenset(SEATS[5:])},
        weights={"people": Weights(name="people", unit="m", source="made up",
                                   values={seat: 1 + (seat == "s0") * 9 for seat in SEATS})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("adopts", "said", "is_settled"),
    [
        (HALF_CAST, "yyyyyy", True),
        (HALF_CAST, "yyyyy", False),
        (HALF_CAST, "yyyaaaa", False),
        (HALF_CAST, "yyyyyynnnn", True),
        (HALF_CAST, "", False),
        (Leaf(need=Number(least=3)), "yyy", True),
        (Leaf(need=Number(least=3)), "nnnnnnnv", True),
        (Leaf(need=Number(least=3)), "nnnnnnn", False),
        (Not(part=Leaf(need=Number(least=1), count=AGAINST)), "yn", True),
        (Not(part=Leaf(need=Number(least=1), count=AGAINST)), "yyyyyyyyy", False),
        (without_hegemon(), "yyyyyy", True),
        (without_hegemon(), "nnnnn", True),
        (without_hegemon(), "nnnn", False),
        (double_majority(Fraction(1, 2), Fraction(1, 2), "people", 0), "nnnn", True),
        (double_majority(Fraction(1, 2), Fraction(1, 2), "people", 0), ".nnnn", False),
    ],
)
def test_a_vote_is_settled_once_the_silent_cannot_turn_it(
    adopts: Rule, said: str, *, is_settled: bool
) -> None:
    """Each count lies between the least and the most that the silent could make of it."""
    assert Unsettled(Procedure(adopts=adopts), floor(said)).is_settled is is_settled


def test_where_a_quorum_may_still_fail_nothing_is_settled() -> None:
    """A vote without one is not decided at all, which is another result."""
    quorum = Leaf(need=Number(least=7), count=Base.PRESENT.counts)
    procedure = Procedure(adopts=Leaf(need=Number(least=3)), quorum=quorum)

    assert not Unsettled(procedure, floor("yyyy")).is_settled
    assert Unsettled(procedure, floor("yyyyaaa")).is_settled
    assert Unsettled(procedure, floor("vvvv")).is_settled


def test_a_seat_that_answers_otherwise_is_taken_out_of_what_it_said() -> None:
    """A running count must not count anybody twice."""
    vote = Unsettled(Procedure(adopts=Leaf(need=Number(least=3))), floor("yyn"))
    found = []
    for seat, answer in (
        ("s2", Answer.YES), ("s0", Answer.NO), ("s0", Answer.SILENT), ("s9", Answer.YES),
    ):  # fmt: skip
        vote.answer(seat, answer)
        found.append(vote.is_settled)
    assert found == [True, False, False, True]


def test_a_body_without_seats_settles_every_vote_at_once() -> None:
    """Nobody can change anything; a share of nothing is not reached."""
    empty = Floor(seats=frozenset())

    assert Unsettled(Procedure(adopts=All(parts=(HALF_CAST,))), empty).is_settled
