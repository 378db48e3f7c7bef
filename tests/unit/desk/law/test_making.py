# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Registers made up, as files."""

from pathlib import Path

import polars as pl
import pytest

from comity.desk.law.making import MAKING_ROWS, make_register
from comity.errors import InvalidDocument
from comity.files.register import SYNTHETIC
from comity.files.synthesis import Recipe, parts_of_making


def test_a_made_register_says_how_it_was_made(tmp_path: Path) -> None:
    """In its metadata, which every reader of Parquet shows; and it leaves nothing beside it."""
    out = tmp_path / "register.parquet"
    told: list[int] = []
    made = make_register(out, Recipe(rows=40, seed=3), progress=told.append)
    assert pl.read_parquet_metadata(out)[SYNTHETIC].endswith("rows=40 seed=3 unknown=0.3")
    assert pl.read_parquet(out).height == 40
    assert made.bytes_count == out.stat().st_size
    assert sum(told) == 40
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(rows=-1, seed=1),
        Recipe(rows=10**10, seed=1),
        Recipe(rows=1, seed=1, unknown=1.5),
        Recipe(rows=1, seed=1, unknown=float("nan")),
    ],
)
def test_a_recipe_beyond_its_bounds_is_refused(tmp_path: Path, recipe: Recipe) -> None:
    """Before a row is made."""
    with pytest.raises(InvalidDocument):
        make_register(tmp_path / "register.parquet", recipe)
    assert list(tmp_path.iterdir()) == []


def test_a_register_is_made_in_parts_that_do_not_depend_on_its_length() -> None:
    """A longer register begins like a shorter one."""
    short = list(parts_of_making(MAKING_ROWS, MAKING_ROWS))
    long = list(parts_of_making(3 * MAKING_ROWS + 5, MAKING_ROWS))
    assert short == long[:1]
    assert long[-1] == (3 * MAKING_ROWS, 5)
    assert list(parts_of_making(0, MAKING_ROWS)) == [(0, 0)]
