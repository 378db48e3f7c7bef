# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bars and points: every mark inside the paper, whatever was counted."""

from hypothesis import given
from hypothesis import strategies as st

from comity.council.consult.outcome import Tally
from comity.council.consult.picture import Dot, hull
from comity.desk.council.consult.sheet import Bar, Found
from comity.kernel.truth import Truth
from comity.web.consultplot import MOST_DOTS, bars_of, plane_of

COUNTS = st.integers(min_value=0, max_value=100_000)
PLACES = st.integers(min_value=-50_000, max_value=50_000)


def bar(agree: int, disagree: int, passed: int, share: int = 0) -> Bar:
    """Return how a group answered."""
    tally = Tally(agree=agree, disagree=disagree, passed=passed)
    return Bar(group="g", tally=tally, share=share, reached=Truth.UNDETERMINED)


@given(COUNTS, COUNTS, COUNTS, st.integers(min_value=0, max_value=1_000_000))
def test_a_bar_is_its_parts_in_order(
    agree: int, disagree: int, passed: int, share: int
) -> None:
    """Those who pass stand between; nothing leaves the paper."""
    found = bars_of([bar(agree, disagree, passed, share)], 0.5)
    strip = found.strips[0]

    assert 0 <= strip.agree <= strip.passed <= found.width
    assert 0 <= strip.mark <= found.width
    assert found.line * 2 == found.width


def test_nobodys_answers_are_no_agreement() -> None:
    """A group that did not answer must not look as if it agreed."""
    assert bars_of([bar(0, 0, 0)], 0.5).strips[0].agree == 0


@given(st.lists(st.tuples(PLACES, PLACES, st.integers(min_value=1, max_value=10_000))))
def test_every_point_lies_inside_the_paper(places: list[tuple[int, int, int]]) -> None:
    """Far outliers make the others small; they never leave."""
    dots = [Dot(across=x, up=y, people=people, group=0) for x, y, people in places]
    corners = hull([(dot.across, dot.up) for dot in dots])
    group = Found(name="A", people=1, hull=corners, agrees_apart=(), disagrees_apart=())
    found = plane_of(dots, [group])

    for spot in found.spots:
        assert spot.radius <= spot.x <= found.side - spot.radius + 1
        assert spot.radius <= spot.y <= found.side - spot.radius + 1
    assert all(0 <= shape.x <= found.side for shape in found.shapes)


def test_the_smallest_of_too_many_points_are_counted_not_drawn() -> None:
    """A page has a budget; what is left out is said."""
    dots = [
        Dot(across=place, up=0, people=1 + place, group=0) for place in range(MOST_DOTS + 5)
    ]
    found = plane_of(dots, [])

    assert (len(found.spots), found.undrawn) == (MOST_DOTS, 5)
    assert min(spot.people for spot in found.spots) == 6


def test_nobody_makes_an_empty_plane() -> None:
    """A consultation without enough answers has no picture."""
    assert plane_of([], []).spots == ()
