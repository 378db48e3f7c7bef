# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Planning: what meets all that is asked at least cost, and what cannot be met together."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from comity.law.condition import Condition
from comity.law.conduct import Conduct, Constraint, Relation
from comity.law.measure.apart import TOGETHER, Apart
from comity.law.measure.ask import Ask
from comity.law.measure.choice import NOTHING, Choice, Option, choose
from comity.law.measure.cost import CostTable
from comity.law.measure.course import Bound, Conflict, Course, Measure, Met, Restraint
from comity.law.measure.scene import Scene, World
from comity.law.prove.core import minimal_cores

_Said = tuple[bool, Constraint, tuple[str, ...]]
"""What asks of one kind say: whether they forbid, what, and in which parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans for one vocabulary and one table of costs; pieces once solved are kept."""

    scene: Scene
    costs: CostTable
    _conflicts: dict[Hashable, tuple[Conflict, ...]] = field(default_factory=dict)
    _choices: dict[Hashable, Choice | None] = field(default_factory=dict)

    def within(self, world: World, apart: Apart = TOGETHER) -> "Planner":
        """Return the planner of another system, or of one that does some conduct apart."""
        scene = replace(self.scene, exclusions=world.certain, apart=apart)
        return replace(self, scene=scene)

    def course(self, asks: Sequence[Ask]) -> Course:
        """Return the course for duties and recommendations."""
        measures: list[Measure] = []
        conflicts: list[Conflict] = []
        unheeded: list[Ask] = []
        kept: list[Ask] = []
        for piece in self.scene.pieces({ask.conduct for ask in asks}):
            left = [ask for ask in asks if ask.conduct in piece]
            choice = self._choice(piece, left) if left else NOTHING
            if choice is None:
                found = self._conflicting(piece, [ask for ask in left if ask.is_duty])
                lost = {ask.key for conflict in found for ask in conflict.asks}
                left = [ask for ask in left if ask.key not in lost]
                choice = self._choice(piece, left) if left else NOTHING
                conflicts += found
            if choice is None:
                raise AssertionError("what is left without its conflicts can be met")
            unheeded += choice.unheeded
            kept += [ask for ask in left if choice.meets.get(ask.key) == ()]
            measures += self._measures(left, choice)
        return Course(
            measures=tuple(sorted(measures, key=lambda m: (m.conduct.name, m.label))),
            restraints=tuple(self._restraints(kept)),
            days=sum(measure.days for measure in measures) + self._overhead(),
            conflicts=tuple(conflicts),
            unheeded=tuple(unheeded),
        )

    def _conflicting(
        self, piece: frozenset[str], duties: Sequence[Ask]
    ) -> tuple[Conflict, ...]:
        """Return the smallest sets of duties about a piece that cannot be met together."""
        key = self._key(piece, duties)
        if key not in self._conflicts:
            self._conflicts[key] = tuple(self._found(piece, duties))
        return self._conflicts[key]

    def _found(self, piece: frozenset[str], duties: Sequence[Ask]) -> Iterator[Conflict]:
        said: dict[_Said, list[Ask]] = {}
        for ask in duties:
            labels = self.scene.apart.labels_of(ask)
            said.setdefault((ask.is_against, ask.constraint, labels), []).append(ask)
        items: dict[_Said | str, Condition] = {
            kind: self.scene.asked(asks[0]) for kind, asks in said.items()
        }
        items.update(self.scene.excluding(piece))
        theory = self.scene.theory(piece, excluding=False)
        known = {exclusion.name: exclusion for exclusion, _ in self.scene.exclusions}
        for kinds, names in _smallest(minimal_cores(theory, items)):
            yield Conflict(
                asks=tuple(ask for kind, asks in said.items() if kind in kinds for ask in asks),
                exclusions=tuple(known[name] for name in sorted(names)),
            )

    def _choice(self, piece: frozenset[str], asks: Sequence[Ask]) -> Choice | None:
        key = self._key(piece, asks)
        if key not in self._choices:
            self._choices[key] = choose(self.scene, piece, asks, self.costs)
        return self._choices[key]

    def _key(self, piece: frozenset[str], asks: Sequence[Ask]) -> Hashable:
        heeded = [(each.name, markets) for each, markets in self.scene.heeded(piece)]
        apart, own = self.scene.apart, self.scene.apart.conducts & piece
        here = (apart.by, apart.labels, own) if own else ()
        duties = tuple((ask.key, ask.is_duty) for ask in asks)
        return (*sorted(piece), tuple(heeded), here, duties)

    def _measures(self, asks: Sequence[Ask], choice: Choice) -> Iterator[Measure]:
        chosen: dict[tuple[str, str], list[Option]] = {}
        for option in choice.options:
            chosen.setdefault((option.conduct, option.label), []).append(option)
        for (name, label), options in chosen.items():
            met = [
                Met(ask=ask, through=through)
                for ask in asks
                for through in _through(choice, ask, options)
            ]
            measure = self._measure(self.scene.conducts[name], label, options, met)
            yield replace(measure, avoids=choice.avoids.get((name, label), ()))

    def _measure(
        self, conduct: Conduct, label: str, options: Sequence[Option], met: Sequence[Met]
    ) -> Measure:
        rate = self.costs.rate(conduct)
        values = tuple(option.value for option in options if option.value)
        return Measure(
            conduct=conduct,
            label=label,
            values=values,
            bounds=tuple(_bounds(each.ask for each in met if not each.through)),
            days=rate.days + sum(rate.of_value.get(value, rate.each) for value in values),
            is_assumed_by_kind=self.costs.is_default(conduct),
            meets=tuple(met),
        )

    def _restraints(self, asks: Iterable[Ask]) -> Iterator[Restraint]:
        found: dict[tuple[Constraint, str], list[Ask]] = {}
        for ask in asks:
            for label in self.scene.apart.labels_of(ask):
                own = self.scene.apart.label_of(ask.conduct, label)
                found.setdefault((self._refrained(ask.constraint), own), []).append(ask)
        for (constraint, label), asking in sorted(
            found.items(), key=lambda each: (each[0][0].conduct, each[0][1])
        ):
            yield Restraint(constraint=constraint, label=label, asked_by=tuple(asking))

    def _refrained(self, constraint: Constraint) -> Constraint:
        """Return what is left undone; of what has to stay within values, all the others."""
        if constraint.relation is not Relation.WITHIN:
            return constraint
        values = set(self.scene.conducts[constraint.conduct].values) - set(constraint.values)
        return replace(constraint, relation=Relation.NONE_OF, values=tuple(sorted(values)))

    def _overhead(self) -> int:
        apart = self.scene.apart
        each = 0 if apart.by is None else self.costs.apart.get(apart.by, 0)
        return (len(apart.labels) - 1) * each


