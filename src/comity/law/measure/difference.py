# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Differences: what two days make of the duties of one system, and by which cause.

Three dates decide a determination: that of the law, that of the packs, that of the facts.
Each is moved by itself and with others; the cause of a difference is the fewest dates that
must move to make it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import TypeAlias

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.condition import Cmp, walk
from comity.law.conduct import Constraint
from comity.law.determine import Determination, Ruling, Status
from comity.law.fact import ASKED_ON, Answer, Silence, answer_to_json
from comity.law.measure.ask import DUTIES
from comity.law.norm import Role
from comity.law.pack import Unrecorded


class Cause(Enum):
    """What moved."""

    LAW = "law"
    PACKS = "packs"
    FACTS = "facts"


class Change(Enum):
    """What became of a duty."""

    DUE = "became due"
    ENDED = "ended"
    OPEN = "newly cannot be told"
    ASKS_OTHERWISE = "asks otherwise"
    COMING = "is coming"
    SETTLED = "is settled: does not bind"


Causes: TypeAlias = frozenset[Cause]
Asker: TypeAlias = Callable[[Causes], Determination]
"""Returns the determination in which these dates are moved, and the others are not."""

_Row = tuple[str, MarketCode, Role | None]
_EVERY = tuple(
    frozenset(causes) for size in range(1, 4) for causes in combinations(Cause, size)
)


class _Force(Enum):
    BINDS = "binds"
    COMING = "coming"
    OPEN = "open"
    NONE = "none"


