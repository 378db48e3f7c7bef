# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the words of an option mean: lists, days, roles; shared by the verbs about law."""

import datetime as dt
import json
from typing import Annotated

from cyclopts import Parameter

from comity.errors import Fault, InvalidDocument
from comity.kernel.instant import Instant, from_iso_date, to_rfc3339
from comity.law.cursor import near_miss
from comity.law.norm import Role

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


def print_json(value: object) -> None:
    """Print a value as JSON that people can read too."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output


def words_of(text: str) -> tuple[str, ...]:
    """Split "EU,VNM" at its commas; nothing gives no words."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def day_of(text: str) -> dt.date | None:
    """Read a day; None where none is given.

    Raises:
        InvalidDocument: It is no day.
    """
    return from_iso_date(text) if text else None


def minute_of(instant: Instant | None) -> str:
    """Write an instant for a table: UTC to the minute."""
    return "never" if instant is None else to_rfc3339(instant)[:16].replace("T", " ")


def today() -> dt.date:
    """Return today's date in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()  # noqa: TID251 - the edge reads the clock


def roles_of(text: str) -> tuple[Role, ...]:
    """Read "provider,deployer".

    Raises:
        InvalidDocument: A word is no role; all are listed (code `law.role`).
    """
    known = {role.value: role for role in Role}
    words = words_of(text)
    faults = [
        Fault(message=f"{word!r} is no role: {', '.join(known)}", near=near_miss(word, known))
        for word in words
        if word not in known
    ]
    if faults:
        raise InvalidDocument("unknown role", code="law.role", faults=faults)
    return tuple(known[word] for word in words)
