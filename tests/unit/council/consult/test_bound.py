# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction
from math import sqrt

import pytest

from comity.council.consult.bound import (
    MILLION,
    answers_to_settle,
    is_at_least,
    is_at_most,
    lower_bound,
)

HALF = Fraction(1, 2)
GRID = [
    (count, seen) for seen in (1, 2, 7, 40, 999) for count in range(0, seen + 1, 1 + seen // 9)
]


def wilson(count: int, seen: int) -> float:
    """Return Wilson's lower bound as textbooks write it, in floats."""
    z, share = 1.96, count / seen
    middle = share + z * z / (2 * seen)
    spread = z * sqrt(share * (1 - share) / seen + z * z / (4 * seen * seen))
    return (middle - spread) / (1 + z * z / seen)


@pytest.mark.parametrize(("count", "seen"), GRID)
def test_the_integer_bound_is_the_textbook_formula(count: int, seen: int) -> None:
    """What is published must be what a statistician would compute."""
    assert lower_bound(count, seen) == pytest.approx(wilson(count, seen) * MILLION, abs=1.01)


@pytest.mark.parametrize(("count", "seen"), GRID)
def test_the_bound_and_the_comparison_agree_to_the_last_millionth(
    count: int, seen: int
) -> None:
    """A list decided by one and shown by the other would contradict itself."""
    bound = lower_bound(count, seen)
    if bound:
        assert is_at_least(count, seen, Fraction(bound, MILLION))
    assert not is_at_least(count, seen, Fraction(bound + 1, MILLION))


def test_few_answers_give_a_low_bound_however_they_fall() -> None:
    """Two who agree are no consensus (red-dwarf issue 72)."""
    assert [lower_bound(n, n) for n in (0, 1, 2, 10)] == [0, 206543, 342371, 722459]


@pytest.mark.parametrize(("count", "seen"), [(9, 10), (500, 1000), (3, 400)])
def test_an_upper_bound_is_the_lower_one_of_the_rest(count: int, seen: int) -> None:
    """Agreeing and not agreeing are judged alike."""
    for share in (Fraction(1, 3), HALF, Fraction(9, 10)):
        assert is_at_most(count, seen, share) == is_at_least(seen - count, seen, 1 - share)


@pytest.mark.parametrize(("count", "seen"), [(6, 10), (13, 30), (1, 1), (55, 100)])
def test_the_number_of_missing_answers_settles_it_and_one_less_does_not(
    count: int, seen: int
) -> None:
    """An official plans by this number."""
    more = answers_to_settle(count, seen, HALF)
    assert more is not None
    share = Fraction(count, seen)

    def is_settled(many: int) -> bool:
        gap, spread = abs(share - HALF), Fraction(2401, 625) * HALF * HALF
        return gap * gap * many >= spread

    assert is_settled(seen + more)
    assert more == 1 or not is_settled(seen + more - 1)


def test_a_share_at_the_threshold_is_never_settled() -> None:
    """No number of answers tells half from half."""
    assert answers_to_settle(5, 10, HALF) is None
    assert answers_to_settle(0, 0, HALF) is None
    assert answers_to_settle(90, 100, HALF) == 0
