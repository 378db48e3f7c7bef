# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

import numpy as np
import pytest

from comity.council.consult.bound import smoothed
from comity.council.consult.bridge import consensus, represent
from comity.council.consult.counts import Counts

COUNTS = Counts(
    agree=np.array([[9, 0], [1, 4]]),
    disagree=np.array([[1, 6], [9, 0]]),
    passed=np.array([[0, 2], [0, 0]]),
)


def test_consensus_is_the_product_of_smoothed_shares() -> None:
    """Worked by hand: 10/12 times 2/12."""
    assert smoothed(9, 10) == Fraction(5, 6)
    assert consensus([9, 1], [10, 10]) == Fraction(10, 12) * Fraction(2, 12)
    assert consensus([], []) == 1


def test_representativeness_follows_its_formulas() -> None:
    """Worked by hand for the first opinion in the first group."""
    found = represent(COUNTS)
    assert found.share[0, 0] == pytest.approx(10 / 12)
    assert found.ratio[0, 0] == pytest.approx((10 / 12) / (2 / 12))
    assert found.own_z[0, 0] == pytest.approx(2 * 11**0.5 * (10 / 11 - 0.5))
    pooled = (10 + 2) / (11 + 11)
    spread = (pooled * (1 - pooled) * (2 / 11)) ** 0.5
    assert found.other_z[0, 0] == pytest.approx((10 / 11 - 2 / 11) / spread)


def test_a_group_is_told_by_what_only_it_says() -> None:
    """The first agrees with the first opinion and disagrees with the second."""
    assert represent(COUNTS).sets_apart(0) == [0]
    assert represent(COUNTS, by_disagreement=True).sets_apart(0) == [1]


def test_an_opinion_everybody_agrees_with_sets_nobody_apart() -> None:
    """A pooled share of one has no spread to divide by."""
    every = Counts(
        agree=np.array([[5], [7]]), disagree=np.zeros((2, 1), int), passed=np.zeros((2, 1), int)
    )
    assert represent(every).other_z.tolist() == [[0.0], [0.0]]
