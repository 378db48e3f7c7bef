# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Closing a set of answers: what axioms and guards make of them before any norm is asked.

Unit propagation of the axioms decides much that Kleene's logic alone cannot (14 of 100
undetermined answers in shared/research/law.md, 3.4) and finds answers that contradict
each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from comity.kernel.truth import Truth
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
    disjunction,
)  # fmt: skip
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, OpenSet, Silence
from comity.law.pack import Axiom, Library, Vocabulary
from comity.law.reason import Clause, Tracer, deciding, names_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """An answer nobody gave, and what it follows from.

    Args:
        rule: Name of the axiom, or of the fact whose guard spoke.
        from_facts: The answers it rests on.
    """

    fact: str
    answer: Answer
    rule: str
    from_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Answers that cannot all be true.

    Args:
        rule: Name of the axiom, or of the fact whose guard the answers break.
        facts: The answers that contradict it together.
    """

    rule: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Answers with everything that follows from them."""

    answers: Mapping[str, Answer]
    derived: Mapping[str, Derived]
    contradictions: tuple[Contradiction, ...]


def close(
    answers: Mapping[str, Answer],
    vocabulary: Vocabulary,
    meanings: Mapping[str, Condition],
) -> Closure:
    """Derive what follows by guards and by unit propagation of the axioms."""
    said = (name for name, answer in answers.items() if not isinstance(answer, Silence))
    state = _State(
        given=frozenset(said),
        answers=dict(answers),
        facts=vocabulary.facts,
        meanings=meanings,
    )
    guarded = [fact for fact in vocabulary.facts.values() if fact.guard is not None]
    rules: tuple[Fact | Axiom, ...] = (*guarded, *vocabulary.axioms)
    changed = True
    while changed:
        before = dict(state.answers)
        for rule in rules:
            state.run(rule)
        changed = state.answers != before
    return Closure(
        answers=state.answers,
        derived=state.derived,
        contradictions=tuple(state.contradictions.values()),
    )


def extend(
    library: Library, closed: Mapping[str, Answer], fact: str, answer: Answer
) -> Closure:
    """Derive what one more answer adds to answers closed before.

    Returns:
        The new answers alone; `close` of all of them together gives the same.
    """
    state = _State(
        given=frozenset({fact}),
        answers={**closed, fact: answer},
        facts=library.vocabulary.facts,
        meanings=library.meanings,
        fresh=[fact],
    )
    rules: dict[int, Fact | Axiom] = {}
    while state.fresh or rules:
        for name in state.fresh:
            rules.update((id(rule), rule) for rule in library.closing_rules.get(name, ()))
        state.fresh.clear()
        if rules:
            state.run(rules.pop(next(iter(rules))))
    return Closure(
        answers={fact: answer, **{name: state.answers[name] for name in state.derived}},
        derived=state.derived,
        contradictions=tuple(state.contradictions.values()),
    )


