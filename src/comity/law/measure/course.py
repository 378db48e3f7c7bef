# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A course: the measures that together meet all that is asked, at least cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from comity.kernel.canonical import Json
from comity.law.condition import Number, exact_text
from comity.law.conduct import Conduct, Constraint, Exclusion, Relation
from comity.law.measure.ask import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An ask and how a measure meets it.

    Args:
        through: What the measure does as well, where that is what meets it.
    """

    ask: Ask
    through: str = ""

    def to_json(self) -> Json:
        """Write it as plain JSON values."""
        return {"ask": self.ask.to_json(), "through": self.through or None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One conduct variable and how it is to be set.

    Args:
        label: The market or norm for which it is set so; "" for all.
        values: What an enum or a set is to hold.
        bounds: What a number has to keep to, the strictest asked; the norms that ask it.
        avoids: What it must not reach, since something else that is done leaves no room.
        days: Assumed person-days.
        is_assumed_by_kind: Whether nobody estimated this conduct by itself.
    """

    conduct: Conduct
    label: str = ""
    values: tuple[str, ...] = ()
    bounds: tuple["Bound", ...] = ()
    avoids: tuple[Constraint, ...] = ()
    days: int
    is_assumed_by_kind: bool
    meets: tuple[Met, ...]

    def to_json(self) -> Json:
        """Write the measure as plain JSON values."""
        return {
            **self.setting_to_json(),
            "label": dict(self.conduct.label.by_tag),
            "assumed_by_kind": self.is_assumed_by_kind,
            "meets": [met.to_json() for met in self.meets],
        }

    def setting_to_json(self) -> dict[str, Json]:
        """Write what is to be set how, and at what cost."""
        return {
            "conduct": self.conduct.name,
            "apart": self.label or None,
            "values": list(self.values),
            "unit": self.conduct.unit,
            "bounds": [bound.to_json() for bound in self.bounds],
            "avoids": [each.to_json() for each in self.avoids],
            "days": self.days,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The figure that decided a measure, and who asks it."""

    relation: Relation
    figure: Number
    norms: tuple[str, ...]

    def to_json(self) -> Json:
        """Write the bound as plain JSON values."""
        return {
            "relation": self.relation.value,
            "figure": exact_text(self.figure),
            "decided_by": list(self.norms),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What must not be done, and who asks that."""

    constraint: Constraint
    label: str = ""
    asked_by: tuple[Ask, ...]

    def to_json(self) -> Json:
        """Write the restraint as plain JSON values."""
        return {
            "constraint": self.constraint.to_json(),
            "apart": self.label or None,
            "asked_by": [ask.to_json() for ask in self.asked_by],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A smallest set of things asked that cannot be met together by one system.

    Args:
        asks: All that ask one of these things; norms that ask the same stand together.
        exclusions: Facts of the world it rests on, if any.
        provided: Those of them of which it cannot be told whether they hold here.
    """

    asks: tuple[Ask, ...]
    exclusions: tuple[Exclusion, ...] = ()
    provided: tuple[Exclusion, ...] = ()

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets whose norms collide."""
        return tuple(dict.fromkeys(ask.market for ask in self.asks))

    @property
    def conducts(self) -> tuple[str, ...]:
        """The conduct they speak of."""
        return tuple(sorted({ask.conduct for ask in self.asks}))

    def to_json(self) -> Json:
        """Write the conflict as plain JSON values."""
        return {
            "asks": [ask.to_json() for ask in self.asks],
            "because": [_exclusion_json(each) for each in self.exclusions],
            "provided": [_exclusion_json(each) for each in self.provided],
        }


def _exclusion_json(exclusion: Exclusion) -> Json:
    return {"exclusion": exclusion.name, "says": dict(exclusion.because.by_tag)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What to do, what to refrain from, and what cannot be met.

    Args:
        days: Assumed person-days of the measures, and of what is run apart.
        conflicts: Duties that cannot be met together; the measures meet none of them.
        unheeded: Recommendations that nothing here heeds, since a duty stands against them.
    """

    measures: tuple[Measure, ...]
    restraints: tuple[Restraint, ...]
    days: int
    conflicts: tuple[Conflict, ...] = ()
    unheeded: tuple[Ask, ...] = field(default=())

    def to_json(self) -> Json:
        """Write the course as plain JSON values."""
        return {
            "days": self.days,
            "measures": [measure.to_json() for measure in self.measures],
            "refrain": [restraint.to_json() for restraint in self.restraints],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "unheeded": [ask.to_json() for ask in self.unheeded],
        }


def norms_of(asks: Iterable[Ask]) -> tuple[str, ...]:
    """Return the norms that ask, each once."""
    return tuple(dict.fromkeys(ask.norm.name for ask in asks))
