# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The floor a rule looks at: who has a seat, what each of them said, and what each weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Answer(Enum):
    """Where a seat stands; the last two are derived and can be in no ballot."""

    YES = "yes"
    NO = "no"
    OBJECT = "object"
    ABSTAIN = "abstain"
    RECUSED = "recused"
    PRESENT = "present"
    VOID = "void"
    SILENT = "silent"


class Base(Enum):
    """Of whom a share is taken.

    `MEMBERS` are all seats, `PRESENT` all that said anything valid, `CAST` those with a yes,
    a no, an objection or an abstention, `YES_AND_NO` those with a yes, a no or an objection.
    """

    MEMBERS = "members"
    PRESENT = "present"
    CAST = "cast"
    YES_AND_NO = "yes_and_no"

    @property
    def counts(self) -> frozenset[Answer]:
        """Return the answers that belong to the base."""
        return _COUNTED[self]


_YES_AND_NO = frozenset({Answer.YES, Answer.NO, Answer.OBJECT})
_CAST = _YES_AND_NO | {Answer.ABSTAIN}
_COUNTED = {
    Base.MEMBERS: frozenset(Answer),
    Base.PRESENT: _CAST | {Answer.RECUSED, Answer.PRESENT},
    Base.CAST: _CAST,
    Base.YES_AND_NO: _YES_AND_NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each seat weighs under one measure.

    Args:
        values: Seat to its weight, integers of 0 or more in `unit`.
        source: Where the figures come from, with their year.
    """

    name: str
    unit: str
    source: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Seats, their groups and weights, and what each of them said.

    A seat is a member id on a log and an ISO 3166-1 alpha-3 code in presets, histories and
    power tables; a rule does not mind which.

    Args:
        answers: What was said; a seat that is absent here is `SILENT`.
        groups: Group to its seats. A name `family:group` such as `region:Africa` makes the
            group one of a family, which `Across` ranges over; groups of a family are disjoint.
        weights: By name.
    """

    seats: frozenset[str]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)

    def answer(self, seat: str) -> Answer:
        """Return where *seat* stands."""
        return self.answers.get(seat, Answer.SILENT)

    def within(self, group: str | None) -> frozenset[str]:
        """Return the seats of *group*, or all; an unknown group has none."""
        return self.seats if group is None else self.seats & self.groups.get(group, frozenset())

    def family(self, name: str) -> tuple[str, ...]:
        """Return the groups of a family that have a seat, by name."""
        found = (group for group in self.groups if group.startswith(f"{name}:"))
        return tuple(sorted(group for group in found if self.within(group)))
