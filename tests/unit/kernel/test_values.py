# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Digests, instants, texts: one value, one spelling."""

import datetime as dt

import pytest

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import from_hex, sha256, to_hex
from comity.kernel.instant import from_iso_date, from_posix, from_rfc3339, to_instant, to_posix
from comity.kernel.localtext import LocalText


def test_the_digest_of_parts_is_that_of_their_concatenation() -> None:
    """Callers may hash without copying."""
    assert sha256(b"ab", b"c") == sha256(b"abc")
    assert to_hex(sha256(b"")) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4
    )


@pytest.mark.parametrize(
    "text", ["", "ab" * 31, "AB" * 32, "ab" * 33, "zz" * 32, "ab" * 32 + "\n"]
)
def test_a_digest_has_one_spelling(text: str) -> None:
    """Upper case or another length would be a second name for one thing."""
    with pytest.raises(InvalidDocument):
        from_hex(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T19:19:24+00:00",
        "2026-11-21 19:19:24Z",
        "2026-11-21T19:19:24.5Z",
        "2026-2-1T1:1:1Z",
        "2026-02-30T00:00:00Z",
        "",
    ],
)
def test_an_instant_has_one_spelling(text: str) -> None:
    """An instant is part of what is signed."""
    with pytest.raises(InvalidDocument):
        from_rfc3339(text)


def test_instants_go_to_posix_and_back() -> None:
    """Cosignatures carry seconds since 1970, statements RFC 3339."""
    instant = from_rfc3339("2026-11-21T19:19:24Z")

    assert from_posix(to_posix(instant)) == instant
    assert (
        to_instant(dt.datetime(2026, 11, 21, 20, 19, 24, 7, dt.timezone(dt.timedelta(hours=1))))
        == instant
    )


def test_a_naive_datetime_is_refused() -> None:
    """A moment without a zone is a different moment in every capital."""
    with pytest.raises(InvalidDocument):
        to_instant(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("text", ["20261121", "2026-W47-6", "2026-02-29", "tomorrow"])
def test_a_date_has_one_spelling(text: str) -> None:
    """Week dates and compact dates are other spellings of the same day."""
    with pytest.raises(InvalidDocument):
        from_iso_date(text)


def test_a_text_falls_back_to_its_base_language_then_english() -> None:
    """A page in a language nobody translated still says something."""
    text = LocalText(by_tag={"en": "law", "zh": "法律"})

    assert text.in_language("zh-Hans-CN") == "法律"
    assert text.in_language("ar") == "law"


def test_a_fault_says_place_sentence_and_near_miss() -> None:
    """An author finds the place without counting lines."""
    fault = Fault(message="no fact named 'market'", line=4, column=11, near="markets")

    assert str(fault) == "line 4, column 11: no fact named 'market'; did you mean 'markets'?"
