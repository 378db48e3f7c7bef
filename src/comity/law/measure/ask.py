# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Asks: each single thing a norm asks of one system, with the roles it asks it in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from comity.kernel.canonical import Json
from comity.kernel.ids import ConductName, MarketCode, NormId
from comity.kernel.truth import Truth
from comity.law.conduct import Constraint
from comity.law.determine import Determination, Ruling, Status
from comity.law.norm import Demand, Modality, Norm, Role
from comity.law.pack import Pack, PackStatus

DUTIES = frozenset({Modality.MUST, Modality.MUST_NOT})
ADVICE = frozenset({Modality.SHOULD, Modality.SHOULD_NOT})
_AGAINST = frozenset({Modality.MUST_NOT, Modality.SHOULD_NOT})
_IN_FORCE = (Status.APPLIES, Status.NOT_YET_IN_FORCE, Status.CANNOT_TELL)

Key: TypeAlias = tuple[NormId, Demand]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One line of a norm that asks something of a system.

    Args:
        roles: In which roles it asks, in the order of the profile; None where nobody said.
        status: What the norm is to the system.
        is_certain: Whether its conditions hold; otherwise that cannot be told.
        unsettled: Facts whose answers could still settle it.
    """

    norm: Norm
    pack: Pack
    roles: tuple[Role | None, ...]
    demand: Demand
    status: Status
    is_certain: bool = True
    unsettled: tuple[str, ...] = ()

    @property
    def market(self) -> MarketCode:
        """The market that asks."""
        return self.pack.market

    @property
    def constraint(self) -> Constraint:
        """What is asked of conduct, its force left aside."""
        return self.demand.constraint

    @property
    def conduct(self) -> ConductName:
        """The conduct it speaks of."""
        return self.demand.constraint.conduct

    @property
    def is_against(self) -> bool:
        """Whether it asks not to do something."""
        return self.demand.modality in _AGAINST

    @property
    def is_duty(self) -> bool:
        """Whether it binds: "must" in a text that has binding force."""
        return self.demand.modality in DUTIES and self.pack.status is PackStatus.BINDING

    @property
    def key(self) -> Key:
        """What tells one ask from another: the norm and what it asks."""
        return self.norm.name, self.demand

    def to_json(self) -> Json:
        """Write the ask as plain JSON values."""
        return {
            "norm": self.norm.name,
            "market": self.market,
            "roles": [None if role is None else role.value for role in self.roles],
            "cite": self.norm.grounds.cite,
            "title": dict(self.norm.title.by_tag),
            "status": self.status.value,
            "from": None if self.norm.valid_from is None else self.norm.valid_from.isoformat(),
            "modality": self.demand.modality.value,
            "constraint": self.constraint.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is asked of one system.

    Args:
        duties: What must be met.
        advice: What should be met: "should", or anything in a text without binding force.
        permitted: What may be done.
        doubtful: Duties of norms of which it cannot be told whether they apply.
        later: Duties not yet in force that certainly will bind, where they are not among the
            duties.
    """

    duties: tuple[Ask, ...]
    advice: tuple[Ask, ...] = ()
    permitted: tuple[Ask, ...] = ()
    doubtful: tuple[Ask, ...] = ()
    later: tuple[Ask, ...] = ()


def owed_by(determination: Determination, *, coming: bool = False, soft: bool = False) -> Owed:
    """Return what the norms ask of a system.

    Args:
        coming: Count duties not yet in force as duties.
        soft: Gather recommendations and permissions as well.
    """
    every = tuple(_asks(determination.rulings))
    duties = [ask for ask in every if ask.is_duty]
    now = {Status.APPLIES, Status.NOT_YET_IN_FORCE} if coming else {Status.APPLIES}
    sure = [ask for ask in duties if ask.is_certain]
    holding = [
        ask for ask in every
        if soft and ask.status in now and ask.is_certain and not ask.is_duty
    ]  # fmt: skip
    return Owed(
        duties=tuple(ask for ask in sure if ask.status in now),
        advice=tuple(ask for ask in holding if ask.demand.modality is not Modality.MAY),
        permitted=tuple(ask for ask in holding if ask.demand.modality is Modality.MAY),
        doubtful=tuple(
            ask for ask in duties
            if not ask.is_certain and ask.status in {*now, Status.CANNOT_TELL}
        ),
        later=tuple(ask for ask in sure if ask.status not in now),
    )  # fmt: skip


def _asks(rulings: Iterable[Ruling]) -> Iterator[Ask]:
    """Yield each line of each norm once; the roles it binds in stand together."""
    together: dict[tuple[str, Status, bool], list[Ruling]] = {}
    for ruling in rulings:
        is_law = ruling.pack.status in {PackStatus.BINDING, PackStatus.SOFT}
        if ruling.status in _IN_FORCE and is_law:
            sure = ruling.truth is Truth.TRUE
            together.setdefault((ruling.norm.name, ruling.status, sure), []).append(ruling)
    for same in together.values():
        first = same[0]
        for demand in dict.fromkeys(first.norm.demands):
            yield Ask(
                norm=first.norm, pack=first.pack, demand=demand, status=first.status,
                roles=tuple(ruling.role for ruling in same),
                is_certain=any(ruling.truth is Truth.TRUE for ruling in same),
                unsettled=tuple(dict.fromkeys(f for each in same for f in each.unsettled)),
            )  # fmt: skip
