# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A slot is filled where it stands, and a star makes two of one text."""

import pytest

from comity.files.hole import Value, examples_of, fill, holes, is_closed, members_of

FILLING: dict[tuple[str, str], Value] = {
    ("a", ""): "7",
    ("a", "2"): "9",
    ("day", ""): {"now": "Monday", "next": "Tuesday"},
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{a} and {a#2}", "7 and 9"),
        ("{day.now}, then {day.next}", "Monday, then Tuesday"),
        ("{=a+3} {=a-3} {=3*a}", "10 4 21"),
        ("no slot", "no slot"),
    ],
)
def test_each_hole_takes_its_filling(text: str, filled: str) -> None:
    """Turns, columns and sums."""
    assert fill(text, FILLING) == filled


def test_a_star_is_one_column_for_each_member() -> None:
    """Everything else is the same in both."""
    one, other = members_of("{who.*} and {who.*_his} {who#2.*} {day.now}")

    assert one == "{who.one} and {who.one_his} {who#2.one} {day.now}"
    assert other == one.replace("one", "other")
    assert members_of("no star") == ("no star", "no star")


@pytest.mark.parametrize(
    ("text", "closed"),
    [("{a}", True), ("{a", False), ("a}", False), ("{A}", False), ("", True)],
)
def test_a_brace_belongs_to_a_hole(text: str, *, closed: bool) -> None:
    """A stray one is a slip of the pen."""
    assert is_closed(text) is closed
    assert all(hole.group() in text for hole in holes(text))


@pytest.mark.parametrize(
    ("reference", "answer", "answers"),
    [
        ("mardi|Mardi gras;fr", "mardi", "mardi. fr"),
        ("B;A|B|C", "B", "B. A"),
        ("Lima; 14:30|2:30 pm;!tomorrow;#;<40;@pt", "Lima", "Lima. 14:30"),
        ("", "", ""),
    ],
)
def test_what_a_reference_asks_for_can_be_said(
    reference: str, answer: str, answers: str
) -> None:
    """So that an author writes a right answer once for a whole category."""
    told = examples_of(reference)

    assert fill("{answer}|{answers}", told) == f"{answer}|{answers}"
