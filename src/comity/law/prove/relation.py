# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Relations between norms on the same conduct, computed, in the words of NIST IR 8477.

A norm says: where its trigger holds, do this. So it lies within another where its trigger
implies the other's and the other's demand implies its own: who does what the other asks
has done what it asks, wherever it binds. Territory and dates are left aside: both norms are
taken to be in force on one day, in one system offered in both markets.

Source:
    NIST IR 8477 (2024), section 4.3, set theory relationship mapping.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from comity.kernel.canonical import Json
from comity.law.condition import Condition, Not, conjunction
from comity.law.conduct import Constraint
from comity.law.norm import Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import (
    Side,
    common_bearers,
    in_force,
    in_market,
    theory_of,
)  # fmt: skip
from comity.law.prove.clash import kind_of
from comity.law.prove.deed import Deeds
from comity.law.prove.theory import Possibility, Theory


class Lie(Enum):
    """How one thing lies to another."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    NONE = "none"
    UNDECIDED = "undecided"

    @property
    def reversed(self) -> "Lie":
        """Return how the other lies to the one."""
        return {Lie.SUBSET: Lie.SUPERSET, Lie.SUPERSET: Lie.SUBSET}.get(self, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How the first of two norms lies to the second.

    Args:
        conducts: The variables both speak of.
        trigger: How the situations in which they bind lie to each other.
        demand: How what they ask does; subset where doing what the second asks satisfies
            the first.
        clash: Whether no conduct does both.
    """

    first: tuple[Pack, Norm]
    second: tuple[Pack, Norm]
    conducts: tuple[str, ...]
    trigger: Lie
    demand: Lie
    clash: bool

    @property
    def whole(self) -> Lie:
        """Return how the norms lie to each other, trigger and demand together."""
        both = {self.trigger, self.demand}
        if Lie.UNDECIDED in both:
            return Lie.UNDECIDED
        if Lie.NONE in both:
            return Lie.NONE
        for lie in (Lie.EQUAL, Lie.SUBSET, Lie.SUPERSET):
            if both <= {lie, Lie.EQUAL}:
                return lie
        return Lie.INTERSECTS

    @property
    def reversed(self) -> "Relation":
        """Return how the second norm lies to the first."""
        return replace(
            self, first=self.second, second=self.first,
            trigger=self.trigger.reversed, demand=self.demand.reversed,
        )  # fmt: skip

    def to_json(self) -> Json:
        """Write the relation as plain JSON values."""
        return {
            "first": self.first[1].name,
            "second": self.second[1].name,
            "conducts": list(self.conducts),
            "relation": self.whole.value,
            "trigger": self.trigger.value,
            "demand": self.demand.value,
            "clash": self.clash,
            "meanings": [norm.meaning.hex() for _, norm in (self.first, self.second)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Relating:
    """A library with the solvers that relations are asked of.

    Args:
        on: Only norms in force on that day; None for all.
        timeout_ms: How long one question may take.
    """

    library: Library
    on: dt.date | None = None
    timeout_ms: int = 10_000
    theory: Theory = field(init=False)
    deeds: Deeds = field(init=False)
    _demands: dict[tuple[Condition, Condition], tuple[Lie, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the solvers."""
        theory = theory_of(self.library, timeout_ms=self.timeout_ms)
        object.__setattr__(self, "theory", theory)
        object.__setattr__(self, "deeds", Deeds(conducts=self.library.vocabulary.conducts))

    def relations(self, sides: Sequence[Side]) -> Iterator[Relation]:
        """Yield the relation of every norm of the first side to every norm of the others.

        Only of those on the same conduct, that one company can have to heed at once. A side
        alone is held against itself, each pair once.
        """
        first, others = sides[0], sides[1:] or sides[:1]
        theirs = _by_conduct(each for side in others for each in side.norms(self.on))
        for pack, norm in first.norms(self.on):
            shared: dict[str, tuple[Pack, Norm]] = {}
            for name in _conducts(norm):
                shared.update((other.name, (p, other)) for p, other in theirs.get(name, ()))
            for other_pack, other in shared.values():
                seen = len(sides) == 1 and other.name <= norm.name
                if not seen and common_bearers((norm, other)) is not None:
                    yield self.relation((pack, norm), (other_pack, other))

    def relation(self, first: tuple[Pack, Norm], second: tuple[Pack, Norm]) -> Relation:
        """Return how one norm lies to another."""
        mine, theirs = _conducts(first[1]), _conducts(second[1])
        demand, clash = self._demand(first[1], second[1])
        return Relation(
            first=first,
            second=second,
            conducts=tuple(name for name in mine if name in theirs),
            trigger=self._trigger(first, second),
            demand=demand,
            clash=clash,
        )

    def _trigger(self, first: tuple[Pack, Norm], second: tuple[Pack, Norm]) -> Lie:
        facts = self.theory.facts
        aside = [*in_market(first[0], facts), *in_market(second[0], facts)]
        days = [*in_force(first[1]), *in_force(second[1])]
        if self.theory.possible(*aside, *days) is Possibility.POSSIBLE:
            aside += days
        with self.theory.assuming(*aside):
            return lie_of(self.theory, first[1].applies_when, second[1].applies_when)

    def _demand(self, first: Norm, second: Norm) -> tuple[Lie, bool]:
        """Return how demands lie, the stricter being the superset, and whether they clash."""
        mine, theirs = self._asked(first), self._asked(second)
        if (mine, theirs) not in self._demands:
            deeds = self.deeds.about((*_conducts(first), *_conducts(second)))
            theory = Theory(deeds.facts(), deeds.axioms(), timeout_ms=self.timeout_ms)
            lie = lie_of(theory, mine, theirs)
            self._demands[mine, theirs] = lie.reversed, lie is Lie.NONE
        return self._demands[mine, theirs]

    def _asked(self, norm: Norm) -> Condition:
        return conjunction(self.deeds.asked(demand) for demand in norm.demands)


def lie_of(theory: Theory, first: Condition, second: Condition) -> Lie:
    """Return how the systems of which one condition holds lie to those of another."""
    both = theory.possible(first, second)
    only_first = theory.possible(first, Not(second))
    only_second = theory.possible(Not(first), second)
    if Possibility.UNDECIDED in {both, only_first, only_second}:
        return Lie.UNDECIDED
    possible = Possibility.POSSIBLE
    match both is possible, only_first is possible, only_second is possible:
        case False, _, _:
            return Lie.NONE
        case True, False, False:
            return Lie.EQUAL
        case True, False, True:
            return Lie.SUBSET
        case True, True, False:
            return Lie.SUPERSET
        case _:
            return Lie.INTERSECTS


def constraints_on(norm: Norm, conduct: str) -> tuple[Constraint, ...]:
    """Return what a norm asks of one conduct; what it forbids or allows is not among it."""
    return tuple(
        demand.constraint
        for demand in norm.demands
        if demand.constraint.conduct == conduct
        and (kind := kind_of(demand)) is not None
        and not kind.forbids
    )


def _conducts(norm: Norm) -> tuple[str, ...]:
    kinds = [kind for kind in map(kind_of, norm.demands) if kind is not None]
    return tuple(dict.fromkeys(kind.constraint.conduct for kind in kinds))


def _by_conduct(
    norms: Iterable[tuple[Pack, Norm]],
) -> dict[str, list[tuple[Pack, Norm]]]:
    found: dict[str, list[tuple[Pack, Norm]]] = {}
    for pack, norm in norms:
        for name in _conducts(norm):
            found.setdefault(name, []).append((pack, norm))
    return found
