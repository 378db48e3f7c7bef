# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a procedure makes of a floor: states, bases, abstention, and the words for them."""

from fractions import Fraction

import pytest

from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.outcome import Outcome, Stage, State, settle
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import AGAINST, ATTENDING, Across, Leaf, Not, Number, Share

HALF = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2), strict=True))
PRESENT = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True), count=ATTENDING)
ONE_AGAINST = Leaf(need=Number(least=1), count=AGAINST)


def said(yes: int = 0, no: int = 0, abstain: int = 0, silent: int = 0) -> Floor:
    """Seat so many of each."""
    parts = {
        Answer.YES: yes,
        Answer.NO: no,
        Answer.ABSTAIN: abstain,
        Answer.SILENT: silent,
    }
    answers = {
        f"{answer.value}{place}": answer
        for answer, count in parts.items()
        for place in range(count)
    }
    return Floor(seats=frozenset(answers), answers=answers)


def silence(on_break: OnBreak) -> Procedure:
    """Return a procedure under which one objection breaks silence."""
    extend_h = 24 if on_break is OnBreak.EXTEND else 0
    broken = Silence(period_h=72, broken_by=ONE_AGAINST, on_break=on_break, extend_h=extend_h)
    return Procedure(adopts=HALF, quorum=PRESENT, silence=broken)


@pytest.mark.parametrize(
    ("floor", "state"),
    [
        (said(yes=3, no=2), State.ADOPTED),
        (said(yes=2, no=2, abstain=1), State.REJECTED),
        (said(yes=2, silent=3), State.NO_QUORUM),
        (said(abstain=5), State.REJECTED),
        (said(silent=5), State.NO_QUORUM),
    ],
)
def test_a_vote_is_adopted_rejected_or_without_quorum(floor: Floor, state: State) -> None:
    """No quorum is not a rejection: it may be voted on again."""
    outcome = settle(Procedure(adopts=HALF, quorum=PRESENT), floor)

    assert outcome.state is state
    assert outcome.is_adopted is (state is State.ADOPTED)


@pytest.mark.parametrize(
    ("on_break", "stage", "state"),
    [
        (OnBreak.VOTE, Stage.SILENCE, State.SILENCE_BROKEN),
        (OnBreak.FAIL, Stage.SILENCE, State.REJECTED),
        (OnBreak.EXTEND, Stage.SILENCE, State.EXTENDED),
        (OnBreak.EXTEND, Stage.EXTENDED, State.SILENCE_BROKEN),
        (OnBreak.VOTE, Stage.VOTE, State.ADOPTED),
    ],
)
def test_what_follows_a_break_is_as_the_procedure_says(
    on_break: OnBreak, stage: Stage, state: State
) -> None:
    """A vote, an end, or once more time."""
    assert settle(silence(on_break), said(yes=3, no=1), stage=stage).state is state


def test_silence_holds_whoever_is_away() -> None:
    """A quorum is asked of a vote: nobody need be present to be silent."""
    outcome = settle(silence(OnBreak.VOTE), said(silent=9))

    assert (outcome.state, outcome.quorum) == (State.SILENCE_HELD, None)
    assert outcome.is_adopted
    assert outcome.flip is not None
    assert outcome.flip.count == 1


def test_a_no_without_a_reason_is_an_abstention_where_reasons_are_asked() -> None:
    """ISO/IEC Directives 2.6.3: such a negative vote is not counted."""
    floor = said(yes=2, no=2)
    asked = Procedure(adopts=HALF, negative_needs_reason=True)

    outcome = settle(asked, floor, unreasoned=["no1", "yes0", "nobody"])

    assert (outcome.state, outcome.set_aside) == (State.ADOPTED, ("no1",))
    assert settle(Procedure(adopts=HALF), floor, unreasoned=["no1"]).state is State.REJECTED


def test_the_base_that_counted_is_named() -> None:
    """Two thirds of what, is what people ask first."""
    outcome = settle(Procedure(adopts=HALF, quorum=PRESENT), said(yes=3, no=2, abstain=1))

    assert outcome.bases == (
        "6 of 6: the base is the members.",
        "3 of 5: the base is the votes for and against.",
    )


def test_an_empty_base_is_said_to_be_empty() -> None:
    """A share of nobody is not reached, and that is told."""
    outcome = settle(Procedure(adopts=HALF), said(abstain=2))

    (base,) = outcome.bases

    assert base == (
        "0 of 0: the base is the votes for and against; "
        "nobody is in it, so the share is not reached."
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (HALF, "That made smaller the base of “more than half of the votes for and against"),
        (
            Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2))),
            "That weighed like a no against “at least half of the votes cast are in favour”.",
        ),
        (PRESENT, "That counted towards “more than half of the members are present”."),
        (Leaf(need=Number(least=3)), "That did not count towards “at least three members are"),
    ],
)
def test_what_abstention_did_is_said(rule: Leaf, words: str) -> None:
    """99 % abstaining and 1 % in favour passes some rules: whoever reads it must see it."""
    outcome = settle(Procedure(adopts=rule), said(yes=2, no=1, abstain=1))

    assert outcome.abstention.startswith("1 member abstained. ")
    assert words in outcome.abstention


def test_whether_the_abstainers_decided_is_said() -> None:
    """Seven abstained of 143: had they all said no, it would have failed."""
    outcome = settle(Procedure(adopts=HALF), said(yes=69, no=67, abstain=7))

    assert outcome.abstention.endswith("Had they all said no, the result would be the other.")
    assert settle(Procedure(adopts=HALF), said(yes=1)).abstention == ""
    veto = settle(Procedure(adopts=Not(part=ONE_AGAINST)), said(abstain=2)).abstention
    assert veto == "2 members abstained. Had they all said no, the result would be the other."


def test_each_group_of_a_family_has_its_own_base() -> None:
    """“A third of each region” is as many bases as regions."""
    floor = Floor(
        seats=frozenset("abc"),
        answers={"a": Answer.YES},
        groups={"region:N": frozenset("ab"), "region:S": frozenset("c")},
    )
    rule = Across(
        family="region", missing=0, leaf=Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3)))
    )

    assert settle(Procedure(adopts=rule), floor).bases == (
        "1 of 2: the base is the members in N.",
        "0 of 1: the base is the members in S.",
    )


def test_a_result_is_plain_values() -> None:
    """Pages and other programs read what the desk hands out."""
    outcome = settle(Procedure(adopts=HALF, quorum=PRESENT), said(yes=3, no=1, abstain=1))

    written = outcome.to_json()

    assert isinstance(outcome, Outcome)
    assert {**written, "flip": None, "quorum": None, "abstention": ""} == {
        "state": "adopted",
        "adopted": True,
        "reason": {
            "passed": True,
            "words": "more than half of the votes for and against are in favour",
            "counted": 3,
            "base": 4,
        },
        "quorum": None,
        "bases": ["5 of 5: the base is the members.", outcome.bases[1]],
        "abstention": "",
        "set_aside": [],
        "flip": None,
    }
    assert settle(Procedure(adopts=HALF), said(yes=1), may=None).flip is None
