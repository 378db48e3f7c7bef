# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two tests speak of one claim only if nothing that decides an outcome differs."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.claim import Claim
from comity.kernel.digest import sha256

CLAIM = Claim(
    bank_root=sha256(b"bank"),
    scorer="equals/1",
    system=sha256(b"system"),
    category="shelter",
    threshold=Fraction(9, 10),
)
OTHERS = [
    replace(CLAIM, bank_root=sha256(b"other")),
    replace(CLAIM, scorer="equals/2"),
    replace(CLAIM, system=sha256(b"next version")),
    replace(CLAIM, category="rescue"),
]


@pytest.mark.parametrize("other", OTHERS)
def test_another_bank_scorer_version_or_category_is_another_claim(other: Claim) -> None:
    """A new version resets nothing and inherits nothing."""
    assert not CLAIM.is_about_same(other)
    assert not CLAIM.is_implied_by(other)


def test_a_higher_threshold_shows_a_lower_one() -> None:
    """More than 95 percent is more than 90 percent, and not the other way round."""
    higher = replace(CLAIM, threshold=Fraction(95, 100))
    assert CLAIM.is_about_same(higher)
    assert CLAIM.is_implied_by(higher)
    assert CLAIM.is_implied_by(CLAIM)
    assert not higher.is_implied_by(CLAIM)
