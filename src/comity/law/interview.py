# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The interview: which unanswered question settles most, one step ahead.

A checklist, not a flowchart: no order is authored. Every plausible answer to every open
question is a hypothetical row; all rows are worked out at once, and the question that
leaves fewest norms undecided on average comes first.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode, NormId
from comity.law.close import extend
from comity.law.condition import Atom, Cmp, Gap, Has
from comity.law.fact import (
    ASKED_ON,
    MARKETS,
    Answer,
    Fact,
    Kind,
    OpenSet,
    Silence,
    answer_to_json,
)  # fmt: skip
from comity.law.norm import Norm
from comity.law.pack import Library
from comity.law.plane import Plane, Table, Tally
from comity.law.situation import Situation

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
        markets: Where it is open, in the order asked about.
        norms: The undetermined norms that wait on it.
    """

    fact: str
    text: str
    settles: Fraction
    concerns: int
    outcomes: tuple[Outcome, ...]
    markets: tuple[MarketCode, ...] = ()
    norms: tuple[NormId, ...] = ()

    def to_json(self) -> Json:
        """Write the question as plain JSON values; the average in thousandths."""
        return {
            "fact": self.fact,
            "question": self.text,
            "settles_thousandths": int(self.settles * 1000),
            "concerns": self.concerns,
            "markets": list(self.markets),
            "norms": list(self.norms),
            "answers": [
                {
                    "answer": answer_to_json(outcome.answer),
                    "settles": outcome.settles,
                    "applies": outcome.applies,
                }
                for outcome in self.outcomes
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is open in a situation.

    Args:
        undetermined: Norms in force of which it cannot be told whether they apply.
        questions: Those that may be asked, best first.
    """

    undetermined: tuple[NormId, ...]
    questions: tuple[Question, ...]


def next_questions(situation: Situation, *, limit: int = 5) -> tuple[Question, ...]:
    """Return the questions that settle most, best first; ties by concern, then by name."""
    return agenda(situation, limit=limit).questions


def agenda(
    situation: Situation, *, limit: int = 5, skipped: frozenset[str] = frozenset()
) -> Agenda:
    """Return what is open, and the questions that settle most, best first.

    Args:
        skipped: Facts not to be asked about.
    """
    facts = situation.library.vocabulary.facts
    groups = [_Group.of(situation, markets) for markets in _alike(situation)]
    answers: dict[str, tuple[Answer, ...]] = {}
    for group in groups:
        for fact in sorted(group.askable - skipped - answers.keys()):
            known = group.answers.get(fact, Silence.NOT_ASKED)
            answers[fact] = plausible(facts[fact], situation.library, known)
    for group in groups:
        group.try_out(situation.library, answers)
    questions = [_question(facts[fact], groups, tried) for fact, tried in answers.items()]
    questions.sort(key=lambda each: (-each.settles, -each.concerns, each.fact))
    open_norms = (norm for group in groups for norm in group.open)
    return Agenda(
        undetermined=tuple(open_norms),
        questions=tuple(_placed(each, situation, groups) for each in questions[:limit]),
    )


def _alike(situation: Situation) -> Iterator[list[MarketCode]]:
    """Yield the markets in which the same answers hold, together."""
    asks_markets = MARKETS in situation.library.asked_facts
    groups: list[list[MarketCode]] = []
    for market in situation.markets:
        derived = situation.closures[market].derived
        together = next(
            (each for each in groups if situation.closures[each[0]].derived is derived), None
        )
        if together is None or asks_markets:
            groups.append([market])
        else:
            together.append(market)
    yield from groups


