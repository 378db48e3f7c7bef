# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown of a run is where it stands, and nothing of what was asked."""

from pathlib import Path

from tests.fakes.subject import assignment_of, bank_of, course_of, design_of

from comity.assess.run.board import Board
from comity.assess.run.runner import run
from comity.assess.subjects.function import Function
from comity.evidence.statistics.design import Verdict

DESIGNS = {"road": design_of(), "shelter": design_of()}


def boarded(folder: Path, answer: str) -> Board:
    """Return the board of a run of one category of two."""
    board = Board(DESIGNS)
    board.begin(10.0)
    course = course_of(bank_of("road"))
    run(assignment_of(folder, course), Function(call=lambda _: answer), progress=board.take)
    return board


def test_before_the_first_question_it_says_what_is_to_come() -> None:
    """Twelve passes show each category, three failures refute it, thirty end it."""
    standing = Board(DESIGNS).standing(0.0)

    assert [(row.to_shown, row.to_refuted) for row in standing.rows] == [(12, 3), (12, 3)]
    assert (standing.least, standing.most) == (6, 60)
    assert not standing.is_over
    assert standing.seconds_for(10) is None


def test_a_decided_category_is_not_waited_for(tmp_path: Path) -> None:
    """The time to go is that of the open ones, at the pace so far."""
    board = boarded(tmp_path, "yes")
    board.expect({"road": 13.0, "shelter": 14.2})

    standing = board.standing(34.0)

    road, shelter = standing.rows
    assert (road.verdict, road.asked, road.failed) == (Verdict.SHOWN, 12, 0)
    assert (standing.answers, standing.elapsed_s) == (12, 24.0)
    assert (standing.least, standing.expected, standing.most) == (3, 14, 30)
    assert standing.seconds_for(standing.expected) == 28.0
    assert shelter.asked == 0


def test_failures_are_counted_and_placed(tmp_path: Path) -> None:
    """A picture of the path needs where each failure fell."""
    board = boarded(tmp_path, "no")
    board.stop(11.0)

    standing = board.standing(99.0)

    assert standing.rows[0].misses == (1, 2, 3)
    assert standing.rows[0].verdict is Verdict.NOT_SHOWN
    assert (standing.is_over, standing.elapsed_s) == (True, 1.0)


def test_nothing_of_an_item_or_an_answer_is_kept(tmp_path: Path) -> None:
    """A question that is seen is spent."""
    standing = boarded(tmp_path, "a secret answer").standing(20.0)

    assert "road 0" not in repr(standing)
    assert "secret" not in repr(standing)
