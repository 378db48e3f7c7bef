# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What Polis exports and what we export are one format, whichever file of votes is there."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from comity.files.polis import (
    COMMENTS,
    MATRIX,
    VOTES,
    Conversation,
    Exported,
    read_conversation,
    write_conversation,
)

EXAMPLE = Path(__file__).parents[1] / "vectors" / "polis"
EXPECTED = {
    ("1", "0"): 1, ("1", "1"): -1,
    ("2", "0"): 1, ("2", "2"): 0,
    ("3", "0"): -1, ("3", "1"): 1, ("3", "2"): -1,
}  # fmt: skip


def answers(found: Conversation) -> dict[tuple[str, str], int]:
    """Return answers by voter and comment."""
    table = found.table
    return {
        (table.names[person], found.opinions[opinion].name): answer
        for person, opinion, answer in zip(
            table.person.tolist(), table.opinion.tolist(), table.answer.tolist(), strict=True
        )
    }


def with_only(name: str, folder: Path) -> Path:
    """Return a folder with comments and one of both files of votes."""
    for each in (COMMENTS, name):
        shutil.copy(EXAMPLE / each, folder)
    return folder


@pytest.mark.parametrize("name", [VOTES, MATRIX])
def test_both_files_of_votes_say_the_same(name: str, tmp_path: Path) -> None:
    """The log's newest answer is the one the matrix holds."""
    found = read_conversation(with_only(name, tmp_path), language="en")
    assert answers(found) == EXPECTED
    assert [one.text for one in found.opinions] == [
        "Warnings, in every language.",
        'He said "never".',
        "=2+2 is four.",
    ]
    assert [one.is_seed for one in found.opinions] == [True, False, False]
    assert [(left.name, left.text) for left in found.left_out] == [("3", "Buy this.")]
    assert found.notes == ()


def test_our_own_export_is_read_as_any_other(tmp_path: Path) -> None:
    """What is written and read again is what was there, moderated comments included."""
    first = read_conversation(EXAMPLE, language="en")
    exported = Exported(
        opinions=first.opinions,
        left_out=first.left_out,
        table=first.table,
        group=[0, -1, 1],
        stratum=["coast", "coast", "hills"],
        seconds=1_700_000_000,
        datetime="Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)",
    )
    for name in (VOTES, MATRIX):
        out = tmp_path / name
        write_conversation(out, exported)
        (out / (MATRIX if name == VOTES else VOTES)).unlink()
        again = read_conversation(out, language="en")
        given = {(str(n), o): a for (n, o), a in answers(again).items()}
        numbered = {(str(int(n) - 1), o): a for (n, o), a in EXPECTED.items()}
        assert given == numbered
        assert (again.opinions, again.notes) == (first.opinions, ())
        assert [left.text for left in again.left_out] == ["Buy this."]


def test_an_export_has_the_columns_of_polis_in_its_order(tmp_path: Path) -> None:
    """Others find the first opinion's column by its place, and a comment's text by its name."""
    found = read_conversation(EXAMPLE)
    write_conversation(
        tmp_path,
        Exported(
            opinions=found.opinions, left_out=(), table=found.table, group=[0, -1, 1],
            stratum=["a", "a", "=b"], seconds=0, datetime="",
        ),
    )  # fmt: skip
    ours = {name: pl.read_csv(tmp_path / name) for name in (COMMENTS, VOTES, MATRIX)}
    for name, frame in ours.items():
        theirs = pl.read_csv(EXAMPLE / name).columns
        assert frame.columns[: len(theirs) - 1] == theirs[: len(theirs) - 1]
    assert ours[MATRIX]["n-agree"].to_list() == [1, 1, 1]
    assert ours[MATRIX]["group-id"].to_list() == [0, None, 1]
    assert "'=2+2" in (tmp_path / COMMENTS).read_text("utf-8")
    assert "'=b" in (tmp_path / "strata.csv").read_text("utf-8")
    assert np.array_equal(ours[COMMENTS]["agrees"].to_numpy(), [2, 1, 0])
