# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pair needs with offers over logs, files and public records; show what each pair does."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from comity.desk.cooperation.cooperating import (
    Who,
    board_in,
    need_row,
    offer_row,
    standing_needs,
    standing_offers,
)
from comity.desk.cooperation.sheet import (
    AloneRow,
    MatchSheet,
    MatterRow,
    PairRow,
    SpareRow,
    Standing,
)
from comity.desk.log.shelf import Said, Shelf
from comity.desk.supply.grounds import Grounds, Wanted, check_state, gather, homes_of
from comity.exposure.cooperate.effect import Effect, effects_of
from comity.exposure.cooperate.fit import Ask, Bid
from comity.exposure.cooperate.match import Matching, Method, Table, match
from comity.files.cooperation import Folder, read_cooperation, shipped_records
from comity.kernel.ids import MemberId
from comity.law.market import BODIES, EUROPEAN_UNION, STATES, UNION_MEMBERS
from comity.law.membership import CONTESTED, PARTNER, standing_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be paired.

    Args:
        files: Offers and needs beside those of the logs.
        records: Whether public records count.
        inventories: What states rest on, beside what the logs state.
        state: Only needs of this state; "" for all.
    """

    on: dt.date
    method: Method = "stable"
    files: tuple[Path, ...] = ()
    records: bool = False
    inventories: tuple[Path, ...] = ()
    state: str = ""


@dataclass(slots=True)
class _Ground:
    """Asks and bids with the rows that show them."""

    asks: list[Ask] = field(default_factory=list)
    bids: list[Bid] = field(default_factory=list)
    rows: dict[str, MatterRow] = field(default_factory=dict)


def match_sheet(
    asked: Asked, shelf: Shelf | None = None, members: Mapping[MemberId, Who] | None = None
) -> MatchSheet:
    """Pair what the logs, files and records hold.

    Raises:
        NotFound: A file is not there.
        InvalidDocument: A file has faults; the state has no code; or too many pairs fit.
    """
    check_state(asked.state)
    ground = _Ground()
    if shelf is not None:
        _from_logs(ground, shelf, members or {})
    for path in asked.files:
        _from_folder(ground, read_cooperation(path), "file")
    if asked.records:
        _from_folder(ground, shipped_records(), "record")
    asks = tuple(one for one in ground.asks if asked.state in {"", *one.markets})
    table = Table(
        asks=tuple(sorted(asks, key=lambda one: one.key)),
        bids=tuple(sorted(ground.bids, key=lambda one: one.key)),
        on=asked.on,
        effects=_Effects(asked, shelf, members or {}).of,
        homes=lambda ask: _homes(ask.seat),
    )
    return _sheet(match(table, asked.method), ground.rows)


class _Effects:
    """What pairs do to dependence; what a state rests on is gathered once."""

    def __init__(
        self, asked: Asked, shelf: Shelf | None, members: Mapping[MemberId, Who]
    ) -> None:
        seats = {member: who.seat for member, who in members.items()}

        @cache
        def grounds_of(state: str) -> Grounds:
            wanted = Wanted(state=state, inventories=asked.inventories, seats=seats)
            return gather(wanted, shelf)

        self._grounds_of = grounds_of

    def of(self, ask: Ask, bid: Bid) -> tuple[Effect, ...]:
        """Return what a pair does; nothing where the state in need is not known."""
        if not ask.seat:
            return ()
        bills = self._grounds_of(ask.seat).bills
        return effects_of(bid.offer, bid.seat, bills, _homes(ask.seat))


def states_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the states that codes of states and bodies name, and the codes themselves.

    Of a body its members count, and of the World AI Cooperation Organization its signatories;
    partners and contested members do not.
    """
    found: set[str] = set()
    for code in codes:
        found.add(code)
        if code == EUROPEAN_UNION:
            found |= UNION_MEMBERS
        elif code in BODIES:
            found |= {state for state in STATES if _stands(code, state)}
    return frozenset(found)


def _stands(body: str, state: str) -> bool:
    return standing_in(body, state) not in {None, PARTNER, CONTESTED}


def _homes(seat: str) -> frozenset[str]:
    return homes_of(seat) if seat else frozenset()


