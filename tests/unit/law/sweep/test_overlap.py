# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many systems two norms bind at once."""

import numpy as np
import polars as pl

from comity.law.sweep.overlap import bit_rows, overlaps


def test_pairs_are_counted_as_a_join_would_count_them() -> None:
    """Past one block of words, and past the last whole word; the undetermined bind nobody."""
    dice = np.random.default_rng(1)
    rows, names = 64 * 600 + 7, ["a", "b", "c", "d"]
    truths = pl.DataFrame({
        name: pl.Series(dice.choice([0, 1, 2], rows)).replace_strict(
            {0: False, 1: True, 2: None}, return_dtype=pl.Boolean
        )
        for name in names
    })  # fmt: skip
    found = overlaps(bit_rows(truths, names[:2]), bit_rows(truths, names))
    for i, one in enumerate(names[:2]):
        for j, other in enumerate(names):
            both = truths.select((pl.col(one) & pl.col(other)).sum()).item()
            assert found[i, j] == both
