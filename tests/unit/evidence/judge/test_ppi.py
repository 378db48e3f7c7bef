# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Prediction-powered inference: unbiased whatever the judge is worth, and its risk is kept."""

from fractions import Fraction

import pytest

from comity.evidence.judge.ppi import Powered, is_seen
from comity.evidence.judge.stakes import FRESH
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest

SEED = Digest(bytes(range(32)))
HALF = Fraction(1, 2)


@pytest.mark.parametrize("judge", [(1, 0), (0, 1), (1, 1), (HALF, HALF), (HALF, 1)])
def test_the_evidence_is_fair_at_the_threshold_whatever_the_judge(
    judge: tuple[Fraction, Fraction],
) -> None:
    """Over every outcome of three answers the e-value has a mean of exactly 1."""
    rate, threshold = Fraction(1, 4), Fraction(9, 10)
    branches: list[tuple[bool, bool | None, Fraction]] = []
    for passes, truth in ((True, threshold), (False, 1 - threshold)):
        said = judge[0] if passes else judge[1]
        for judged, chance in ((True, said), (False, 1 - said)):
            branches.append((judged, passes, truth * chance * rate))
            branches.append((judged, None, truth * chance * (1 - rate)))
    start = Powered(threshold=threshold, rate=rate)
    paths = [(start, Fraction(1))]
    for _ in range(3):
        paths = [
            (path.after(judged=judged, passes=passes), share * chance)
            for path, share in paths
            for judged, passes, chance in branches
            if chance
        ]

    mean = sum((path.evidence.value or Fraction(0)) * share for path, share in paths)
    assert mean == 1


def test_a_judge_that_passes_all_of_a_bad_service_shows_nothing() -> None:
    """What people see takes back what the judge gave away."""
    done = Powered(threshold=Fraction(95, 100), rate=Fraction(1, 4))
    for row in range(800):
        seen = is_seen(SEED, row, done.rate)
        done = done.after(judged=True, passes=row % 10 != 0 if seen else None)

    assert done.verdict is Verdict.INSUFFICIENT
    assert done.corrected > 0


def test_a_good_service_is_shown_with_fewer_labels_than_answers() -> None:
    """People see a quarter, and that is enough."""
    done = Powered(threshold=Fraction(95, 100), rate=Fraction(1, 4))
    for row in range(2_000):
        done = done.after(judged=True, passes=True if is_seen(SEED, row, done.rate) else None)
        if done.is_shown:
            break

    assert done.verdict is Verdict.SHOWN
    assert 4 * done.labelled < 2 * done.asked


def test_the_seed_shows_people_the_share_it_should() -> None:
    """A rate of 0 shows none, of 1 all, of a third a third."""
    rows = range(3_000)

    assert not any(is_seen(SEED, row, Fraction(0)) for row in rows)
    assert all(is_seen(SEED, row, Fraction(1)) for row in rows)
    assert 900 < sum(is_seen(SEED, row, Fraction(1, 3)) for row in rows) < 1_100


def test_stakes_are_fair_and_end_at_the_impossible() -> None:
    """A coin that comes to 0 or 2 leaves the stake's mean; what cannot be is infinite."""
    up, down = FRESH.after(Fraction(2), Fraction(1)), FRESH.after(Fraction(0), Fraction(1))

    assert up.value is not None
    assert down.value is not None
    assert (up.value + down.value) / 2 == 1
    assert FRESH.after(Fraction(0), Fraction(0)) == FRESH
    assert FRESH.after(Fraction(1), Fraction(0)).value is None
    assert FRESH.after(Fraction(0), Fraction(-1)).reaches(Fraction(10**9))
