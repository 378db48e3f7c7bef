# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many rows two norms bind at once: rows of bits, and their "and" counted."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import polars as pl

from comity.law.sweep.plane import packed

BitRows: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.uint64]]
Counts: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int64]]

_BLOCK = 512
"""Words of a block: what the inner loop reads stays in the nearest cache."""


def bit_rows(truths: pl.DataFrame, names: Sequence[str]) -> BitRows:
    """Return one row of bits a norm: the systems it certainly binds."""
    holds = (truths[name].fill_null(value=False).to_numpy() for name in names)
    return np.stack([packed(rows) for rows in holds])


def overlaps(left: BitRows, right: BitRows) -> Counts:
    """Count, for each pair of norms, the systems that both bind."""
    found = np.zeros((len(left), len(right)), dtype=np.int64)
    for start in range(0, left.shape[1], _BLOCK):
        block = np.ascontiguousarray(right[:, start : start + _BLOCK])
        both = np.empty_like(block)
        ones = np.empty(block.shape, dtype=np.uint8)
        for position, row in enumerate(left[:, start : start + _BLOCK]):
            np.bitwise_and(block, row, out=both)
            np.bitwise_count(both, out=ones)
            found[position] += ones.sum(axis=1, dtype=np.uint32)
    return found
