# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Order means nothing, and nobody's answers weigh in another's group."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.council.consult.analysis import analyse
from comity.council.consult.bound import answers_to_settle, is_at_least, lower_bound
from comity.council.consult.consultation import HALF, Thresholds
from comity.council.consult.document import to_document
from comity.council.consult.picture import dots_of, hull
from comity.council.consult.result import check
from comity.council.consult.votes import Answers, to_votes

STRATA = ("coast", "hills", "river")
FEW = Thresholds(least_seen=2, both_sides=0)


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[int, int], int]:
    """Draw answers by person and opinion; a person's group is its number modulo three."""
    people, opinions = draw(st.integers(2, 30)), draw(st.integers(1, 9))
    pair = st.tuples(st.integers(0, people - 1), st.integers(0, opinions - 1))
    return draw(st.dictionaries(pair, st.integers(-1, 1), min_size=1, max_size=120))


def encoded(
    table: dict[tuple[int, int], int],
    people: list[int],
    opinions: list[int],
    strata: list[int],
    rows: list[int],
) -> bytes:
    """Return the document of a table whose people, opinions, strata and rows were shuffled."""
    pairs = [list(table)[row] for row in rows]
    stratum = np.empty(len(people), np.int64)
    stratum[people] = np.array(strata)[np.arange(len(people)) % 3]
    given_answers = Answers(
        person=np.array([people[person] for person, _ in pairs]),
        opinion=np.array([opinions[opinion] for _, opinion in pairs]),
        answer=np.array([table[pair] for pair in pairs]),
        stratum=stratum,
    )
    names, groups = [""] * len(opinions), [""] * 3
    for place, moved in enumerate(opinions):
        names[moved] = f"o{place}"
    for place, moved in enumerate(strata):
        groups[moved] = STRATA[place]
    analysis = analyse(to_votes(names, groups, given_answers), FEW)
    check(analysis.result)
    return to_document(analysis.result, dots_of(analysis))


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_any_shuffle_gives_the_same_document_to_the_byte(
    table: dict[tuple[int, int], int], dice: object
) -> None:
    """Counts, bounds, lists, and even what floats were computed on the way."""
    people = list(range(1 + max(person for person, _ in table)))
    opinions = list(range(1 + max(opinion for _, opinion in table)))
    strata, rows = [0, 1, 2], list(range(len(table)))
    before = encoded(table, people, opinions, strata, rows)
    for each in (people, opinions, strata, rows):
        dice.shuffle(each)  # type: ignore[attr-defined]  # it is a Random
    assert encoded(table, people, opinions, strata, rows) == before


@given(tables(), st.integers(0, 8), st.integers(1, 50), st.sampled_from([-1, 0, 1]))
@settings(max_examples=40)
def test_answers_of_one_group_leave_the_bounds_of_others_alone(
    table: dict[tuple[int, int], int], opinion: int, many: int, answer: int
) -> None:
    """However many come to one group, they cannot lift what another one says."""
    names = [f"o{n}" for n in range(9)]
    people = 1 + max(person for person, _ in table)

    def bounds(more: int) -> list[list[int]]:
        person = [p for p, _ in table] + list(range(people, people + more))
        given_answers = Answers(
            person=np.array(person),
            opinion=np.array([o for _, o in table] + [opinion] * more),
            answer=np.array([*table.values(), *[answer] * more]),
            stratum=np.concatenate([np.arange(people) % 3, np.zeros(more, np.int64)]),
        )
        counts = analyse(to_votes(names, STRATA, given_answers), FEW).result.by_stratum
        pairs = zip(counts.agree[1:], counts.seen[1:], strict=True)
        return [
            [lower_bound(int(a), int(n)) for a, n in zip(agree, seen, strict=True)]
            for agree, seen in pairs
        ]

    assert bounds(many) == bounds(0)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_more_agreement_never_lowers_a_bound(agree: int, other: int) -> None:
    """One who joins and agrees helps; one who does not, hurts."""
    seen = agree + other
    assert lower_bound(agree + 1, seen + 1) >= lower_bound(agree, seen)
    assert lower_bound(agree, seen + 1) <= lower_bound(agree, seen)


@given(st.integers(0, 3000), st.integers(1, 3000))
def test_what_is_settled_needs_no_more_answers(agree: int, other: int) -> None:
    """Zero is said exactly where one of both bounds has passed the threshold."""
    seen = agree + other
    settled = is_at_least(agree, seen, HALF) or is_at_least(other, seen, HALF)
    assert (answers_to_settle(agree, seen, HALF) == 0) is settled


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=40))
def test_a_hull_holds_every_point(points: list[tuple[int, int]]) -> None:
    """No point lies to the right of any edge."""
    corners = hull(points)
    if len(corners) > 2:
        for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
            assert all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 for x, y in points)
    assert set(corners) <= set(points)
