# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instants in UTC to the second, and calendar dates. Nothing here reads a clock."""

import datetime as dt
from typing import NewType

from comity.errors import Fault, InvalidDocument

Instant = NewType("Instant", dt.datetime)
"""An aware datetime in UTC, whole seconds."""

_FIRST = int(dt.datetime(1000, 1, 1, tzinfo=dt.UTC).timestamp())
_LAST = int(dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC).timestamp())


def to_instant(moment: dt.datetime) -> Instant:
    """Normalise an aware datetime to UTC, whole seconds.

    Raises:
        InvalidDocument: The datetime carries no time zone.
    """
    if moment.tzinfo is None:
        raise _fault(f"{moment.isoformat()} has no time zone")
    return Instant(moment.astimezone(dt.UTC).replace(microsecond=0))


def from_rfc3339(text: str) -> Instant:
    """Read exactly the form `2026-11-21T19:19:24Z`.

    Raises:
        InvalidDocument: Any other form, so that one instant has one spelling.
    """
    try:
        moment = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        raise _fault(f"{text[:40]!r} is not an instant like 2026-11-21T19:19:24Z") from None
    if to_rfc3339(Instant(moment)) != text:
        raise _fault(f"{text[:40]!r} is not an instant like 2026-11-21T19:19:24Z")
    return Instant(moment)


def to_rfc3339(instant: Instant) -> str:
    """Write an instant as `2026-11-21T19:19:24Z`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def from_posix(seconds: int) -> Instant:
    """Read seconds since 1970 as an instant."""
    return Instant(dt.datetime.fromtimestamp(seconds, tz=dt.UTC))


def to_posix(instant: Instant) -> int:
    """Write an instant as whole seconds since 1970."""
    return int(instant.timestamp())


def shifted(instant: Instant, seconds: int) -> Instant:
    """Move an instant by seconds, however many; it stays within the years 1000 to 9999."""
    return from_posix(min(max(to_posix(instant) + seconds, _FIRST), _LAST))


def from_iso_date(text: str) -> dt.date:
    """Read exactly the form `2026-11-21`.

    Raises:
        InvalidDocument: Any other form, or a day no calendar has.
    """
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise _fault(f"{text[:40]!r} is not a date like 2026-11-21") from None
    if date.isoformat() != text:
        raise _fault(f"{text[:40]!r} is not a date like 2026-11-21")
    return date


def _fault(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="kernel.instant", faults=[Fault(message=message)])
