# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A theory: what can be true of one system, asked of a solver of its own."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

import z3

from comity.law.condition import Condition
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.prove.encode import Claim, Encoder

PLAUSIBLE = (dt.date(2000, 1, 1), dt.date(2049, 12, 31))
"""Days a made-up system is given where nothing asks for others."""


class Possibility(Enum):
    """Whether conditions can hold together; undecided where the time ran out."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search for a system came to; answers only where one is possible."""

    verdict: Possibility
    answers: Mapping[str, Answer] = field(default_factory=dict)


class Theory:
    """What can be true of one system: facts, guards, definitions, and axioms asserted.

    Args:
        facts: By name; a condition speaks of no others.
        axioms: What holds of every system.
        meanings: The condition of each definition.
        timeout_ms: How long one question may take.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        axioms: Iterable[Condition] = (),
        meanings: Mapping[str, Condition] | None = None,
        *,
        timeout_ms: int = 10_000,
    ) -> None:
        self.facts = facts
        context = z3.Context()
        self.encoder = Encoder(context=context, facts=facts, meanings=meanings or {})
        self.solver = z3.Solver(ctx=context)
        self.solver.set("timeout", timeout_ms)
        self._assumed = [self.encoder.claim(axiom) for axiom in axioms]
        for claim in self._assumed:
            self.solver.add(claim.term)

    def possible(self, *conditions: Condition) -> Possibility:
        """Tell whether the conditions can hold together."""
        return self.check([self.encoder.claim(condition) for condition in conditions])

    def check(self, claims: Sequence[Claim]) -> Possibility:
        """Tell whether claims can hold together."""
        every = [*self._assumed, *claims]
        for exactly in (False, True) if any(claim.gaps for claim in every) else (True,):
            with self._pushed(claims, exactly=exactly):
                verdict = _possibility(self.solver.check())
            if verdict is Possibility.POSSIBLE:
                break
        return verdict

    @contextmanager
    def assuming(self, *conditions: Condition) -> Iterator[None]:
        """Hold conditions fixed for the questions asked inside."""
        claims = [self.encoder.claim(condition) for condition in conditions]
        before = len(self._assumed)
        self.solver.push()
        self.solver.add(*(claim.term for claim in claims))
        self._assumed.extend(claims)
        try:
            yield
        finally:
            del self._assumed[before:]
            self.solver.pop()

    def find(self, *conditions: Condition) -> Found:
        """Look for a system of which the conditions hold, answering the facts they speak of.

        Measured dates lie within `PLAUSIBLE` where they can.
        """
        claims = [self.encoder.claim(condition) for condition in conditions]
        plausible = self._plausible(claims)
        ways = (
            ((False, plausible), (True, plausible), (True, [])) if plausible else ((True, []),)
        )
        found = Found(verdict=Possibility.UNDECIDED)
        for exactly, narrowed in ways:
            with self._pushed(claims, exactly=exactly):
                found = self._found(claims, narrowed)
            if found.verdict is Possibility.POSSIBLE:
                break
        return found

    def _found(self, claims: Sequence[Claim], narrowed: list[z3.BoolRef]) -> Found:
        verdict = _possibility(self.solver.check(*narrowed))
        if verdict is not Possibility.POSSIBLE:
            return Found(verdict=verdict)
        model = self.solver.model()
        names = sorted(frozenset().union(*(claim.facts for claim in claims)))
        measured = self._measured(claims)
        answers = {name: self._answer(model, name, measured) for name in names}
        return Found(verdict=verdict, answers=answers)

    @contextmanager
    def _pushed(self, claims: Sequence[Claim], *, exactly: bool = True) -> Iterator[None]:
        self.solver.push()
        try:
            links = self.encoder.links([*self._assumed, *claims], exactly=exactly)
            terms = [*(claim.term for claim in claims), *links]
            if terms:
                self.solver.add(z3.And(terms))
            yield
        finally:
            self.solver.pop()

    def _measured(self, claims: Sequence[Claim]) -> frozenset[str]:
        gaps = [gap for claim in (*self._assumed, *claims) for gap in claim.gaps]
        return frozenset(name for gap in gaps for name in (gap.later, gap.earlier))

    def _plausible(self, claims: Sequence[Claim]) -> list[z3.BoolRef]:
        first, last = (day.toordinal() for day in PLAUSIBLE)
        days = (self.encoder.ordinal(name) for name in sorted(self._measured(claims)))
        return [z3.And(day >= first, day <= last) for day in days]

    def _answer(self, model: z3.ModelRef, name: str, measured: frozenset[str]) -> Answer:
        fact, bit = self.facts[name], self.encoder.bit
        if fact.guard is not None and not _holds(model, self.encoder.guard(name)):
            return Silence.NOT_APPLICABLE
        match fact.kind:
            case Kind.BOOL:
                return _holds(model, bit(name))
            case Kind.ENUM:
                places = range(self.encoder.width(fact))
                return fact.values[sum(_holds(model, bit(name, p)) << p for p in places)]
            case Kind.SET:
                return frozenset(v for v in fact.values if _holds(model, bit(name, v)))
            case Kind.DATE if name in measured:
                chosen = model.eval(self.encoder.ordinal(name), model_completion=True)
                return dt.date.fromordinal(chosen.as_long())
            case Kind.NUMBER | Kind.DATE:
                return self._least(model, fact)

    def _least(self, model: z3.ModelRef, fact: Fact) -> Answer:
        """Return the least number or day between the cuts a model chose."""
        bounds = self.encoder.bounds(fact.name)
        cuts = [(bound, self.encoder.cut(fact.name, bound)) for bound in bounds]
        reached = [bound for bound, cut in cuts if _holds(model, cut)]
        if reached or fact.kind is Kind.NUMBER:
            return reached[-1] if reached else 0
        first = bounds[0] if bounds else PLAUSIBLE[1]
        assert isinstance(first, dt.date)  # noqa: S101 - the grammar typed it
        return first - dt.timedelta(days=1)


def _holds(model: z3.ModelRef, term: z3.BoolRef) -> bool:
    return bool(z3.is_true(model.eval(term, model_completion=True)))


def _possibility(result: z3.CheckSatResult) -> Possibility:
    if result == z3.sat:
        return Possibility.POSSIBLE
    return Possibility.IMPOSSIBLE if result == z3.unsat else Possibility.UNDECIDED
