# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Texts of others, made harmless to look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.web.text import choose, to_plain, to_plain_block, to_pretty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\n  lines\t", "two lines"),
        ("a\u202egnp.exe", "a⟨U+202E⟩gnp.exe"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x00b\x1b[2J", "a⟨U+0000⟩b⟨U+001B⟩[2J"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_hidden_characters_are_named(text: str, expected: str) -> None:
    """A name that turns its neighbours round must be seen to do so."""
    assert to_plain(text) == expected


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_no_text_is_longer_than_its_limit_of_characters(text: str, limit: int) -> None:
    """Nine characters may stand for a hidden one; no other growth."""
    assert len(to_plain(text, limit)) <= 9 * limit + 1


@given(st.text())
def test_no_turning_character_survives(text: str) -> None:
    """Whatever is given, nothing left can change the direction of what follows."""
    turning = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

    assert not turning & set(to_plain(text))
    assert not turning & set(to_plain_block(text, 1000))


def test_a_block_keeps_its_lines() -> None:
    """Raw JSON is read by its lines."""
    assert to_plain_block("{\n 1\n}", 100) == "{\n 1\n}"
    assert to_plain_block("x" * 50, 10) == "x" * 10 + "…"
    assert to_pretty({"b": [1], "a": "é"}) == '{\n "a": "é",\n "b": [\n  1\n ]\n}'


@pytest.mark.parametrize(
    ("texts", "tag", "expected"),
    [
        ({"en": "a", "zh": "b"}, "zh", ("zh", "b")),
        ({"en": "a", "zh-Hans": "b"}, "zh", ("zh-Hans", "b")),
        ({"en": "a"}, "ar", ("en", "a")),
        ({"fr": "a"}, "ar", ("fr", "a")),
        ({"en": "", "fr": "a"}, "en", ("fr", "a")),
        ({'x" onload="y': "a"}, "ar", ("und", "a")),
        ({}, "ar", ("ar", "")),
    ],
)
def test_a_text_is_chosen_with_its_language(
    texts: dict[str, str], tag: str, expected: tuple[str, str]
) -> None:
    """Assistive technology must be told which language it reads; a tag may be hostile."""
    found = choose(texts, tag)

    assert (found.tag, found.text) == expected
