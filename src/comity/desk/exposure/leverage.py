# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a state and its partners would lose by leaving each other, and what a bloc changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.desk.supply.grounds import Grounds, homes_of
from comity.desk.supply.origin import Origin
from comity.exposure.diversify.reach import codes_of
from comity.exposure.leverage.leverage import Alternative, Leverage, Loss, Side, leverage
from comity.exposure.material.bill import Bill
from comity.exposure.measure.interval import Interval
from comity.exposure.shock.network import Network
from comity.exposure.shock.sharing import UNKNOWN, Assumption
from comity.exposure.shock.wiring import State, state_key, system_key, wire
from comity.kernel.canonical import Json
from comity.kernel.material import PPM

ASSUMPTIONS = (
    "To leave is to cut off all at once: suppliers, territory, what firms own abroad.",
    "No game is solved: who would leave first, or yield, these figures cannot carry.",
    "What nobody stated is open; a partner without an inventory may lose all or nothing.",
    "Sales and money that a partner's firms would lose are in no log and are left out.",
    "An alternative is a supplier that somebody named; capacity and price are not known here.",
)
"""What every answer takes for granted; it stands on each page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRow:
    """What one layer or system loses.

    Args:
        kind: "state" (a layer of a state) or "system".
    """

    name: str
    kind: str
    layer: str
    lost: Interval

    def to_json(self) -> dict[str, Json]:
        """Write it, in millionths."""
        return {"name": self.name, "kind": self.kind, "layer": self.layer, **_both(self.lost)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """Who else supplies a layer.

    Args:
        works: How far it works once the partner has left.
        in_bloc: Whether it sits in the bloc.
    """

    name: str
    layer: str
    jurisdiction: str | None
    works: Interval
    in_bloc: bool

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "name": self.name,
            "layer": self.layer,
            "jurisdiction": self.jurisdiction,
            "works": _both(self.works),
            "in_bloc": self.in_bloc,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """One partner.

    Args:
        loses: What the state loses if it leaves.
        partner_loses: What it loses if the state leaves; None is unknown.
        partner_loses_bloc: The same if the whole bloc leaves.
        members_lose: By other member of the bloc, what it loses if the partner leaves.
        silent_members: Members of whom nobody stated anything.
    """

    partner: str
    loses: tuple[LossRow, ...]
    partner_loses: tuple[LossRow, ...] | None
    partner_loses_bloc: tuple[LossRow, ...] | None
    alternatives: tuple[AlternativeRow, ...]
    members_lose: tuple[tuple[str, tuple[LossRow, ...]], ...]
    silent_members: tuple[str, ...]

    @property
    def worst(self) -> Interval | None:
        """Return the heaviest loss of any layer or system of the state; None is unknown."""
        return worst_of(self.loses)

    @property
    def remaining(self) -> Mapping[str, tuple[AlternativeRow, ...]]:
        """Return the alternatives by layer."""
        layers = dict.fromkeys(one.layer for one in self.alternatives)
        return {
            layer: tuple(one for one in self.alternatives if one.layer == layer)
            for layer in layers
        }

    @property
    def alone_in(self) -> tuple[str, ...]:
        """Return the layers that lose something and in which nobody else is named."""
        hit = {one.layer for one in self.loses if one.layer and one.lost.most}
        return tuple(sorted(hit.difference(one.layer for one in self.alternatives)))

    def to_json(self) -> dict[str, Json]:
        """Write it; null is unknown."""
        return {
            "partner": self.partner,
            "loses": _rows(self.loses),
            "partner_loses": _rows(self.partner_loses),
            "partner_loses_bloc": _rows(self.partner_loses_bloc),
            "worst": _worst(self.loses),
            "partner_worst": _worst(self.partner_loses),
            "partner_worst_bloc": _worst(self.partner_loses_bloc),
            "alternatives": [one.to_json() for one in self.alternatives],
            "members_lose": [
                {"member": name, "loses": _rows(rows), "worst": _worst(rows)}
                for name, rows in self.members_lose
            ],
            "silent_members": list(self.silent_members),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverageSheet:
    """A state and its partners, whoever would hurt it most first."""

    state: str
    bloc: str
    assumed: Assumption
    partners: tuple[PartnerRow, ...]
    origins: tuple[Origin, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "state": self.state,
            "bloc": self.bloc or None,
            "assumed": {
                "substitute_ppm": self.assumed.substitute_ppm,
                "need_ppm": self.assumed.need_ppm,
            },
            "partners": [one.to_json() for one in self.partners],
            "origins": [one.to_json() for one in self.origins],
            "assumptions": list(ASSUMPTIONS),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Whom to compare.

    Args:
        partners: Codes; empty for every jurisdiction that anything is said to stand under.
        bloc: Name of a bloc; "" for none.
        members: Its members.
    """

    state: str
    partners: tuple[str, ...] = ()
    bloc: str = ""
    members: tuple[str, ...] = ()


