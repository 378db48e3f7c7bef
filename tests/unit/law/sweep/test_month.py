# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Month gaps as differences of keys are those of the calendar."""

import datetime as dt

import polars as pl

from comity.law.evaluate import is_apart
from comity.law.sweep.layout import MONTH, UNIX_DAY
from comity.law.sweep.month import month_keys


def test_keys_tell_every_month_gap_around_the_ends_of_months() -> None:
    """Two years with a leap day, every pair of days near a month's end."""
    days = [
        day
        for day in (dt.date(2023, 12, 25) + dt.timedelta(days=n) for n in range(800))
        if day.day >= 27 or day.day <= 2
    ]
    codes = pl.Series([day.toordinal() - UNIX_DAY for day in days], dtype=pl.Int32)
    later, earlier = (keys.to_list() for keys in month_keys(codes))
    for months in (0, 1, 6, 12, 23):
        for late, late_key in zip(days, later, strict=True):
            for early, early_key in zip(days, earlier, strict=True):
                apart = late_key - early_key >= MONTH * months
                assert apart is is_apart(late, early, months, "month"), (late, early, months)


def test_an_unknown_day_has_no_key() -> None:
    """And a column of nothing but unknown days has none at all."""
    later, earlier = month_keys(pl.Series([None, 0], dtype=pl.Int32))
    assert later.to_list() == [None, 1970 * 12 * MONTH + 1]
    assert earlier[0] is None
    assert month_keys(pl.Series([None], dtype=pl.Int32))[0].to_list() == [None]
