# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What labelled answers say of a judge's error is exact, and errs on the cautious side."""

from fractions import Fraction
from math import comb

import pytest

from comity.evidence.judge.judgement import Judgement
from comity.evidence.judge.measured import Measured, measure, upper_bound

YES, NO, UNCLEAR = (Judgement(outputs=(word,)) for word in ("PASS", "FAIL", "well"))


def test_each_kind_of_error_is_counted_for_itself() -> None:
    """Passing a failure and failing a pass cost different people."""
    found = measure(
        [(YES, False), (NO, False), (NO, False), (UNCLEAR, False), (YES, True), (UNCLEAR, True)]
    )

    assert found == Measured(failing=4, passed_wrongly=1, right=2, failed_wrongly=1, unclear=2)
    assert found.false_pass == Fraction(1, 4)


def test_no_failure_seen_bounds_nothing() -> None:
    """A judge tried on right answers alone is not tried."""
    found = measure([(YES, True)] * 50)

    assert found.false_pass is None
    assert found.upper_bound() == 1


@pytest.mark.parametrize(("passed", "failing"), [(0, 1), (0, 59), (1, 40), (6, 20), (19, 20)])
def test_the_bound_is_the_least_millionth_refuted(passed: int, failing: int) -> None:
    """At the bound so few wrong passes have a chance of 5 %, a millionth below more."""
    bound = upper_bound(passed, failing, Fraction(1, 20))

    assert _at_most(passed, failing, bound) <= Fraction(1, 20)
    assert _at_most(passed, failing, bound - Fraction(1, 1_000_000)) > Fraction(1, 20)


def test_a_judge_that_passed_every_failure_is_bounded_by_one() -> None:
    """Nothing better can be said."""
    assert upper_bound(7, 7, Fraction(1, 20)) == 1


def _at_most(passed: int, failing: int, rate: Fraction) -> Fraction:
    parts = (
        comb(failing, k) * rate**k * (1 - rate) ** (failing - k) for k in range(passed + 1)
    )
    return sum(parts, Fraction(0))
