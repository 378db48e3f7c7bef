# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A memo's words: somebody else's name stays a name."""

from fractions import Fraction

import pytest

from comity.desk.exposure.memoword import MAX_WORDS, index, percent, plain, table
from comity.exposure.measure.interval import Interval


def share(least: int, most: int, *, is_exact: bool = True) -> Interval:
    """Return a share in per cent."""
    return Interval(least=Fraction(least, 100), most=Fraction(most, 100), is_exact=is_exact)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script\>"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("![x](http://x.example)", r"!\[x\](http:\/\/x.example)"),
        ("www.x.example", r"www\.x.example"),
        ("# head", r"\# head"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("a\n\n# b", "a # b"),
        ("`code`", r"\`code\`"),
        ("back\\slash|", r"back\\slash\|"),
        ("pay\u202egnp", "pay gnp"),
        ("ក\u200bខ", "ក ខ"),
        ("می\u200cشود", "می\u200cشود"),
    ],
)
def test_a_name_is_shown_as_it_is_and_does_nothing(name: str, said: str) -> None:
    """Names come from strangers' files: none may draw a table, a link or a heading."""
    assert plain(name) == said


def test_a_text_without_end_is_cut_and_says_so() -> None:
    """One cell may not drown the page."""
    assert plain("x" * 5_000) == f"{'x' * MAX_WORDS}…"


def test_bounds_stand_wherever_something_is_open() -> None:
    """A range, a figure, and the range that says nothing at all."""
    assert percent(share(12, 40)) == "12–40 %"
    assert percent(share(40, 40)) == "40 %"
    assert percent(share(0, 100)) == "unknown (0–100 %)"
    assert percent(share(1, 2, is_exact=False)) == "1–2 % (enclosed)"
    assert index(share(36, 100)) == "3,600–10,000"


def test_an_open_range_is_rounded_outward() -> None:
    """A memo says that every range holds the truth: 99.97 % is no 100, and 1/6 no 16.7 %."""
    open_ = Interval(least=Fraction(1, 6), most=Fraction(9_997, 10_000))

    assert percent(open_) == "16.6–100 %"
    assert percent(Interval(least=Fraction(0), most=Fraction(9_997, 10_000))) == "0–100 %"
    assert percent(Interval(least=Fraction(1, 6), most=Fraction(1, 6))) == "16.7 %"
    assert index(open_) == "1,666–9,997"


def test_an_empty_cell_keeps_its_column() -> None:
    """A row has as many cells as its head."""
    assert table(("a", "b"), [("", "x")])[3] == "|   | x |"
