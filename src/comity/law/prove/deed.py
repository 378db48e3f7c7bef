# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conduct as the solver sees it: variables like facts, constraints like conditions.

One translation serves the search for conflicts, relations, lint and certificates. A number
or enum of conduct stands only where the thing is done at all, so "at most 24 hours" is not
met by silence, and "must not" is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from comity.kernel.ids import FactName
from comity.law.condition import (
    EXACT,
    Cmp,
    Condition,
    Has,
    In,
    Is,
    Not,
    Number,
    conjunction,
    disjunction,
    exact_number,
)  # fmt: skip
from comity.law.conduct import Conduct, Constraint, Exclusion, Relation
from comity.law.fact import Fact, Kind
from comity.law.norm import Demand, Modality

JUST_ABOVE = Decimal("1e-70")
"""Less than any two bounds differ by: a pack's number has at most 60 digits."""

FORBIDDING = frozenset({Modality.MUST_NOT, Modality.SHOULD_NOT})
ASKING = frozenset({Modality.MUST, Modality.SHOULD})
SOFT = frozenset({Modality.SHOULD, Modality.SHOULD_NOT})

Naming = Mapping[str, str]
"""The variable that stands for a conduct, where several of its kind are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """Conduct variables as facts, with what doing one does as well.

    Args:
        conducts: By name, all that constraints may speak of.
    """

    conducts: Mapping[str, Conduct]

    def met(  # noqa: PLR0911 - one return a relation
        self, constraint: Constraint, names: Naming | None = None
    ) -> Condition:
        """Return that conduct meets a constraint."""
        conduct = self.conducts[constraint.conduct]
        name, values = (names or {}).get(conduct.name, conduct.name), constraint.values
        match constraint.relation:
            case Relation.YES:
                return Is(name)
            case Relation.ONE_OF:
                return In(name, values)
            case Relation.ANY_OF:
                return Has(name, values)
            case Relation.ALL_OF:
                return Has(name, values, every=len(values) > 1)
            case Relation.NONE_OF:
                atom = Has(name, values) if conduct.kind is Kind.SET else In(name, values)
                return Not(atom)
            case Relation.WITHIN:
                others = tuple(v for v in sorted(conduct.values) if v not in values)
                return Not(Has(name, others)) if others else conjunction(())
            case Relation.AT_LEAST:
                return Cmp(name, at_least=True, bound=_bound(constraint))
            case Relation.AT_MOST:
                return Cmp(name, at_least=False, bound=_just_above(_bound(constraint)))

    def asked(self, demand: Demand, names: Naming | None = None) -> Condition:
        """Return that conduct does what a demand asks; a permission asks nothing."""
        met = self.met(demand.constraint, names)
        if demand.modality in FORBIDDING:
            return Not(met)
        return met if demand.modality in ASKING else conjunction(())

    def excluded(self, exclusion: Exclusion, names: Naming | None = None) -> Condition:
        """Return that conduct heeds an exclusion."""
        return Not(conjunction(self.met(each, names) for each in exclusion.together))

    def facts(self, names: Naming | None = None) -> dict[str, Fact]:
        """Return the variables as facts."""
        named = names or {}
        found: dict[str, Fact] = {}
        for conduct in self.conducts.values():
            name = named.get(conduct.name, conduct.name)
            found.update({fact.name: fact for fact in _facts(conduct, name)})
        return found

    def axioms(self, names: Naming | None = None) -> tuple[Condition, ...]:
        """Return what doing one thing does as well."""
        named = names or {}
        return tuple(
            disjunction((
                Not(_done(conduct, named.get(conduct.name, conduct.name))),
                self.met(each, names),
            ))
            for conduct in self.conducts.values()
            for each in conduct.entails
        )  # fmt: skip

    def about(self, names: Iterable[str]) -> "Deeds":
        """Return these variables alone, with all that they entail."""
        found: dict[str, Conduct] = {}
        todo = list(names)
        while todo:
            conduct = self.conducts[todo.pop()]
            if conduct.name not in found:
                found[conduct.name] = conduct
                todo.extend(each.conduct for each in conduct.entails)
        return replace(self, conducts=found)


def _facts(conduct: Conduct, name: str) -> list[Fact]:
    fact = Fact(
        name=FactName(name), kind=conduct.kind, values=conduct.values, unit=conduct.unit,
        label=conduct.label, question=conduct.label, means=conduct.means,
    )  # fmt: skip
    if conduct.kind in {Kind.BOOL, Kind.SET}:
        return [fact]
    done = replace(fact, name=FactName(f"{name} is done"), kind=Kind.BOOL, values=(), unit=None)
    return [done, replace(fact, guard=Is(done.name))]


def _done(conduct: Conduct, name: str) -> Condition:
    match conduct.kind:
        case Kind.BOOL:
            return Is(name)
        case Kind.SET:
            return Has(name, tuple(sorted(conduct.values)))
        case _:
            return Is(f"{name} is done")


def _bound(constraint: Constraint) -> Number:
    assert constraint.bound is not None  # noqa: S101 - the grammar gave every number one
    return constraint.bound


def _just_above(bound: Number) -> Number:
    return exact_number(EXACT.add(Decimal(bound), JUST_ABOVE))
