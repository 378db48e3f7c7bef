# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Registers on disk: what their columns have to be, and writing that never leaves a half."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from comity.errors import InvalidDocument, NotFound, StorageFailed
from comity.files.library import shipped_library
from comity.files.register import (
    SYNTHETIC,
    Register,
    open_register,
    read_part,
    rows_in,
    write_whole,
)
from comity.law.sweep.layout import ROLE

FACTS = shipped_library().vocabulary.facts


def _written(folder: Path, columns: dict[str, object]) -> Path:
    path = folder / "register.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def _opened(folder: Path, **columns: object) -> Register:
    return open_register(_written(folder, {"id": ["S1"], **columns}), FACTS)


def test_a_register_is_opened_without_reading_a_row(tmp_path: Path) -> None:
    """Its columns stand under the facts they answer; names are left to people."""
    register = _opened(
        tmp_path, name=["A"], roles=[["provider"]], markets=[["EU"]], is_ai_system=[True],
        generates=[["text"]], generates__known_out=[["audio"]], autonomy=["human_supervises"],
        training_compute=["10^25"], placed_on_market=[dt.date(2026, 1, 1)], deep_fake=[None],
    )  # fmt: skip
    assert register.rows == 1
    assert register.columns[ROLE] == "roles"
    assert {"id", "name", "roles"}.isdisjoint(register.columns)
    part = read_part(register, 0, 10)
    assert part.columns[0] == "id"
    assert part[ROLE].to_list() == [["provider"]]


def test_rows_are_read_by_their_place(tmp_path: Path) -> None:
    """And ids that are numbers become texts."""
    path = tmp_path / "register.parquet"
    pl.DataFrame({"id": range(10), "role": ["provider"] * 10}).write_parquet(path)
    register = open_register(path, FACTS)
    assert read_part(register, 7, 100)["id"].to_list() == ["7", "8", "9"]
    assert rows_in(path) == 10


@pytest.mark.parametrize(
    ("columns", "message", "near"),
    [
        ({"is_ai_sistem": [True]}, "no fact named 'is_ai_sistem'", "is_ai_system"),
        ({"rolse": [["provider"]]}, "no fact named 'rolse'", "role"),
        ({"asked_on": [dt.date(2026, 1, 1)]}, "'asked_on' is set by the question", None),
        ({"is_ai_system": ["yes"]}, "'is_ai_system' holds String; wanted is true", None),
        ({"is_ai_system": [1]}, "'is_ai_system' holds Int64", None),
        ({"generates": [True]}, "'generates' holds Boolean; wanted is a list of words", None),
        ({"generates": [[1]]}, "'generates' holds List(Int64)", None),
        ({"autonomy": [["a"]]}, "'autonomy' holds List(String); wanted is a word", None),
        ({"training_compute": [True]}, "'training_compute' holds Boolean", None),
        ({"placed_on_market": [dt.datetime(2026, 1, 1, 12)]}, "a date without a time", None),  # noqa: DTZ001 - a column without a zone is the fault
        ({"placed_on_market": ["2026-01-01"]}, "a date without a time", None),
        ({"markets": [7]}, "'markets' holds Int64", None),
        ({"roles": [1]}, "a role is a text or a list", None),
        ({"is_ai_system__known_out": [["x"]]}, "only a set can be known in part", None),
        ({"roles": [["provider"]], "role": ["provider"]}, "'roles' and 'role' say", None),
    ],
)  # fmt: skip
def test_a_column_that_cannot_be_read_is_told(
    tmp_path: Path, columns: dict[str, object], message: str, near: str | None
) -> None:
    """Before any row is looked at, with what was probably meant."""
    with pytest.raises(InvalidDocument) as caught:
        _opened(tmp_path, **columns)
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.near == near


def test_every_faulty_column_is_told_at_once(tmp_path: Path) -> None:
    """Five faults, five messages."""
    columns: dict[str, object] = {
        "idd": ["S1"], "is_ai_system": ["yes"], "generates": [7], "nonsense": [1],
        "asked_on": [None],
    }  # fmt: skip
    with pytest.raises(InvalidDocument) as caught:
        open_register(_written(tmp_path, columns), FACTS)
    assert len(caught.value.faults) == 6  # 'idd' is no fact, and there is no 'id'
    assert caught.value.faults[0].near == "idd"


def test_what_is_no_parquet_is_told_so(tmp_path: Path) -> None:
    """A spreadsheet, most often; or nothing at all."""
    path = tmp_path / "register.parquet"
    path.write_text("id,is_ai_system\nS1,true\n", "utf-8")
    with pytest.raises(InvalidDocument, match="not a readable Parquet file"):
        open_register(path, FACTS)
    with pytest.raises(NotFound):
        open_register(tmp_path / "missing.parquet", FACTS)
    assert rows_in(path) is None


def test_a_file_damaged_after_it_was_opened_is_told(tmp_path: Path) -> None:
    """Bytes in the middle that are no longer what they were."""
    path = tmp_path / "register.parquet"
    pl.DataFrame({"id": [f"S{i}" for i in range(5000)]}).write_parquet(path)
    register = open_register(path, FACTS)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\xff" * (len(whole) // 2) + whole[4 + len(whole) // 2 :])
    with pytest.raises(InvalidDocument, match="not a readable Parquet file"):
        read_part(register, 0, 5000)


def test_a_made_up_register_says_so_in_its_metadata(tmp_path: Path) -> None:
    """Whatever becomes of the file."""
    path = tmp_path / "register.parquet"
    frame = pl.DataFrame({"id": ["S1"]})
    frame.write_parquet(path, metadata={SYNTHETIC: "dice"})
    assert open_register(path, FACTS).synthetic == "dice"
    frame.write_parquet(path)
    assert open_register(path, FACTS).synthetic == ""


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """The old file whole, and nothing beside it."""
    path = tmp_path / "out.parquet"
    path.write_bytes(b"old")

    def half(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageFailed, match="cannot write"):
        write_whole(path, half)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_register_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    """The reader beneath panics on this byte, which is no error that others catch."""
    path = _written(tmp_path, {"id": ["S1", "S2"], "role": ["provider", "provider"]})
    whole = path.read_bytes()
    path.write_bytes(whole[:80] + b"\0" + whole[81:])

    with pytest.raises(InvalidDocument, match="damaged inside"):
        read_part(open_register(path, FACTS), 0, 10)
