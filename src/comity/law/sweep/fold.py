# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions for one market and one day: what the question itself settles is folded away."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from comity.kernel.ids import MarketCode
from comity.law.condition import (
    ALWAYS,
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
)  # fmt: skip
from comity.law.evaluate import is_apart, plus
from comity.law.fact import ASKED_ON, MARKETS

NEVER: Condition = Or(())
"""The condition that never holds: a disjunction of nothing."""

_MOST_DAYS = dt.date.max.toordinal()


@dataclass(slots=True, kw_only=True)
class Folder:
    """Folds what is known of the question into conditions; definitions are shared.

    Args:
        meanings: The condition of each definition, each after those it names.
        folded: The definitions that folded conditions name, each after those it names.
    """

    on: dt.date
    meanings: Mapping[str, Condition]
    folded: dict[str, Condition] = field(default_factory=dict)
    _known: dict[tuple[str, MarketCode | None], Condition] = field(default_factory=dict)

    def fold(  # noqa: PLR0911 - one return a kind
        self, condition: Condition, market: MarketCode | None = None
    ) -> Condition:
        """Return the condition as it stands on the day, in a market the system is on.

        Args:
            market: None where no market is assumed.
        """
        match condition:
            case And(parts):
                return _every(self.fold(part, market) for part in parts)
            case Or(parts):
                return _any(self.fold(part, market) for part in parts)
            case Not(part):
                return _contrary(self.fold(part, market))
            case Ref(name):
                return self._definition(name, market)
            case Has(fact, values, every) if fact == MARKETS and market in values:
                rest = tuple(value for value in values if value != market)
                return Has(fact, rest, every) if every and rest else ALWAYS
            case Cmp(fact, at_least, bound) if fact == ASKED_ON and isinstance(bound, dt.date):
                return ALWAYS if (self.on >= bound) is at_least else NEVER
            case Gap() if ASKED_ON in (condition.later, condition.earlier):
                return self._gap(condition)
            case Is() | In() | Has() | Cmp() | Gap():
                return condition
            case _:
                assert_never(condition)

    def _definition(self, name: str, market: MarketCode | None) -> Condition:
        key = (name, market)
        if key not in self._known:
            bare = self._name(name, self.fold(self.meanings[name], None))
            here = bare
            if market is not None:
                here = self._name(name, self.fold(self.meanings[name], market), market)
            self._known[name, None] = bare
            self._known[key] = here
        return self._known[key]

    def _name(self, name: str, whole: Condition, market: str | None = None) -> Condition:
        """Give a folded definition its name; where the market changes nothing, the bare one."""
        if whole in {ALWAYS, NEVER}:
            return whole
        if market is not None and self.folded.get(name) != whole:
            name = f"{name}@{market}"
        self.folded.setdefault(name, whole)
        return Ref(name)

    def _gap(self, gap: Gap) -> Condition:
        """Fold a gap that begins or ends on the day of the question."""
        on, least = self.on, (gap.amount, gap.span)
        if gap.later == gap.earlier:
            return ALWAYS if is_apart(on, on, *least) else NEVER
        if gap.later == ASKED_ON:
            return Cmp(gap.earlier, at_least=False, bound=_first_too_late(on, gap))
        reached = plus(on, *least)
        if reached is None:  # no day is so late: false of every date, unknown of none
            day = Cmp(gap.later, at_least=True, bound=on)
            return And((day, Cmp(gap.later, at_least=False, bound=on)))
        return Cmp(gap.later, at_least=True, bound=reached)


def _first_too_late(on: dt.date, gap: Gap) -> dt.date:
    """Return the first day from which the gap no longer fits before the day asked about.

    Adding calendar spans never turns two days round, so halving finds it.
    """
    low, high = 1, _MOST_DAYS
    while low < high:
        middle = (low + high) // 2
        if is_apart(on, dt.date.fromordinal(middle), gap.amount, gap.span):
            low = middle + 1
        else:
            high = middle
    return dt.date.fromordinal(low)


def _every(parts: Iterable[Condition]) -> Condition:
    left = dict.fromkeys(part for part in parts if part != ALWAYS)
    if NEVER in left:
        return NEVER
    return And(tuple(left)) if len(left) != 1 else next(iter(left))


def _any(parts: Iterable[Condition]) -> Condition:
    left = dict.fromkeys(part for part in parts if part != NEVER)
    if ALWAYS in left:
        return ALWAYS
    return Or(tuple(left)) if len(left) != 1 else next(iter(left))


def _contrary(part: Condition) -> Condition:
    if part == ALWAYS:
        return NEVER
    return ALWAYS if part == NEVER else Not(part)
