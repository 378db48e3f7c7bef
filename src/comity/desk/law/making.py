# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Making up registers, for trials and measurements; their files say that they are made up."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from comity.desk.law.sweeping import Progress
from comity.errors import Fault, InvalidDocument, StorageFailed
from comity.files.library import shipped_library
from comity.files.register import ROW_GROUP, SYNTHETIC, write_whole
from comity.files.synthesis import Recipe, made_up, parts_of_making
from comity.law.sweep.plan import plan_rules

MAKING_ROWS = ROW_GROUP // 2
"""Rows made at once; another number would make another register."""

MOST_ROWS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A register that was made up."""

    path: Path
    recipe: Recipe
    bytes_count: int


def make_register(out: Path, recipe: Recipe, *, progress: Progress = lambda _: None) -> Made:
    """Make up a register over the shared vocabulary; every row obeys its axioms and guards.

    Raises:
        InvalidDocument: Rows or the share of unknowns out of their bounds.
        StorageFailed: The disk refused.
    """
    _check(recipe)
    plan = plan_rules(shipped_library())
    with _beside(out) as folder:
        files = []
        for start, length in parts_of_making(recipe.rows, MAKING_ROWS):
            file = folder / f"{start:012}.parquet"
            some = made_up(recipe, plan, start, length)
            write_whole(file, partial(some.write_parquet, compression="lz4"))
            files.append(file)
            progress(length)
        about = {SYNTHETIC: f"comity register make, {recipe}"}
        write_whole(
            out,
            lambda path: pl.scan_parquet(files).sink_parquet(
                path, metadata=about, row_group_size=ROW_GROUP, engine="streaming"
            ),
        )
    return Made(path=out, recipe=recipe, bytes_count=out.stat().st_size)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Give a folder beside a file, for its parts; it is gone afterwards."""
    try:
        folder = tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        message = f"cannot write {out}: {error.strerror}"
        raise StorageFailed(message, code="files.register_write") from None
    with folder as name:
        yield Path(name)


def _check(recipe: Recipe) -> None:
    faults = []
    if not 0 <= recipe.rows <= MOST_ROWS:
        faults.append(Fault(message=f"--rows is from 0 to {MOST_ROWS:,}"))
    if not 0 <= recipe.unknown <= 1:
        faults.append(Fault(message="--unknown is a share from 0 to 1"))
    if faults:
        raise InvalidDocument("no such register can be made", code="desk.recipe", faults=faults)
