# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Agreement of raters: Krippendorff's own examples, and where there is nothing to say."""

from fractions import Fraction

import pytest

from comity.evidence.judge.agreement import in_words, krippendorff

FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Krippendorff (2011), section C, by observer; the point is a missing value."""


def units(observers: tuple[str, ...]) -> list[list[str | None]]:
    """Return what was said of each thing, None for a missing value."""
    return [
        [None if one == "." else one for one in unit] for unit in zip(*observers, strict=True)
    ]


def test_two_observers_of_binary_units_agree_as_published() -> None:
    """Krippendorff (2011), section A: 0.095."""
    alpha = krippendorff(zip("0100000010", "1110010000", strict=True))

    assert alpha == Fraction(2, 21)
    assert round(float(alpha), 3) == 0.095


def test_four_observers_with_missing_values_agree_as_published() -> None:
    """Krippendorff (2011), section C, nominal: 0.743; the twelfth unit was rated once."""
    alpha = krippendorff(units(FOUR))

    assert alpha is not None
    assert round(float(alpha), 3) == 0.743


def test_a_thing_that_one_rated_says_nothing() -> None:
    """It cannot agree or disagree with anything."""
    both = [["a", "a"], ["b", "b"], ["a", "b"]]

    assert krippendorff([*both, ["a", None], [None, None]]) == krippendorff(both)


def test_the_names_and_the_order_of_values_do_not_matter() -> None:
    """Nominal data has neither."""
    renamed = [
        [{"0": "9", "1": "x"}[one] for one in unit] for unit in zip("0011", "0101", strict=True)
    ]

    assert krippendorff(renamed[::-1]) == krippendorff(zip("0011", "0101", strict=True))


@pytest.mark.parametrize(
    "ratings", [[], [["a", None]], [["a", "a"], ["a", "a"]], [[None, None]]]
)
def test_without_variation_it_is_undefined(ratings: list[list[str | None]]) -> None:
    """All alike is neither agreement nor chance: nothing could have differed."""
    assert krippendorff(ratings) is None
    assert "undefined" in in_words(None)


def test_perfect_agreement_is_one_and_less_than_chance_is_negative() -> None:
    """The scale's ends are what its words say."""
    assert krippendorff([["a", "a"], ["b", "b"]]) == 1
    worse = krippendorff([["a", "b"], ["b", "a"]])
    assert worse is not None
    assert worse < 0


@pytest.mark.parametrize(
    ("alpha", "word"), [("0.9", "rest on"), ("0.7", "tentative"), ("0.1", "too little")]
)
def test_it_is_said_what_an_alpha_is_worth(alpha: str, word: str) -> None:
    """A number alone tells an official nothing."""
    assert word in in_words(Fraction(alpha))
