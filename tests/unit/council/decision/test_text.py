# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Until when a text may be amended, so that whoever voted may vote again."""

from dataclasses import replace

import pytest
from tests.fakes.council import CLOSES, HALF, NEW_TEXT, A, B, C, Scene, answers, at, codes

from comity.council.rule.procedure import Procedure
from comity.kernel.digest import sha256


def under(hours: int) -> Scene:
    """Return a scene whose text may be amended until so many hours before the close."""
    scene = Scene(procedure=Procedure(adopts=HALF, amendments_until_h=hours))
    for member in (A, B, C):
        scene.vote(member)
    return scene


@pytest.mark.parametrize(("before_h", "is_amended"), [(25, True), (24, False), (1, False)])
def test_an_amendment_leaves_a_day_to_vote_again_where_nothing_is_said(
    before_h: int, *, is_amended: bool
) -> None:
    """A text changed at the last minute would make every ballot stale, and fail by itself."""
    scene = Scene()
    for member in (A, B, C):
        scene.vote(member)
    scene.amend(NEW_TEXT, received=at(-before_h, CLOSES))
    result = scene.tally()

    assert (result.text == sha256(NEW_TEXT.encode())) is is_amended
    assert result.passed is not is_amended


def test_the_procedure_says_how_long_before_the_close() -> None:
    """Some bodies want a week; one may want none."""
    for hours, before_h, is_amended in ((0, 1, True), (0, -1, False), (72, 71, False)):
        scene = under(hours)
        scene.amend(NEW_TEXT, received=at(-before_h, CLOSES))
        result = scene.tally(at(2, CLOSES))
        assert (result.text == sha256(NEW_TEXT.encode())) is is_amended


def test_an_amendment_that_moves_the_close_is_held_against_the_new_one() -> None:
    """It gives back the time that it takes."""
    scene = under(24)
    scene.amend(NEW_TEXT, received=at(-1, CLOSES), closes=at(24, CLOSES))
    result = scene.tally(CLOSES)

    assert (result.text, result.closes) == (sha256(NEW_TEXT.encode()), at(24, CLOSES))
    tight = under(24)
    tight.amend(NEW_TEXT, received=at(-1, CLOSES), closes=at(22, CLOSES))
    assert tight.tally(CLOSES).passed


def test_no_moved_close_revives_a_vote_that_is_over() -> None:
    """After the close nothing moves it."""
    scene = under(0)
    scene.amend(NEW_TEXT, received=at(1, CLOSES), closes=at(99, CLOSES))

    assert scene.tally(at(2, CLOSES)).passed


def test_what_came_too_late_says_which_hour_it_missed() -> None:
    """Its author learns what would have helped."""
    scene = under(48)
    scene.amend(NEW_TEXT, received=at(-3, CLOSES))
    (flag,) = scene.tally().flagged
    assert "48 hours before the close" in flag.words
    assert "close moved" in flag.words
    scene.docket = replace(scene.docket, receipts=())
    assert all("received" in one.words for one in scene.tally(at(1, CLOSES)).flagged)


def test_the_order_in_which_amendments_are_read_changes_nothing() -> None:
    """They apply in the order of the proposer's log, each by itself held against its hour."""
    scene = under(24)
    scene.amend("Within 36 hours.", received=at(9))
    scene.amend(NEW_TEXT, received=at(-2, CLOSES))
    there = replace(scene.docket, amendments=scene.docket.amendments[::-1])
    here = scene.tally()
    scene.docket = there

    assert repr(scene.tally()) == repr(here)
    assert here.text == sha256(b"Within 36 hours.")
    assert answers(here)["a"].startswith("silent")
    assert ("a", "amendment") in codes(here)


def test_no_number_of_hours_is_too_large() -> None:
    """A procedure may so bar every amendment; a reader still counts."""
    scene = under(2**53 - 1)
    scene.amend(NEW_TEXT)

    assert scene.tally().passed
