# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a proposal goes from its opening to its end."""

from dataclasses import replace

import pytest
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

from comity.council.decision.proposal import Terms
from comity.council.decision.result import State
from comity.council.rule.floor import Answer
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import AGAINST, Leaf, Number

OBJECTED = Leaf(need=Number(least=1), count=AGAINST)
OPEN_ENDED = Terms(opens=OPENS)


def silent(on_break: OnBreak, *, closes: bool = False) -> Scene:
    """Return a scene under 72 hours of silence that one objection breaks."""
    extend_h = 24 if on_break is OnBreak.EXTEND else 0
    rule = Silence(period_h=72, broken_by=OBJECTED, on_break=on_break, extend_h=extend_h)
    terms = Terms(opens=OPENS, closes=CLOSES if closes else None)
    scene = Scene(procedure=Procedure(adopts=HALF, silence=rule), terms=terms)
    scene.receive(scene.docket.proposal, E, OPENS)
    return scene


def unreceived() -> Scene:
    """Return a scene under silence whose proposal nobody says to have received."""
    scene = silent(OnBreak.VOTE, closes=True)
    scene.docket = replace(scene.docket, receipts=())
    return scene


def test_silence_begins_once_others_have_the_proposal_whatever_opening_it_names() -> None:
    """Else whoever writes an opening of last week has its text adopted at once."""
    scene = unreceived()
    held = scene.tally(at(200, CLOSES))
    assert (held.state, held.passed, held.closes) == (State.VOTING, False, None)
    scene.receive(scene.docket.proposal, E, at(100))
    assert scene.tally(at(171)).state is State.VOTING
    assert scene.tally(at(172)).state is State.SILENCE_HELD


def test_a_close_moves_with_the_silence_before_it() -> None:
    """A silence that begins late would else end after the vote that follows it."""
    scene = unreceived()
    scene.receive(scene.docket.proposal, E, at(100))
    scene.vote(A, received=at(101))
    scene.vote(B, Answer.OBJECT, received=at(102))
    result = scene.tally(at(5, CLOSES))

    assert (result.state, result.closes) == (State.SILENCE_BROKEN, at(100, CLOSES))
    assert scene.tally(at(100, CLOSES)).state is State.REJECTED


def test_no_number_of_hours_or_days_is_too_large_to_count() -> None:
    """One proposal with an absurd period must not stop a reader from listing all others."""
    endless = 2**53 - 1
    rule = Silence(period_h=endless, broken_by=OBJECTED, on_break=OnBreak.VOTE)
    scene = Scene(procedure=Procedure(adopts=HALF, silence=rule), terms=OPEN_ENDED)
    scene.receive(scene.docket.proposal, E, OPENS)
    assert scene.tally().state is State.VOTING
    voted = Scene(procedure=Procedure(adopts=HALF, challenge_days=endless, reveal_min=endless))
    assert voted.tally(at(-1, CLOSES)).is_revealed
    assert voted.tally().state is State.REJECTED


def test_a_proposal_of_a_stolen_key_says_so() -> None:
    """Its owner can take it back; who reads it is told why it would."""
    scene = Scene()
    scene.docket = replace(scene.docket, proposal=replace(scene.docket.proposal, disputed_by=9))

    assert ("a", "disputed") in codes(scene.tally())


def test_before_its_opening_a_proposal_is_open_and_nothing_is_decided() -> None:
    """Tabled is not voted on."""
    result = Scene().tally(at(-1))

    assert (result.state, result.is_decided, result.passed) == (State.OPEN, False, False)


def test_until_its_close_a_vote_is_a_vote() -> None:
    """Even where the rule holds already: anyone may still change its mind."""
    scene = Scene()
    for member in (A, B, C, D):
        scene.vote(member)
    result = scene.tally(at(10))

    assert (result.state, result.passed) == (State.VOTING, False)


def test_silence_that_nobody_breaks_adopts() -> None:
    """What no one objects to in time is adopted; nobody has to say so."""
    scene = silent(OnBreak.VOTE)
    assert scene.tally(at(71)).state is State.VOTING
    result = scene.tally(at(72))

    assert (result.state, result.passed) == (State.SILENCE_HELD, True)
    assert answers(result)["b"] == "silent, not reached"


def test_an_objection_after_the_silence_breaks_nothing() -> None:
    """Receipts tell when it was there."""
    scene = silent(OnBreak.VOTE)
    scene.vote(B, Answer.OBJECT, received=at(73))
    result = scene.tally(at(80))

    assert result.state is State.SILENCE_HELD
    assert codes(result) == [("b", "late")]


def test_broken_silence_leads_to_the_vote_where_the_procedure_says_so() -> None:
    """As in the General Assembly's silence of 72 hours."""
    scene = silent(OnBreak.VOTE, closes=True)
    scene.vote(B, Answer.OBJECT)
    running = scene.tally(at(80))
    assert (running.state, running.is_decided) == (State.SILENCE_BROKEN, False)
    for member in (A, C, D):
        scene.vote(member, received=at(90))
    assert scene.tally(CLOSES).state is State.ADOPTED


def test_broken_silence_fails_where_the_procedure_says_so() -> None:
    """As for a tacit amendment with too many objections."""
    scene = silent(OnBreak.FAIL)
    scene.vote(B, Answer.NO)
    result = scene.tally(at(80))

    assert (result.state, result.is_decided, result.passed) == (State.REJECTED, True, False)


