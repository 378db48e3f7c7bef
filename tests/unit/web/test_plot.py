# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The picture of an e-value's path: every mark on the paper, every mark where it belongs."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.desk.finding.sheet import Bar, CategoryResult, Point
from comity.web.plot import Plot, plot_of, table_of


def result(
    path: Iterable[tuple[int, str, int | None]], bars: tuple[Bar, ...] = ()
) -> CategoryResult:
    """Return a category with a path of (failed, e-value, thousandths of log10)."""
    points = tuple(
        Point(asked=asked, failed=failed, e_value=value, log10_milli=milli)
        for asked, (failed, value, milli) in enumerate(path)
    )
    return CategoryResult(
        category="shelter",
        label={},
        verdict="shown",
        asked=points[-1].asked,
        failed=points[-1].failed,
        e_value=points[-1].e_value,
        lower_bound_ppm=0,
        design=None,
        bars=bars,
        path=points,
        failures=(),
    )


def corners(plot: Plot) -> list[tuple[int, int]]:
    """Return the corners of the drawn path."""
    pairs = [pair.split(",") for pair in plot.line.split()]
    return [(int(x), int(y)) for x, y in pairs]


PATH = [
    (0, "1.00", 0),
    (0, "1.60", 204),
    (1, "0.20", -699),
    (1, "0.00", None),
    (1, "inf", None),
]


@pytest.mark.parametrize("small", [True, False])
def test_every_mark_stands_on_the_paper(small: bool) -> None:  # noqa: FBT001 - both sizes
    """Zero and infinity have no logarithm and still a place."""
    plot = plot_of(result(PATH), small=small)

    for x, y in corners(plot):
        assert 0 <= x <= plot.width
        assert 0 <= y <= plot.height
    assert len(plot.misses) == 1


def test_higher_evidence_stands_higher() -> None:
    """The y axis of a screen points down; the plot's must not."""
    plot = plot_of(result(PATH[:3]), small=False)
    (_, start), (_, risen), (_, fallen) = corners(plot)

    assert risen < start < fallen


def test_the_line_stands_where_the_path_may_be_accepted() -> None:
    """One piece for each number of failures the path went through."""
    bars = (
        Bar(failed=0, asked=30, e_value="21.38", log10_milli=1330),
        Bar(failed=1, asked=52, e_value="18.73", log10_milli=1273),
        Bar(failed=2, asked=72, e_value="22.55", log10_milli=1353),
    )
    plot = plot_of(result(PATH[:3], bars), small=False)

    assert len(plot.bars) == 2
    assert all(line.startswith("M") for line in plot.bars)


def test_a_path_of_one_point_can_be_drawn() -> None:
    """A test interrupted before its first question has a page, too."""
    assert plot_of(result(PATH[:1]), small=False).line


@given(st.lists(st.integers(min_value=-400_000, max_value=400_000), min_size=1, max_size=900))
def test_any_path_is_drawn_in_a_bounded_number_of_corners(heights: list[int]) -> None:
    """Weight: a path of twenty thousand questions must not make a page of a megabyte."""
    plot = plot_of(result((0, "1.00", height) for height in heights), small=False)

    assert 1 <= len(corners(plot)) <= 900
    assert len(plot.rows) <= 16
    assert all(0 <= y <= plot.height for _, y in corners(plot))


def test_the_table_has_every_failure_every_tenth_question_and_the_end() -> None:
    """What a picture shows must be readable without it."""
    path: list[tuple[int, str, int | None]] = [(int(n >= 7), "1.00", 0) for n in range(24)]

    assert [point.asked for point in table_of(result(path).path)] == [0, 7, 10, 20, 23]
