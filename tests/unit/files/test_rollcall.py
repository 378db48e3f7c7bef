# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Roll calls from CSV and Parquet: read whole, refused with every fault, doubles flagged."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from comity.council.replay.history import CODES, UNSEATED
from comity.council.rule.floor import Answer
from comity.errors import InvalidDocument, NotFound
from comity.files.rollcall import Reading, read_rollcall, to_csv

GOOD = """item,member,choice,date,title,adopted
one,KHM,yes,2022-03-02,First,yes
one,VNM,Against,,,
one,THA,ABSTAIN,,,
two,KHM,no seat,2022-03-03,Second,no
two,VNM,absent,,,
"""


def write(folder: Path, text: str) -> Path:
    """Write a CSV."""
    path = folder / "votes.csv"
    path.write_text(text, "utf-8")
    return path


def faults(
    folder: Path, text: str, reading: Reading | None = None
) -> list[tuple[str, str | None]]:
    """Return what is wrong with a CSV."""
    with pytest.raises(InvalidDocument) as refused:
        read_rollcall(write(folder, text), reading)
    assert refused.value.code == "files.rollcall"
    return [(fault.message, fault.near) for fault in refused.value.faults]


def test_words_of_choice_are_read_whatever_their_case(tmp_path: Path) -> None:
    """People write Against where a machine writes no."""
    call = read_rollcall(write(tmp_path, GOOD))

    assert call.history.seats == ("KHM", "THA", "VNM")
    assert [list(row) for row in call.history.said] == [
        [CODES[Answer.YES], CODES[Answer.ABSTAIN], CODES[Answer.NO]],
        [UNSEATED, CODES[Answer.SILENT], CODES[Answer.SILENT]],
    ]
    assert call.flags == ()


def test_what_is_known_of_an_item_is_kept(tmp_path: Path) -> None:
    """Day, title and record stand on any row of the item."""
    first, second = read_rollcall(write(tmp_path, GOOD)).history.items

    assert (first.id, first.title, first.date) == ("one", "First", dt.date(2022, 3, 2))
    assert (first.adopted, second.adopted) == (True, False)


def test_a_seat_without_a_row_is_silent_and_counted(tmp_path: Path) -> None:
    """Nobody is taken to have voted because a row is missing."""
    call = read_rollcall(write(tmp_path, GOOD))

    assert call.unrecorded == 1
    assert call.history.said[1, 1] == CODES[Answer.SILENT]


def test_a_seat_without_a_row_may_have_had_no_seat(tmp_path: Path) -> None:
    """Where a file lists whoever had one, who is not listed had none."""
    call = read_rollcall(write(tmp_path, GOOD), Reading(missing=None))

    assert call.history.said[1, 1] == UNSEATED


def test_codes_mean_what_the_maker_of_the_file_says(tmp_path: Path) -> None:
    """1, 2 and 3 mean one thing here and another there."""
    text = "resolution,who,vote\none,KHM,1\none,VNM,3\none,THA,2\n"
    reading = Reading(
        choices={"1": "yes", "2": "abstain", "3": "no"},
        columns={"item": "resolution", "member": "who", "choice": "vote"},
    )

    call = read_rollcall(write(tmp_path, text), reading)

    assert [CODES[Answer.YES], CODES[Answer.ABSTAIN], CODES[Answer.NO]] == list(
        call.history.said[0]
    )


def test_a_code_nobody_explained_is_not_guessed(tmp_path: Path) -> None:
    """In one data set 3 is a no, in another it is an abstention."""
    assert faults(tmp_path, "item,member,choice\none,KHM,3\n") == [
        ("row 2: nothing says what '3' means; --choices 3=yes does", None)
    ]


def test_every_fault_is_listed_with_its_row_and_a_near_miss(tmp_path: Path) -> None:
    """Whoever mends a table mends it once."""
    text = """item,member,choice,date
one,KHN,yes,
one,VNM,abstian,
,THA,no,
two,LAO,,2022-02-30
"""

    assert faults(tmp_path, text) == [
        ("row 4: no item", None),
        ("row 3: 'abstian' is no choice", "abstain"),
        ("row 5: no choice; write absent where nobody voted", None),
        ("row 2: 'KHN' is no code of ISO 3166-1", "KHM"),
        ("row 5: '2022-02-30' is not a day like 2022-03-02", None),
    ]


def test_states_that_are_no_more_have_voted(tmp_path: Path) -> None:
    """A roll call of 1975 names states that have no code in force."""
    call = read_rollcall(write(tmp_path, "item,member,choice\none,YUG,yes\none,CSK,no\n"))

    assert call.history.seats == ("CSK", "YUG")


