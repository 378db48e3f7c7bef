# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from decimal import Decimal

import pytest

from comity.errors import InvalidDocument
from comity.law.cursor import Cursor, near_miss, number_from
from comity.law.token import Sort, Token, tokens_of


def _cursor(text: str) -> Cursor:
    end = Token(sort=Sort.END, text="", keyword=None, leads=False, line=1, column=99)
    return Cursor(source="x.md", tokens=[*[*tokens_of(f"x {text}", 1, "en")][1:], end])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10^25", 10**25),
        ("3e23", 3 * 10**23),
        ("3E+23", 3 * 10**23),
        ("1_000_000", 1_000_000),
        ("0.50", Decimal("0.5")),
        ("2.5e3", 2500),
        ("0", 0),
    ],
)
def test_numbers_are_exact(text: str, value: object) -> None:
    """Thresholds decide; none may be rounded."""
    assert number_from(text) == value


@pytest.mark.parametrize(
    "text",
    ["1e400", "10^9999999", "9" * 70, "1" * 200, "0." + "0" * 70 + "1", "-1", "nan", "inf",
     "1.5^2", "", "x", "1e"],
)  # fmt: skip
def test_numbers_of_no_use_are_refused(text: str) -> None:
    """No fact of this world needs them, and they cost time and memory."""
    assert number_from(text) is None


def test_forty_digits_are_not_rounded() -> None:
    """Decimal's default context would keep 28 of them."""
    text = "1234567890123456789012345678901234567890.5"
    assert number_from(text) == Decimal(text)


def test_a_near_miss_is_near() -> None:
    """A guess that is far off misleads."""
    assert near_miss("generats", ["generates", "sector"]) == "generates"
    assert near_miss("zebra", ["generates", "sector"]) is None
    assert near_miss("", ["generates"]) is None


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("KHM", "khm"),
        ("solas", "solas-1974"),
        ("hegemon", "without-hegemon"),
        ("ratify", "ratification"),
        ("usa-chips", "usa-chip-controls"),
        ("us", None),
        ("1974", "solas-1974"),
        ("reform", None),
    ],
)
def test_a_part_or_a_beginning_of_a_name_is_near(word: str, near: str | None) -> None:
    """People type what they remember of a name, which is its first word or its telling one."""
    known = ["khm", "solas-1974", "without-hegemon", "ratification", "reservation",
             "usa-chip-controls"]  # fmt: skip
    assert near_miss(word, known) == near


def test_texts_that_follow_each_other_are_one() -> None:
    """Long sentences need several lines."""
    assert _cursor('"a" "b"').text() == "a b"


def test_a_text_carries_its_languages() -> None:
    """Labels are shown in the reader's language."""
    assert dict(_cursor('"a" zh "甲" fr "b"').local_text().by_tag) == {
        "en": "a",
        "zh": "甲",
        "fr": "b",
    }


@pytest.mark.parametrize("text", ['"a" zh "b" zh "c"', '"a" Zh "b"', '"a" zh', "a"])
def test_a_text_of_another_shape_is_refused(text: str) -> None:
    """Two texts in one language, no language tag, no text."""
    with pytest.raises(InvalidDocument):
        _cursor(text).local_text()


def test_a_list_may_end_with_a_comma() -> None:
    """As people write lists over several lines."""
    assert [token.text for token in _cursor("[a, b,]").words("a word")] == ["a", "b"]


@pytest.mark.parametrize("text", ["[a b]", "[a", "[]", "[,]"])
def test_a_list_of_another_shape_is_refused(text: str) -> None:
    """A forgotten comma must not join two values."""
    with pytest.raises(InvalidDocument):
        _cursor(text).words("a word")


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "26-01-01", "soon"])
def test_a_day_no_calendar_has_is_refused(text: str) -> None:
    """A norm in force from a day that never comes would never apply."""
    with pytest.raises(InvalidDocument):
        _cursor(text).date()


def test_what_is_left_over_is_named() -> None:
    """A word too many is a slip, not a comment."""
    cursor = _cursor("a b")
    cursor.take()
    with pytest.raises(InvalidDocument, match="one word too many"):
        cursor.finish()


def test_a_clause_in_the_middle_of_a_line_is_told_where_it_belongs() -> None:
    """Layout means something here, and must say so."""
    cursor = _cursor("a implies b")
    cursor.take()
    with pytest.raises(InvalidDocument, match="'implies' must begin a line of its own"):
        cursor.finish()
