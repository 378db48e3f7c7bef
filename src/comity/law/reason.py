# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reasons: why a condition holds or does not, in as few clauses as decide it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from comity.kernel.truth import Truth, all_of, any_of
from comity.law.condition import And, Atom, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref
from comity.law.evaluate import Answers, evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A condition, its truth, and those of its parts; a definition's part is its meaning."""

    condition: Condition
    truth: Truth
    parts: tuple["Trace", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracer:
    """Evaluates with a trace; a definition is traced once and shared."""

    answers: Answers
    meanings: Mapping[str, Condition]
    _known: dict[str, Trace] = field(default_factory=dict)

    def trace(self, condition: Condition) -> Trace:
        """Return the truth of a condition with that of everything in it."""
        match condition:
            case And(parts):
                traces = tuple(map(self.trace, parts))
                truth = all_of(trace.truth for trace in traces)
                return Trace(condition=condition, truth=truth, parts=traces)
            case Or(parts):
                traces = tuple(map(self.trace, parts))
                truth = any_of(trace.truth for trace in traces)
                return Trace(condition=condition, truth=truth, parts=traces)
            case Not(part):
                inner = self.trace(part)
                return Trace(condition=condition, truth=~inner.truth, parts=(inner,))
            case Ref(name):
                inner = self._definition(name)
                return Trace(condition=condition, truth=inner.truth, parts=(inner,))
            case Is() | In() | Has() | Cmp() | Gap():
                truth = evaluate(condition, self.answers, self.meanings)
                return Trace(condition=condition, truth=truth)
            case _:
                assert_never(condition)

    def _definition(self, name: str) -> Trace:
        if name not in self._known:
            self._known[name] = self.trace(self.meanings[name])
        return self._known[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """An atom and what the answers make of it.

    Args:
        through: Definitions it was reached through, outermost first.
    """

    atom: Atom
    truth: Truth
    through: tuple[str, ...] = ()


def deciding(trace: Trace, through: tuple[str, ...] = ()) -> tuple[Clause, ...]:
    """Return the fewest atoms whose truth makes that of the whole.

    Of what is undetermined: the atoms that are so themselves, wherever they still matter.
    """
    match trace.condition:
        case Is() | In() | Has() | Cmp() | Gap():
            return (Clause(atom=trace.condition, truth=trace.truth, through=through),)
        case Ref(name):
            return deciding(trace.parts[0], (*through, name))
        case Not():
            return deciding(trace.parts[0], through)
        case And():
            return _of_parts(trace, Truth.FALSE, through)
        case Or():
            return _of_parts(trace, Truth.TRUE, through)
        case _:
            assert_never(trace.condition)


def _of_parts(trace: Trace, decisive: Truth, through: tuple[str, ...]) -> tuple[Clause, ...]:
    if trace.truth is decisive:
        ways = [deciding(part, through) for part in trace.parts if part.truth is decisive]
        return min(ways, key=len)
    counted = [part for part in trace.parts if part.truth is trace.truth]
    return tuple(
        dict.fromkeys(clause for part in counted for clause in deciding(part, through))
    )


def unsettled_facts(trace: Trace) -> tuple[str, ...]:
    """Return the facts whose answers could still settle an undetermined condition."""
    if trace.truth is not Truth.UNDETERMINED:
        return ()
    found: dict[str, None] = {}
    for clause in deciding(trace):
        found.update(dict.fromkeys(names_in(clause.atom)))
    return tuple(found)


def names_in(atom: Atom) -> tuple[str, ...]:
    """Return the facts an atom names, the later date first."""
    match atom:
        case Gap(later, earlier):
            return later, earlier
        case Is(fact) | In(fact) | Has(fact) | Cmp(fact):
            return (fact,)
