# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Counts per norm, and what a cell of the duty matrix says."""

import datetime as dt

import polars as pl
import pytest

from comity.law.pack import Library
from comity.law.sweep.plan import plan_sweep
from comity.law.sweep.question import OpenFact
from comity.law.sweep.result import RowFault, Swept, swept_from
from comity.law.sweep.tally import Tally, matrix_of, tally_of

TRUTHS = pl.DataFrame({
    "eu.act.2": [True, False, None, None],
    "eu.act.3": [True, False, None, None],
})  # fmt: skip
ON = dt.date(2026, 11, 21)


def test_truths_are_counted_and_written_by_what_is_in_force(library: Library) -> None:
    """Article 3 begins in August 2027: before, it binds nobody, and some it never will."""
    asked = plan_sweep(library, ["EU"], ON).asked
    tally = tally_of(TRUTHS, asked, skipped=2)
    assert tally.counts == {"eu.act.2": (1, 1, 2, 0), "eu.act.3": (1, 0, 0, 3)}
    assert (tally.rows, tally.skipped) == (4, 2)
    matrix = matrix_of(TRUTHS, asked)
    assert matrix["eu.act.2"].to_list() == [
        "applies", "does_not_apply", "cannot_tell", "cannot_tell",
    ]  # fmt: skip
    assert matrix["eu.act.3"].to_list() == [
        "not_in_force", "does_not_apply", "not_in_force", "not_in_force",
    ]  # fmt: skip


@pytest.mark.parametrize("cut", [0, 1, 4])
def test_parts_add_up_to_the_whole(library: Library, cut: int) -> None:
    """However a register is cut."""
    asked = plan_sweep(library, ["EU"], ON).asked
    parts = (TRUTHS[:cut], TRUTHS[cut:])
    one, other = (tally_of(part, asked) for part in parts)
    assert one.plus(other) == tally_of(TRUTHS, asked)


def test_no_norm_is_counted_as_none() -> None:
    """A market without packs."""
    assert tally_of(pl.DataFrame(), {}) == Tally(rows=0, skipped=0, counts={})


def test_what_a_part_gave_is_read_back_from_json() -> None:
    """A resumed sweep reports what an uninterrupted one does."""
    swept = Swept(
        tally=Tally(rows=3, skipped=1, counts={"a": (1, 1, 1, 0)}),
        sampled=3,
        open_facts=(OpenFact(fact="f", alone=1, among=2),),
        faults=(RowFault(row=4, system="S4", column="c", message="m", near="n"),),
    )
    assert swept_from(swept.to_json()) == swept
    twice = swept.plus(swept)
    assert twice.open_facts == (OpenFact(fact="f", alone=2, among=4),)
    assert twice.tally.counts == {"a": (2, 2, 2, 0)}
    assert str(swept.faults[0]) == "row 4 (id S4), column 'c': m"
