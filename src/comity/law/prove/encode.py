# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions as terms of a solver: bits wherever bits do, integers only where days are counted.

An enum is a code in bits, a set a bit a member, a number or date a bit for each bound that
some condition names (so a bound of any size stays exact). A date whose distance from
another is asked is an ordinal as well. A fact whose guard fails makes every atom false.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias, assert_never

import z3

from comity.law.condition import (
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Number,
    Or,
    Ref,
    facts_in,
    refs_in,
)  # fmt: skip
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, OpenSet, Silence
from comity.law.prove.dates import CalendarDay, calendar_day, in_calendar, months_apart

Bound: TypeAlias = Number | dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What claims speak of.

    Args:
        facts: Guards and definitions opened.
        gaps: Distances between dates.
        cuts: Bounds that numbers and dates are held against.
    """

    facts: frozenset[str] = frozenset()
    gaps: frozenset[Gap] = frozenset()
    cuts: frozenset[tuple[str, Bound]] = frozenset()

    def plus(self, others: Iterable["Reach"]) -> "Reach":
        """Return what these and others speak of."""
        every = (self, *others)
        return Reach(
            facts=frozenset().union(*(each.facts for each in every)),
            gaps=frozenset().union(*(each.gaps for each in every)),
            cuts=frozenset().union(*(each.cuts for each in every)),
        )

    @property
    def measured(self) -> frozenset[str]:
        """The dates whose distance is asked."""
        return frozenset(fact for gap in self.gaps for fact in (gap.later, gap.earlier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something said of a system, guards included."""

    term: z3.BoolRef
    reach: Reach


