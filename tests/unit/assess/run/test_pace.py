# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rate is kept in every stretch of time, however questions bunch up."""

import random

import pytest

from comity.assess.run.pace import Pace
from comity.evidence.asking import Rate

MINUTE = Rate(questions=60, per_ms=60_000)


def departures(pace: Pace, arrivals: list[float]) -> list[float]:
    """Return when each question goes out."""
    return [now_s + pace.take(now_s) for now_s in arrivals]


@pytest.mark.parametrize("seed", range(20))
def test_no_minute_sees_more_than_the_rate(seed: int) -> None:
    """Nor does a burst after a pause make up for what was not used."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    arrivals = sorted(dice.choice([0.0, 30.0, 200.0, dice.uniform(0, 300)]) for _ in range(400))

    out = departures(Pace((MINUTE, None)), arrivals)

    for begin in out:
        assert sum(begin <= moment < begin + 59.999 for moment in out) <= 60
    assert out == sorted(out)


def test_the_slowest_rate_counts() -> None:
    """A tester may go slower than the plan, never faster."""
    fast = Rate(questions=100, per_ms=1_000)

    assert Pace((fast, MINUTE)).interval_s == Pace((MINUTE, fast)).interval_s == 1.0
    assert Pace((None, None)).interval_s == 0.0


def test_without_a_rate_nobody_waits() -> None:
    """Most plans have none."""
    pace = Pace(())

    assert departures(pace, [5.0] * 100) == [5.0] * 100
