# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a cell that reads as nothing may have meant: slips of people and of spreadsheets."""

import datetime as dt
import re

from comity.kernel.share import find_share

SPREADSHEETS = frozenset({".xlsx", ".xls", ".ods", ".numbers"})
"""Endings of files that spreadsheets keep for themselves."""

_UNKNOWN = frozenset({"?", "-", "–", "—", "n/a", "na", "none", "unknown", "not known", "tbd"})
_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})", re.ASCII)
_DAYS = re.compile(r"(\d{1,6}) ?(?:d|days?)", re.ASCII | re.IGNORECASE)
_YEAR_DIGITS, _MONTHS = 4, 12


def is_unknown(text: str) -> bool:
    """Tell whether a cell says in words what an empty one says.

    >>> is_unknown("N/A"), is_unknown("40%")
    (True, False)
    """
    return text.strip().casefold() in _UNKNOWN


def near_share(text: str) -> str | None:
    """Return the share a slip may mean: a decimal comma, a percent sign left out.

    >>> near_share("75,5%"), near_share("0,75"), near_share("60"), near_share("much")
    ('75.5%', '0.75', '60%', None)
    """
    point = text.replace(",", ".")
    return next((one for one in (point, f"{point}%") if find_share(one) is not None), None)


def near_date(text: str) -> str | None:
    """Return the day a date of another order means, where it can mean but one.

    >>> near_date("22.11.2026"), near_date("11/22/2026"), near_date("3/4/2026")
    ('2026-11-22', '2026-11-22', None)
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    first, mark, second, third = found.groups()
    days = {_day(first, second, third)}
    if len(first) != _YEAR_DIGITS:
        days = {_day(third, second, first)}
        days |= set() if mark == "." else {_day(third, first, second)}
    known = days - {None}
    return known.pop() if len(known) == 1 else None


def near_days(text: str) -> str | None:
    """Return the number in "30 days"; a number alone is what is asked for.

    >>> near_days("30 days"), near_days("a month")
    ('30', None)
    """
    found = _DAYS.fullmatch(text)
    return None if found is None else found[1]


def _day(year: str, month: str, day: str) -> str | None:
    if len(year) != _YEAR_DIGITS or int(month) > _MONTHS:
        return None
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