@dataclass(slots=True, kw_only=True)
class Encoder:
    """Writes conditions as terms of one solver context, each once.

    Args:
        facts: By name; a condition speaks of no others.
        meanings: The condition of each definition.
    """

    context: z3.Context
    facts: Mapping[str, Fact]
    meanings: Mapping[str, Condition]
    _claims: dict[Condition, Claim] = field(default_factory=dict)
    _opened: dict[str, z3.BoolRef] = field(default_factory=dict)
    _cones: dict[str, frozenset[str]] = field(default_factory=dict)
    _bounds: dict[str, list[Bound]] = field(default_factory=dict)
    _calendars: dict[str, CalendarDay] = field(default_factory=dict)
    _links: dict[tuple[object, ...], z3.BoolRef] = field(default_factory=dict)

    def claim(self, condition: Condition) -> Claim:
        """Return what a condition says."""
        known = self._claims.get(condition)
        if known is None:
            known = self._claims[condition] = self._claim(condition)
        return known

    def said(self, answers: Mapping[str, Answer]) -> Claim:
        """Return what answers say to the conditions written so far; a silence says nothing."""
        said = {name: answer for name, answer in answers.items() if name in self.facts}
        terms = [t for name, answer in said.items() for t in self._said(name, answer)]
        cone = self._closed(said)
        term = self._all([*terms, *self._guards(cone)])
        return Claim(term=term, reach=Reach(facts=cone))

    def links(self, reach: Reach, *, exactly: bool = True) -> list[z3.BoolRef]:
        """Return what orders bounds, ties dates to days and distances to dates.

        Args:
            exactly: Else months are told from days only where every calendar agrees, which
                is quicker: what is possible so is possible, what is not may yet be.
        """
        lines: dict[str, list[Bound]] = {}
        for fact, bound in reach.cuts:
            lines.setdefault(fact, []).append(bound)
        terms = [
            self._link(("order", fact, low, high))
            for fact, bounds in lines.items()
            for low, high in pairwise(sorted(bounds))
        ]
        measured = reach.measured
        terms += [self._link(("tie", f, day)) for f in measured for day in lines.get(f, ())]
        terms += [self._link(("day", fact)) for fact in measured]
        for gap in reach.gaps:
            if _months(gap) is not None and exactly:
                terms += [self._link(("calendar", f)) for f in (gap.later, gap.earlier)]
            how = "exact" if exactly or _months(gap) is None else "clear"
            terms.append(self._link((how, gap)))
        return terms

    def _link(self, key: tuple[object, ...]) -> z3.BoolRef:
        if key not in self._links:
            self._links[key] = self._linked(key)
        return self._links[key]

    def _linked(self, key: tuple[object, ...]) -> z3.BoolRef:
        match key:
            case (
                "order",
                str(fact),
                int() | Decimal() | dt.date() as low,
                int() | Decimal() | dt.date() as high,
            ):
                return z3.Implies(self.cut(fact, high), self.cut(fact, low))
            case ("tie", str(fact), dt.date() as day):
                return self.cut(fact, day) == (self.ordinal(fact) >= day.toordinal())
            case ("day", str(fact)):
                return in_calendar(self.ordinal(fact))
            case ("calendar", str(fact)):
                return self._calendar(fact).definition
            case ("exact", Gap() as gap):
                return self.gap(gap) == self._apart(gap)
            case ("clear", Gap() as gap):
                return self._clearly_apart(gap)
            case _:
                raise AssertionError(key)

    def ordinal(self, fact: str) -> z3.ArithRef:
        """Return a date as the number of its day."""
        return z3.Int(f"{fact} day", self.context)

    def bounds(self, fact: str) -> list[Bound]:
        """Return the bounds a number or date is held against, ascending."""
        return self._bounds.get(fact, [])

    def guard(self, fact: str) -> z3.BoolRef:
        """Return that a fact with a guard is applicable."""
        return z3.Bool(guard_name(fact), self.context)

    def bit(self, fact: str, name: str | int = "") -> z3.BoolRef:
        """Return a bit of a bool, of an enum's code, of a set by member."""
        return z3.Bool(bit_name(fact, name), self.context)

    def _claim(self, condition: Condition) -> Claim:
        term = self._term(condition)
        nodes = [condition, *map(self.meanings.__getitem__, self._opened_by(condition))]
        cone = self._closed(f for node in nodes for f in facts_in(node))
        guards = [self.facts[f].guard for f in cone]
        deep = [*nodes, *(g for g in guards if g is not None)]
        deep += [self.meanings[n] for g in guards if g is not None for n in self._opened_by(g)]
        atoms = [atom for node in deep for atom in _atoms(node)]
        reach = Reach(
            facts=cone,
            gaps=frozenset(atom for atom in atoms if isinstance(atom, Gap)),
            cuts=frozenset((atom.fact, atom.bound) for atom in atoms if isinstance(atom, Cmp)),
        )
        return Claim(term=self._all([term, *self._guards(cone)]), reach=reach)

    def _opened_by(self, condition: Condition) -> list[str]:
        found: dict[str, None] = {}
        todo = list(refs_in(condition))
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = None
                todo.extend(refs_in(self.meanings[name]))
        return list(found)

    def _closed(self, names: Iterable[str]) -> frozenset[str]:
        """Return facts with those their guards rest on."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self._guarding(name))
        return frozenset(found)

    def _guarding(self, fact: str) -> frozenset[str]:
        guard = self.facts[fact].guard
        if guard is None:
            return frozenset()
        if fact not in self._cones:
            nodes = [guard, *map(self.meanings.__getitem__, self._opened_by(guard))]
            self._cones[fact] = frozenset(f for node in nodes for f in facts_in(node))
        return self._cones[fact]

    def _guards(self, facts: Iterable[str]) -> list[z3.BoolRef]:
        """Return when guarded facts are applicable."""
        guards = ((fact, self.facts[fact].guard) for fact in sorted(facts))
        return [
            self.guard(fact) == self._term(guard) for fact, guard in guards if guard is not None
        ]

    def width(self, fact: Fact) -> int:
        """Return the bits of an enum's code."""
        return (len(fact.values) - 1).bit_length()

    def _term(self, condition: Condition) -> z3.BoolRef:
        match condition:
            case And(parts):
                return self._all([self._term(part) for part in parts])
            case Or(parts):
                return self._any([self._term(part) for part in parts])
            case Not(part):
                return z3.Not(self._term(part))
            case Ref(name):
                if name not in self._opened:
                    self._opened[name] = self._term(self.meanings[name])
                return self._opened[name]
            case Gap(later, earlier):
                return self._applied(later, self._applied(earlier, self.gap(condition)))
            case Is(fact) | In(fact) | Has(fact) | Cmp(fact):
                return self._applied(fact, self._raw(condition))
            case _:
                assert_never(condition)

    def _raw(self, atom: Is | In | Has | Cmp) -> z3.BoolRef:
        """Return an atom about a fact that is applicable."""
        match atom:
            case Is(fact):
                return self.bit(fact)
            case In(fact, values):
                places = map(self.facts[fact].values.index, values)
                return self._any([self._value(fact, place) for place in places])
            case Has(fact, values, every):
                members = [self.bit(fact, value) for value in values]
                return self._all(members) if every else self._any(members)
            case Cmp(fact, at_least, bound):
                cut = self.cut(fact, bound)
                return cut if at_least else z3.Not(cut)

    def _all(self, terms: list[z3.BoolRef]) -> z3.BoolRef:
        return z3.And(terms) if terms else z3.BoolVal(True, self.context)  # noqa: FBT003 - z3's

    def _any(self, terms: list[z3.BoolRef]) -> z3.BoolRef:
        return z3.Or(terms) if terms else z3.BoolVal(False, self.context)  # noqa: FBT003 - z3's

    def _applied(self, fact: str, term: z3.BoolRef) -> z3.BoolRef:
        return term if self.facts[fact].guard is None else z3.And(self.guard(fact), term)

    def _value(self, fact: str, place: int) -> z3.BoolRef:
        """Return that an enum has a value; codes left over stand for the last one."""
        width, last = self.width(self.facts[fact]), len(self.facts[fact].values) - 1
        places = range(last, 2**width) if place == last else (place,)
        return self._any([self._code(fact, each, width) for each in places])

    def _code(self, fact: str, place: int, width: int) -> z3.BoolRef:
        bits = [self.bit(fact, position) for position in range(width)]
        return self._all([b if place >> i & 1 else z3.Not(b) for i, b in enumerate(bits)])

    def cut(self, fact: str, bound: Bound) -> z3.BoolRef:
        """Return that a number or date is at least a bound."""
        if is_lowest(bound):
            return self._all([])
        bounds = self._bounds.setdefault(fact, [])
        place = bisect_left(bounds, bound)
        if place == len(bounds) or bounds[place] != bound:
            bounds.insert(place, bound)
        return z3.Bool(cut_name(fact, bound), self.context)

    def gap(self, gap: Gap) -> z3.BoolRef:
        """Return that two days are so far apart."""
        far = f"{gap.amount} {gap.span}" if _months(gap) is None else f"{_months(gap)} month"
        return z3.Bool(f"{gap.later} {far} after {gap.earlier}", self.context)

    def _apart(self, gap: Gap) -> z3.BoolRef:
        months = _months(gap)
        if months is None:
            return self.ordinal(gap.later) - self.ordinal(gap.earlier) >= gap.amount
        return months_apart(self._calendar(gap.later), self._calendar(gap.earlier), months)

    def _clearly_apart(self, gap: Gap) -> z3.BoolRef:
        """Return that days are months apart by any calendar, or by none."""
        between = self.ordinal(gap.later) - self.ordinal(gap.earlier)
        months = _months(gap) or 0
        far, near = between >= 31 * months, between < 28 * months
        return z3.If(self.gap(gap), far, near)

    def _calendar(self, fact: str) -> CalendarDay:
        if fact not in self._calendars:
            self._calendars[fact] = calendar_day(fact, self.ordinal(fact))
        return self._calendars[fact]

    def _said(  # noqa: PLR0911 - one return a kind
        self, name: str, answer: Answer
    ) -> list[z3.BoolRef]:
        match answer:
            case Silence.NOT_APPLICABLE if self.facts[name].guard is not None:
                return [z3.Not(self.guard(name))]
            case Silence():
                return []
            case bool():
                return [self._term(Is(name) if answer else Not(Is(name)))]
            case str():
                return [self._term(In(name, (answer,)))]
            case frozenset():
                out = frozenset(self.facts[name].values) - answer
                return self._said(name, OpenSet(known_in=answer, known_out=out))
            case OpenSet(known_in=inside, known_out=outside):
                held = [self._term(Has(name, (value,))) for value in sorted(inside)]
                return [*held, *(self._term(Not(Has(name, (v,)))) for v in sorted(outside))]
            case _:
                return self._placed(name, answer)

    def _placed(self, name: str, value: Bound) -> list[z3.BoolRef]:
        signed = [Cmp(name, True, bound) for bound in self.bounds(name)]  # noqa: FBT003 - at least
        terms = [
            self.cut(name, atom.bound)
            if evaluate(atom, {name: value}, {}).value == "true"
            else z3.Not(self.cut(name, atom.bound))
            for atom in signed
        ]
        if isinstance(value, dt.date):
            terms.append(self.ordinal(name) == value.toordinal())
        return [self._applied(name, self._all(terms))]


def bit_name(fact: str, part: str | int = "") -> str:
    """Return the name of a bit of a fact."""
    return f"{fact}:{part}"


def guard_name(fact: str) -> str:
    """Return the name of the bit that says a fact is applicable."""
    return f"{fact} applies"


def cut_name(fact: str, bound: Bound) -> str:
    """Return the name of the bit that says a number or date is at least a bound."""
    return f"{fact} from {bound}"


def is_lowest(bound: Bound) -> bool:
    """Tell whether nothing is below a bound: numbers of facts begin at 0."""
    return bound <= dt.date.min if isinstance(bound, dt.date) else bound <= 0


def _atoms(condition: Condition) -> Iterable[Condition]:
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _atoms(part)
        case Not(part):
            yield from _atoms(part)
        case _:
            yield condition


def _months(gap: Gap) -> int | None:
    """Return a distance in months; None where it counts days."""
    if gap.span == "day" or gap.amount == 0:
        return None
    return gap.amount * (12 if gap.span == "year" else 1)
