# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Votes in a spreadsheet: who said what, and every fault with its line."""

from pathlib import Path

import pytest

from comity.council.rule.floor import Answer
from comity.errors import InvalidDocument, NotFound
from comity.files.body import get_body
from comity.files.votes import read_votes


def written(folder: Path, text: str) -> Path:
    """Write a file of votes."""
    path = folder / "votes.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_a_floor(tmp_path: Path) -> None:
    """Each row a seat; groups and weights stand beside it, an empty answer is silence."""
    path = written(
        tmp_path,
        "seat,answer,groups,population,reason\n"
        "A,Yes,region:N;bloc:x,30,\n"
        "B,no,region:S,20,too dear\n"
        "C,,region:S,10,\n"
        "\n",
    )

    votes = read_votes(path)

    assert votes.floor.answers == {"A": Answer.YES, "B": Answer.NO, "C": Answer.SILENT}
    assert votes.floor.within("region:S") == {"B", "C"}
    assert votes.floor.weights["population"].values == {"A": 30, "B": 20, "C": 10}
    assert votes.unreasoned == {"A", "C"}
    assert votes.has_reasons


def test_the_mark_a_spreadsheet_puts_before_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    """Otherwise the first column would be called otherwise."""
    assert read_votes(written(tmp_path, "\ufeffseat,answer\nA,yes\n")).floor.seats == {"A"}


def test_a_body_gives_the_seats_that_are_not_in_the_file(tmp_path: Path) -> None:
    """A member that said nothing has no row, and still is a member."""
    votes = read_votes(written(tmp_path, "seat,answer\nDEU,yes\n"), get_body("eu"))

    assert len(votes.floor.seats) == 27
    assert votes.floor.answer("FRA") is Answer.SILENT
    assert "population" in votes.floor.weights
    assert not votes.has_reasons


def test_all_faults_are_said_with_their_lines(tmp_path: Path) -> None:
    """Whoever mends a table mends it once."""
    path = written(
        tmp_path,
        "seat,answer,population\nDEU,yess,1\nDEU,yes,1\nFRN,aye,1\n,yes,1\nITA,no,-3\nESP,no\n",
    )

    with pytest.raises(InvalidDocument) as caught:
        read_votes(path, get_body("eu"))

    assert caught.value.code == "files.votes"
    answer, *rest = [str(fault) for fault in caught.value.faults]
    assert answer.startswith("line 2: 'yess' is no answer: yes, no, object,")
    assert answer.endswith("did you mean 'yes'?")
    assert rest == [
        "line 3: 'DEU' stands twice",
        "line 4: 'aye' is no answer: yes, no, object, abstain, recused, present, void, silent",
        "line 4: 'FRN' is no member of eu",
        "line 5: the seat is empty or no single line",
        "line 6: population of ITA is '-3', no whole number from 0 up",
        "line 7: 2 cells under 3 columns",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "the header has no column 'seat'"),
        ("seat,anser\nA,yes\n", "no column 'answer'; did you mean 'anser'?"),
        ("seat,answer,answer\nA,yes,no\n", "column 3 is called 'answer', empty or twice"),
        ("seat,answer,\nA,yes,\n", "column 3 is called '', empty or twice"),
        ('seat,answer\n"A\nB",yes\n', "line 3: the seat is empty or no single line"),
        pytest.param(
            f"seat,answer\n{'x' * 10_000_001},yes\n",
            "line 2: it cannot be read: field larger",
            id="longer than any cell",
        ),
    ],
)
def test_a_header_is_read_before_any_row(tmp_path: Path, text: str, part: str) -> None:
    """A table under wrong headings means nothing."""
    with pytest.raises(InvalidDocument) as caught:
        read_votes(written(tmp_path, text))

    assert part in str(caught.value)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_what_a_spreadsheet_puts_between_columns_is_read(tmp_path: Path, mark: str) -> None:
    """Where a comma stands in numbers, spreadsheets write semicolons, and a mark before all."""
    text = "\ufeffseat,answer,groups\r\nA,yes,region:Nord\r\nB,no,\r\n".replace(",", mark)

    found = read_votes(written(tmp_path, text)).floor

    assert found.seats == {"A", "B"}
    assert found.groups == {"region:Nord": {"A"}}


def test_what_is_no_unicode_says_how_to_save_it(tmp_path: Path) -> None:
    """Old spreadsheets write the letters of one country alone."""
    path = tmp_path / "votes.csv"
    path.write_bytes("seat,answer\nCôte,yes\n".encode("latin-1"))

    with pytest.raises(InvalidDocument, match="UTF-8") as caught:
        read_votes(path)

    assert "CSV UTF-8" in str(caught.value.hint)


def test_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(NotFound) as caught:
        read_votes(tmp_path / "none.csv")

    assert caught.value.code == "files.no_votes"


def test_a_header_without_end_is_refused_at_once(tmp_path: Path) -> None:
    """To hold each of its names beside all others would take a minute."""
    path = tmp_path / "votes.csv"
    path.write_text("seat,answer" + ",a" * 100_000 + "\n", "utf-8")
    with pytest.raises(InvalidDocument) as refused:
        read_votes(path)

    assert [str(fault) for fault in refused.value.faults] == [
        "line 1: 100002 columns are more than 200"
    ]
