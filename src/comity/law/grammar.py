# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The grammar of conditions: `a and (b or not c)`, typed against the vocabulary."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from comity.law.condition import (
    EXACT,
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Number,
    Ref,
    Span,
    conjunction,
    disjunction,
    exact_number,
)  # fmt: skip
from comity.law.cursor import Cursor
from comity.law.fact import Fact, Kind
from comity.law.token import Token
from comity.law.unit import in_unit

MAX_DEPTH = 10
"""Keeps the deepest condition inside the 32 levels of canonical JSON."""

_Bound = TypeVar("_Bound", Number, dt.date)
_SPANS: Mapping[str, Span] = {
    "day": "day", "days": "day", "month": "month", "months": "month",
    "year": "year", "years": "year",
}  # fmt: skip
_SAID_OF = {
    Kind.ENUM: "is, is not, is one of",
    Kind.SET: "has, has any of, has all of, has none of",
    Kind.NUMBER: "at least, below, more than, at most",
    Kind.DATE: "before, on or after, after, on or before, at least … month after",
}
_NOTHING = And(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names a condition may use."""

    facts: Mapping[str, Fact]
    definitions: frozenset[str]


def read_condition(cursor: Cursor, scope: Scope) -> Condition:
    """Read one condition; unknown names and values are noted and reading goes on.

    Raises:
        InvalidDocument: The words do not form a condition (code `law.syntax`).
    """
    return _either(cursor, scope, 0)


def _either(cursor: Cursor, scope: Scope, depth: int) -> Condition:
    parts = [_both(cursor, scope, depth)]
    while cursor.takes("or"):
        parts.append(_both(cursor, scope, depth))
    return disjunction(parts)


def _both(cursor: Cursor, scope: Scope, depth: int) -> Condition:
    parts = [_single(cursor, scope, depth)]
    while cursor.takes("and"):
        parts.append(_single(cursor, scope, depth))
    return conjunction(parts)


def _single(cursor: Cursor, scope: Scope, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        message = f"more than {MAX_DEPTH} levels deep; name a part of it with `define`"
        raise cursor.stop(cursor.token, message)
    if cursor.takes("not"):
        return Not(_single(cursor, scope, depth + 1))
    if cursor.takes("("):
        inner = _either(cursor, scope, depth + 1)
        cursor.expect(")")
        return inner
    return _atom(cursor, scope)


def _atom(cursor: Cursor, scope: Scope) -> Condition:  # noqa: PLR0911 - one return a kind
    token = cursor.word("a fact or a definition")
    if token.text in scope.definitions:
        return Ref(token.text)
    fact = scope.facts.get(token.text)
    if fact is None:
        return _unknown_name(cursor, scope, token)
    match fact.kind:
        case Kind.BOOL:
            return Is(fact.name)
        case Kind.ENUM:
            return _enum(cursor, fact)
        case Kind.SET:
            return _set(cursor, fact)
        case Kind.NUMBER:
            return _number(cursor, fact)
        case Kind.DATE:
            return _date(cursor, scope, fact)


def _unknown_name(cursor: Cursor, scope: Scope, token: Token) -> Condition:
    known = (*scope.facts, *scope.definitions)
    message = f"no fact or definition is named {token}"
    cursor.faults.append(cursor.fault(token, message, word=token.text, known=known))
    while not (cursor.at_end or cursor.meets("and", "or", ")")):
        cursor.take()
    return _NOTHING


def _enum(cursor: Cursor, fact: Fact) -> Condition:
    if cursor.takes("is", "one_of"):
        return In(fact.name, _values(cursor, fact))
    if cursor.takes("is_not", "not_one_of"):
        return Not(In(fact.name, _values(cursor, fact)))
    raise _misfit(cursor, fact)


def _set(cursor: Cursor, fact: Fact) -> Condition:
    if cursor.takes("has", "any_of"):
        return Has(fact.name, _values(cursor, fact))
    if cursor.takes("all_of"):
        values = _values(cursor, fact)
        return Has(fact.name, values, every=len(values) > 1)
    if cursor.takes("none_of"):
        return Not(Has(fact.name, _values(cursor, fact)))
    raise _misfit(cursor, fact)


def _number(cursor: Cursor, fact: Fact) -> Condition:
    place = cursor.token

    def bound() -> Number:
        return read_amount(cursor, fact.unit)

    def beyond(value: Number) -> Number:
        if fact.step is None:
            message = f"{fact.name!r} declares no step; only `at least` and `below` are exact"
            raise cursor.stop(place, message)
        return exact_number(EXACT.add(Decimal(value), Decimal(fact.step)))

    return _compare(cursor, fact, bound, beyond)


def _date(cursor: Cursor, scope: Scope, fact: Fact) -> Condition:
    if cursor.meets("at_least", "below"):
        return _gap(cursor, scope, fact)
    if cursor.meets("before", "on_or_after") and _names_date(cursor, scope):
        negated = not cursor.meets("on_or_after")
        cursor.take()
        gap = Gap(fact.name, _other_date(cursor, scope), 0, "day")
        return Not(gap) if negated else gap
    return _compare(cursor, fact, cursor.date, lambda day: day + dt.timedelta(days=1))


def _names_date(cursor: Cursor, scope: Scope) -> bool:
    return cursor.tokens[cursor.position + 1].text in scope.facts


def _compare(
    cursor: Cursor, fact: Fact, bound: Callable[[], _Bound], beyond: Callable[[_Bound], _Bound]
) -> Condition:
    if cursor.takes("at_least", "on_or_after"):
        return Cmp(fact.name, at_least=True, bound=bound())
    if cursor.takes("below", "before"):
        return Cmp(fact.name, at_least=False, bound=bound())
    if cursor.takes("more_than", "after"):
        return Cmp(fact.name, at_least=True, bound=beyond(bound()))
    if cursor.takes("at_most", "on_or_before"):
        return Cmp(fact.name, at_least=False, bound=beyond(bound()))
    raise _misfit(cursor, fact)


def _gap(cursor: Cursor, scope: Scope, fact: Fact) -> Condition:
    negated = cursor.meets("below")
    cursor.take()
    place = cursor.token
    amount = cursor.number()
    unit = cursor.word("day, month or year")
    span = _SPANS.get(unit.text)
    if span is None or not isinstance(amount, int):
        raise cursor.stop(
            place, f"{place} {unit.text} is no whole number of day, month or year"
        )
    if cursor.takes("after"):
        gap = Gap(fact.name, _other_date(cursor, scope), amount, span)
    elif cursor.takes("before"):
        gap = Gap(_other_date(cursor, scope), fact.name, amount, span)
    else:
        raise cursor.stop(cursor.token, f"expected after or before, found {cursor.token}")
    return Not(gap) if negated else gap


def _other_date(cursor: Cursor, scope: Scope) -> str:
    token = cursor.word("a date fact")
    fact = scope.facts.get(token.text)
    if fact is None or fact.kind is not Kind.DATE:
        dates = [name for name, known in scope.facts.items() if known.kind is Kind.DATE]
        message = f"no date fact is named {token}"
        cursor.faults.append(cursor.fault(token, message, word=token.text, known=dates))
    return token.text


def read_amount(cursor: Cursor, unit: str | None) -> Number:
    """Read a number in *unit*, converted where that is exact (24 hour is 1 day).

    Raises:
        InvalidDocument: No number, no unit, or a unit that does not convert exactly.
    """
    place = cursor.token
    amount = cursor.number()
    if unit is None:
        return amount
    if cursor.at_end or cursor.meets("and", "or", ")"):
        raise cursor.stop(place, f"the unit is missing: write {place.text} {unit}")
    given = cursor.word(f"the unit {unit}")
    converted = in_unit(amount, given.text, unit)
    if converted is None:
        message = f"{given} does not convert exactly to {unit}"
        raise cursor.stop(given, message, word=given.text, known=[unit])
    return converted


def _values(cursor: Cursor, fact: Fact) -> tuple[str, ...]:
    return read_values(cursor, fact.name, fact.values)


def read_values(cursor: Cursor, name: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """Read one value or a list of values, sorted; a value that is not allowed is noted."""
    found = set()
    for token in cursor.words(f"a value of {name}"):
        if token.text not in allowed:
            shown = ", ".join(allowed[:12]) + (", …" if len(allowed) > 12 else "")
            message = f"{token} is not a value of {name!r}: {shown}"
            cursor.faults.append(cursor.fault(token, message, word=token.text, known=allowed))
        found.add(token.text)
    return tuple(sorted(found))


def _misfit(cursor: Cursor, fact: Fact) -> Exception:
    said = _SAID_OF[fact.kind]
    message = f"{fact.name!r} is a {fact.kind.value}: expected {said}, found {cursor.token}"
    return cursor.stop(cursor.token, message)
