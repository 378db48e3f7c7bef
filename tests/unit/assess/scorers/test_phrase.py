# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers and times are one thing however they are written."""

import pytest

from comity.assess.scorers.phrase import folded, is_any_said, is_said


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Às 14h05", "as 14:05"),
        ("2:05 PM", "14:05"),
        ("12 a.m.", "0:00"),
        ("6:20 p. m. (18:20)", "18:20 (18:20)"),
        ("9.30 pm", "21:30"),
        ("it is 9.30", "it is 9.30"),
        ("06:15", "6:15"),
        ("下午6点15分", "18:15"),
        ("6:15 da noite", "18:15"),
        ("1.200 ou 1,200", "1200 ou 1200"),
        ("3,5 m", "3.5 m"),
        ("١٢ و १२", "12 و 12"),
        ("Đà Nẵng", "da nang"),
        ("Route 116", "route 116"),
    ],
)
def test_a_text_has_one_spelling(text: str, plain: str) -> None:
    """So that two people who write the same are found to."""
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("phrase", "text", "said"),
    [
        ("14", "at 14:30", False),
        ("30", "at 14:30", False),
        ("30", "30mm", True),
        ("3.5", "13.5", False),
        ("art", "the start", False),
        ("星期二", "明天是星期二。", True),
        ("two", "one, two", True),
        ("", "anything", False),
    ],
)
def test_a_phrase_is_met_whole(phrase: str, text: str, *, said: bool) -> None:
    """Half a number is another number."""
    assert is_said(phrase, text) is said


def test_one_alternative_is_enough() -> None:
    """Written as its author likes."""
    assert is_any_said("2 PM|duas", "as 14:00 horas")
