# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the law room: one system against all norms, real and synthetic, CPU-milliseconds.

Run it as a script: python benchmarks/law.py [systems]

The synthetic law has the shape of shared/research/law.md, 3.1: 80 typed facts, 40 shared
definitions of Annex III's kind, 300 norms with exceptions. A third of the facts is unknown.
"""

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.files.library import library_below
from comity.files.pack import SHIPPED
from comity.kernel.ids import FactName, MarketCode, NormId
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.close import close
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
from comity.law.determine import determine
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.generate import Decided, Engine, generate
from comity.law.interview import next_questions
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile

TEXT = LocalText(by_tag={"en": "x"})
UNKNOWN = 0.3
GOAL_MS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Norms to be decided, whatever they were made of."""

    name: str
    facts: Mapping[str, Fact]
    meanings: Mapping[str, Condition]
    norms: Mapping[NormId, Condition]


def main() -> None:
    """Print the tables."""
    systems = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    started = time.process_time()
    library = library_below(SHIPPED)
    reading_ms = 1e3 * (time.process_time() - started)
    real = Law(
        name="real",
        facts=library.vocabulary.facts,
        meanings=library.meanings,
        norms={name: norm.applies_when for name, norm in library.norms.items()},
    )
    print(f"reading the packs: {reading_ms:.0f} ms, {len(library.norms)} norms\n")
    print("One system against all norms, 30 % of facts unknown, CPU-ms")
    print(
        f"{'law':<10}{'norms':>6}{'build':>8}{'engine':>9}{'interp.':>9}{'ratio':>7}{'cells':>9}"
    )
    for law in (real, synthetic(7)):
        _measure(law, systems)
    print()
    _measure_verbs(library)


def _measure(law: Law, systems: int) -> None:
    dice = random.Random(3)  # noqa: S311 - a benchmark that can be repeated
    rows = [_system(law.facts, dice) for _ in range(systems)]
    started = time.process_time()
    engine = generate(law.norms, law.facts, law.meanings)
    build_ms = 1e3 * (time.process_time() - started)
    quick_ms = _median_ms(engine.decide, rows)
    few = rows[: max(10, systems // 10)]
    slow_ms = _median_ms(lambda row: _interpreted(law, row), few)
    cells = sum(_agreeing(law, engine, row) for row in few)
    print(
        f"{law.name:<10}{len(law.norms):>6}{build_ms:>8.1f}{quick_ms:>9.3f}{slow_ms:>9.2f}"
        f"{slow_ms / quick_ms:>7.0f}{cells:>9,}"
    )
    assert quick_ms * 300 / len(law.norms) <= GOAL_MS, "slower than 0.1 ms for 300 norms"


def _interpreted(law: Law, row: Mapping[str, Answer]) -> list[Truth]:
    return [evaluate(norm, row, law.meanings) for norm in law.norms.values()]


def _agreeing(law: Law, engine: Engine, row: Mapping[str, Answer]) -> int:
    decided: Decided = engine.decide(row)
    applies, undetermined = set(decided.applies), set(decided.undetermined)
    for name, truth in zip(law.norms, _interpreted(law, row), strict=True):
        assert (name in applies) is (truth is Truth.TRUE)
        assert (name in undetermined) is (truth is Truth.UNDETERMINED)
    return len(law.norms)


def _median_ms(
    call: Callable[[dict[str, Answer]], object], rows: list[dict[str, Answer]]
) -> float:
    """Return the median CPU time of a call, each row timed over enough repetitions."""
    found = []
    for row in rows:
        repeat = 5
        started = time.process_time_ns()
        for _ in range(repeat):
            call(row)
        found.append((time.process_time_ns() - started) / repeat / 1e6)
    return statistics.median(found)


def _measure_verbs(library: Library) -> None:
    profile = Profile(
        system="x",
        name=TEXT,
        purpose=TEXT,
        roles=(Role.PROVIDER,),
        answers={"is_ai_system": True, "generates": frozenset({"text"})},
    )
    markets = sorted({pack.market for pack in library.packs}, key=str)

    def ask(_: dict[str, Answer]) -> object:
        return determine(library, profile, markets=markets, on=dt.date(2026, 11, 21))

    def shut(_: dict[str, Answer]) -> object:
        return close(profile.answers, library.vocabulary, library.meanings)

    once: list[dict[str, Answer]] = [{}]
    determination = determine(
        library,
        profile,
        markets=[MarketCode(each) for each in markets],
        on=dt.date(2026, 11, 21),
    )
    print(f"closing the answers          {_median_ms(shut, once):8.2f} CPU-ms")
    print(f"determine, {len(markets)} markets, reasons {_median_ms(ask, once):8.2f} CPU-ms")
    questions = _median_ms(lambda _: next_questions(determination.situation), once)
    print(f"the questions that settle most {questions:6.0f} CPU-ms")


def synthetic(seed: int) -> Law:
    """Make a law of 300 norms over 80 facts; the same for the same seed."""
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
    norms = {NormId(f"n{i}"): _norm(facts, list(meanings), dice) for i in range(300)}
    return Law(name="synthetic", facts=facts, meanings=meanings, norms=norms)


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


def _system(facts: Mapping[str, Fact], dice: random.Random) -> dict[str, Answer]:
    return {
        name: Silence.NOT_ASKED if dice.random() < UNKNOWN else _answer(fact, dice)
        for name, fact in facts.items()
    }


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


if __name__ == "__main__":
    main()
