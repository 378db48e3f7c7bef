# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sweeping a file: in parts, resumable, on faults as asked, and never half a result."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.fakes.rows import Entry, expected, random_entries, register_of

from comity.desk.law.sweeping import (
    OnFault,
    Order,
    Report,
    parts_of,
    rows_of,
    same_packs,
    sweep_part,
    sweep_register,
)
from comity.errors import Conflict, InvalidDocument, NotFound, StorageFailed
from comity.files.library import shipped_library
from comity.files.register import SYNTHETIC, open_register
from comity.files.workfolder import open_work_folder
from comity.law.norm import Role

ON = dt.date(2026, 11, 21)
MARKETS = ("BRA", "WAICO")
ROWS = 25


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Return systems of which none contradicts an axiom."""
    library = shipped_library()
    dice = random.Random(6)  # noqa: S311 - repeatable
    found: list[Entry] = []
    while len(found) < ROWS:
        (entry,) = random_entries(library, dice, 1)
        if expected(entry, library, ["WAICO"], ON) is not None:
            found.append(entry)
    return found


@pytest.fixture
def order(entries: list[Entry], tmp_path: Path) -> Order:
    """Return the order to sweep a sound register in four parts."""
    path = tmp_path / "register.parquet"
    register_of(entries, shipped_library()).write_parquet(path)
    out = tmp_path / "duties.parquet"
    return Order(register=path, markets=MARKETS, on=ON, out=out, part_rows=7)


@pytest.fixture
def faulty(order: Order) -> Order:
    """Return the same with two malformed rows, in two parts."""
    register = pl.read_parquet(order.register)
    wrong = pl.Series(["human_decids" if row in {3, 20} else None for row in range(ROWS)])
    register.with_columns(autonomy=wrong).write_parquet(order.register)
    return order


def test_the_matrix_is_what_each_system_is_told(order: Order, entries: list[Entry]) -> None:
    """Whatever the parts; ids beside it, and in the metadata what it rests on."""
    report = sweep_register(order)
    library = shipped_library()
    assert order.out is not None
    matrix = pl.read_parquet(order.out)
    assert matrix["id"].to_list() == [f"S{number}" for number in range(ROWS)]
    for entry, row in zip(entries, matrix.drop("id").rows(named=True), strict=True):
        assert row == expected(entry, library, MARKETS, ON)
    metadata = pl.read_parquet_metadata(order.out)
    assert metadata["comity.library"] == library.digest.hex()
    assert (metadata["comity.on"], metadata["comity.markets"]) == ("2026-11-21", "BRA,WAICO")
    assert SYNTHETIC not in metadata
    assert report.swept.tally.rows == ROWS
    for name, (fails, holds, open_, later) in report.swept.tally.counts.items():
        words = matrix[name].cast(pl.String).to_list()
        assert [fails, holds, open_, later] == [
            words.count(word)
            for word in ("does_not_apply", "applies", "cannot_tell", "not_in_force")
        ]


def _facts(report: Report) -> object:
    return report.swept


@pytest.mark.parametrize("part_rows", [4, 25, 1000])
def test_parts_change_nothing(order: Order, part_rows: int) -> None:
    """One row at a time, or all at once."""
    one = sweep_register(order)
    other = sweep_register(replace(order, part_rows=part_rows, out=None))
    assert _facts(one) == _facts(other)


def test_nothing_is_left_beside_the_result(order: Order) -> None:
    """The work folder is taken away when the whole is there."""
    sweep_register(order)
    assert sorted(path.name for path in order.register.parent.iterdir()) == [
        "duties.parquet", "register.parquet",
    ]  # fmt: skip


class _Interrupted(Exception):
    """Somebody pulled the plug."""


def _pulls_plug(after: int) -> object:
    told = iter(range(1000))

    def progress(rows: int) -> None:
        if rows and next(told) == after:
            raise _Interrupted

    return progress


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_interrupted_sweep_goes_on_where_it_stopped(order: Order, after: int) -> None:
    """The finished parts are not worked on again, and the result is the same."""
    with pytest.raises(_Interrupted):
        sweep_register(order, progress=_pulls_plug(after))  # type: ignore[arg-type] # a progress
    assert order.out is not None
    assert not order.out.exists()
    resumed = sweep_register(order)
    assert resumed.resumed == after + 1
    matrix = order.out.read_bytes()
    order.out.unlink()
    anew = sweep_register(order)
    assert anew.resumed == 0
    assert _facts(anew) == _facts(resumed)
    assert order.out.read_bytes() == matrix


def test_a_part_that_was_tampered_with_is_worked_on_again(order: Order) -> None:
    """What is kept is held against its digest."""
    with pytest.raises(_Interrupted):
        sweep_register(order, progress=_pulls_plug(2))  # type: ignore[arg-type] # a progress
    assert order.out is not None
    folder = order.out.with_name("duties.parquet.work")
    part = folder / "part-000001.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    assert sweep_register(order).resumed == 2


def test_another_question_takes_nothing_over(order: Order) -> None:
    """Parts of another day, market or register are of no use."""
    with pytest.raises(_Interrupted):
        sweep_register(order, progress=_pulls_plug(1))  # type: ignore[arg-type] # a progress
    assert sweep_register(replace(order, on=dt.date(2027, 1, 1))).resumed == 0


def test_a_malformed_row_stops_the_sweep_and_nothing_is_written(faulty: Order) -> None:
    """Every faulty row is told, with its number, id, column and near miss."""
    assert faulty.out is not None
    faulty.out.write_bytes(b"old")
    with pytest.raises(InvalidDocument) as caught:
        sweep_register(faulty)
    assert caught.value.code == "files.register_row"
    assert [fault.near for fault in caught.value.faults] == ["human_decides"] * 2
    first, second = caught.value.faults
    assert first.message.startswith(
        "row 4 (id S3), column 'autonomy': 'human_decids' is not one"
    )
    assert second.message.startswith("row 21 (id S20), column 'autonomy'")
    assert faulty.out.read_bytes() == b"old"


def test_a_malformed_row_is_skipped_where_that_is_asked(faulty: Order) -> None:
    """It is counted, told, and stands in no count and no matrix."""
    report = sweep_register(replace(faulty, on_fault=OnFault.SKIP))
    tally = report.swept.tally
    assert (tally.rows, tally.skipped) == (ROWS - 2, 2)
    assert [fault.row for fault in report.swept.faults] == [4, 21]
    assert faulty.out is not None
    ids = pl.read_parquet(faulty.out)["id"].to_list()
    assert ids == [f"S{n}" for n in range(ROWS) if n not in {3, 20}]
    assert {sum(counts) for counts in tally.counts.values()} == {ROWS - 2}


def test_a_disk_that_refuses_leaves_no_half(order: Order) -> None:
    """A folder stands where the file should go."""
    assert order.out is not None
    order.out.mkdir()
    with pytest.raises(StorageFailed):
        sweep_register(order)
    assert list(order.out.iterdir()) == []
    assert not list(order.out.parent.glob(".*"))


def test_an_empty_register_gives_an_empty_matrix(order: Order) -> None:
    """No row, no ruling, and no error."""
    pl.read_parquet(order.register).clear().write_parquet(order.register)
    report = sweep_register(order)
    assert report.swept.tally.rows == 0
    assert order.out is not None
    assert pl.read_parquet(order.out).height == 0


def test_a_missing_register_is_not_found(tmp_path: Path) -> None:
    """Before any pack is asked."""
    order = Order(register=tmp_path / "no.parquet", markets=("EU",), on=ON)
    with pytest.raises(NotFound):
        sweep_register(order)
    assert rows_of(order.register) is None


def test_a_large_register_is_sampled_evenly_for_open_facts(order: Order) -> None:
    """So that counting them costs the same however large it is."""
    register = open_register(order.register, shipped_library().vocabulary.facts)
    small = next(iter(parts_of(order, register)))
    large = next(iter(parts_of(order, replace(register, rows=1_000_000))))
    assert (small.stride, large.stride) == (1, 10)
    some = sweep_part(replace(order, out=None), register, replace(small, stride=3, into=None))
    assert some.sampled == 3


def test_other_packs_on_another_machine_are_refused(order: Order) -> None:
    """Half a register by one law and half by another is no result."""
    register = open_register(order.register, shipped_library().vocabulary.facts)
    part = next(iter(parts_of(order, register)))
    with pytest.raises(Conflict, match="other packs"):
        sweep_part(replace(order, library="00"), register, part)
    same_packs(order, "anything")


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.glob(".*.part"))


def test_a_role_alone_is_a_column_of_words(order: Order) -> None:
    """Most registers know one role a row."""
    path = order.register
    pl.DataFrame({"id": ["A"], "role": [Role.STATE.value]}).write_parquet(path)
    assert sweep_register(replace(order, out=None)).swept.tally.rows == 1


def test_the_work_folder_of_somebody_else_is_not_touched(order: Order) -> None:
    """A folder of that name that we did not make."""
    assert order.out is not None
    folder = order.out.with_name("duties.parquet.work")
    folder.mkdir()
    (folder / "thesis.txt").write_text("x", "utf-8")
    with pytest.raises(StorageFailed):
        sweep_register(order)
    (folder / "thesis.txt").unlink()
    assert open_work_folder(folder, {}).path == folder
