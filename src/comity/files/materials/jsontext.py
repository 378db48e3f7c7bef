# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A JSON text that a stranger wrote: exact numbers, no key twice, no surprises."""

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from comity.errors import Fault, InvalidDocument

MAX_FAULTS = 100
_HALF = re.compile("[\ud800-\udfff]")


def json_of(text: str) -> Any:
    """Read a JSON text; floats become exact decimals.

    Raises:
        InvalidDocument: Not JSON, or keys that stand twice, all of them (`files.import`).
    """
    faults: list[Fault] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            counts = Counter(name for name, _ in members)
            twice = sorted(name for name, count in counts.items() if count > 1)
            faults.extend(
                Fault(message=f"{name[:60]!r} stands twice in one object")
                for name in twice[: MAX_FAULTS - len(faults)]
            )
        return found

    try:
        found = json.loads(
            text, object_pairs_hook=pairs, parse_float=_decimal, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        place = Fault(message=error.msg, line=error.lineno, column=error.colno)
        raise _broken([place]) from None
    except (ValueError, RecursionError) as error:
        message = f"not readable as JSON: {str(error)[:80]}"
        raise _broken([Fault(message=message)]) from None
    if faults:
        raise _broken(faults)
    if "\\u" in text:
        _check_whole(found)
    return found


def _check_whole(document: object) -> None:
    """Refuse texts with half a character in them: nothing can write them again."""
    ahead = [document]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            ahead += [*one, *one.values()]
        elif isinstance(one, list):
            ahead += one
        elif isinstance(one, str) and _HALF.search(one):
            message = f"{one[:40]!r} holds half a character, a lone surrogate"
            raise _broken([Fault(message=message)])


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a number larger than any document needs") from None


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _broken(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument("not readable as JSON", code="files.import", faults=faults)
