# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ballots as they arrive: how few of them are looked at, and which."""

from tests.fakes.council import CLOSES, NEW_TEXT, A, B, Scene, at

from comity.council.decision.bloc import Given
from comity.council.decision.cast import Cast, Positions
from comity.council.decision.clock import clock_of
from comity.council.decision.roll import seats_of
from comity.council.decision.text import text_in_force
from comity.council.rule.floor import Answer


def cast_of(scene: Scene) -> Cast:
    """Return the ballots of a scene, none of them arrived."""
    clock = clock_of(scene.docket, CLOSES)
    return Cast(
        scene.docket,
        clock,
        text_in_force(scene.docket, clock),
        seats_of(scene.docket, clock, CLOSES),
    )


def test_of_a_flood_of_ballots_one_is_looked_at() -> None:
    """Else each ballot made all those before it be read anew."""
    scene = Scene()
    for number in range(50):
        scene.vote(A, sequence=number, received=at(1 + number))
    cast = cast_of(scene)
    kept = [[one.said.sequence for one in cast.of(A, at(hour))] for hour in (1, 3, 90)]
    assert kept == [[], [1], [49]]


def test_two_votes_under_one_number_are_both_kept() -> None:
    """Together they make the answer void, and neither does alone."""
    scene = Scene()
    for choice in (Answer.YES, Answer.NO, Answer.YES):
        scene.vote(A, choice, sequence=3, received=at(1))
    scene.vote(A, sequence=2, received=at(2))
    choices = {one.said.choice for one in cast_of(scene).of(A, at(3))}
    assert choices == {Answer.YES, Answer.NO}


def test_a_ballot_of_a_stolen_key_hides_none_of_its_owner() -> None:
    """Its number is the thief's, and counts for nothing once that is known."""
    scene = Scene()
    scene.vote(A, sequence=1)
    scene.vote(A, Answer.NO, sequence=9, disputed_by=7)
    assert sorted(one.said.sequence for one in cast_of(scene).of(A, at(3))) == [1, 9]


def test_ballots_on_another_text_and_late_ones_are_not_kept() -> None:
    """They decide nothing at any limit."""
    scene = Scene()
    scene.vote(A, text=NEW_TEXT)
    scene.vote_unreceived(A)
    for _ in range(3):
        scene.spoil(B)
    cast = cast_of(scene)
    assert (cast.of(A, CLOSES), len(cast.spoilt(B, CLOSES))) == ([], 1)


def test_of_a_flood_of_positions_the_last_is_looked_at() -> None:
    """A holder changes its mind as often as it likes, at nobody's cost."""
    scene = Scene()
    for number in range(50):
        scene.position(A, "andes", sequence=number, received=at(1 + number))
    clock = clock_of(scene.docket, CLOSES)
    kept = Positions(scene.docket, clock, text_in_force(scene.docket, clock))
    spoken = Given(bloc="andes", holder=A)
    said = [[one.said.sequence for one in kept.of(spoken, at(hour))] for hour in (1, 3, 90)]
    assert said == [[], [1], [49]]
