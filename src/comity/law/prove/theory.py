# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A theory: what can be true of one system, asked of a solver of its own."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

import z3
from z3 import z3core

from comity.law.condition import Condition
from comity.law.fact import Answer, Fact, Kind, Silence
from comity.law.prove.encode import (
    Claim,
    Encoder,
    Reach,
    bit_name,
    cut_name,
    guard_name,
    is_lowest,
)

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
        self._reach = Reach()
        self._assume([self.encoder.claim(axiom) for axiom in axioms])

    def possible(self, *conditions: Condition) -> Possibility:
        """Tell whether the conditions can hold together."""
        return self.check([self.encoder.claim(condition) for condition in conditions])

    def check(self, claims: Sequence[Claim]) -> Possibility:
        """Tell whether claims can hold together."""
        reach = self._reach.plus(claim.reach for claim in claims)
        for exactly in (False, True) if reach.gaps else (True,):
            with self._pushed(claims, reach, exactly=exactly):
                verdict = _possibility(self.solver.check())
            if verdict is Possibility.POSSIBLE:
                break
        return verdict

    @contextmanager
    def assuming(self, *conditions: Condition) -> Iterator[None]:
        """Hold conditions fixed for the questions asked inside."""
        before = self._reach
        self.solver.push()
        self._assume([self.encoder.claim(condition) for condition in conditions])
        try:
            yield
        finally:
            self._reach = before
            self.solver.pop()

    def _assume(self, claims: Sequence[Claim]) -> None:
        self._reach = self._reach.plus(claim.reach for claim in claims)
        for claim in claims:
            self.solver.add(claim.term)

    def find(self, *conditions: Condition) -> Found:
        """Look for a system of which the conditions hold, answering the facts they speak of.

        Measured dates lie within `PLAUSIBLE` where they can.
        """
        claims = [self.encoder.claim(condition) for condition in conditions]
        reach = self._reach.plus(claim.reach for claim in claims)
        names = frozenset().union(*(claim.reach.facts for claim in claims))
        plausible = self._plausible(reach)
        ways = (
            ((False, plausible), (True, plausible), (True, [])) if plausible else ((True, []),)
        )
        found = Found(verdict=Possibility.UNDECIDED)
        for exactly, narrowed in ways:
            with self._pushed(claims, reach, exactly=exactly):
                found = self._found(reach, names, narrowed)
            if found.verdict is Possibility.POSSIBLE:
                break
        return found

    def _found(self, reach: Reach, names: frozenset[str], narrowed: list[z3.BoolRef]) -> Found:
        verdict = _possibility(self.solver.check(*narrowed))
        if verdict is not Possibility.POSSIBLE:
            return Found(verdict=verdict)
        model = self.solver.model()
        held = frozenset(each.name() for each in model.decls() if z3.is_true(model[each]))
        answers = {name: self._answer(model, held, name, reach) for name in sorted(names)}
        return Found(verdict=verdict, answers=answers)

    @contextmanager
    def _pushed(
        self, claims: Sequence[Claim], reach: Reach, *, exactly: bool
    ) -> Iterator[None]:
        links = self.encoder.links(reach, exactly=exactly)
        self.solver.push()
        try:
            for term in (*(claim.term for claim in claims), *links):
                # The wrapper's casts, which nothing here needs, cost a third of a question.
                z3core.Z3_solver_assert(term.ctx.ref(), self.solver.solver, term.as_ast())
            yield
        finally:
            self.solver.pop()

    def _plausible(self, reach: Reach) -> list[z3.BoolRef]:
        first, last = (day.toordinal() for day in PLAUSIBLE)
        days = (self.encoder.ordinal(name) for name in sorted(reach.measured))
        return [z3.And(day >= first, day <= last) for day in days]

    def _answer(
        self, model: z3.ModelRef, held: frozenset[str], name: str, reach: Reach
    ) -> Answer:
        """Return what a model says of a fact; *held* names the bits that are true in it."""
        fact = self.facts[name]
        if fact.guard is not None and guard_name(name) not in held:
            return Silence.NOT_APPLICABLE
        match fact.kind:
            case Kind.BOOL:
                return bit_name(name) in held
            case Kind.ENUM:
                places = range(self.encoder.width(fact))
                code = sum((bit_name(name, place) in held) << place for place in places)
                return fact.values[min(code, len(fact.values) - 1)]
            case Kind.SET:
                return frozenset(v for v in fact.values if bit_name(name, v) in held)
            case Kind.DATE if name in reach.measured:
                chosen = model.eval(self.encoder.ordinal(name), model_completion=True)
                return dt.date.fromordinal(chosen.as_long())
            case Kind.NUMBER | Kind.DATE:
                return self._least(held, fact, reach)

    def _least(self, held: frozenset[str], fact: Fact, reach: Reach) -> Answer:
        """Return the least number or day between the cuts a model chose."""
        bounds = sorted(bound for name, bound in reach.cuts if name == fact.name)
        reached = [b for b in bounds if is_lowest(b) or cut_name(fact.name, b) in held]
        if reached or fact.kind is Kind.NUMBER:
            return reached[-1] if reached else 0
        first = bounds[0] if bounds else PLAUSIBLE[1]
        assert isinstance(first, dt.date)  # noqa: S101 - the grammar typed it
        return first - dt.timedelta(days=1)


def _possibility(result: z3.CheckSatResult) -> Possibility:
    if result == z3.sat:
        return Possibility.POSSIBLE
    return Possibility.IMPOSSIBLE if result == z3.unsat else Possibility.UNDECIDED
