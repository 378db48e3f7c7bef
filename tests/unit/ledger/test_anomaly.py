# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, from_posix
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.anomaly import (
    AHEAD_S,
    BEHIND_S,
    AnomalyKind,
    Logged,
    Place,
    Sighting,
    dating,
    find_ring,
    forward,
    logged_between,
    references_in,
    ring_anomaly,
)

NOW = 1_800_000_000
LOG = Origin("kh.example/log")


def at(seconds: int) -> Instant:
    """Return an instant so many seconds from now."""
    return from_posix(NOW + seconds)


def kinds(issued: int, logged: Logged) -> list[AnomalyKind]:
    """Return what is odd about a statement issued so many seconds from now."""
    return [one.kind for one in dating(at(issued), logged, at(0))]


def reference(index: int, log: Origin = LOG) -> Reference:
    """Return a reference to an entry."""
    return Reference(log=log, index=index, sha256=Digest(bytes(32)))


UNSEEN = Logged(after=None, before=None)


@pytest.mark.parametrize(
    ("issued", "logged", "expected"),
    [
        (0, UNSEEN, []),
        (AHEAD_S, UNSEEN, []),
        (AHEAD_S + 1, UNSEEN, [AnomalyKind.FUTURE_DATED]),
        (-1000 + AHEAD_S + 1, Logged(after=None, before=at(-1000)), [AnomalyKind.FUTURE_DATED]),
        (-1000 + AHEAD_S, Logged(after=None, before=at(-1000)), []),
        (-BEHIND_S, Logged(after=at(0), before=None), []),
        (-BEHIND_S - 1, Logged(after=at(0), before=None), [AnomalyKind.BACK_DATED]),
        (-(10**9), UNSEEN, []),
        (AHEAD_S + 1, Logged(after=None, before=at(10**6)), [AnomalyKind.FUTURE_DATED]),
    ],
)
def test_a_claimed_time_is_held_against_what_others_saw(
    issued: int, logged: Logged, expected: list[AnomalyKind]
) -> None:
    """Clocks may disagree by minutes, and logs may wait a day for their witnesses."""
    assert kinds(issued, logged) == expected


def test_logged_is_between_the_last_without_and_the_first_with() -> None:
    """The tightest interval that what was seen allows."""
    seen = [
        Sighting(size=size, at=at(when)) for size, when in ((3, 1), (5, 7), (8, 9), (9, 20))
    ]
    assert logged_between(5, seen) == Logged(after=at(7), before=at(9))
    assert logged_between(2, seen) == Logged(after=None, before=at(1))
    assert logged_between(9, seen) == Logged(after=at(20), before=None)
    assert logged_between(9, []) == UNSEEN


def test_who_was_shown_an_old_checkpoint_late_proves_nothing() -> None:
    """Else a member could make another's entry look back-dated by being slow."""
    seen = [Sighting(size=9, at=at(1)), Sighting(size=3, at=at(100))]
    assert logged_between(5, seen) == Logged(after=None, before=at(1))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-50, 50))), st.integers(0, 20))
def test_an_interval_never_ends_before_it_begins(
    seen: list[tuple[int, int]], index: int
) -> None:
    """Whatever witnesses claim."""
    logged = logged_between(index, [Sighting(size=size, at=at(when)) for size, when in seen])
    if logged.after is not None and logged.before is not None:
        assert logged.after <= logged.before


def test_references_are_found_wherever_they_stand() -> None:
    """In lists and objects, each once, and nothing that only resembles one."""
    first, second = reference(1), reference(2)
    value: Json = {
        "a": to_reference_json(first),
        "b": [{"c": to_reference_json(second)}, to_reference_json(first)],
        "d": {"log": "x", "index": -1, "sha256": "00"},
        "e": {**to_reference_json(reference(3)), "more": 1},
    }
    assert references_in(value) == (first, second)


def test_only_later_entries_of_the_same_log_are_ahead() -> None:
    """What stands in another log may have been there first."""
    other = reference(9, Origin("br.example/log"))
    assert list(forward((LOG, 5), [reference(4), other])) == []
    (found,) = forward((LOG, 5), [reference(5), reference(7)])
    assert (found.kind, found.places) == (AnomalyKind.FORWARD, ((LOG, 5), (LOG, 7)))


def graph(edges: dict[int, list[int]]) -> object:
    """Return the successors of a place in a graph."""

    def following(place: Place) -> Iterable[Place]:
        return [(LOG, one) for one in edges.get(place[1], [])]

    return following


@pytest.mark.parametrize(
    ("edges", "ring"),
    [
        ({0: [0]}, (0,)),
        ({0: [1], 1: [0]}, (0, 1)),
        ({0: [1, 2], 1: [3], 2: [0], 3: [3]}, (0, 2)),
        ({0: [1], 1: [2], 2: [1]}, None),
        ({}, None),
        ({n: [n + 1] for n in range(5000)}, None),
    ],
)
def test_rings_are_found_and_the_search_ends(
    edges: dict[int, list[int]], ring: tuple[int, ...] | None
) -> None:
    """A ring elsewhere, or a way without an end, keeps nobody waiting."""
    following = graph(edges)
    assert callable(following)
    found = find_ring((LOG, 0), following)
    assert found == (None if ring is None else tuple((LOG, one) for one in ring))
    if found is not None:
        assert ring_anomaly(found).message.count("#") == len(found) + 1


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4)),
)
def test_a_ring_is_a_way_back(edges: dict[int, list[int]]) -> None:
    """Each step of what is shown was really taken."""
    following = graph(edges)
    assert callable(following)
    found = find_ring((LOG, 0), following)
    for one, other in zip(found or (), (*(found or ())[1:], *(found or ())[:1]), strict=True):
        assert other[1] in edges[one[1]]
