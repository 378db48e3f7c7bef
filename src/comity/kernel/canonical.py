# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Canonical JSON: one value, one sequence of bytes.

The profile is RFC 8785 restricted to what we sign: no floats, integers below 2**53 in
size, ASCII keys, no duplicate keys, at most 32 levels. On that profile sorted-key
`json.dumps` equals RFC 8785 (checked against the `rfc8785` package in tests), and so does
`orjson`, at a tenth of the cost: it takes the usual way, `json` says what is wrong (that both
give one verdict and the same bytes is a law in tests).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

import orjson

from comity.errors import Fault, InvalidDocument

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""A value of the profile."""

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_KINDS = frozenset({type(None), bool, int, str, dict, list, tuple})
_SCALARS = frozenset({type(None), bool, str})
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_BARE = bytes.maketrans(b",[eE", b"::..")
_ENCODER = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    check_circular=False,  # what is encoded has been walked, or was just decoded
)


def to_canonical(value: Json) -> bytes:
    """Encode a value of the profile as its only bytes.

    Raises:
        InvalidDocument: The value leaves the profile; the fault names where.
    """
    if _is_inside(value, 0):
        try:
            return orjson.dumps(value, option=_SORTED)
        except orjson.JSONEncodeError:  # a surrogate; said below
            pass
    _check(value, "$", 0)
    try:
        return _encode(value)
    except UnicodeEncodeError:
        raise _outside("a lone surrogate has no UTF-8 form") from None


def from_canonical(encoded: bytes) -> Json:
    """Decode bytes, refusing any that are not the canonical form of their value.

    Raises:
        InvalidDocument: Not JSON, outside the profile, or another spelling of it.
    """
    try:  # the bytes we signed ourselves take this way, at a tenth of the cost
        value = cast("Json", orjson.loads(encoded))
        is_inside = _is_plainly_inside(encoded) or _is_inside(value, 0)
        if is_inside and orjson.dumps(value, option=_SORTED) == encoded:
            return value
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass
    return _from_doubtful(encoded)


def _is_plainly_inside(encoded: bytes) -> bool:
    """Tell from the bytes of an object that no key, number or depth can leave the profile.

    It is asked of bytes that are then compared with the one spelling of what they decode to.
    In that spelling a number stands right behind `:`, `,` or `[`: with digits and signs taken
    out, a fraction or an exponent shows behind one of them. A text may look so too, or have
    brackets: then the value itself is looked at.
    """
    openers = encoded.count(b"{") + encoded.count(b"[")
    if openers > MAX_DEPTH or not encoded.startswith(b"{") or not encoded.isascii():
        return False
    if b"\\" in encoded and b"\\u" in encoded:  # a search for one byte is the quicker one
        return False
    return b":." not in encoded.translate(_BARE, b"-0123456789")


def _from_doubtful(encoded: bytes) -> Json:
    """Decode again, slowly, to say what is wrong."""
    try:
        value = cast(
            "Json",
            json.loads(
                encoded.decode("utf-8"),
                object_pairs_hook=_object,
                parse_float=_no_float,
                parse_constant=_no_float,
                parse_int=_integer,
            ),
        )
    except UnicodeDecodeError as error:
        raise _outside(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except RecursionError:
        raise _outside(f"deeper than {MAX_DEPTH} levels") from None
    if to_canonical(value) != encoded:
        message = "not in canonical form (RFC 8785): keys sorted, no spaces"
        raise _outside(message, code="kernel.reencoded")
    return value


def _not_json(error: json.JSONDecodeError) -> InvalidDocument:
    """Tell a text that breaks off from one that is wrong on its way."""
    is_cut = error.pos >= len(error.doc) or error.msg.startswith("Unterminated string")
    if not is_cut:
        return _outside(error.msg, line=error.lineno, column=error.colno)
    message = f"it breaks off: {error.msg}"
    return _outside(message, code="kernel.truncated", line=error.lineno, column=error.colno)


def _encode(value: Json) -> bytes:
    return _ENCODER.encode(value).encode("utf-8")


def _is_inside(value: object, depth: int) -> bool:
    """Tell quickly whether a value is inside the profile; `_check` says why it is not."""
    kind = type(value)
    if kind not in _KINDS or depth > MAX_DEPTH:
        return False
    if kind is int:
        return -MAX_INTEGER <= cast("int", value) <= MAX_INTEGER
    parts: Iterable[object] = ()
    if kind is dict:
        parts = cast("dict[object, object]", value).values()
        for key in cast("dict[object, object]", value):
            if type(key) is not str or not key.isascii():
                return False
    elif kind is list or kind is tuple:
        parts = cast("Sequence[object]", value)
    if depth == MAX_DEPTH and parts:
        return False
    for part in parts:  # all() with a generator costs twice as much
        if type(part) not in _SCALARS and not _is_inside(part, depth + 1):
            return False
    return True


def _check(value: object, place: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _outside(f"{place[:80]} is deeper than {MAX_DEPTH} levels")
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > MAX_INTEGER:
                raise _outside(f"{place}: integer beyond 2**53 - 1; write it as a string")
        case dict():
            _check_object(value, place, depth)
        case list() | tuple():
            for position, part in enumerate(value):
                _check(part, f"{place}[{position}]", depth + 1)
        case _:
            raise _outside(f"{place}: {type(value).__name__} has no place in what we sign")


def _check_object(value: dict[object, object], place: str, depth: int) -> None:
    for key, part in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise _outside(f"{place}: key {key!r} is not ASCII text")
        _check(part, f"{place}.{key}", depth + 1)


def _object(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _outside(f"key {key!r} stands twice")
        found[key] = value
    return found


def _no_float(text: str) -> object:
    raise _outside(f"{text[:40]} is not an integer; write fractions as two integers")


def _integer(text: str) -> int:
    if len(text) > 17:
        raise _outside(f"integer {text[:20]}… is beyond 2**53 - 1")
    return int(text)


def _outside(
    message: str,
    *,
    code: str = "kernel.canonical",
    line: int | None = None,
    column: int | None = None,
) -> InvalidDocument:
    fault = Fault(message=message, line=line, column=column)
    return InvalidDocument("not canonical JSON", code=code, faults=[fault])
