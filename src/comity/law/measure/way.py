# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ways out of a conflict, each computed and planned for, none authored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.law.condition import ALWAYS
from comity.law.conduct import Division
from comity.law.determine import Determination, rule_on
from comity.law.measure.alter import Alteration, Target, alterations, altered
from comity.law.measure.apart import Apart
from comity.law.measure.ask import Ask, owed_by
from comity.law.measure.course import Conflict, Course, norms_of
from comity.law.measure.planner import Planner
from comity.law.measure.scene import world_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Separate:
    """Do the same thing one way here and another way there."""

    apart: Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Withhold:
    """Do not offer the system in a market."""

    market: MarketCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """Change what the system is or does, so that norms no longer apply."""

    alteration: Alteration


Step: TypeAlias = Separate | Withhold | Alter


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way out of a conflict, and what remains to be done on it.

    Args:
        course: The best on that way, with the conflicts that remain.
        days: Of the course, and of what the step itself is taken to cost.
        dropped: Duties that fall away.
        added: Duties that are new.
    """

    step: Step
    course: Course
    days: int
    dropped: tuple[Ask, ...] = ()
    added: tuple[Ask, ...] = ()

    def to_json(self) -> Json:
        """Write the way as plain JSON values."""
        return {
            **_step_json(self.step),
            "days": self.days,
            "falls_away": list(norms_of(self.dropped)),
            "new": list(norms_of(self.added)),
            "remaining_conflicts": [each.to_json() for each in self.course.conflicts],
            "measures": [measure.setting_to_json() for measure in self.course.measures],
        }


def _step_json(step: Step) -> dict[str, Json]:
    match step:
        case Separate(apart=apart):
            by = None if apart.by is None else apart.by.value
            return {
                "way": f"separate by {by}",
                "conducts": sorted(apart.conducts),
                "parts": list(apart.labels),
            }
        case Withhold(market=market):
            return {"way": "withhold", "market": market}
        case Alter(alteration=alteration):
            return {"way": "change facts", **_object(alteration.to_json())}


def _object(plain: Json) -> dict[str, Json]:
    return plain if isinstance(plain, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Finds the ways out for one system.

    Args:
        planner: Of this system, nothing done apart.
        coming: Whether duties not yet in force count.
    """

    determination: Determination
    planner: Planner
    duties: tuple[Ask, ...]
    coming: bool = False
    most: int = field(default=3)

    def ways(self, conflict: Conflict) -> tuple[Way, ...]:
        """Return the ways out of one conflict: those that leave nothing of it."""
        steps = [*self._separations(conflict), *self._withdrawals(conflict)]
        steps += self._alterations(conflict)
        found = [self._way(step) for step in steps]
        return tuple(way for way in found if not _is_left(conflict, way.course))

    def out_of_all(
        self, conflicts: Sequence[Conflict], ways: Iterable[Sequence[Way]]
    ) -> tuple[Way, ...]:
        """Return the ways that leave no conflict at all, the least costly first.

        Args:
            ways: Those found for each conflict.
        """
        steps = [] if len(conflicts) < 2 else list(self._separations(*conflicts))
        found = [*(way for each in ways for way in each), *map(self._way, steps)]
        clear = {_step_key(way.step): way for way in found if not way.course.conflicts}
        return tuple(sorted(clear.values(), key=lambda way: way.days))

    def _separations(self, *conflicts: Conflict) -> Iterator[Step]:
        held = [exclusion for each in conflicts for exclusion in each.exclusions]
        names: set[str] = {one.conduct for each in held for one in each.together}
        names.update(name for each in conflicts for name in each.conducts)
        conducts = self.planner.scene.deeds.about(names).conducts
        norms = norms_of(ask for each in conflicts for ask in each.asks)
        for division, labels in (
            (Division.PLACE, tuple(sorted({ask.market for ask in self.duties}))),
            (Division.DESIGN, norms),
        ):
            able = frozenset(n for n in conducts if division in conducts[n].divisible)
            if able and len(labels) > 1:
                yield Separate(apart=Apart(by=division, conducts=able, labels=labels))

    def _withdrawals(self, conflict: Conflict) -> Iterator[Step]:
        for market in conflict.markets:
            if len(self.determination.markets) > 1:
                yield Withhold(market=MarketCode(market))

    def _alterations(self, conflict: Conflict) -> Iterator[Step]:
        found: dict[str, Alteration] = {}
        for target in self._targets(conflict):
            situation = self.determination.situation
            for each in alterations(situation, target, self.planner.costs)[: self.most]:
                known = found.get(str(each.answers), each)
                ends = tuple(dict.fromkeys((*known.ends, *each.ends)))
                found[str(each.answers)] = replace(known, ends=ends)
        yield from (Alter(alteration=each) for each in found.values())

    def _targets(self, conflict: Conflict) -> Iterator[Target]:
        """Yield what may end, and the conflict with it: one side of it, or an exclusion."""
        groups: dict[tuple[object, ...], list[Ask]] = {}
        for ask in conflict.asks:
            key = (ask.is_against, ask.constraint, ask.market)
            groups.setdefault(key, []).append(ask)
        for asks in groups.values():
            yield Target(
                conditions={ask.norm.name: ask.norm.applies_when for ask in asks},
                market=asks[0].market,
            )
        for exclusion in conflict.exclusions:
            if exclusion.when != ALWAYS:
                market = self.determination.markets[0]
                yield Target(conditions={exclusion.name: exclusion.when}, market=market)

    def _way(self, step: Step) -> Way:
        match step:
            case Separate(apart=apart):
                planner = self.planner.within(world_of(self.determination.situation), apart)
                return self._followed(step, planner, self.duties, 0)
            case Withhold(market=market):
                left = [ask for ask in self.duties if ask.market != market]
                world = world_of(self.determination.situation).without(market)
                return self._followed(step, self.planner.within(world), left, 0)
            case Alter(alteration=alteration):
                after = rule_on(altered(self.determination.situation, alteration))
                planner = self.planner.within(world_of(after.situation))
                duties = owed_by(after, coming=self.coming).duties
                return self._followed(step, planner, duties, alteration.days)

    def _followed(self, step: Step, planner: Planner, asks: Sequence[Ask], days: int) -> Way:
        course = planner.course(asks)
        before, after = ({ask.key for ask in each} for each in (self.duties, asks))
        return Way(
            step=step,
            course=course,
            days=course.days + days,
            dropped=tuple(ask for ask in self.duties if ask.key not in after),
            added=tuple(ask for ask in asks if ask.key not in before),
        )


def _step_key(step: Step) -> str:
    """Return what tells one step from another."""
    return str(sorted(_step_json(step).items()))


def _is_left(conflict: Conflict, course: Course) -> bool:
    """Tell whether anything of a conflict remains: some of its norms still collide."""
    before = {ask.key for ask in conflict.asks}
    return any({ask.key for ask in each.asks} <= before for each in course.conflicts)
