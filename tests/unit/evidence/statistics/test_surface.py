# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The floating-point tables say what the exact e-values say."""

from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest

from comity.evidence.statistics.eprocess import Mixture, e_value, evidence, futility
from comity.evidence.statistics.surface import log_choose, log_factorials, surface_of

SIZE, P0, P1, CAP = 60, Fraction(8, 10), Fraction(9, 10), 40


@pytest.mark.parametrize("kind", ["evidence", "futility"])
def test_every_entry_is_the_exact_value(kind: str) -> None:
    """Thresholds searched on the table are published as integers; both must agree."""
    surface = surface_of(SIZE, P0, P1, CAP)
    table = surface.evidence if kind == "evidence" else surface.futility
    bet: Mixture = (evidence if kind == "evidence" else futility)(SIZE, P0, P1)
    for asked in range(CAP + 1):
        for failed in range(min(asked, table.shape[1] - 1) + 1):
            exact = e_value(bet, asked, failed)
            if exact is None:
                assert np.isposinf(table[asked, failed])
            elif exact == 0:
                assert np.isneginf(table[asked, failed])
            else:
                assert table[asked, failed] == pytest.approx(log(exact), abs=1e-9)


@pytest.mark.parametrize("level", [0.5, 2.0, 3.0, 9.0])
def test_numbers_rise_with_the_questions(level: float) -> None:
    """A later question never makes an accepted path unaccepted."""
    surface = surface_of(SIZE, P0, P1, CAP)
    for numbers in (surface.accept_from(level), surface.reject_from(level)):
        assert list(numbers[1:]) == sorted(numbers[1:])
        assert len(numbers) == CAP + 1


def test_a_higher_level_accepts_no_more() -> None:
    """More evidence asked for, fewer points accepted."""
    surface = surface_of(SIZE, P0, P1, CAP)
    low, high = surface.accept_from(2.0), surface.accept_from(3.0)
    assert all(strict <= lenient for lenient, strict in zip(low, high, strict=True))


def test_accepted_points_have_the_evidence() -> None:
    """The number is the most failures that still reach the level, not one more."""
    surface, bet = surface_of(SIZE, P0, P1, CAP), evidence(SIZE, P0, P1)
    for asked, most in enumerate(surface.accept_from(log(15.0))):
        if most >= 0:
            assert (e_value(bet, asked, most) or 0) >= 15
            assert (e_value(bet, asked, most + 1) or 0) < 15


def test_logs_of_binomials_are_those_of_the_integers() -> None:
    """And impossible choices have no way."""
    logs = log_factorials(40)
    of, chosen = np.array([40, 40, 7, 7, 0]), np.array([0, 13, 7, 8, -1])
    ways = [exp(value) for value in log_choose(logs, of, chosen)]
    assert ways == pytest.approx([1, comb(40, 13), 1, 0, 0])
