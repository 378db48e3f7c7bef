# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The interview: which unanswered question settles most, one step ahead.

A checklist, not a flowchart: no order is authored. Every plausible answer to every open
question is tried on the quick engine, and the question that leaves fewest norms undecided
on average comes first.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode, NormId
from comity.law.close import close
from comity.law.condition import Cmp, Gap, Has
from comity.law.determine import ROLE, Determination, Status
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence, answer_to_json
from comity.law.pack import Library

MOST_ANSWERS = 8
"""Plausible answers tried per question: all of a bool or a short enum, a spread of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one plausible answer would do.

    Args:
        settles: Norms it would settle; counted over all markets asked about.
        applies: How many of them would then apply.
    """

    answer: Answer
    settles: int
    applies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open question and what answering it would settle.

    Args:
        settles: Norms settled on average over the plausible answers, each as likely.
        concerns: Undetermined norms in which the answer still matters.
    """

    fact: str
    text: str
    settles: Fraction
    concerns: int
    outcomes: tuple[Outcome, ...]

    def to_json(self) -> Json:
        """Write the question as plain JSON values; the average in thousandths."""
        return {
            "fact": self.fact,
            "question": self.text,
            "settles_thousandths": int(self.settles * 1000),
            "concerns": self.concerns,
            "answers": [
                {
                    "answer": answer_to_json(outcome.answer),
                    "settles": outcome.settles,
                    "applies": outcome.applies,
                }
                for outcome in self.outcomes
            ],
        }


def next_questions(determination: Determination, *, limit: int = 5) -> tuple[Question, ...]:
    """Return the questions that settle most, best first; ties by concern, then by name."""
    library, profile = determination.library, determination.profile
    open_norms = _open_norms(determination)
    concerns = _concerns(determination)
    rows = _Rows(determination=determination, open_norms=open_norms)
    questions = [
        _question(library.vocabulary.facts[fact], rows, concerned)
        for fact, concerned in concerns.items()
        if fact != ROLE and profile.answers.get(fact) is not Silence.NOT_KNOWN
    ]
    ranked = sorted(questions, key=lambda each: (-each.settles, -each.concerns, each.fact))
    return tuple(ranked[:limit])


def _open_norms(determination: Determination) -> dict[MarketCode, frozenset[NormId]]:
    found: dict[MarketCode, set[NormId]] = {}
    for ruling in determination.of(status=Status.CANNOT_TELL):
        found.setdefault(ruling.market, set()).add(ruling.norm.name)
    return {market: frozenset(norms) for market, norms in found.items()}


def _concerns(determination: Determination) -> dict[str, int]:
    """Count, by fact, the undetermined norms it could settle."""
    counts: dict[str, set[NormId]] = {}
    for ruling in determination.of(status=Status.CANNOT_TELL):
        for fact in ruling.unsettled:
            counts.setdefault(fact, set()).add(ruling.norm.name)
    return {fact: len(norms) for fact, norms in counts.items()}


def _question(fact: Fact, rows: "_Rows", concerned: int) -> Question:
    answers = plausible(fact, rows.determination.library, rows.known(fact.name))
    tried = (rows.outcome(fact.name, answer) for answer in answers)
    outcomes = tuple(outcome for outcome in tried if outcome is not None)
    total = sum(outcome.settles for outcome in outcomes)
    return Question(
        fact=fact.name,
        text=fact.question.in_language("en"),
        settles=Fraction(total, len(outcomes)) if outcomes else Fraction(0),
        concerns=concerned,
        outcomes=outcomes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Hypothetical answers, each a row for the quick engine."""

    determination: Determination
    open_norms: Mapping[MarketCode, frozenset[NormId]]

    def known(self, fact: str) -> Answer:
        """Return what is known of a fact in the first market."""
        for closure in self.determination.closures.values():
            return closure.answers.get(fact, Silence.NOT_ASKED)
        return Silence.NOT_ASKED

    def outcome(self, fact: str, answer: Answer) -> Outcome | None:
        """Try one answer in every market; None where it would contradict what is known."""
        library = self.determination.library
        settles = applies = 0
        for market, norms in self.open_norms.items():
            before = self.determination.closures[market].answers
            after: Mapping[str, Answer] = {**before, fact: answer}
            if fact in library.closing_facts:
                closure = close(after, library.vocabulary, library.meanings)
                if closure.contradictions:
                    return None
                after = closure.answers
            decided = library.engines[market].decide(after)
            settles += len(norms.difference(decided.undetermined))
            applies += len(norms.intersection(decided.applies))
        return Outcome(answer=answer, settles=settles, applies=applies)


def plausible(fact: Fact, library: Library, known: Answer) -> tuple[Answer, ...]:
    """Return the answers worth trying: where the law draws lines, one on each side."""
    match fact.kind:
        case Kind.BOOL:
            return (True, False)
        case Kind.ENUM:
            return fact.values[:MOST_ANSWERS]
        case Kind.SET:
            return tuple(_sets(fact, library, known))[:MOST_ANSWERS]
        case Kind.NUMBER:
            return tuple(_spread(_numbers(fact.name, library)))
        case Kind.DATE:
            return tuple(_spread(_days(fact.name, library)))


def _sets(fact: Fact, library: Library, known: Answer) -> Iterator[Answer]:
    certain = known.known_in if isinstance(known, OpenSet) else frozenset()
    excluded = known.known_out if isinstance(known, OpenSet) else frozenset()
    yield certain
    asked = {
        value
        for node in library.nodes
        if isinstance(node, Has) and node.fact == fact.name
        for value in node.values
    }
    for value in fact.values:
        if value in asked - certain - excluded:
            yield certain | {value}


def _numbers(fact: str, library: Library) -> Iterable[Answer]:
    bounds = {
        node.bound
        for node in library.nodes
        if isinstance(node, Cmp) and node.fact == fact and not isinstance(node.bound, dt.date)
    }
    return [0, *sorted(bounds)]


def _days(fact: str, library: Library) -> Iterable[Answer]:
    bounds = {
        node.bound
        for node in library.nodes
        if isinstance(node, Cmp) and node.fact == fact and isinstance(node.bound, dt.date)
    }
    if any(
        isinstance(node, Gap) and fact in (node.later, node.earlier) for node in library.nodes
    ):
        bounds |= {dt.date(2020, 1, 1), dt.date(2040, 1, 1)}
    if not bounds:
        return [dt.date(2020, 1, 1)]
    return [min(bounds) - dt.timedelta(days=1), *sorted(bounds)]


def _spread(answers: Iterable[Answer]) -> list[Answer]:
    """Return at most MOST_ANSWERS of them, evenly spread, the ends included."""
    every = list(dict.fromkeys(answers))
    if len(every) <= MOST_ANSWERS:
        return every
    last = len(every) - 1
    return [every[round(i * last / (MOST_ANSWERS - 1))] for i in range(MOST_ANSWERS)]
