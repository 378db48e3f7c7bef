# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""JSON texts of strangers, read exactly and in bounded size: no floats, no doubled keys."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

MAX_CHARACTERS = 16_384
MAX_DEPTH = 32

_FAR = re.compile(r"[eE][+-]?0*[1-9]\d{2,}$")
"""An exponent of a hundred or more: a few characters that stand for a huge number."""


class Unreadable(Exception):
    """A text that is no JSON read here, with the reason in words; it never leaves this room."""


def read(text: str) -> Any:
    """Return the value of a JSON text; whole numbers as int, others as Decimal.

    Raises:
        Unreadable: It is no JSON text, or one beyond the bounds.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"it is longer than {MAX_CHARACTERS} characters")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise Unreadable(f"it is deeper than {MAX_DEPTH} levels") from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    if any(depth > MAX_DEPTH for depth, _ in parts(value)):
        raise Unreadable(f"it is deeper than {MAX_DEPTH} levels")
    return value


def parts(value: object) -> Iterator[tuple[int, object]]:
    """Yield a value and everything inside it, each with its depth; keys are no parts."""
    due: list[tuple[int, object]] = [(0, value)]
    while due:
        depth, part = due.pop()
        yield depth, part
        match part:
            case Mapping():
                due += [(depth + 1, inner) for inner in part.values()]
            case list():
                due += [(depth + 1, inner) for inner in part]
            case _:
                pass


def _object(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(f"the key {key[:40]!r} stands twice")
        found[key] = value
    return found


def _number(text: str) -> int | Decimal:
    if len(text) > 100 or _FAR.search(text):
        raise Unreadable(f"the number {text[:20]}… is too long")
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _no_constant(text: str) -> object:
    raise Unreadable(f"{text} is no JSON")
