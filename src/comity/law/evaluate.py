# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The interpreter: Kleene's logic over conditions. It is the specification of every engine.

What is unknown stays undetermined; what is not applicable makes every atom about it false,
whichever way the atom is put.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from comity.errors import Fault, InvalidDocument
from comity.kernel.truth import Truth, all_of, any_of
from comity.law.condition import (
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Or,
    Ref,
    Span,
)  # fmt: skip
from comity.law.fact import Answer, OpenSet, Silence

Answers = Mapping[str, Answer]
"""Answer by fact name; a fact that is not there was not asked."""


def evaluate(
    condition: Condition, answers: Answers, meanings: Mapping[str, Condition]
) -> Truth:
    """Return whether a condition holds, as far as the answers tell.

    Args:
        condition: Typed against the vocabulary, definitions without circles.
        answers: Typed against the vocabulary, guards already derived.
        meanings: The condition of each definition.

    Source:
        Kleene (1952), section 64; shared/DESIGN section 4.
    """
    match condition:
        case And(parts):
            return all_of(evaluate(part, answers, meanings) for part in parts)
        case Or(parts):
            return any_of(evaluate(part, answers, meanings) for part in parts)
        case Not(part):
            return ~evaluate(part, answers, meanings)
        case Ref(name):
            return evaluate(meanings[name], answers, meanings)
        case Gap(later, earlier, amount, span):
            return _apart(_answer(answers, later), _answer(answers, earlier), (amount, span))
        case Is(fact) | In(fact) | Has(fact) | Cmp(fact):
            return _holds(condition, _answer(answers, fact))
        case _:
            assert_never(condition)


def _answer(answers: Answers, fact: str) -> Answer:
    return answers.get(fact, Silence.NOT_ASKED)


def _holds(atom: Is | In | Has | Cmp, answer: Answer) -> Truth:
    match answer:
        case Silence.NOT_APPLICABLE:
            return Truth.FALSE
        case Silence():
            return Truth.UNDETERMINED
        case OpenSet() if isinstance(atom, Has):
            return _has(atom, answer.known_in, answer.known_out)
        case _:
            return Truth.from_bool(_is_so(atom, answer))


def _is_so(atom: Is | In | Has | Cmp, value: Answer) -> bool:
    match atom, value:
        case Is(), bool():
            return value
        case In(values=values), str():
            return value in values
        case Has(values=values, every=every), frozenset():
            return value >= set(values) if every else not value.isdisjoint(values)
        case Cmp(at_least=at_least, bound=dt.date() as bound), dt.date():
            return (value >= bound) is at_least
        case Cmp(at_least=at_least, bound=(int() | Decimal()) as bound), int() | Decimal():
            return (value >= bound) is at_least
        case _:
            raise _mistyped(atom.fact, value)


def _mistyped(fact: str, value: Answer) -> InvalidDocument:
    fault = Fault(message=f"the answer to {fact!r} is {value!r}, which is not of its kind")
    return InvalidDocument("answers of the wrong kind", code="law.answer_kind", faults=[fault])


def _has(atom: Has, known_in: frozenset[str], known_out: frozenset[str]) -> Truth:
    members = (
        Truth.TRUE if each in known_in
        else Truth.FALSE if each in known_out
        else Truth.UNDETERMINED
        for each in atom.values
    )  # fmt: skip
    return all_of(members) if atom.every else any_of(members)


def _apart(later: Answer, earlier: Answer, least: tuple[int, Span]) -> Truth:
    if Silence.NOT_APPLICABLE in (later, earlier):
        return Truth.FALSE
    if isinstance(later, dt.date) and isinstance(earlier, dt.date):
        return Truth.from_bool(is_apart(later, earlier, *least))
    return Truth.UNDETERMINED


def is_apart(later: dt.date, earlier: dt.date, amount: int, span: Span) -> bool:
    """Tell whether *later* is at least so many calendar spans after *earlier*."""
    reached = plus(earlier, amount, span)
    return reached is not None and later >= reached


def plus(day: dt.date, amount: int, span: Span) -> dt.date | None:
    """Add calendar spans to a day; None where it leaves the calendar.

    A month after 31 January is the last day of February (Regulation (EEC, Euratom)
    1182/71, Art. 3(2)(c): where the last month has no such date, its last day).

    Example:
        >>> plus(dt.date(2024, 1, 31), 1, "month")
        datetime.date(2024, 2, 29)
    """
    try:
        match span:
            case "day":
                return day + dt.timedelta(days=amount)
            case "month":
                months = day.year * 12 + day.month - 1 + amount
            case "year":
                months = (day.year + amount) * 12 + day.month - 1
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        return None
