# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np
import pytest
from tests.fakes.opinions import town

from comity.council.consult.counts import OUTSIDE, count, count_strata
from comity.council.consult.votes import Answers, to_votes
from comity.errors import InvalidDocument


def answers(*rows: tuple[int, int, int], strata: tuple[int, ...] = (0, 1, 0)) -> Answers:
    """Return answers as (person, opinion, answer)."""
    person, opinion, answer = np.array(rows, np.int64).reshape(-1, 3).T
    return Answers(person=person, opinion=opinion, answer=answer, stratum=np.array(strata))


def test_answers_are_counted_where_they_belong() -> None:
    """The whole table by hand: opinions and strata given out of order."""
    votes = to_votes(
        ("b", "a"),
        ("south", "north"),
        answers((0, 0, 1), (0, 1, -1), (1, 0, 0), (2, 1, 1)),
    )

    counts = count_strata(votes)

    assert (votes.opinions, votes.strata) == (("a", "b"), ("north", "south"))
    assert counts.agree.tolist() == [[0, 0], [1, 1]]
    assert counts.disagree.tolist() == [[0, 0], [1, 0]]
    assert counts.passed.tolist() == [[0, 1], [0, 0]]
    assert counts.seen.tolist() == [[0, 1], [2, 1]]


def test_who_is_in_no_group_is_not_counted() -> None:
    """People with too few answers are placed nowhere."""
    votes = to_votes(("a",), ("x", "y"), answers((0, 0, 1), (1, 0, 1), (2, 0, -1)))
    labels = np.array([OUTSIDE, 0, OUTSIDE])
    assert count(votes, labels, 1).seen.tolist() == [[1]]


def test_who_answered_nothing_is_not_in_the_table() -> None:
    """A registered person without an answer has no place on the plane."""
    votes = to_votes(("a",), ("x", "y"), answers((2, 0, 1)))
    assert votes.people == 1
    assert votes.origin.tolist() == [2]


def test_no_answers_make_an_empty_table() -> None:
    """A consultation may be looked at before anyone has answered."""
    votes = to_votes(("a",), ("x", "y"), answers())
    assert votes.people == 0
    assert count_strata(votes).seen.tolist() == [[0], [0]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (((0, 0, 1), (0, 0, 1)), "answers one opinion twice"),
        (((0, 9, 1),), "opinions are not from 0 to 1"),
        (((7, 0, 1),), "people are not from 0 to 2"),
        (((0, 0, 2),), "not agree, pass or disagree"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    rows: tuple[tuple[int, int, int], ...], message: str
) -> None:
    """A count of a broken table would be signed."""
    with pytest.raises(InvalidDocument, match=message):
        to_votes(("a", "b"), ("x", "y"), answers(*rows))


def test_names_that_stand_twice_are_refused() -> None:
    """Two opinions of one name would share their counts."""
    with pytest.raises(InvalidDocument, match="named twice"):
        to_votes(("a", "a"), ("x", "y"), answers((0, 0, 1)))


def test_the_order_of_people_leaves_the_table_as_it_was() -> None:
    """Rows are put in an order of their own before any float is computed."""
    made = town(60, 20, mean=9, bridging=2)
    given, turn = made.answers, np.random.default_rng(1).permutation(60)
    moved = Answers(
        person=turn[given.person],
        opinion=given.opinion,
        answer=given.answer,
        stratum=made.group[np.argsort(turn)],
    )
    one, other = (to_votes(made.names, ("a", "b", "c"), each) for each in (given, moved))
    assert (turn[one.origin] == other.origin).sum() >= one.people - 10  # equal rows may swap
    for name in ("stratum", "starts", "columns", "answers"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