def test_members_may_be_others_than_states(tmp_path: Path) -> None:
    """A board's seats have names of their own."""
    reading = Reading(members={"chair", "north"})

    call = read_rollcall(write(tmp_path, "item,member,choice\none,chair,yes\n"), reading)

    assert call.history.seats == ("chair",)
    assert faults(tmp_path, "item,member,choice\none,KHM,yes\n", reading) == [
        ("row 2: 'KHM' is no seat", None)
    ]


def test_what_stands_twice_counts_once_and_what_differs_not_at_all(tmp_path: Path) -> None:
    """Neither of two contradictory rows is the true one because it stands last."""
    text = """item,member,choice
one,KHM,yes
one,KHM,yes
one,VNM,yes
one,VNM,no
"""
    call = read_rollcall(write(tmp_path, text))

    assert list(call.history.said[0]) == [CODES[Answer.YES], CODES[Answer.VOID]]
    assert call.flags == (
        "rows 2, 3: KHM stands 2 times on one; counted once",
        "rows 4, 5: VNM stands 2 times on one; they differ, and none counts",
    )


def test_an_item_with_two_days_is_flagged(tmp_path: Path) -> None:
    """Two days are two items, or a slip."""
    text = "item,member,choice,date\none,KHM,yes,2022-01-01\none,VNM,yes,2022-01-02\n"

    assert read_rollcall(write(tmp_path, text)).flags == (
        "one has 2 values of date; the first is shown",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("item,member,vote\none,KHM,yes\n", "there is no column 'choice'"),
        ("item,member,choice\n", "the table has no rows"),
        ("", "not readable as a table"),
        ("item,member,choice\none,KHM\n\x00", "row 2: no choice"),
    ],
)
def test_what_is_no_roll_call_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A sentence, never a traceback."""
    assert any(said in message for message, _ in faults(tmp_path, text))


def test_a_meaning_nobody_knows_is_refused(tmp_path: Path) -> None:
    """A slip in an option is found before any row is read."""
    ((message, near),) = faults(tmp_path, GOOD, Reading(choices={"1": "yess"}))

    assert message.startswith("'1' cannot mean 'yess'")
    assert near == "yes"


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    """Typed columns say the same as texts."""
    path = tmp_path / "votes.parquet"
    pl.DataFrame(
        {
            "item": ["one", "one"],
            "member": ["KHM", "VNM"],
            "choice": [1, 3],
            "date": [dt.date(2022, 3, 2)] * 2,
        }
    ).write_parquet(path)

    call = read_rollcall(path, Reading(choices={"1": "yes", "3": "no"}))

    assert call.history.items[0].date == dt.date(2022, 3, 2)
    assert list(call.history.said[0]) == [CODES[Answer.YES], CODES[Answer.NO]]


@pytest.mark.parametrize("kept", [0, 3, 4, 100, 400, 800])
def test_parquet_that_breaks_off_is_refused(tmp_path: Path, kept: int) -> None:
    """A download that stopped half way is no roll call."""
    path = tmp_path / "votes.parquet"
    votes = {"item": ["a", "b"], "member": ["KHM", "VNM"], "choice": ["yes", "no"]}
    pl.DataFrame(votes).write_parquet(path)
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(InvalidDocument, match="not a roll call"):
        read_rollcall(path)


def test_parquet_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    """The reader beneath panics on this byte, which is no error that others catch."""
    path = tmp_path / "votes.parquet"
    votes = {"item": ["a", "b"], "member": ["KHM", "VNM"], "choice": ["yes", "no"]}
    pl.DataFrame(votes).write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:72] + b"\0" + whole[73:])

    with pytest.raises(InvalidDocument, match="not a roll call"):
        read_rollcall(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The name is what was mistyped."""
    with pytest.raises(NotFound, match=r"nothing\.csv"):
        read_rollcall(tmp_path / "nothing.csv")


def test_rows_are_written_so_that_a_comma_stays_in_its_cell() -> None:
    """Titles hold commas."""
    assert to_csv([["a", "b, c"]]) == 'a,"b, c"\n'
    assert to_csv([["=1+1", "@x", "3"]]) == "'=1+1,'@x,3\n"


def test_semicolons_between_columns_are_read(tmp_path: Path) -> None:
    """Spreadsheets write what is usual in their country."""
    text = "\ufeffitem;member;choice\r\none;KHM;yes\r\none;VNM;no\r\n"

    assert read_rollcall(write(tmp_path, text)).history.seats == ("KHM", "VNM")


def test_a_missing_column_says_how_to_name_another(tmp_path: Path) -> None:
    """Most roll calls call the member a country, and the choice a vote."""
    [(said, _)] = faults(tmp_path, "item,member,vote\none,KHM,yes\n")

    assert said == "there is no column 'choice'; --columns choice=THEIRS names another"
