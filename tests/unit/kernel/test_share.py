# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Shares read as people write them."""

from fractions import Fraction

import pytest

from comity.kernel.share import exactly, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0 %"),
        (Fraction(1), "100 %"),
        (Fraction(1, 20), "5 %"),
        (Fraction(197, 200), "98.5 %"),
        (Fraction(1, 3), "33.33 %"),
        (Fraction(1, 100_000), "0.001 %"),
    ],
)
def test_a_share_is_written_with_the_digits_that_count(share: Fraction, text: str) -> None:
    """No fractions for officials to divide, and no row of nines."""
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(197, 200), "98.5%"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1), "100%"),
        (Fraction(89, 97), "89/97"),
    ],
)
def test_what_is_to_be_typed_again_reads_back_as_itself(share: Fraction, text: str) -> None:
    """A rounded hint would name a goal that does not work."""
    assert exactly(share) == text