_Outcome = tuple[_Force, frozenset[tuple[str, Constraint]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """An answer that differs between the two days."""

    fact: str
    before: Answer
    after: Answer

    def to_json(self) -> Json:
        """Write it as plain JSON values."""
        return {
            "fact": self.fact,
            "from": answer_to_json(self.before),
            "to": answer_to_json(self.after),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one duty between the two days.

    Args:
        before: None where the packs of that day hold no such norm.
        after: None where the packs of that day hold no such norm.
        causes: Each alone suffices; the dates of one act together.
        facts: The answers it rests on that differ, where facts are among the causes.
        passed: Days its conditions name that lie between, where the law is among the causes.
        recorded: Its pack, where that was first recorded between the two days.
    """

    change: Change
    before: Ruling | None
    after: Ruling | None
    causes: tuple[Causes, ...]
    facts: tuple[FactChange, ...] = ()
    passed: tuple[dt.date, ...] = ()
    recorded: Unrecorded | None = None

    @property
    def ruling(self) -> Ruling:
        """The later ruling, or the earlier one where there is none."""
        ruling = self.after or self.before
        assert ruling is not None  # noqa: S101 - a difference has two sides
        return ruling

    @property
    def is_by_recording(self) -> bool:
        """Whether it is only that its pack was first recorded in between."""
        return self.recorded is not None and frozenset({Cause.PACKS}) in self.causes

    def to_json(self) -> Json:
        """Write the difference as plain JSON values."""
        ruling = self.ruling
        return {
            "norm": ruling.norm.name,
            "market": ruling.market,
            "role": None if ruling.role is None else ruling.role.value,
            "title": dict(ruling.norm.title.by_tag),
            "cite": ruling.norm.grounds.cite,
            "change": self.change.value,
            "before": None if self.before is None else self.before.status.value,
            "after": None if self.after is None else self.after.status.value,
            "causes": [sorted(cause.value for cause in each) for each in self.causes],
            "from": _day(ruling.norm.valid_from),
            "until": _day(ruling.norm.valid_until),
            "facts": [each.to_json() for each in self.facts],
            "passed": [day.isoformat() for day in self.passed],
            "pack": ruling.pack.name,
            "first_recorded": None if self.recorded is None
            else self.recorded.version.isoformat(),
            "asks": [demand.to_json() for demand in ruling.norm.demands],
        }  # fmt: skip


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def differences(asked: Asker) -> tuple[Difference, ...]:
    """Return what became of the binding duties of a system, in the order of the packs."""
    before, after = asked(frozenset()), asked(frozenset(Cause))
    old, new = _rows(before), _rows(after)
    moved = [row for row in {**new, **old} if _outcome(old, row) != _outcome(new, row)]
    mixed = {causes: _rows(asked(causes)) for causes in _EVERY} if moved else {}
    found = []
    for row in moved:
        change = _change(_outcome(old, row), _outcome(new, row))
        if change is not None:
            causes = tuple(_fewest(row, _outcome(new, row), mixed))
            found.append(_difference(change, (old.get(row), new.get(row)), causes,
                                     (before, after)))  # fmt: skip
    return tuple(found)


def _difference(
    change: Change,
    rulings: tuple[Ruling | None, Ruling | None],
    causes: tuple[Causes, ...],
    days: tuple[Determination, Determination],
) -> Difference:
    earlier, later = rulings
    ruling = later or earlier
    assert ruling is not None  # noqa: S101 - a row is of one of the two
    every = frozenset().union(*causes)
    unrecorded = {each.name: each for each in days[0].library.unrecorded}
    return Difference(
        change=change,
        before=earlier,
        after=later,
        causes=causes,
        facts=tuple(_facts(ruling, *days)) if Cause.FACTS in every else (),
        passed=tuple(_passed(ruling, *days)) if Cause.LAW in every else (),
        recorded=unrecorded.get(ruling.pack.name) if earlier is None else None,
    )


def _rows(determination: Determination) -> dict[_Row, Ruling]:
    """Return the rulings on binding norms that hold a duty."""
    return {
        (ruling.norm.name, ruling.market, ruling.role): ruling
        for ruling in determination.rulings
        if ruling.is_binding and any(d.modality in DUTIES for d in ruling.norm.demands)
    }


def _outcome(rows: Mapping[_Row, Ruling], row: _Row) -> _Outcome:
    ruling = rows.get(row)
    force = _Force.NONE if ruling is None else _force(ruling)
    if ruling is None or force is _Force.NONE:
        return force, frozenset()
    asks = ((demand.modality.value, demand.constraint) for demand in ruling.norm.demands)
    return force, frozenset(asks)


def _force(ruling: Ruling) -> _Force:
    match ruling.status:
        case Status.APPLIES:
            return _Force.BINDS
        case Status.CANNOT_TELL:
            return _Force.OPEN
        case Status.NOT_YET_IN_FORCE:
            return _Force.COMING if ruling.truth is Truth.TRUE else _Force.NONE
        case Status.DOES_NOT_APPLY | Status.ENDED:
            return _Force.NONE


def _change(before: _Outcome, after: _Outcome) -> Change | None:  # noqa: PLR0911 - one return a kind
    match before[0], after[0]:
        case _Force.BINDS, _Force.BINDS:
            return Change.ASKS_OTHERWISE
        case _, _Force.BINDS:
            return Change.DUE
        case _Force.BINDS, _Force.OPEN:
            return Change.OPEN
        case _Force.BINDS, _:
            return Change.ENDED
        case ((_Force.NONE | _Force.COMING), _Force.OPEN):
            return Change.OPEN
        case ((_Force.NONE | _Force.OPEN), _Force.COMING):
            return Change.COMING
        case _Force.OPEN, _Force.NONE:
            return Change.SETTLED
        case _:
            return None


def _fewest(
    row: _Row, wanted: _Outcome, mixed: Mapping[Causes, Mapping[_Row, Ruling]]
) -> Iterator[Causes]:
    """Yield the smallest sets of dates that bring a row to what it has become."""
    found: list[Causes] = []
    for causes in _EVERY:
        if not any(each < causes for each in found) and (
            _outcome(mixed[causes], row) == wanted
        ):
            found.append(causes)
            yield causes


def _facts(ruling: Ruling, before: Determination, after: Determination) -> Iterable[FactChange]:
    earlier, later = (days.closures[ruling.market].answers for days in (before, after))
    for fact in sorted(after.library.facts_of(ruling.norm.applies_when) - {ASKED_ON}):
        was, now = (said.get(fact, Silence.NOT_ASKED) for said in (earlier, later))
        if was != now:
            yield FactChange(fact=fact, before=was, after=now)


def _passed(ruling: Ruling, before: Determination, after: Determination) -> list[dt.date]:
    """Return the days between that a norm begins or ends on, or that its conditions name."""
    norm, library = ruling.norm, after.library
    held = library if norm.name in library.norms else before.library
    opened = [held.meanings[name] for name in held.opened(norm.applies_when)]
    atoms = [atom for whole in (norm.applies_when, *opened) for atom in walk(whole)]
    named = {a.bound for a in atoms if isinstance(a, Cmp) and a.fact == ASKED_ON}
    days = {norm.valid_from, norm.valid_until, *named}
    return sorted(d for d in days if isinstance(d, dt.date) and before.on < d <= after.on)
