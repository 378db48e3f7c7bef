# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The time a treaty lets pass: months and days of the calendar, never hours."""

import calendar
import datetime as dt
from dataclasses import dataclass

FIRST_DAY = dt.date(1800, 1, 1)
LAST_DAY = dt.date(2200, 12, 31)
"""Days outside of which no act can have been done; further ones are slips or attacks."""

MAX_MONTHS = 1_200
MAX_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Months, then days, then perhaps the next first of a month.

    Args:
        months: 0 to 1,200. A month that is too short ends on its last day.
        days: 0 to 36,500; "on the thirtieth day after" is 30.
        to_first_of_month: On the first day of the month that follows the end of it.

    Example:
        >>> str(Delay(days=30).after(dt.date(1947, 3, 5)))
        '1947-04-04'
        >>> str(Delay(days=60, to_first_of_month=True).after(dt.date(2002, 4, 11)))
        '2002-07-01'
    """

    months: int = 0
    days: int = 0
    to_first_of_month: bool = False

    def after(self, day: dt.date) -> dt.date:
        """Return the day that comes this long after *day*, which is within 1800 to 2400."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        end = dt.date(year, month, min(day.day, last)) + dt.timedelta(days=self.days)
        if not self.to_first_of_month:
            return end
        return dt.date(end.year + end.month // 12, end.month % 12 + 1, 1)

    def in_words(self) -> str:
        """Say it as one would in a treaty; "at once" where nothing passes."""
        parts = [
            f"{count} {unit}{'' if count == 1 else 's'}"
            for count, unit in ((self.months, "month"), (self.days, "day"))
            if count
        ]
        said = " and ".join(parts)
        if self.to_first_of_month:
            return f"the first day of the month after {said or 'that'}"
        return said or "at once"


AT_ONCE = Delay()
A_YEAR = Delay(months=12)
