# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as people write them: plain values of TOML or JSON, typed by the fact."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from comity.kernel.canonical import Json
from comity.law.condition import Number, exact_text
from comity.law.cursor import MAX_DIGITS, near_miss, number_from
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence
from comity.law.unit import in_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Misanswer:
    """Why a plain value does not answer a fact.

    Args:
        item: Position of the culprit in a list of values, or None.
    """

    message: str
    near: str | None = None
    item: int | None = None


def read_answer(fact: Fact, plain: object) -> tuple[Answer, tuple[Misanswer, ...]]:
    """Read a plain value as the answer to a fact; with faults, the answer is *not asked*.

    Example:
        A bool is `true`, an enum "word", a set ["word"] or {known_in, known_out}, a number
        with a unit "10^25 FLOP", a date 2026-08-02; and any fact may be "not known",
        "disputed" or "not applicable".
    """
    found: Answer | Misanswer | Sequence[Misanswer]
    if isinstance(plain, str) and plain in {silence.value for silence in Silence}:
        found = Silence(plain)
    else:
        match fact.kind:
            case Kind.BOOL:
                found = _bool(plain)
            case Kind.ENUM:
                found = _enum(fact, plain)
            case Kind.SET:
                found = _set(fact, plain)
            case Kind.NUMBER:
                found = _number(fact, plain)
            case Kind.DATE:
                found = _date(plain)
    match found:
        case Misanswer():
            return Silence.NOT_ASKED, (found,)
        case list():
            return Silence.NOT_ASKED, tuple(found)
        case _:
            return found, ()


def to_plain(fact: Fact, answer: Answer) -> Json:
    """Write an answer as a statement carries it; `read_answer` reads it back."""
    match answer:
        case bool() | str():
            return answer
        case frozenset():
            return sorted(answer)
        case int() | Decimal():
            return exact_text(answer) + (f" {fact.unit}" if fact.unit else "")
        case dt.date():
            return answer.isoformat()
        case OpenSet():
            return {
                "known_in": sorted(answer.known_in),
                "known_out": sorted(answer.known_out),
            }
        case Silence():
            return answer.value


def _bool(plain: object) -> Answer | Misanswer:
    if isinstance(plain, bool):
        return plain
    return Misanswer(message=f"{_shown(plain)} is neither true nor false")


def _enum(fact: Fact, plain: object) -> Answer | Misanswer:
    if isinstance(plain, str) and plain in fact.values:
        return plain
    return _no_value(fact, plain, None)


def _set(fact: Fact, plain: object) -> Answer | Misanswer | list[Misanswer]:
    match plain:
        case list():
            return _members(fact, plain)
        case {"known_in": list() as known_in, "known_out": list() as known_out, **rest} if (
            not rest
        ):
            inside, outside = _members(fact, known_in), _members(fact, known_out)
            if isinstance(inside, list) or isinstance(outside, list):
                faults = [part for part in (inside, outside) if isinstance(part, list)]
                return [fault for part in faults for fault in part]
            return _open(inside, outside)
        case _:
            shown = f"[{', '.join(fact.values[:2])}]"
            return Misanswer(message=f"{_shown(plain)} is no list of values such as {shown}")


def _open(inside: frozenset[str], outside: frozenset[str]) -> Answer | Misanswer:
    both = ", ".join(sorted(inside & outside))
    if both:
        return Misanswer(message=f"{both}: both in the set and not in it")
    return OpenSet(known_in=inside, known_out=outside)


def _members(fact: Fact, values: Sequence[object]) -> frozenset[str] | list[Misanswer]:
    faults = [
        _no_value(fact, value, position)
        for position, value in enumerate(values)
        if value not in fact.values
    ]
    return faults or frozenset(str(value) for value in values)


def _no_value(fact: Fact, plain: object, item: int | None) -> Misanswer:
    listed = ", ".join(fact.values[:12]) + (", …" if len(fact.values) > 12 else "")
    near = near_miss(plain, fact.values) if isinstance(plain, str) else None
    return Misanswer(message=f"{_shown(plain)} is not one of {listed}", near=near, item=item)


def _number(fact: Fact, plain: object) -> Answer | Misanswer:
    match plain:
        case bool():
            return Misanswer(message=f"{_shown(plain)} is not a number")
        case str():
            return _measured(fact, plain)
        case int() | Decimal() | float():
            return _bare(fact, plain)
        case _:
            return Misanswer(message=f"{_shown(plain)} is not a number")


def _bare(fact: Fact, plain: float | Decimal) -> Answer | Misanswer:
    """Read a number without a unit: only a fact without one takes it."""
    if plain != plain:  # noqa: PLR0124 - only NaN differs from itself
        return Misanswer(message="nan is no exact number: it compares with nothing")
    if abs(_adjusted(plain)) >= MAX_DIGITS:
        message = f"{_shown(plain)} is no exact number of at most {MAX_DIGITS} digits"
        return Misanswer(message=message)
    if fact.unit is not None:
        written = f'"{_shown(plain)} {fact.unit}"'
        return Misanswer(message=f"the unit is missing: write {written}")
    value = number_from(str(plain))
    if value is None:
        message = f"{_shown(plain)} is no exact number from 0 with up to {MAX_DIGITS} digits"
        return Misanswer(message=message)
    return value


def _adjusted(plain: float | Decimal) -> int:
    value = Decimal(plain) if not isinstance(plain, float) else Decimal(str(plain))
    return value.adjusted() if value.is_finite() else MAX_DIGITS


def _measured(fact: Fact, plain: str) -> Answer | Misanswer:
    figure, _, unit = plain.strip().partition(" ")
    value = number_from(figure)
    if value is None:
        example = f"500 {fact.unit}" if fact.unit else "500"
        return Misanswer(message=f"{_shown(plain)} is not an exact number such as {example!r}")
    if fact.unit is None:
        return Misanswer(message=f"{fact.name} has no unit") if unit else value
    if not unit:
        return Misanswer(message=f'the unit is missing: write "{figure} {fact.unit}"')
    converted: Number | None = in_unit(value, unit.strip(), fact.unit)
    if converted is None:
        message = f"{unit.strip()[:40]!r} does not convert exactly to {fact.unit}"
        return Misanswer(message=message, near=near_miss(unit.strip(), [fact.unit]))
    return converted


def _date(plain: object) -> Answer | Misanswer:
    match plain:
        case dt.datetime():
            return Misanswer(message=f"{plain} has a time; write the day alone")
        case dt.date():
            return plain
        case str():
            try:
                return dt.date.fromisoformat(plain)
            except ValueError:
                return Misanswer(message=f"{_shown(plain)} is not a day like 2026-08-02")
        case _:
            return Misanswer(message=f"{_shown(plain)} is not a day like 2026-08-02")


def _shown(plain: object) -> str:  # noqa: PLR0911 - one return a kind
    match plain:
        case bool():
            return str(plain).lower()
        case str():
            return repr(plain[:60])
        case int() if abs(plain) >= 10**MAX_DIGITS:
            return "a number of more than 60 digits"
        case int() | float() | Decimal():
            return str(plain)[:60]
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(plain)[:60]
