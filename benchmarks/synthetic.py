# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A synthetic law and systems for it: what several benchmarks and tests run on.

The law has the shape of shared/research/law.md, 3.1: 80 typed facts, 40 shared definitions
of Annex III's kind, 300 norms with exceptions. Numbers are powers of ten, so that engines
that only know floating numbers answer alike.
"""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from comity.kernel.digest import sha256
from comity.kernel.ids import FactName, MarketCode, NormId
from comity.kernel.localtext import LocalText
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
    conjunction,
    disjunction,
)
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.market import WAICO
from comity.law.norm import Definition, Grounds, Norm, Role
from comity.law.pack import Library, Pack, PackStatus, Vocabulary

TEXT = LocalText(by_tag={"en": "x"})
_FIRST_DAY = dt.date(2018, 1, 1)
_DAYS = 13 * 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Norms to be decided, whatever they were made of."""

    name: str
    facts: Mapping[str, Fact]
    meanings: Mapping[str, Condition]
    norms: Mapping[NormId, Condition]


def synthetic(seed: int, norms: int = 300) -> Law:
    """Make a law over 80 facts; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    facts = _facts()
    meanings: dict[str, Condition] = {}
    for position in range(40):
        wide = disjunction(
            conjunction(_atom(facts, dice) for _ in range(dice.randint(1, 3)))
            for _ in range(dice.randint(2, 6))
        )
        if dice.random() < 0.4:
            wide = conjunction((wide, Not(And((_atom(facts, dice), _atom(facts, dice))))))
        if meanings and dice.random() < 0.4:
            wide = Or((wide, Ref(dice.choice(list(meanings)))))
        meanings[f"d{position}"] = wide
    wholes = {NormId(f"n{i}"): _norm(facts, list(meanings), dice) for i in range(norms)}
    return Law(name="synthetic", facts=facts, meanings=meanings, norms=wholes)


def library_of(law: Law) -> Library:
    """Put a law into one pack of a body, so that every system is in its reach."""
    grounds = Grounds()
    norms = tuple(
        Norm(
            name=name, title=TEXT, who=(Role.PROVIDER,), demands=(), asks=None, when=whole,
            unless=(), valid_from=None, valid_until=None, grounds=grounds,
            exceptions_researched=False, meaning=sha256(name.encode()),
        )
        for name, whole in law.norms.items()
    )  # fmt: skip
    pack = Pack(
        name="synthetic", title=TEXT, market=MarketCode(WAICO), status=PackStatus.SOFT,
        version=dt.date(2026, 11, 21), norms=norms,
    )  # fmt: skip
    definitions = {
        name: Definition(name=name, label=TEXT, when=whole, grounds=grounds)
        for name, whole in law.meanings.items()
    }
    vocabulary = Vocabulary(facts=law.facts, conducts={}, axioms=())
    return Library(vocabulary=vocabulary, packs=(pack,), definitions=definitions)


def system(
    facts: Mapping[str, Fact], dice: random.Random, *, unknown: float
) -> dict[str, Answer]:
    """Answer every fact at random, or leave it open."""
    return {
        name: Silence.NOT_ASKED if dice.random() < unknown else _answer(fact, dice)
        for name, fact in facts.items()
    }


def register(law: Law, rows: int, seed: int, *, unknown: float, start: int = 0) -> pl.DataFrame:
    """Make rows of a register over a law's facts, in the form that people read.

    The first four numbers reach 10^27 and are decimals; the others are 64-bit integers.
    """
    dice = np.random.default_rng((seed, start))
    columns = [
        pl.Series("id", range(start, start + rows)).cast(pl.String),
        pl.Series("role", ["provider"], dtype=pl.Enum(["provider"])).new_from_index(0, rows),
    ]
    for name, fact in law.facts.items():
        column = _column(fact, rows, dice).alias(name)
        known = pl.Series(dice.random(rows) >= unknown)
        columns.append(pl.select(pl.when(known).then(column).alias(name)).to_series())
    return pl.DataFrame(columns)


def _column(fact: Fact, rows: int, dice: np.random.Generator) -> pl.Series:
    match fact.kind:
        case Kind.BOOL:
            return pl.Series(dice.random(rows) < 0.4)
        case Kind.ENUM:
            words = pl.Series(fact.values, dtype=pl.Enum(fact.values))
            return words.gather(dice.integers(0, len(fact.values), rows))
        case Kind.SET:
            kind = pl.Enum(fact.values)
            listed = pl.concat_list(
                pl.when(pl.Series(dice.random(rows) < 0.25)).then(pl.lit(value, dtype=kind))
                for value in fact.values
            )
            return pl.select(listed.list.drop_nulls()).to_series()
        case Kind.NUMBER if is_wide(fact.name):
            tens = [Decimal(10**power) for power in range(28)]
            powers = pl.Series(tens, dtype=pl.Decimal(38, 0))
            return powers.gather(dice.integers(0, 28, rows))
        case Kind.NUMBER:
            return pl.Series(10 ** dice.integers(0, 19, rows))
        case Kind.DATE:
            first = (_FIRST_DAY - dt.date(1970, 1, 1)).days
            days = dice.integers(first, first + _DAYS, rows).astype(np.int32)
            return pl.Series(days).cast(pl.Date)


def is_wide(fact: str) -> bool:
    """Tell whether a synthetic number may be beyond 64 bits."""
    return fact in {f"number{i}" for i in range(4)}


def _norm(facts: Mapping[str, Fact], names: list[str], dice: random.Random) -> Condition:
    parts: list[Condition] = [Ref(dice.choice(names))] if dice.random() < 0.7 else []
    for _ in range(dice.randint(1, 3)):
        several = dice.randint(2, 4) if dice.random() < 0.35 else 1
        parts.append(disjunction(_atom(facts, dice) for _ in range(several)))
    if dice.random() < 0.4:
        parts.append(Not(conjunction(_atom(facts, dice) for _ in range(dice.randint(1, 2)))))
    return conjunction(parts)


def _facts() -> dict[str, Fact]:
    shapes = [(Kind.BOOL, 30, 0), (Kind.ENUM, 20, 12), (Kind.SET, 10, 12)]
    shapes += [(Kind.NUMBER, 14, 0), (Kind.DATE, 6, 0)]
    return {
        name: Fact(
            name=FactName(name),
            kind=kind,
            values=tuple(f"v{i}" for i in range(values)),
            label=TEXT,
            question=TEXT,
            means=TEXT,
        )
        for kind, count, values in shapes
        for name in (f"{kind.value}{i}" for i in range(count))
    }


def _atom(facts: Mapping[str, Fact], dice: random.Random) -> Condition:
    weights = {Kind.BOOL: 34, Kind.ENUM: 22, Kind.SET: 20, Kind.NUMBER: 14, Kind.DATE: 10}
    (kind,) = dice.choices(list(weights), list(weights.values()))
    of_kind = [fact for fact in facts.values() if fact.kind is kind]
    fact = dice.choice(of_kind)
    match kind:
        case Kind.BOOL:
            return Is(fact.name) if dice.random() < 0.75 else Not(Is(fact.name))
        case Kind.ENUM:
            return In(fact.name, tuple(sorted(dice.sample(fact.values, dice.randint(1, 4)))))
        case Kind.SET:
            values = tuple(sorted(dice.sample(fact.values, dice.randint(1, 4))))
            return Has(fact.name, values, every=len(values) > 1 and dice.random() < 0.15)
        case Kind.NUMBER:
            return Cmp(fact.name, at_least=dice.random() < 0.5, bound=10 ** dice.randint(1, 26))
        case Kind.DATE if dice.random() < 0.3:
            return Gap(fact.name, dice.choice(of_kind).name, dice.choice([1, 6]), "month")
        case Kind.DATE:
            day = dt.date(dice.randint(2018, 2030), dice.randint(1, 12), 1)
            return Cmp(fact.name, at_least=dice.random() < 0.5, bound=day)


def _answer(fact: Fact, dice: random.Random) -> Answer:
    match fact.kind:
        case Kind.BOOL:
            return dice.random() < 0.4
        case Kind.ENUM:
            return dice.choice(fact.values)
        case Kind.SET:
            return frozenset(value for value in fact.values if dice.random() < 0.25)
        case Kind.NUMBER:
            return int(10 ** dice.randint(0, 27))
        case Kind.DATE:
            return dt.date(dice.randint(2018, 2030), dice.randint(1, 12), dice.randint(1, 28))