def leverage_sheet(
    grounds: Grounds, between: Between, assumed: Assumption = UNKNOWN
) -> LeverageSheet:
    """Compare what either side loses, over what is stated of anybody.

    Args:
        grounds: Of everything that is stated, not of the state alone.
    """
    codes = {between.state, *between.members, *between.partners}
    codes |= {code for bill in grounds.bills for code in bill.markets}
    stated = [_stated(code, grounds.bills) for code in sorted(codes)]
    network = wire(
        grounds.bills, grounds.supplies, [one for one in stated if one.bills], assume=assumed
    )
    others = [code for code in between.members if code != between.state]
    own = homes_of(between.state)
    named = between.partners or tuple(one for one in codes_of(network) if one not in own)
    found = leverage(
        network,
        _side(between.state, grounds.bills, network),
        [_side(code, grounds.bills, network) for code in named],
        [_side(code, grounds.bills, network) for code in others],
    )
    rows = [_partner(one, others) for one in found]
    if not between.partners:
        rows = [row for row in rows if row.worst is None or row.worst.most]
    rows.sort(key=_order)
    return LeverageSheet(
        state=between.state,
        bloc=between.bloc,
        assumed=assumed,
        partners=tuple(rows),
        origins=grounds.origins,
    )


def worst_of(rows: Iterable[LossRow] | None) -> Interval | None:
    """Return the heaviest loss among rows; None where there are none, which is unknown."""
    lost = [one.lost for one in rows or ()]
    if not lost:
        return None
    return Interval(least=max(one.least for one in lost), most=max(one.most for one in lost))


def _stated(code: str, bills: Sequence[Bill]) -> State:
    return State(code=code, bills=tuple(bill for bill in bills if code in bill.markets))


def _side(code: str, bills: Sequence[Bill], network: Network) -> Side:
    own = _stated(code, bills).bills
    layers = dict.fromkeys(layer for bill in own for layer in bill.layers())
    keys = [state_key(code, layer) for layer in layers]
    keys += [system_key(bill) for bill in own if bill.is_system]
    there = network.positions()
    return Side(
        name=code, homes=homes_of(code), targets=tuple(key for key in keys if key in there)
    )


def _partner(found: Leverage, others: Sequence[str]) -> PartnerRow:
    return PartnerRow(
        partner=found.partner,
        loses=_losses(found.loses),
        partner_loses=None if found.partner_loses is None else _losses(found.partner_loses),
        partner_loses_bloc=(
            None if found.partner_loses_bloc is None else _losses(found.partner_loses_bloc)
        ),
        alternatives=tuple(
            _alternative(one, found) for row in found.alternatives.values() for one in row
        ),
        members_lose=tuple((name, _losses(rows)) for name, rows in found.members_lose.items()),
        silent_members=tuple(name for name in others if name not in found.members_lose),
    )


def _losses(rows: Iterable[Loss]) -> tuple[LossRow, ...]:
    found = [
        LossRow(name=one.node.label, kind=one.node.kind, layer=one.node.layer, lost=one.lost)
        for one in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.lost.least, -one.lost.most, one.name)))


def _alternative(one: Alternative, found: Leverage) -> AlternativeRow:
    return AlternativeRow(
        name=one.node.label,
        layer=one.node.layer,
        jurisdiction=one.node.place.jurisdiction if one.is_sure else None,
        works=one.works,
        in_bloc=one.node.key in found.bloc_alternatives,
    )


def _order(row: PartnerRow) -> tuple[float, float, str]:
    worst = row.worst
    if worst is None:
        return 0.0, 0.0, row.partner
    return -float(worst.least), -float(worst.most), row.partner


def _rows(rows: Iterable[LossRow] | None) -> Json:
    return None if rows is None else [one.to_json() for one in rows]


def _worst(rows: Iterable[LossRow] | None) -> Json:
    found = worst_of(rows)
    return None if found is None else _both(found)


def _both(share: Interval) -> dict[str, Json]:
    return {"least_ppm": round(share.least * PPM), "most_ppm": round(share.most * PPM)}
