# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many rows each norm applies to, does not, or might: counted, and added up over parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias

import polars as pl

from comity.kernel.canonical import Json
from comity.law.sweep.plan import Asked

APPLIES = "applies"
DOES_NOT_APPLY = "does_not_apply"
CANNOT_TELL = "cannot_tell"
NOT_IN_FORCE = "not_in_force"

RULINGS = pl.Enum([DOES_NOT_APPLY, APPLIES, CANNOT_TELL, NOT_IN_FORCE])
"""What a cell of the duty matrix holds."""

_UNDETERMINED, _OUT_OF_FORCE = 2, 3

Counts: TypeAlias = tuple[int, int, int, int]
"""Rows by ruling, in the order of `RULINGS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rulings counted.

    Args:
        rows: Sound rows; every norm's counts add up to them.
        skipped: Rows left out because of a fault.
    """

    rows: int
    skipped: int
    counts: Mapping[str, Counts]

    def plus(self, other: Self) -> "Tally":
        """Add the counts of another part, of the same norms."""
        return Tally(
            rows=self.rows + other.rows,
            skipped=self.skipped + other.skipped,
            counts={
                name: _added(mine, other.counts[name]) for name, mine in self.counts.items()
            },
        )

    def to_json(self) -> Json:
        """Write the tally as plain JSON values."""
        return {
            "rows": self.rows,
            "skipped": self.skipped,
            "counts": {name: list(counts) for name, counts in self.counts.items()},
        }


def tally_of(truths: pl.DataFrame, asked: Mapping[str, Asked], *, skipped: int = 0) -> Tally:
    """Count the truths of every norm."""
    if not asked:
        return Tally(rows=truths.height, skipped=skipped, counts={})
    holds = truths.select(pl.all().sum()).row(0, named=True)
    nulls = truths.select(pl.all().null_count()).row(0, named=True)
    return Tally(
        rows=truths.height,
        skipped=skipped,
        counts={
            name: _counts(truths.height, holds[name], nulls[name], in_force=each.in_force)
            for name, each in asked.items()
        },
    )


def _counts(rows: int, holds: int, open_: int, *, in_force: bool) -> Counts:
    fails = rows - holds - open_
    return (fails, holds, open_, 0) if in_force else (fails, 0, 0, holds + open_)


def _added(one: Counts, other: Counts) -> Counts:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def matrix_of(truths: pl.DataFrame, asked: Mapping[str, Asked]) -> pl.DataFrame:
    """Write truths as rulings, a column a norm."""
    return truths.select(ruling(name, in_force=each.in_force) for name, each in asked.items())


def ruling(name: str, *, in_force: bool) -> pl.Expr:
    """Write a column of truths as rulings."""
    truth = pl.col(name)
    if in_force:
        codes = truth.cast(pl.UInt8).fill_null(_UNDETERMINED)
    else:
        codes = truth.fill_null(value=True).cast(pl.UInt8) * _OUT_OF_FORCE
    return codes.cat.to(RULINGS)
