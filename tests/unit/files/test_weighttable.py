# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.weighttable import read_weights


def test_every_bad_row_is_told_with_its_line(tmp_path: Path) -> None:
    """A weight read as nothing would silently take a vote away."""
    path = tmp_path / "w.csv"
    path.write_text("# a note\ncode,weight\nA,3\nA,4\nB,-1\nC\nD,1.5\n", encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_weights(path)
    assert [fault.line for fault in caught.value.faults] == [4, 5, 6, 7]


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    """Nobody weighs nothing by accident."""
    path = tmp_path / "w.csv"
    path.write_text("code,weight\n", encoding="utf-8")
    with pytest.raises(InvalidDocument, match="header and at least one row"):
        read_weights(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    """The path says which file to bring."""
    with pytest.raises(NotFound, match=r"w\.csv"):
        read_weights(tmp_path / "w.csv")


def test_no_number_or_cell_is_too_long_to_refuse(tmp_path: Path) -> None:
    """Python refuses to read thousands of digits, and csv a cell of 131,072 letters."""
    path = tmp_path / "w.csv"
    path.write_text(f"code,weight\nA,{'9' * 5000}\n{'B' * 140_000},1\n", encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_weights(path)
    assert [fault.line for fault in caught.value.faults] == [2, 3]
