# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import shutil
from pathlib import Path

import polars as pl
import pytest

from comity.council.consult.opinion import Opinion
from comity.errors import InvalidDocument, NotFound
from comity.files.answertable import AnswerTable
from comity.files.polis import COMMENTS, MATRIX, VOTES, Exported, read_conversation
from comity.files.polis import write_conversation as write

EXAMPLE = Path(__file__).parents[2] / "vectors" / "polis"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example to break."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "export"))


def change(path: Path, old: str, new: str) -> None:
    """Replace words of a file that must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_all_faults_of_both_files_are_listed_at_once(folder: Path) -> None:
    """A broken export is mended once, not a line at a time."""
    change(folder / COMMENTS, ",1,0,1,1,0,", ",1x,0,1,1,2,")
    change(folder / COMMENTS, "Buy this.", "y" * 401)
    change(folder / VOTES, ",2,3,-1", ",2,,-3")
    change(folder / VOTES, "1700000107,", "soon,")
    change(folder / VOTES, ",3,2,1", ",33,2,1")
    with pytest.raises(InvalidDocument) as caught:
        read_conversation(folder)
    said = str(caught.value)
    for words in (
        "comments.csv: line 3: comment-id is '1x'", "moderated is '2'", "line 5: comment-body",
        "votes.csv: line 7: vote is '-3'", "voter-id is empty", "comment '33' is not in",
        "timestamp is 'soon'", "line 10",
    ):  # fmt: skip
        assert words in said


def test_a_missing_column_is_named_with_what_was_probably_meant(folder: Path) -> None:
    """Spreadsheets rename columns."""
    change(folder / VOTES, "voter-id", "voterid")
    with pytest.raises(InvalidDocument, match="no column 'voter-id'; did you mean 'voterid'"):
        read_conversation(folder)


def test_faults_of_the_matrix_have_their_lines(folder: Path) -> None:
    """The other file of votes is held to as much."""
    (folder / VOTES).unlink()
    change(folder / MATRIX, "1,2,3\n", "1,2,9\n")
    change(folder / MATRIX, "2,,0,3,2,0,1,,0,1", "1,,0,3,2,0,7,,0,1")
    with pytest.raises(InvalidDocument) as caught:
        read_conversation(folder)
    said = str(caught.value)
    assert "column 10: column 9 is no comment" in said
    assert "line 3: vote on 0 is '7'" in said
    assert "participant '1' stands twice" in said


def test_counts_that_do_not_add_up_are_noted_and_not_used(folder: Path) -> None:
    """Old exports have such counts (openData issue 6)."""
    change(folder / COMMENTS, ",0,0,2,1,1,", ",0,0,20,1,1,")
    found = read_conversation(folder)
    assert found.notes == ("agrees in comments.csv is not what the votes add up to, 1 times",)


@pytest.mark.parametrize("names", [(COMMENTS,), (VOTES, MATRIX)])
def test_a_folder_without_its_files_is_no_export(folder: Path, names: tuple[str, ...]) -> None:
    """Which file is missing is said."""
    for name in names:
        (folder / name).unlink()
    with pytest.raises(NotFound, match=names[0]):
        read_conversation(folder)


def test_what_is_no_csv_is_refused(folder: Path) -> None:
    """Neither bytes nor rows of another length reach the counting."""
    change(folder / COMMENTS, "Buy this.", "Buy, this, now, all, of, it")
    with pytest.raises(InvalidDocument) as caught:
        read_conversation(folder)
    assert "comments.csv: not CSV" in str(caught.value)
    for name in (COMMENTS, VOTES):
        (folder / name).write_bytes(b"\xff\xfe\x00" * 9)
    with pytest.raises(InvalidDocument):
        read_conversation(folder)


def test_names_that_are_no_numbers_are_numbered(tmp_path: Path) -> None:
    """Readers of Polis know comments by number; ours keep the name beside it."""
    table = AnswerTable(
        names=("0",),
        person=pl.Series([0]).to_numpy(),
        opinion=pl.Series([1]).to_numpy(),
        answer=pl.Series([1], dtype=pl.Int8).to_numpy(),
    )
    opinions = [Opinion(name=name, text=name, language="en") for name in ("a", "b")]
    write(
        tmp_path,
        Exported(
            opinions=opinions, left_out=(), table=table, group=[0], stratum=["x"], seconds=0,
            datetime="",
        ),
    )  # fmt: skip
    found = pl.read_csv(tmp_path / COMMENTS)
    assert found["comment-id"].to_list() == [0, 1]
    assert found["comity-name"].to_list() == ["a", "b"]
    assert pl.read_csv(tmp_path / VOTES)["comment-id"].to_list() == [1]
