# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as columns of codes and back, slowly, one by one: a twin to check against."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence
from comity.law.sweep.encode import Encoded
from comity.law.sweep.layout import (
    MONTH,
    NO_DAY,
    NO_RANK,
    UNIX_DAY,
    Layout,
    earlier_key,
    inside,
    later_key,
    outside,
    word,
)

Answers = Mapping[str, Answer]


def columns_of(rows: Sequence[Answers], layout: Layout) -> Encoded:
    """Encode answers of every kind, *not applicable* and sets known in part among them."""
    columns: list[pl.Series] = []
    open_sets = frozenset(name for name, fact in layout.facts.items() if fact.kind is Kind.SET)
    for name, fact in layout.facts.items():
        answers = [row.get(name, Silence.NOT_ASKED) for row in rows]
        columns += _columns(fact, answers, layout)
    return Encoded(frame=pl.DataFrame(columns), open_sets=open_sets)


def _columns(fact: Fact, answers: Sequence[Answer], layout: Layout) -> list[pl.Series]:
    name = fact.name
    match fact.kind:
        case Kind.BOOL:
            none: object = False
            coded = [_coded(answer, none) for answer in answers]
            return [pl.Series(name, coded, dtype=pl.Boolean)]
        case Kind.ENUM:
            words = [
                answer if isinstance(answer, str) else _coded(answer, "") for answer in answers
            ]
            masks = [
                None if each is None else layout.masks(name, filter(None, [str(each)]))
                for each in words
            ]
            return [
                pl.Series(
                    word(name, number),
                    [None if mask is None else mask[number] for mask in masks],
                    dtype=layout.word_type(name),
                )
                for number in range(layout.words(name))
            ]
        case Kind.SET:
            sides = [_sides(fact, answer) for answer in answers]
            return [
                pl.Series(
                    side(name, number),
                    [layout.masks(name, pair[which])[number] for pair in sides],
                    dtype=layout.word_type(name),
                )
                for number in range(layout.words(name))
                for which, side in enumerate((inside, outside))
            ]
        case Kind.NUMBER:
            ranks = [
                layout.rank(name, answer)
                if isinstance(answer, int | Decimal)
                else _coded(answer, NO_RANK)
                for answer in answers
            ]
            return [pl.Series(name, ranks, dtype=layout.rank_type(name))]
        case Kind.DATE:
            return _dates(fact, answers, layout)


def _dates(fact: Fact, answers: Sequence[Answer], layout: Layout) -> list[pl.Series]:
    name = fact.name
    days = [
        answer.toordinal() - UNIX_DAY if isinstance(answer, dt.date) else _coded(answer, NO_DAY)
        for answer in answers
    ]
    found = [pl.Series(name, days, dtype=pl.Int32)]
    if name in layout.monthly:
        keys = [_keys(answer) if isinstance(answer, dt.date) else None for answer in answers]
        for which, key in enumerate((later_key, earlier_key)):
            plain = [None if pair is None else pair[which] for pair in keys]
            found.append(pl.Series(key(name), plain, dtype=pl.Int32))
    return found


def _keys(day: dt.date) -> tuple[int, int]:
    month = (day.year * 12 + day.month - 1) * MONTH
    is_last = day == dt.date.max or (day + dt.timedelta(days=1)).day == 1
    return month + (MONTH - 1 if is_last else day.day), month + day.day


def _coded(answer: Answer, none: object) -> object:
    if answer is Silence.NOT_APPLICABLE:
        return none
    return None if isinstance(answer, Silence) else answer


def _sides(fact: Fact, answer: Answer) -> tuple[frozenset[str], frozenset[str]]:
    every = frozenset(fact.values)
    match answer:
        case frozenset():
            return answer & every, every - answer
        case OpenSet():
            return answer.known_in & every, answer.known_out & every
        case Silence.NOT_APPLICABLE:
            return frozenset(), every
        case _:
            return frozenset(), frozenset()
