# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.fakes.opinions import town

from comity.council.consult.analysis import Analysis, Labels, analyse, measure
from comity.council.consult.consultation import Thresholds
from comity.council.consult.counts import Counts
from comity.council.consult.document import dots_from_document, from_document, to_document
from comity.council.consult.outcome import State
from comity.council.consult.picture import dots_of, hull
from comity.council.consult.result import Result, check
from comity.council.consult.votes import Answers, Votes, to_votes
from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import from_canonical, to_canonical


@pytest.fixture(scope="module")
def votes() -> Votes:
    """Return a town of three groups."""
    made = town(600, 60, mean=25, bridging=8)
    return to_votes(made.names, ("a", "b", "c"), made.answers)


@pytest.fixture(scope="module")
def analysis(votes: Votes) -> Analysis:
    """Return what the town agrees on."""
    return analyse(votes, Thresholds())


def changed(counts: Counts, name: str) -> Counts:
    """Return counts with one more in one cell."""
    table = getattr(counts, name).copy()
    table[0, 0] += 40
    return replace(counts, **{name: table})


def test_a_result_holds_by_its_counts_alone(analysis: Analysis) -> None:
    """Whoever holds the integers needs nothing else, and a round trip loses none."""
    encoded = to_document(analysis.result, dots_of(analysis))
    again = from_document(encoded)
    check(again)
    assert again.states == analysis.result.states
    assert dots_from_document(encoded) == dots_of(analysis)
    assert to_document(again, dots_of(analysis)) == encoded


def test_what_is_agreed_is_what_was_planted_to_bridge(analysis: Analysis) -> None:
    """The town has opinions that all groups like, and most of the rest divides."""
    made = town(600, 60, mean=25, bridging=8)
    agreed = set(analysis.result.in_state(State.AGREED))
    planted = {made.names[place] for place in made.bridges}
    assert len(agreed & planted) >= 6
    worst = made.views.min(axis=0)
    assert all(worst[made.names.index(name)] > 0.5 for name in agreed)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda r: replace(r, by_stratum=changed(r.by_stratum, "disagree")), "bounds"),
        (lambda r: replace(r, by_group=changed(r.by_group, "disagree")), "by_group"),
        (
            lambda r: replace(
                r,
                by_group=Counts(
                    agree=np.zeros((6, 60), int),
                    disagree=np.zeros((6, 60), int),
                    passed=np.zeros((6, 60), int),
                ),
            ),
            "from 1 to 5 found groups",
        ),
        (lambda r: replace(r, shares=(r.shares[0] + 1, *r.shares[1:])), r"shares\[0\]"),
        (lambda r: replace(r, bounds=r.bounds[:-1]), r"bounds\[59\]"),
        (lambda r: replace(r, states=(State.CONTESTED,) * 60), r"states\["),
        (lambda r: replace(r, opinions=r.opinions[::-1]), "opinions"),
        (lambda r: replace(r, strata=("a", "a", "b")), "strata"),
        (lambda r: replace(r, strata=("a", "b")), "by_stratum"),
        (lambda r: replace(r, thresholds=Thresholds(agree=Fraction(2, 3))), "states"),
        (
            lambda r: replace(
                r, by_side=replace(r.by_side, passed=r.by_side.passed * 0 - 1)
            ),
            "by_side: has a count below zero",
        ),
    ],
)  # fmt: skip
def test_nothing_that_is_stated_can_be_bent(
    analysis: Analysis, change: Callable[[Result], Result], place: str
) -> None:
    """Every number and list is re-derived; the first that differs is named."""
    with pytest.raises(VerificationFailed, match=place):
        check(change(analysis.result))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("states", ["agreed"]),
        ("states", ["great"] * 60),
        ("bounds", [-1] * 60),
        ("intercept", ["1"] * 60),
        ("by_group", {"agree": [[1]], "disagree": [], "pass": []}),
        ("by_group", {"agree": [], "disagree": [[0] * 60], "pass": []}),
        ("by_stratum", {"agree": [[2**50] * 60], "disagree": [], "pass": []}),
        ("opinions", [1]),
        ("thresholds", {"agree": {"num": 1, "den": 1}}),
    ],
)
def test_a_document_of_another_shape_is_refused(
    analysis: Analysis, name: str, value: object
) -> None:
    """A stranger's document must never reach the arithmetic broken."""
    said = from_canonical(to_document(analysis.result))
    assert isinstance(said, dict)
    with pytest.raises(InvalidDocument):
        from_document(to_canonical({**said, name: value}))  # type: ignore[dict-item]  # wrong on purpose


def test_dots_of_another_shape_are_refused() -> None:
    """The picture is a stranger's too."""
    with pytest.raises(InvalidDocument, match="four integers"):
        dots_from_document(to_canonical({"dots": [[1, 2, 3]]}))
    for dots in ([[1, 2, 3, 5]], [[1, 2, 0, 1]], [[1, 2, 3, 0]] * 2305):
        with pytest.raises(InvalidDocument, match="too many"):
            dots_from_document(to_canonical({"dots": dots}))


def test_found_counts_are_those_of_the_labels(votes: Votes, analysis: Analysis) -> None:
    """Who holds answers and labels recounts the found groups."""
    again = measure(votes, analysis.labels)
    assert np.array_equal(again.by_group.agree, analysis.result.by_group.agree)
    other = Labels(
        group=analysis.labels.group * 0, side=analysis.labels.side, groups=3
    )  # fmt: skip
    moved = measure(votes, other)
    assert not np.array_equal(moved.by_group.agree, analysis.result.by_group.agree)


def test_a_side_with_hardly_anyone_is_no_side() -> None:
    """Where all answer alike there is no divide; agreement must not fail for want of one."""
    person, opinion = np.divmod(np.arange(400), 10)
    given = Answers(
        person=person,
        opinion=opinion,
        answer=np.ones(400, np.int64),
        stratum=(np.arange(40) >= 20).astype(int),
    )
    votes = to_votes([f"o{n}" for n in range(10)], ("a", "b"), given)
    result = analyse(votes, Thresholds()).result
    assert set(result.states) == {State.AGREED}


def test_nobody_has_answered_yet() -> None:
    """An empty consultation has a result, all of it undecided."""
    empty = np.empty(0, np.int64)
    given = Answers(person=empty, opinion=empty, answer=empty, stratum=empty)
    found = analyse(to_votes(("x", "y"), ("a", "b"), given), Thresholds())
    check(found.result)
    assert found.result.states == (State.UNDECIDED, State.UNDECIDED)
    assert dots_of(found) == ()


def test_a_hull_has_the_outer_corners_only() -> None:
    """Worked by hand: a square with a point inside and one on an edge."""
    square = [(0, 0), (4, 0), (4, 4), (0, 4)]
    assert hull([*square, (2, 2), (2, 0), (0, 0)]) == tuple(square)
    assert hull([(1, 1), (3, 3)]) == ((1, 1), (3, 3))
