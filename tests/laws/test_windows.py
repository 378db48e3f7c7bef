# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of windows: how many questions may be on their way is what walking to them finds."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.ending import nearest

from comity.evidence.statistics.design import About
from comity.evidence.statistics.outcome import Score
from comity.evidence.statistics.path import follow
from comity.evidence.statistics.scores import ScoreDesign

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; a law knows no clock."""


@st.composite
def designs(draw: st.DrawFn) -> ScoreDesign:
    """Draw any design by scores."""
    size = draw(st.sampled_from([1, 3, 8, 30, 60, 300, 2000]))
    parts = draw(st.sampled_from([1, 2, 10, 100]))
    threshold = draw(st.integers(0, parts - 1))
    return ScoreDesign(
        size=size,
        threshold=Fraction(threshold, parts),
        goal=Fraction(draw(st.integers(threshold + 1, parts)), parts),
        risk=draw(st.sampled_from([Fraction(1, 20), Fraction(1, 2), Fraction(1, 10**400)])),
        power=draw(st.sampled_from([Fraction(9, 10), Fraction(1, 2)])),
        cap=draw(st.integers(1, size)),
        about=draw(st.sampled_from(About)),
    )


SCORES = st.builds(
    Score, ppm=st.one_of(st.sampled_from([0, 500_000, 1_000_000]), st.integers(0, 1_000_000))
)
GOOD = st.builds(Score, ppm=st.integers(850_000, 1_000_000))


@CALM
@given(
    designs(),
    st.one_of(st.lists(SCORES, max_size=12), st.lists(GOOD, max_size=60)),
    st.integers(0, 10),
    st.integers(0, 16),
)
def test_every_window_of_scores_is_the_one_that_walking_finds(
    design: ScoreDesign, outcomes: list[Score], first: int, width: int
) -> None:
    """One item more is an item the service saw for nothing, one less an idle line."""
    path = follow(design, outcomes)
    counts = range(first, first + width)
    assert path.find_end(counts) == nearest(path, design.cap, counts)