@dataclass(slots=True, kw_only=True)
class _State:
    given: frozenset[str]
    answers: dict[str, Answer]
    facts: Mapping[str, Fact]
    meanings: Mapping[str, Condition]
    derived: dict[str, Derived] = field(default_factory=dict)
    contradictions: dict[str, Contradiction] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)

    def run(self, rule: Fact | Axiom) -> None:
        """Let a fact's guard, or an axiom, say what it can."""
        if isinstance(rule, Axiom):
            self.require(rule)
        else:
            self.guard(rule)

    def guard(self, fact: Fact) -> None:
        """Derive *not applicable* where a fact's guard is false.

        That somebody said so where the guard holds is a contradiction.
        """
        truth = Truth.UNDETERMINED if fact.guard is None else self._truth(fact.guard)
        if fact.guard is None or truth is Truth.UNDETERMINED:
            return
        answer = self._answer(fact.name)
        if (answer is Silence.NOT_APPLICABLE) is (truth is Truth.FALSE):
            return
        why = self._why(fact.guard)
        if truth is Truth.FALSE and _denies(answer):
            self._derive(fact.name, Silence.NOT_APPLICABLE, fact.name, why)
        else:
            self._contradict(fact.name, (fact.name, *why))

    def require(self, axiom: Axiom) -> None:
        """Make an axiom true as far as one step of propagation can."""
        when = self._truth(axiom.when)
        if when is Truth.FALSE:
            return
        implied = self._truth(axiom.implies)
        match when, implied:
            case Truth.TRUE, Truth.FALSE:
                why = (*self._why(axiom.when), *self._why(axiom.implies))
                self._contradict(axiom.name, tuple(dict.fromkeys(why)))
            case Truth.TRUE, Truth.UNDETERMINED:
                self._force(axiom.name, axiom.implies, Truth.TRUE, self._why(axiom.when))
            case Truth.UNDETERMINED, Truth.FALSE:
                self._force(axiom.name, axiom.when, Truth.FALSE, self._why(axiom.implies))
            case Truth.UNDETERMINED, Truth.UNDETERMINED if _denies_itself(axiom):
                whole = disjunction((Not(axiom.when), axiom.implies))
                self._force(axiom.name, whole, Truth.TRUE, ())
            case _:
                return

    def _force(
        self, rule: str, condition: Condition, wanted: Truth, why: tuple[str, ...]
    ) -> None:
        if self._truth(condition) is not Truth.UNDETERMINED:
            return
        match condition:
            case Not(part):
                self._force(rule, part, ~wanted, why)
            case Ref(name):
                self._force(rule, self.meanings[name], wanted, why)
            case And(parts):
                self._force_parts(rule, parts, (wanted, Truth.TRUE), why)
            case Or(parts):
                self._force_parts(rule, parts, (wanted, Truth.FALSE), why)
            case Is(fact):
                self._derive(fact, wanted is Truth.TRUE, rule, why)
            case In(fact, values):
                self._force_enum(rule, (fact, values), wanted, why)
            case Has():
                self._force_set(rule, condition, wanted, why)
            case Cmp() | Gap():
                return
            case _:
                assert_never(condition)

    def _force_parts(
        self,
        rule: str,
        parts: tuple[Condition, ...],
        wanted_neutral: tuple[Truth, Truth],
        why: tuple[str, ...],
    ) -> None:
        """Force every part where the whole equals its neutral truth, else the last one open."""
        wanted, neutral = wanted_neutral
        settled = [part for part in parts if self._truth(part) is not Truth.UNDETERMINED]
        open_parts = [part for part in parts if self._truth(part) is Truth.UNDETERMINED]
        if wanted is neutral:
            for part in open_parts:
                self._force(rule, part, wanted, why)
        elif open_parts and all(part == open_parts[0] for part in open_parts):
            known = (name for part in settled for name in self._why(part))
            self._force(rule, open_parts[0], wanted, tuple(dict.fromkeys((*why, *known))))

    def _force_enum(
        self, rule: str, atom: tuple[str, tuple[str, ...]], wanted: Truth, why: tuple[str, ...]
    ) -> None:
        name, values = atom
        left = set(values)
        if wanted is Truth.FALSE:
            guard = self.facts[name].guard
            if guard is not None and self._truth(guard) is not Truth.TRUE:
                return  # it may have none of the values because it does not apply
            left = set(self.facts[name].values) - left
        if len(left) == 1:
            self._derive(name, left.pop(), rule, why)

    def _force_set(self, rule: str, atom: Has, wanted: Truth, why: tuple[str, ...]) -> None:
        answer = self._answer(atom.fact)
        known = (
            answer
            if isinstance(answer, OpenSet)
            else OpenSet(known_in=frozenset(), known_out=frozenset())
        )
        values = frozenset(atom.values) - known.known_in - known.known_out
        if atom.every is (wanted is Truth.FALSE) and len(values) != 1:
            return
        if wanted is Truth.TRUE:
            known = replace(known, known_in=known.known_in | values)
        else:
            known = replace(known, known_out=known.known_out | values)
        whole = known.known_in | known.known_out >= set(self.facts[atom.fact].values)
        self._derive(atom.fact, known.known_in if whole else known, rule, why)

    def _derive(self, fact: str, answer: Answer, rule: str, why: tuple[str, ...]) -> None:
        if self.answers.get(fact) != answer:
            self.fresh.append(fact)
        self.answers[fact] = answer
        self.derived[fact] = Derived(fact=fact, answer=answer, rule=rule, from_facts=why)

    def _contradict(self, rule: str, facts: tuple[str, ...]) -> None:
        given = dict.fromkeys(name for fact in facts for name in self._given(fact))
        self.contradictions.setdefault(rule, Contradiction(rule=rule, facts=tuple(given)))

    def _given(self, fact: str) -> tuple[str, ...]:
        """Return the answers somebody gave that a fact's answer rests on."""
        found: dict[str, None] = {}
        todo, seen = [fact], set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.given or name not in self.derived:
                found[name] = None
            if name in self.derived:
                todo.extend(self.derived[name].from_facts)
        return tuple(found)

    def _why(self, condition: Condition) -> tuple[str, ...]:
        trace = Tracer(answers=self.answers, meanings=self.meanings).trace(condition)
        clauses: tuple[Clause, ...] = deciding(trace)
        return tuple(
            dict.fromkeys(name for clause in clauses for name in names_in(clause.atom))
        )

    def _answer(self, fact: str) -> Answer:
        return self.answers.get(fact, Silence.NOT_ASKED)

    def _truth(self, condition: Condition) -> Truth:
        return evaluate(condition, self.answers, self.meanings)


def _denies(answer: Answer) -> bool:
    """Tell whether an answer fits a fact that does not apply: nothing is claimed of it."""
    match answer:
        case Silence() | False:
            return True
        case frozenset():
            return not answer
        case OpenSet():
            return not answer.known_in
        case _:
            return False


def _denies_itself(axiom: Axiom) -> bool:
    """Tell whether an axiom implies, among others, that it does not begin."""
    never, implied = Not(axiom.when), axiom.implies
    return never == implied or (isinstance(implied, Or) and never in implied.parts)
