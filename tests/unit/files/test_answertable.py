# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.answertable import AnswerTable, answers_from_csv, read_answers, salted, to_csv

NAMES = ("a", "b", "c")
GOOD = b"participant,opinion,answer\nx,a,agree\ny,a,Disagree\nx,b,pass\ny,c,-1\n"


def rows(table: AnswerTable) -> set[tuple[str, int, int]]:
    """Return answers by name."""
    each = zip(table.person, table.opinion, table.answer, strict=True)
    return {
        (table.names[person], int(opinion), int(answer)) for person, opinion, answer in each
    }


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b",", b";"),
        b"answer,extra,participant,opinion\n1,,x,a\n0,,x,b\n-1,,y,a\ndisagree,,y,c\n",
    ],
)
def test_answers_are_read_as_spreadsheets_write_them(content: bytes) -> None:
    """Signs, words, separators, marks of encoding and the order of columns are their habits."""
    table = answers_from_csv(content, NAMES, "t")
    assert rows(table) == {("x", 0, 1), ("y", 0, -1), ("x", 1, 0), ("y", 2, -1)}


def test_all_faults_are_listed_with_their_lines(tmp_path: Path) -> None:
    """A file of a hundred thousand rows is mended once."""
    path = tmp_path / "bad.csv"
    path.write_text(
        "participant,opinion,answer\nx,a,agre\n,b,pass\nx,d,agree\ny,c,pass\ny,c,agree\n",
        "utf-8",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_answers(path, NAMES)
    assert [str(fault) for fault in caught.value.faults] == [
        "line 2: answer is 'agre', not agree, disagree or pass; did you mean 'agree'?",
        "line 3: participant is empty",
        "line 4: 'd' is no opinion of this consultation",
        "line 6: 'y' answers 'c' in line 5 already",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not CSV"),
        (b"participant,opinon,answer\nx,a,1\n", "no column 'opinion'; did you mean 'opinon'"),
        (b"participant,opinion,answer\nx,a,1,2,3,4\n", "not CSV"),
        (b"participant,opinion,answer\n\xff\xfe,a,1\n", "not CSV"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, words: str) -> None:
    """A parser raises nothing but ours."""
    with pytest.raises(InvalidDocument, match=words):
        answers_from_csv(content, NAMES, "t")


def test_no_file_is_said(tmp_path: Path) -> None:
    """A folder is no file either."""
    with pytest.raises(NotFound):
        read_answers(tmp_path, NAMES)


def test_opinions_left_out_since_are_passed_over() -> None:
    """Whoever printed the questions before they were moderated can still hand in."""
    table = answers_from_csv(GOOD, ("b", "c"), "t", aside={"a"})
    assert rows(table) == {("x", 0, 0), ("y", 1, -1)}


def test_only_the_salt_leads_back_to_anyone() -> None:
    """Numbers differ by salt, keep nobody's name, and tell people apart."""
    table = answers_from_csv(GOOD, NAMES, "t")
    one, other = (to_csv(salted(table, bytes([n]) * 16), NAMES) for n in (1, 9))
    again = answers_from_csv(one, NAMES, "t")
    assert {one, other} == {one} or one != other
    assert set(again.names) == {"0", "1"}
    assert b"x" not in one
    assert len(rows(again)) == 4
    with pytest.raises(ValueError, match="16 bytes"):
        salted(table, b"short")


def test_a_table_has_one_spelling() -> None:
    """A digest of it must not depend on the order rows came in."""
    table = answers_from_csv(GOOD, NAMES, "t")
    head, *lines = GOOD.splitlines()
    turned = answers_from_csv(b"\n".join([head, *lines[::-1]]), NAMES, "t")
    assert to_csv(table, NAMES) == to_csv(turned, NAMES)
    assert to_csv(table, NAMES).startswith(b"participant,opinion,answer\n0,a,1\n0,b,0\n")
