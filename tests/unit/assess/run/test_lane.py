# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A lane asks no further ahead than a verdict may be, and no less than keeps the line busy."""

import pytest
from tests.fakes.subject import bank_of, course_of

from comity.assess.run.lane import Lane


def lane_after(asked: int, failed: int) -> Lane:
    """Return a lane with some failures, the last of its questions first."""
    prior = tuple(place >= failed for place in range(asked))
    return Lane(course_of(bank_of("road"), prior=prior))


def nearest(lane: Lane, width: int, least: int) -> int:
    """Try every window in turn, the narrowest first."""
    most = min(width, lane.course.design.cap - lane.path.asked)
    ending = filter(lane.path.may_end_within, range(min(least, width), most))
    return next(ending, width)


@pytest.mark.parametrize("failed", [0, 1, 2])
@pytest.mark.parametrize(("width", "least"), [(1, 1), (4, 8), (16, 1), (16, 8), (40, 8)])
def test_its_window_ends_where_a_verdict_may_first_be(
    failed: int, width: int, least: int
) -> None:
    """One item more on its way is an item the service saw for nothing."""
    for asked in range(failed, 30):
        lane = lane_after(asked, failed)
        if lane.is_open:
            assert lane.window(width, least) == nearest(lane, width, least)