@dataclass(slots=True, kw_only=True)
class _Group:
    """Markets in which the same answers hold, and what is open there.

    Args:
        open: Plane of each undetermined norm in force, over row 0 alone.
        concerns: Undetermined norms by the facts that still matter in them.
        askable: Facts that matter and that nobody has answered, not even by a silence.
        rows: Row by fact and position of the answer tried; none where it would contradict.
    """

    markets: tuple[MarketCode, ...]
    answers: Mapping[str, Answer]
    open: dict[NormId, Plane]
    concerns: dict[str, list[NormId]]
    askable: frozenset[str]
    rows: dict[tuple[str, int], int]
    settled: Tally
    applying: Tally

    @classmethod
    def of(cls, situation: Situation, markets: Sequence[MarketCode]) -> "_Group":
        """Find out what is open."""
        library = situation.library
        answers = situation.closures[markets[0]].answers
        said = situation.profile.answers_in(markets[0], situation.facts_on)
        table = Table(answers, ())
        norms = [
            norm.name
            for market in markets
            for _, norm in library.norms_of(market)
            if _binds_now(norm, situation)
        ]
        planes = {name: library.nodes_of[name](table) for name in norms}
        undecided = {name: plane for name, plane in planes.items() if not plane[0] | plane[1]}
        concerns: dict[str, list[NormId]] = {}
        for name, plane in undecided.items():
            for fact in library.program.named(plane[2]):
                concerns.setdefault(fact, []).append(name)
        return cls(
            markets=tuple(markets), answers=answers, open=undecided, concerns=concerns,
            askable=frozenset(fact for fact in concerns if _is_open(fact, answers, said)),
            rows={}, settled=Tally(), applying=Tally(),
        )  # fmt: skip

    def try_out(self, library: Library, tried: Mapping[str, Sequence[Answer]]) -> None:
        """Work out every plausible answer to every question, a row each."""
        departures: list[Mapping[str, Answer]] = []
        for fact in self.askable & tried.keys():
            for position, answer in enumerate(tried[fact]):
                departure: Mapping[str, Answer] = {fact: answer}
                if fact in library.closing_rules:
                    closure = extend(library, self.answers, fact, answer)
                    if closure.contradictions:
                        continue
                    departure = closure.answers
                departures.append(departure)
                self.rows[fact, position] = len(departures)
        table = Table(self.answers, departures)
        for name in self.open:
            holds, fails, _ = library.nodes_of[name](table)
            self.settled.add(holds | fails)
            self.applying.add(holds)


def _is_open(fact: str, answers: Mapping[str, Answer], said: Mapping[str, Answer]) -> bool:
    """Tell whether a fact may be asked about: nobody has said even that it is not known."""
    if fact in {ASKED_ON, MARKETS}:
        return False
    asked_before = said.get(fact) in {Silence.NOT_KNOWN, Silence.DISPUTED}
    answer = answers.get(fact, Silence.NOT_ASKED)
    return not asked_before and (answer is Silence.NOT_ASKED or isinstance(answer, OpenSet))


def _binds_now(norm: Norm, situation: Situation) -> bool:
    """Tell whether a norm is in force on the day and speaks to one of the roles."""
    begun = norm.valid_from is None or norm.valid_from <= situation.on
    over = norm.valid_until is not None and norm.valid_until <= situation.on
    return begun and not over and any(r is None or r in norm.who for r in situation.roles)


def _question(fact: Fact, groups: Sequence[_Group], answers: Sequence[Answer]) -> Question:
    asked = [group for group in groups if fact.name in group.askable]
    outcomes = []
    for position, answer in enumerate(answers):
        rows = [(group, group.rows.get((fact.name, position))) for group in asked]
        if all(row is not None for _, row in rows):
            settles = sum(group.settled.of(row or 0) for group, row in rows)
            applies = sum(group.applying.of(row or 0) for group, row in rows)
            outcomes.append(Outcome(answer=answer, settles=settles, applies=applies))
    total = sum(outcome.settles for outcome in outcomes)
    return Question(
        fact=fact.name,
        text=fact.question.in_language("en"),
        settles=Fraction(total, len(outcomes)) if outcomes else Fraction(0),
        concerns=sum(len(group.concerns[fact.name]) for group in asked),
        outcomes=tuple(outcomes),
    )


def _placed(question: Question, situation: Situation, groups: Sequence[_Group]) -> Question:
    """Say in which markets a question is open."""
    pack_of, fact = situation.library.pack_of, question.fact
    open_in = [group for group in groups if fact in group.askable]
    norms = tuple(norm for group in open_in for norm in group.concerns[fact])
    found = {pack_of[norm].market for norm in norms}
    markets = tuple(market for market in situation.markets if market in found)
    return replace(question, markets=markets, norms=norms)


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
            return tuple(_spread(_numbers(library.atoms_of.get(fact.name, ()))))
        case Kind.DATE:
            return tuple(_spread(_days(library.atoms_of.get(fact.name, ()))))


def _sets(fact: Fact, library: Library, known: Answer) -> Iterator[Answer]:
    certain = known.known_in if isinstance(known, OpenSet) else frozenset()
    excluded = known.known_out if isinstance(known, OpenSet) else frozenset()
    yield certain
    atoms = library.atoms_of.get(fact.name, ())
    asked = {value for node in atoms if isinstance(node, Has) for value in node.values}
    for value in fact.values:
        if value in asked - certain - excluded:
            yield certain | {value}


def _numbers(atoms: Sequence[Atom]) -> Iterable[Answer]:
    bounds = {
        node.bound
        for node in atoms
        if isinstance(node, Cmp) and not isinstance(node.bound, dt.date)
    }
    return [0, *sorted(bounds)]


def _days(atoms: Sequence[Atom]) -> Iterable[Answer]:
    bounds = {
        node.bound
        for node in atoms
        if isinstance(node, Cmp) and isinstance(node.bound, dt.date)
    }
    if any(isinstance(node, Gap) for node in atoms):
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
