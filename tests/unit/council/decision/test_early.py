# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When a vote is decided before its close, and what then comes too late."""

from dataclasses import replace
from fractions import Fraction

from tests.fakes.council import (
    CLOSES,
    HALF,
    NEW_TEXT,
    OPENS,
    A,
    B,
    C,
    D,
    E,
    Scene,
    answers,
    at,
    codes,
)

from comity.council.decision.docket import Change
from comity.council.decision.proposal import Terms
from comity.council.decision.result import State
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import AGAINST, Leaf, Number, Share
from comity.kernel.digest import sha256

EARLY = Procedure(adopts=HALF, closes_early=True)
A_SECOND = 1 / 3600


def decided_at_four() -> Scene:
    """Return a vote that three of five settle in its fourth hour."""
    scene = Scene(procedure=EARLY)
    for hour, member in ((1, A), (2, B), (4, C)):
        scene.vote(member, received=at(hour))
    return scene


def test_an_amendment_after_a_vote_was_decided_early_does_not_undo_it() -> None:
    """Else the proposer could take back by a new text what it has lost."""
    scene = decided_at_four()
    scene.amend(NEW_TEXT, received=at(20), closes=at(900))
    result = scene.tally()

    assert (result.state, result.text) == (State.ADOPTED, scene.motion.proposal.text)
    assert result.closes == at(4 + A_SECOND)
    assert codes(result) == [("a", "amendment")]


def test_an_amendment_before_that_starts_the_count_anew() -> None:
    """Two ballots on the old text and one on the new settle nothing."""
    scene = Scene(procedure=EARLY)
    scene.vote(A, received=at(1))
    scene.vote(B, received=at(2))
    scene.amend(NEW_TEXT, received=at(3))
    scene.vote(C, received=at(4), text=NEW_TEXT)
    assert scene.tally(at(9)).state is State.VOTING
    for hour, member in ((5, D), (6, E)):
        scene.vote(member, received=at(hour), text=NEW_TEXT)
    assert scene.tally(at(9)).closes == at(6 + A_SECOND)


def test_ballots_that_nobody_received_yet_end_no_vote() -> None:
    """What one reader holds alone would else decide for the second it was asked in."""
    scene = Scene(procedure=EARLY)
    for member in (A, B):
        scene.vote(member, received=at(1))
    scene.vote_unreceived(C)

    assert [scene.tally(at(hour)).state for hour in (1, 2)] == [State.VOTING, State.VOTING]


def test_no_vote_ends_before_it_begins() -> None:
    """Ballots may come before the opening; until it the text may still change freely."""
    scene = Scene(procedure=EARLY)
    for member in (A, B, C):
        scene.vote(member, received=at(-30))
    assert scene.tally(at(-1)).state is State.OPEN
    result = scene.tally(at(1))
    assert (result.state, result.closes) == (State.ADOPTED, OPENS)


def test_a_vote_after_silence_ends_no_earlier_than_the_silence() -> None:
    """What was said within the silence counts once the vote begins."""
    broken = Leaf(need=Number(least=1), count=AGAINST)
    silence = Silence(period_h=72, broken_by=broken, on_break=OnBreak.VOTE)
    scene = Scene(procedure=replace(EARLY, silence=silence))
    scene.receive(scene.docket.proposal, E, OPENS)
    for hour, member in ((1, A), (2, C), (3, D)):
        scene.vote(member, received=at(hour))
    scene.vote(B, Answer.OBJECT, received=at(9))
    result = scene.tally()

    assert (result.state, result.closes) == (State.ADOPTED, at(72))


def test_a_mandate_a_position_and_a_departure_settle_a_vote_as_ballots_do() -> None:
    """Each may be what leaves nobody able to change it."""
    scene = Scene(procedure=EARLY)
    scene.vote(A, received=at(1))
    scene.mandate(B, "mekong", D)
    scene.mandate(C, "mekong", D)
    scene.position(D, "mekong", received=at(7))
    assert scene.tally(at(30)).closes == at(7 + A_SECOND)
    gone = Scene(procedure=EARLY)
    gone.vote(A, received=at(1))
    gone.vote(B, received=at(2))
    gone.adopt(sha256(b"d"))
    for member in (C, D):
        gone.change(member, Change.EXPELLED, decided=sha256(b"d"), on=at(5), received=at(4))
    assert gone.tally(at(30)).closes == at(5 + A_SECOND)


def test_a_vote_that_stays_open_is_open_to_the_end() -> None:
    """Two of five may still be joined by a third."""
    scene = Scene(procedure=EARLY)
    for member in (A, B):
        scene.vote(member)
    scene.vote(C, Answer.NO)
    scene.vote(D, Answer.NO)

    assert scene.tally(at(100)).state is State.VOTING
    assert scene.tally().closes == CLOSES


def test_mixed_answers_of_the_silent_are_thought_of_too() -> None:
    """One yes and one abstention could adopt where neither two of one nor two of other do."""
    both = Leaf(need=Share(of=Base.CAST, least=Fraction(1, 2), strict=True))
    quorum = Leaf(need=Number(least=5), count=Base.PRESENT.counts)
    procedure = Procedure(adopts=both, quorum=quorum, closes_early=True)
    scene = Scene(procedure=procedure, terms=Terms(opens=OPENS, closes=CLOSES))
    for member in (A, B, C):
        scene.vote(member)

    assert scene.tally(at(30)).state is State.VOTING


def test_who_changes_its_vote_before_the_end_is_counted_anew() -> None:
    """A running count takes the older answer out."""
    scene = Scene(procedure=EARLY)
    scene.vote(A, received=at(1))
    scene.vote(B, received=at(2))
    scene.vote(A, Answer.NO, sequence=1, received=at(3))
    scene.vote(C, received=at(4))
    assert scene.tally(at(9)).state is State.VOTING
    scene.vote(D, received=at(5))
    result = scene.tally(at(9))
    assert (result.closes, answers(result)["a"]) == (at(5 + A_SECOND), "no")


def test_a_mandate_that_ends_may_settle_a_vote_at_its_end() -> None:
    """Of two blocs that contradict each other one falls silent, and the other speaks."""
    scene = Scene(procedure=EARLY)
    for member in (A, B):
        scene.vote(member, received=at(1))
    scene.mandate(C, "mekong", D)
    scene.mandate(C, "andes", E, until=at(20))
    scene.position(D, "mekong", Answer.YES)
    scene.position(E, "andes", Answer.NO)

    assert scene.tally(at(19)).state is State.VOTING
    assert scene.tally(at(30)).closes == at(20)
