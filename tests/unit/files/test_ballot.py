# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ballots: no cell is a formula, and every fault of a returned one has its place."""

import csv
import io

import pytest

from comity.evidence.judge.panel import Asked, Word
from comity.files.ballot import Row, harmless, read_ballot, to_csv

NAMES = ("q0000000000000001", "q0000000000000002")


def ballot(answer: str = "193", word: Word | None = None) -> str:
    """Return a ballot of two answers."""
    asked = Asked(prompt="Whom do I call?", reference="193", answer=answer)
    return to_csv(Row(name=name, asked=asked, word=word) for name in NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\ufeff=1",
        "\x00=1",
        "＝1",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    """A spreadsheet runs what begins so; the answer's author would run on the rater's desk."""
    cells = list(csv.reader(io.StringIO(ballot(text), newline="")))[1]

    assert cells[3].startswith("'")


def test_what_steers_a_screen_is_shown_as_a_mark() -> None:
    """Escape sequences and turned text would show another answer than the one judged."""
    shown = harmless("a\x1b[2J\u202eb\x07\nc\td")

    assert shown == "a\ufffd[2J\ufffdb\ufffd\nc\td"


def test_what_was_said_is_read_back() -> None:
    """The round trip a rater's work makes."""
    for word in Word:
        read = read_ballot(ballot(word=word), NAMES, "a.csv")
        assert (read.words, read.faults) == (dict.fromkeys(NAMES, word), [])


def test_what_spreadsheets_do_to_a_file_does_not_matter() -> None:
    """Semicolons, a byte order mark, small letters, other line ends, changed texts."""
    text = f"\ufeffid;prompt;verdict\n{NAMES[1]};changed; pass \n\n{NAMES[0]};;Fail\n"

    read = read_ballot(text, NAMES, "a.csv")

    assert read.faults == []
    assert read.words == {NAMES[1]: Word.PASS, NAMES[0]: Word.FAIL}


def test_every_fault_is_named_at_once_with_its_place() -> None:
    """Whoever mends a ballot wants to mend it once."""
    text = "\r\n".join(
        ["id,answer,verdict", f'{NAMES[0]},"two\nlines",PAS', f"{NAMES[0]},,FAIL", "q9,,"]
    )

    faults = read_ballot(text, NAMES, "a.csv").faults

    assert [(one.line, one.column, one.near) for one in faults] == [
        (2, 3, "PASS"),
        (4, 1, None),
        (5, 1, None),
        (None, None, None),
    ]
    assert "the first q0000000000000002" in faults[-1].message
    assert {one.source for one in faults} == {"a.csv"}


def test_an_id_typed_wrongly_has_its_near_miss() -> None:
    """Most foreign ids are ours with one digit wrong."""
    text = ballot().replace(NAMES[0], NAMES[0][:-1] + "7")

    faults = read_ballot(text, NAMES, "a.csv").faults

    assert faults[0].near in NAMES


@pytest.mark.parametrize("text", ["", "\x00", "id,verdicts\n", 'id,verdict\n"q', "a" * 100])
def test_a_file_that_is_no_ballot_is_a_fault_not_a_crash(text: str) -> None:
    """Whatever a rater sends back gets an answer in words."""
    assert read_ballot(text, NAMES, "a.csv").faults
