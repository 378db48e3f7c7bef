# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The form about duties: from the pairs a browser sends to a query, and back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.desk.register.dutysheet import AnswerFault, OpenQuestion, Query, questions_of
from comity.errors import InvalidDocument
from comity.kernel.instant import from_iso_date

PREFIX = "fact."
NONE = "-none"
"""Stands for the empty set; no value of a vocabulary begins with a hyphen."""

NOT_KNOWN = "not known"
NO_MARKET = "choose at least one market"
NOT_A_DAY = "this is not a day like 2026-11-21"
"""Messages the page has in every language; those of other rooms are English."""

_MAX_FACTS = 200

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent, as far as it can be read.

    Args:
        query: None where nothing was asked yet, or where faults stand.
        typed: What stands in each field, to be shown again.
        asked: The questions answered.
    """

    query: Query | None
    faults: tuple[AnswerFault, ...]
    typed: Mapping[str, tuple[str, ...]]
    asked: tuple[OpenQuestion, ...]


def read_form(pairs: Pairs, *, today: dt.date) -> Sent:
    """Read the pairs of the form about duties."""
    typed: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        typed[name] = (*typed.get(name, ()), value[:500])
    names = [
        name.removeprefix(PREFIX)
        for name, values in typed.items()
        if name.startswith(PREFIX) and any(values)
    ]
    asked = questions_of(names[:_MAX_FACTS])
    if "market" not in typed and "on" not in typed:
        return Sent(query=None, faults=(), typed=typed, asked=asked)
    date, faults = _date(typed.get("on", ("",))[-1], today)
    markets = tuple(filter(None, typed.get("market", ())))[:40]
    if not markets:
        faults = (AnswerFault(field="market", message=NO_MARKET), *faults)
    show = typed.get("show", ("",))[-1]
    query = Query(
        markets=markets,
        on=date,
        role=typed.get("role", ("",))[-1],
        answers=dict(_answers(asked, typed)),
        show=show if show in markets else next(iter(markets), ""),
    )
    return Sent(query=None if faults else query, faults=faults, typed=typed, asked=asked)


def _date(text: str, today: dt.date) -> tuple[dt.date, tuple[AnswerFault, ...]]:
    if not text:
        return today, ()
    try:
        return from_iso_date(text), ()
    except InvalidDocument:
        return today, (AnswerFault(field="on", message=NOT_A_DAY),)


def _answers(
    asked: Iterable[OpenQuestion], typed: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[str, object]]:
    for question in asked:
        values = tuple(filter(None, typed[PREFIX + question.fact]))
        if values:
            yield question.fact, _plain(question, values)


def _plain(question: OpenQuestion, values: tuple[str, ...]) -> object:
    if NOT_KNOWN in values:
        return NOT_KNOWN
    match question.kind:
        case "bool":
            return {"yes": True, "no": False}.get(values[-1], values[-1])
        case "set":
            return [value for value in values if value != NONE]
        case "number" if question.unit and " " not in values[-1].strip():
            return f"{values[-1].strip()} {question.unit}"
        case _:
            return values[-1]
