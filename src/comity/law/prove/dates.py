# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Dates for the solver: day ordinals, tied to year, month and day where a month is counted.

A month after 31 January is the last day of February, so "at least n months after" compares
months first and days second; the last day of its month satisfies any day.
"""

import datetime as dt
from dataclasses import dataclass

import z3

_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_SHORT = (3, 5, 8, 10)  # April, June, September, November, counted from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day as solver terms.

    Args:
        month: Months since the year 0.
        is_last: Whether it is the last day of its month.
        definition: What ties these terms to the ordinal.
    """

    month: z3.ArithRef
    day: z3.ArithRef
    is_last: z3.BoolRef
    definition: z3.BoolRef


def in_calendar(ordinal: z3.ArithRef) -> z3.BoolRef:
    """Return that an ordinal is a day `datetime.date` knows."""
    return z3.And(ordinal >= 1, ordinal <= dt.date.max.toordinal())


def calendar_day(name: str, ordinal: z3.ArithRef) -> CalendarDay:
    """Return year, month and day of a proleptic Gregorian ordinal.

    Source:
        `datetime.date.toordinal`; checked against it for every kind of year.
    """
    year, month, day = z3.Ints(f"{name}:year {name}:month {name}:day", ordinal.ctx)
    past = year - 1
    leap = z3.Or(z3.And(year % 4 == 0, year % 100 != 0), year % 400 == 0)
    before = _table(month, _DAYS_BEFORE) + z3.If(z3.And(leap, month > 1), 1, 0)
    february = z3.If(leap, 29, 28)
    length = z3.If(month == 1, february, z3.If(z3.Or(*(month == m for m in _SHORT)), 30, 31))
    return CalendarDay(
        month=year * 12 + month,
        day=day,
        is_last=day == length,
        definition=z3.And(
            ordinal == past * 365 + past / 4 - past / 100 + past / 400 + before + day,
            year >= 1, year <= dt.date.max.year, month >= 0, month <= 11,
            day >= 1, day <= length,
        ),
    )  # fmt: skip


def months_apart(later: CalendarDay, earlier: CalendarDay, months: int) -> z3.BoolRef:
    """Return that one day is at least so many months after another."""
    between = later.month - earlier.month
    reached = z3.Or(later.day >= earlier.day, later.is_last)
    return z3.Or(between > months, z3.And(between == months, reached))


def _table(index: z3.ArithRef, values: tuple[int, ...]) -> z3.ArithRef:
    term = z3.IntVal(values[-1], index.ctx)
    for position in range(len(values) - 2, -1, -1):
        term = z3.If(index == position, values[position], term)
    return term
