# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A lane asks no further ahead than a verdict may be, and no less than keeps the line busy."""

import pytest
from tests.fakes.ending import nearest
from tests.fakes.subject import bank_of, course_of

from comity.assess.run.lane import Lane


def lane_after(asked: int, failed: int) -> Lane:
    """Return a lane with some failures, the last of its questions first."""
    prior = tuple(place >= failed for place in range(asked))
    return Lane(course_of(bank_of("road"), prior=prior))


@pytest.mark.parametrize("failed", [0, 1, 2])
@pytest.mark.parametrize(("width", "least"), [(1, 1), (4, 8), (16, 1), (16, 8), (40, 8)])
def test_its_window_ends_where_a_verdict_may_first_be(
    failed: int, width: int, least: int
) -> None:
    """One item more on its way is an item the service saw for nothing."""
    for asked in range(failed, 30):
        lane = lane_after(asked, failed)
        if lane.is_open:
            cap = lane.course.design.cap
            counts = range(min(least, width), min(width, cap - asked))
            end = nearest(lane.path, cap, counts)
            assert lane.window(width, least) == (width if end is None else end)
