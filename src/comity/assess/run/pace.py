# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""When the next question may go out, so that a plan's rate is kept in every stretch of time."""

from collections.abc import Iterable

from comity.evidence.asking import Rate


class Pace:
    """Hands out places in a queue, one every interval; a burst is never made up for.

    Evenly is the only way to keep a rate that somebody else counts in windows of their own.
    """

    def __init__(self, rates: Iterable[Rate | None]) -> None:
        given = (rate.interval_s for rate in rates if rate is not None)
        self._interval_s = max(given, default=0.0)
        self._next_s = 0.0

    @property
    def interval_s(self) -> float:
        """Return the seconds between two questions, 0 where they are not counted."""
        return self._interval_s

    def take(self, now_s: float) -> float:
        """Take the next place; return how many seconds away it is.

        Args:
            now_s: By any clock that never goes back.
        """
        place = max(now_s, self._next_s)
        self._next_s = place + self._interval_s
        return place - now_s
