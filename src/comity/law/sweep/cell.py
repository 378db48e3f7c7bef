# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One cell of a register, read slowly: what the reading of whole columns is held against."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from comity.law.answer import Misanswer, read_answer
from comity.law.condition import Number, exact_number
from comity.law.cursor import MAX_DIGITS, near_miss
from comity.law.fact import MARKETS, Answer, Fact, Kind, OpenSet, Silence
from comity.law.market import EUROPEAN_UNION, UNION_MEMBERS, is_market
from comity.law.sweep.layout import ROLE, Layout

KNOWN_OUT = "__known_out"
"""Ends the name of the column that holds what certainly is not in a set."""

EXACT_FLOATS = 2**53
"""From here on a floating number leaves out integers."""

Row = Mapping[str, object]


def read_row(row: Row, layout: Layout) -> Iterator[tuple[str, Answer, tuple[Misanswer, ...]]]:
    """Yield the answer in each cell of a row, or what is wrong with it."""
    for name, plain in row.items():
        fact = layout.facts.get(name)
        if fact is None:
            continue
        out = row.get(f"{name}{KNOWN_OUT}")
        yield name, *read_cell(fact, plain, out)


def read_cell(
    fact: Fact, plain: object, known_out: object = None
) -> tuple[Answer, tuple[Misanswer, ...]]:
    """Read one cell as the answer to a fact; null is *not asked*."""
    match fact.kind:
        case _ if plain is None and known_out is None:
            return Silence.NOT_ASKED, ()
        case Kind.SET:
            return _set(fact, plain, known_out)
        case Kind.NUMBER:
            found = _number(fact, plain)
        case _:
            return read_answer(fact, plain)
    if isinstance(found, Misanswer):
        return Silence.NOT_ASKED, (found,)
    return found, ()


def _set(fact: Fact, plain: object, known_out: object) -> tuple[Answer, tuple[Misanswer, ...]]:
    plain, known_out = _listed(plain), _listed(known_out)
    if fact.name == ROLE and plain == []:
        return Silence.NOT_ASKED, ()
    for listed in (plain, known_out):
        if isinstance(listed, list) and None in listed:
            message = f"a list holds null; write what is not in it in {fact.name}{KNOWN_OUT}"
            return Silence.NOT_ASKED, (Misanswer(message=message),)
    if fact.name == MARKETS:
        return _markets(plain, known_out)
    if known_out is None:
        return read_answer(fact, plain)
    inside = [] if plain is None else plain
    return read_answer(fact, {"known_in": inside, "known_out": known_out})


def _listed(plain: object) -> object:
    """Read a set written as one text, its words divided by commas; "" is the empty set."""
    if not isinstance(plain, str):
        return plain
    return [word.strip() for word in plain.split(",")] if plain.strip() else []


def _markets(plain: object, known_out: object) -> tuple[Answer, tuple[Misanswer, ...]]:
    """Read markets: any code stands for one, whether or not the vocabulary names it."""
    lists = [each if isinstance(each, list) else [] for each in (plain, known_out)]
    wrong = tuple(each for codes in lists for code in codes for each in market_faults(code))
    inside, outside = (frozenset(map(str, codes)) for codes in lists)
    if wrong or inside & outside:
        both = Misanswer(message=f"{', '.join(sorted(inside & outside))}: both in and not in")
        return Silence.NOT_ASKED, wrong or (both,)
    if known_out is None:
        return inside, ()
    return OpenSet(known_in=inside, known_out=outside), ()


def market_faults(code: object) -> Iterator[Misanswer]:
    """Say what is wrong with a market's code, if anything."""
    text = str(code)
    if text in UNION_MEMBERS:
        message = f"{text} is a member state of the EU, whose market is EU"
        yield Misanswer(message=message, near=EUROPEAN_UNION)
    elif not is_market(text):
        near = near_miss(text.upper(), ("EU", "CHN", "VNM", "BRA", "KHM", "WAICO"))
        message = f"{text[:20]!r} is no market: an ISO 3166-1 alpha-3 code, EU, or a body"
        yield Misanswer(message=message, near=near)


def _number(fact: Fact, plain: object) -> Answer | Misanswer:
    """Read a number in the unit of the vocabulary, or a text that may name its unit."""
    match plain:
        case str():
            return _written(fact, plain)
        case bool():
            return Misanswer(message="true or false is not a number")
        case float():
            return _floating(plain)
        case int() | Decimal():
            value = Decimal(plain)
            if not value.is_finite() or value < 0 or value.adjusted() >= MAX_DIGITS:
                return Misanswer(message=f"{str(plain)[:60]} is no exact number from 0")
            return exact_number(value)
        case _:
            return Misanswer(message=f"{str(plain)[:60]!r} is not a number")


def _written(fact: Fact, text: str) -> Answer | Misanswer:
    stripped = text.strip()
    if fact.unit is not None and " " not in stripped:
        stripped = f"{stripped} {fact.unit}"
    answer, faults = read_answer(fact, stripped)
    if isinstance(answer, Silence):
        known = Misanswer(message=f"{text[:60]!r} is not a number; leave the cell empty")
        return faults[0] if faults else known
    return answer


def _floating(plain: float) -> Number | Misanswer:
    value = Decimal(repr(plain))
    if not value.is_finite() or value < 0:
        return Misanswer(message=f"{plain} is no exact number from 0")
    if value >= EXACT_FLOATS:
        message = (
            f"{plain} is a floating number and not exact: write a text, integer or decimal"
        )
        return Misanswer(message=message)
    return exact_number(value)
