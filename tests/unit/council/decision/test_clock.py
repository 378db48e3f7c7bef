# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What receipts show: of a second story told too late, and of a ballot dated back."""

from dataclasses import replace

import pytest
from tests.fakes.council import (
    CLOSES,
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

from comity.council.decision.clock import Bound, bound_of
from comity.council.decision.docket import Logged
from comity.council.decision.proposal import Terms
from comity.council.rule.floor import Answer
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant


def other_story(scene: Scene, ballot: Logged[object], received: Instant, by: str = D) -> None:
    """Let a member say that it received another entry in the place of a ballot."""
    place = replace(ballot.reference, sha256=sha256(b"another entry"))
    told = Logged(reference=place, member=ballot.member, said=None)
    scene.receive(told, type(ballot.member)(by), received)


def test_a_second_story_told_after_the_close_does_not_unmake_a_counted_ballot() -> None:
    """Others had received the ballot; its author would else take its vote back by lying."""
    scene = Scene()
    ballot = scene.vote(B)
    before = scene.tally(at(1, CLOSES))
    scene.fork(B)
    after = scene.tally(at(1, CLOSES))

    assert answers(after) == answers(before)
    assert set(codes(after)) == {("b", "forked_stands"), ("b", "forked_log")}
    assert ballot.reference in {flag.reference for flag in after.flagged}


def test_nor_does_it_where_the_other_story_was_received_after_the_close() -> None:
    """Whoever received that one late received it late."""
    scene = Scene()
    other_story(scene, scene.vote(B), at(1, CLOSES))
    scene.fork(B)

    assert answers(scene.tally(at(2, CLOSES)))["b"] == "yes"


def test_a_ballot_is_void_where_another_story_was_received_in_time_too() -> None:
    """Two readers may each hold one of two votes; neither is truer."""
    scene = Scene()
    other_story(scene, scene.vote(B), at(3))
    scene.fork(B)
    result = scene.tally()

    assert answers(result)["b"] == "void"
    assert set(codes(result)) == {("b", "forked"), ("b", "forked_log")}


def test_as_many_must_have_received_the_other_story_as_a_ballot_needs() -> None:
    """One friend of the author's, who dates a receipt back, does not make it void."""
    scene = Scene(terms=Terms(opens=OPENS, closes=CLOSES, receipts=2))
    ballot = scene.vote(B)
    scene.receive(ballot, C, at(2))
    other_story(scene, ballot, at(3))
    scene.fork(B)
    assert answers(scene.tally())["b"] == "yes"
    other_story(scene, ballot, at(4), by=A)
    assert answers(scene.tally())["b"] == "void"


def test_an_unreceived_ballot_of_a_log_with_two_stories_is_void() -> None:
    """Before the close it is in time for who holds it, and nothing shows it was there."""
    scene = Scene()
    scene.vote_unreceived(B)
    scene.fork(B)

    assert answers(scene.tally(at(-1, CLOSES)))["b"] == "void"


def test_what_else_a_log_says_is_no_other_story() -> None:
    """Members give receipts for proposals and ballots of other votes too."""
    scene = Scene()
    ballot = scene.vote(B)
    elsewhere = replace(ballot.reference, index=8, sha256=sha256(b"another proposal"))
    scene.receive(Logged(reference=elsewhere, member=B, said=None), D, at(3))
    scene.fork(B)
    assert answers(scene.tally())["b"] == "void"
    scene.docket = replace(scene.docket, others=frozenset({elsewhere}))
    assert answers(scene.tally())["b"] == "yes"


def test_an_amendment_and_a_bloc_s_word_stand_as_a_ballot_does() -> None:
    """A proposer, or who speaks for others, would else undo a vote by one lie afterwards."""
    scene = Scene()
    scene.amend(NEW_TEXT, received=at(2))
    scene.mandate(B, "mekong", D)
    scene.position(D, "mekong", text=NEW_TEXT, received=at(5))
    before = scene.tally(at(1, CLOSES))
    for member in (A, D):
        scene.fork(member)
    after = scene.tally(at(1, CLOSES))

    assert (after.text, answers(after)["b"]) == (sha256(NEW_TEXT.encode()), "yes")
    assert answers(after) == answers(before)


@pytest.mark.parametrize(
    ("others", "receipts", "bound"),
    [
        (4, 1, Bound(backdated=0, two_stories=-3, silent=3)),
        (4, 3, Bound(backdated=2, two_stories=1, silent=1)),
        (192, 97, Bound(backdated=96, two_stories=1, silent=95)),
        (192, 129, Bound(backdated=128, two_stories=65, silent=63)),
    ],
)
def test_the_number_of_receipts_says_how_many_liars_it_bears(
    others: int, receipts: int, bound: Bound
) -> None:
    """The arithmetic of quorums of witnesses, with receivers in their place."""
    assert bound_of(others, receipts) == bound


@pytest.mark.parametrize(("receipts", "liars"), [(1, 1), (2, 2), (2, 1), (3, 2)])
def test_as_many_liars_as_receipts_date_a_ballot_back_and_fewer_do_not(
    receipts: int, liars: int
) -> None:
    """A receiver's clock is its word; only the number of receivers bounds it."""
    scene = Scene(terms=Terms(opens=OPENS, closes=CLOSES, receipts=receipts))
    ballot = scene.vote_unreceived(A, Answer.YES)
    for member in (C, D, E)[:liars]:
        scene.receive(ballot, member, at(-1, CLOSES))  # written in truth after the close
    if liars < receipts:
        scene.receive(ballot, B, at(1, CLOSES))  # an honest one writes when it saw it
    is_counted = answers(scene.tally(at(2, CLOSES)))["a"] == "yes"

    assert is_counted is (liars > bound_of(4, receipts).backdated)