def test_broken_silence_is_extended_once_and_may_heal() -> None:
    """An objection taken back in the added hours lets it hold."""
    scene = silent(OnBreak.EXTEND)
    scene.vote(B, Answer.OBJECT)
    assert scene.tally(at(73)).state is State.EXTENDED
    assert scene.tally(at(73)).closes == at(96)
    scene.vote(B, Answer.YES, sequence=1, received=at(80))
    assert scene.tally(at(96)).state is State.SILENCE_HELD


def test_silence_broken_in_its_extension_stays_broken() -> None:
    """It is extended once, not for ever."""
    scene = silent(OnBreak.EXTEND)
    scene.vote(B, Answer.OBJECT)

    assert scene.tally(at(96)).state is State.SILENCE_BROKEN


def test_no_text_changes_once_silence_has_begun() -> None:
    """What nobody had time to read must not become law by silence."""
    scene = silent(OnBreak.VOTE)
    scene.amend(NEW_TEXT, received=at(71))
    result = scene.tally(at(72))

    assert result.text == scene.motion.proposal.text
    assert codes(result) == [("a", "amendment")]


def test_a_text_may_be_amended_before_its_silence_begins() -> None:
    """That is what the time before the opening is for."""
    scene = silent(OnBreak.VOTE)
    scene.amend(NEW_TEXT, received=at(-5))

    assert scene.tally(at(72)).text != scene.motion.proposal.text


def test_a_vote_closes_early_once_nobody_silent_can_change_it() -> None:
    """And what comes afterwards, within the old close, changes nothing."""
    scene = Scene(procedure=Procedure(adopts=HALF, closes_early=True))
    for hour, member in enumerate((A, B), 1):
        scene.vote(member, received=at(hour))
    assert scene.tally(at(3)).state is State.VOTING
    scene.vote(C, received=at(4))
    result = scene.tally(at(5))
    assert (result.state, result.closes) == (State.ADOPTED, at(4 + 1 / 3600))
    scene.vote(A, Answer.NO, sequence=1, received=at(20))
    later = scene.tally(CLOSES)
    assert (later.state, answers(later)["a"]) == (State.ADOPTED, "yes")
    assert codes(later) == [("a", "late")]


def test_without_that_wish_no_vote_closes_early() -> None:
    """A majority in the first hour is no reason to stop listening."""
    scene = Scene()
    for member in (A, B, C, D, E):
        scene.vote(member)

    assert scene.tally(at(5)).state is State.VOTING


def test_a_result_is_final_after_the_days_for_a_challenge() -> None:
    """Until then anyone with a seat may ask for a recount."""
    scene = Scene(procedure=Procedure(adopts=HALF, challenge_days=2))
    for member in (A, B, C):
        scene.vote(member)

    assert scene.tally(CLOSES).state is State.ADOPTED
    assert scene.tally(at(47, CLOSES)).state is State.ADOPTED
    final = scene.tally(at(48, CLOSES))
    assert (final.state, final.passed) == (State.FINAL, True)


def test_a_challenge_in_its_days_holds_the_result_until_it_is_taken_back() -> None:
    """A late one, or a stranger's, holds nothing."""
    scene = Scene(procedure=Procedure(adopts=HALF, challenge_days=2))
    late = scene.challenge(C, received=at(50, CLOSES))
    assert scene.tally(at(60, CLOSES)).state is State.FINAL
    told = scene.challenge(B, received=at(5, CLOSES))
    result = scene.tally(at(60, CLOSES))
    assert result.state is State.CHALLENGED
    assert {flag.reference for flag in result.flagged} == {late.reference, told.reference}
    scene.withdraw(told, received=at(61, CLOSES))
    assert scene.tally(at(62, CLOSES)).state is State.FINAL


def test_the_proposer_takes_a_proposal_back_before_its_close_only() -> None:
    """What is decided is no longer one member's to withdraw."""
    for received, state in ((at(5), State.WITHDRAWN), (at(1, CLOSES), State.ADOPTED)):
        scene = Scene()
        for member in (A, B, C):
            scene.vote(member)
        scene.withdraw(scene.docket.proposal, received=received)

        assert scene.tally(at(2, CLOSES)).state is state


def test_nobody_else_takes_a_proposal_back() -> None:
    """It is the proposer's word."""
    scene = Scene()
    scene.withdraw(scene.docket.proposal, by=B, received=at(5))

    assert scene.tally(CLOSES).state is State.REJECTED


def test_nobody_else_takes_a_proposal_back_by_its_digest_alone() -> None:
    """A withdrawal may claim that the proposal stands in its author's own log."""
    scene = Scene()
    scene.withdraw(scene.docket.proposal, by=B, claims=B, received=at(5))

    assert scene.tally(CLOSES).state is State.REJECTED


@pytest.mark.parametrize(("hours_before", "revealed"), [(1, False), (0.05, True), (-1, True)])
def test_choices_may_be_shown_some_minutes_before_the_close(
    hours_before: float, *, revealed: bool
) -> None:
    """The General Assembly shows votes five minutes before the close, not earlier."""
    scene = Scene(procedure=Procedure(adopts=HALF, reveal_min=5))
    scene.vote(A)

    assert scene.tally(at(-hours_before, CLOSES)).is_revealed is revealed


def test_a_silence_without_a_close_and_a_vote_after_it_waits_for_its_rule() -> None:
    """Nothing but the rule ends a vote that has no close."""
    scene = silent(OnBreak.VOTE)
    scene.vote(B, Answer.OBJECT)
    assert scene.tally(at(500)).state is State.SILENCE_BROKEN
    for member in (A, C, D):
        scene.vote(member, received=at(90))
    assert scene.tally(at(500)).state is State.ADOPTED
    assert OPEN_ENDED.closes is None
