# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A list of claims holds one risk for any wrong one among them."""

from fractions import Fraction
from itertools import product

import pytest

from comity.evidence.statistics.holm import holm

RISK = Fraction(1, 20)


def test_each_claim_listed_makes_the_next_easier() -> None:
    """Three claims: 60, then 40, then 20."""
    values = {"a": Fraction(40), "b": Fraction(60), "c": Fraction(20)}
    assert holm(values, RISK) == ("a", "b", "c")
    assert holm({**values, "b": Fraction(59)}, RISK) == ()
    assert holm({**values, "a": Fraction(39)}, RISK) == ("b",)


def test_infinite_evidence_lists_and_none_at_all_does_not() -> None:
    """What cannot happen where the claim is false shows it."""
    assert holm({"a": None, "b": Fraction(0)}, RISK) == ("a",)
    assert holm({}, RISK) == ()


def test_designs_that_have_shown_leave_the_others_their_part() -> None:
    """Two of three are shown at a third of the risk each: the last needs 3 / (0.05 * 2)."""
    values = {"a": Fraction(1), "b": Fraction(1), "c": Fraction(30)}
    assert holm(values, RISK, shown=("a", "b")) == ("a", "b", "c")
    assert holm({**values, "c": Fraction(29)}, RISK, shown=("a", "b")) == ("a", "b")


@pytest.mark.parametrize("truth", list(product((True, False), repeat=3)), ids=str)
def test_the_chance_of_any_wrong_claim_is_within_the_risk(truth: tuple[bool, ...]) -> None:
    """Enumerated for e-values of 0 or a level, whose mean is 1 where the claim is false."""
    levels = (Fraction(60), Fraction(40), Fraction(20))
    wrong = Fraction(0)
    for grown in product((True, False), repeat=3):
        chance, values = Fraction(1), {}
        for row, (is_true, has_grown) in enumerate(zip(truth, grown, strict=True)):
            grows = Fraction(1, 2) if is_true else 1 / levels[row]
            chance *= grows if has_grown else 1 - grows
            values[str(row)] = levels[row] if has_grown else Fraction(0)
        listed = holm(values, RISK)
        wrong += chance * any(not truth[int(name)] for name in listed)
    assert wrong <= RISK
