# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions over facts: one closed syntax tree with nine kinds of node.

No strings, no functions, no quantifiers, no arithmetic but the difference of two dates:
each further freedom would break one of the engines that run the same tree.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Literal, TypeAlias, assert_never

from comity.kernel.canonical import Json

Number: TypeAlias = int | Decimal
"""An exact number; an integral one is always an int."""

Span: TypeAlias = Literal["day", "month", "year"]
"""A calendar unit; a month is a month, not thirty days."""


@dataclass(frozen=True, slots=True)
class Is:
    """A boolean fact holds."""

    fact: str


@dataclass(frozen=True, slots=True)
class In:
    """An enum fact has one of the values (sorted)."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """A set fact has any, or every one, of the values (sorted)."""

    fact: str
    values: tuple[str, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class Cmp:
    """A number or date is at least the bound, or below it; there is no third comparison."""

    fact: str
    at_least: bool
    bound: Number | dt.date


@dataclass(frozen=True, slots=True)
class Gap:
    """The later date is at least so many calendar spans after the earlier one."""

    later: str
    earlier: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Ref:
    """A definition, by its name."""

    name: str


Atom: TypeAlias = Is | In | Has | Cmp | Gap
Condition: TypeAlias = Atom | And | Or | Not | Ref

EXACT = Context(prec=200, traps=[Inexact])
"""Decimal arithmetic that refuses to round; 200 digits are more than any bound has."""

ALWAYS: "Condition" = And(())
"""The condition that always holds: a conjunction of nothing."""


def conjunction(parts: Iterable[Condition]) -> Condition:
    """Join parts by "and": nested conjunctions are flattened, a single part stands alone."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else (part,))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(parts: Iterable[Condition]) -> Condition:
    """Join parts by "or": nested disjunctions are flattened, a single part stands alone."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and everything in it, definitions unopened."""
    yield condition
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)
        case _:
            return


def depth_of(condition: Condition, known: Mapping[str, int]) -> int:
    """Return the levels of a condition, each definition counting for *known* many."""
    match condition:
        case And(parts) | Or(parts):
            return 1 + max((depth_of(part, known) for part in parts), default=0)
        case Not(part):
            return 1 + depth_of(part, known)
        case Ref(name):
            return 1 + known.get(name, 0)
        case _:
            return 1


def facts_in(condition: Condition) -> frozenset[str]:
    """Return the facts a condition names itself, not those of its definitions."""
    found: set[str] = set()
    for node in walk(condition):
        match node:
            case Is(fact) | In(fact) | Has(fact) | Cmp(fact):
                found.add(fact)
            case Gap(later, earlier):
                found |= {later, earlier}
            case _:
                pass
    return frozenset(found)


def refs_in(condition: Condition) -> frozenset[str]:
    """Return the definitions a condition names itself."""
    return frozenset(node.name for node in walk(condition) if isinstance(node, Ref))


def to_json(condition: Condition) -> Json:  # noqa: PLR0911 - one return a kind
    """Write a condition as nested arrays; numbers and dates become text, exactly.

    Example:
        >>> to_json(Not(Cmp("training_compute", True, 10**25)))
        ['not', ['at_least', 'training_compute', '10000000000000000000000000']]
    """
    match condition:
        case Is(fact):
            return ["is", fact]
        case In(fact, values):
            return ["in", fact, list(values)]
        case Has(fact, values, every):
            return ["has_all" if every else "has_any", fact, list(values)]
        case Cmp(fact, at_least, bound):
            return ["at_least" if at_least else "below", fact, exact_text(bound)]
        case Gap(later, earlier, amount, span):
            return ["gap", later, earlier, amount, span]
        case And(parts):
            return ["and", *map(to_json, parts)]
        case Or(parts):
            return ["or", *map(to_json, parts)]
        case Not(part):
            return ["not", to_json(part)]
        case Ref(name):
            return ["ref", name]
        case _:
            assert_never(condition)


def exact_text(bound: Number | dt.date) -> str:
    """Write a number in plain digits or a date as ISO 8601, with nothing lost."""
    match bound:
        case dt.date():
            return bound.isoformat()
        case int():
            return str(bound)
        case Decimal():
            return f"{bound:f}"


def exact_number(value: Decimal) -> Number:
    """Return the normal form of a decimal: an int where it is integral."""
    return int(value) if value == value.to_integral_value() else value.normalize(EXACT)
