# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Days as numbers whose differences tell calendar months, month ends included."""

import numpy as np
import polars as pl

from comity.law.sweep.layout import MONTH


def month_keys(days: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the keys that month gaps compare: as the later date, as the earlier.

    A later date on the last day of its month counts as past the end of every month, for
    there the gap's day, which the month may lack, is reached (see `evaluate.plus`).
    """
    lowest, highest = (int(each or 0) for each in (days.min(), days.max()))  # type: ignore[arg-type] # of integers
    span = np.arange(lowest, highest + 2).astype("datetime64[D]")
    months = span.astype("datetime64[M]")
    day = (span - months.astype("datetime64[D]")).astype(np.int64) + 1
    base = (months.astype(np.int64) + 1970 * 12) * MONTH
    is_last = np.append(day[1:] == 1, [False])
    places = days.fill_null(lowest).to_numpy() - lowest
    later, earlier = (
        pl.Series(np.take((base + each).astype(np.int32), places))
        for each in (np.where(is_last, MONTH - 1, day), day)
    )
    return where(later, days.is_not_null()), where(earlier, days.is_not_null())


def where(column: pl.Series, there: pl.Series) -> pl.Series:
    """Make null what is not there."""
    if there.all():
        return column
    there = there.rechunk()
    return pl.select(pl.when(there).then(column).alias(column.name)).to_series()