def makers_of(members: Mapping[MemberId, Who]) -> Mapping[MemberId, str]:
    """Return by member who it is: those that share a key to sign with, however far, are one."""
    found: dict[MemberId, str] = {}
    for member in sorted(members):
        if member in found:
            continue
        group, keys, grew = {member}, members[member].keys, True
        while grew:
            alike = {one for one, who in members.items() if who.keys & keys} | group
            grew, group = len(alike) > len(group), alike
            keys = frozenset().union(*(members[one].keys for one in group))
        found.update(dict.fromkeys(group, str(member)))
    return found


def _from_logs(ground: _Ground, shelf: Shelf, members: Mapping[MemberId, Who]) -> None:
    makers = makers_of(members)
    for said, offer in standing_offers(shelf):
        who, standing = _who(said, members, example=offer.example)
        key = standing.place
        ground.rows[f"offer {key}"] = offer_row(offer, standing)
        markets = states_of(offer.matter.markets) if offer.matter.markets else None
        ground.bids.append(
            Bid(
                key=key,
                by=makers.get(said.member, str(said.member)),
                seat=who.seat,
                offer=offer,
                markets=markets,
            )
        )
    for said, need in standing_needs(shelf):
        who, standing = _who(said, members, example=need.example)
        key = standing.place
        ground.rows[f"need {key}"] = need_row(need, standing)
        markets = states_of(need.matter.markets or (who.seat,))
        seat = _seat_of(need.matter.markets, who.seat)
        ground.asks.append(
            Ask(
                key=key,
                by=makers.get(said.member, str(said.member)),
                seat=seat,
                need=need,
                markets=markets,
            )
        )


def _from_folder(ground: _Ground, folder: Folder, kind: str) -> None:
    board = board_in(folder, kind)
    for row, shown in zip(folder.offers, board.offers, strict=True):
        matter = row.offer.matter
        ground.rows[f"offer {row.place}"] = shown
        ground.bids.append(
            Bid(
                key=row.place,
                by=row.ground.by or row.place,
                seat=row.ground.seat,
                offer=row.offer,
                markets=states_of(matter.markets) if matter.markets else None,
                doubt=row.ground.unverified,
            )
        )
    for need, shown in zip(folder.needs, board.needs, strict=True):
        markets = need.need.matter.markets
        ground.rows[f"need {need.place}"] = shown
        ground.asks.append(
            Ask(
                key=need.place,
                by=need.ground.by or need.place,
                seat=_seat_of(markets, need.ground.seat),
                need=need.need,
                markets=states_of(markets or (need.ground.seat,)),
            )
        )


def _seat_of(markets: tuple[str, ...], seat: str) -> str:
    """Return whose dependence a need is about: its one market, else its author's state."""
    if len(markets) == 1 and (markets[0] in STATES or markets[0] == EUROPEAN_UNION):
        return markets[0]
    return seat


def _who(said: Said, members: Mapping[MemberId, Who], *, example: bool) -> tuple[Who, Standing]:
    who = members.get(said.member, Who(name=said.member[:16], seat=""))
    place = f"{said.reference.log}#{said.reference.index}"
    standing = Standing(
        by=who.name,
        place=place,
        sha256=said.reference.sha256.hex(),
        is_counted=said.is_counted,
        example=example,
    )
    return who, standing


def _sheet(found: Matching, rows: Mapping[str, MatterRow]) -> MatchSheet:
    return MatchSheet(
        method=found.method,
        on=found.on,
        pairs=tuple(
            PairRow(
                need=rows[f"need {one.ask.key}"],
                offer=rows[f"offer {one.bid.key}"],
                amount=one.amount,
                is_counted=one.is_counted,
                merit=one.merit,
                effects=one.effects,
            )
            for one in found.pairs
        ),
        alone=tuple(
            AloneRow(
                need=rows[f"need {one.ask.key}"],
                missing=one.missing,
                reasons=tuple(
                    (rows[f"offer {bid.key}"], tuple(each.value for each in why))
                    for bid, why in one.reasons
                ),
            )
            for one in found.alone
        ),
        spare=tuple(
            SpareRow(
                offer=rows[f"offer {one.bid.key}"],
                left=one.left,
                reasons=tuple(each.value for each in one.reasons),
            )
            for one in found.spare
        ),
        fitting=found.fitting,
    )