def _smallest(
    cores: Iterable[frozenset[_Said | str]],
) -> Iterator[tuple[frozenset[_Said], frozenset[str]]]:
    """Yield the cores of which no other asks less, with the exclusions they rest on.

    An exclusion holds whatever is asked: a core that rests on one may make another larger
    than it has to be.
    """
    parted = [
        (
            frozenset(each for each in core if not isinstance(each, str)),
            frozenset(each.partition(" ")[0] for each in core if isinstance(each, str)),
        )
        for core in cores
    ]
    parted.sort(key=lambda core: (len(core[0]), len(core[1]), sorted(map(str, core[0]))))
    kept: list[frozenset[_Said]] = []
    for kinds, names in parted:
        if not any(smaller <= kinds for smaller in kept):
            kept.append(kinds)
            yield kinds, names


def _through(choice: Choice, ask: Ask, options: Sequence[Option]) -> Iterator[str]:
    """Yield, once, how an ask is met by one of the options: "" where directly."""
    for option, through in choice.meets.get(ask.key, ()):
        if option in options:
            yield "" if not through else option.conduct
            return


def _bounds(asks: Iterable[Ask]) -> Iterator[Bound]:
    """Yield the strictest figures asked, each with the norms that ask it."""
    every = [ask for ask in asks if ask.constraint.bound is not None and not ask.is_against]
    for relation, strictest in ((Relation.AT_LEAST, max), (Relation.AT_MOST, min)):
        asking = [ask for ask in every if ask.constraint.relation is relation]
        figures = [ask.constraint.bound for ask in asking if ask.constraint.bound is not None]
        if figures:
            figure = strictest(figures)
            norms = [ask.norm.name for ask in asking if ask.constraint.bound == figure]
            yield Bound(relation=relation, figure=figure, norms=tuple(dict.fromkeys(norms)))
