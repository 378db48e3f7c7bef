# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A JSON text that a stranger wrote: exact numbers, no key twice, no surprises."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from comity.errors import Fault, InvalidDocument


def json_of(text: str) -> Any:
    """Read a JSON text; floats become exact decimals.

    Raises:
        InvalidDocument: Not JSON, or keys that stand twice, all of them (`files.import`).
    """
    faults: list[Fault] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in members]
        twice = (
            sorted({name for name in names if names.count(name) > 1})
            if len(set(names)) < len(names)
            else []
        )
        faults.extend(Fault(message=f"{name!r} stands twice in one object") for name in twice)
        return dict(members)

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
    return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a number larger than any document needs") from None


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _broken(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument("not readable as JSON", code="files.import", faults=faults)
