# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pair needs with offers, say what each pair does to dependence, and why others stay alone."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from comity.exposure.cooperate.coverage import cover
from comity.exposure.cooperate.effect import Effect, worst_of
from comity.exposure.cooperate.fit import Ask, Bid, Misfit, misfits
from comity.exposure.cooperate.market import Flows, Market
from comity.exposure.cooperate.rank import Merit, merit_of, of_need, of_offer
from comity.exposure.cooperate.stable import stable

Method: TypeAlias = Literal["stable", "coverage"]

Effects: TypeAlias = Callable[[Ask, Bid], tuple[Effect, ...]]
"""Says what a pair does to the dependence of the state in need."""

Homes: TypeAlias = Callable[[Ask], frozenset[str]]
"""Says which codes are the own ones of the state in need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A need and an offer that meets it, or a part of it.

    Args:
        amount: How much; None where nobody said how much is needed.
        is_counted: False where nobody said how much is offered.
    """

    ask: Ask
    bid: Bid
    amount: int | None
    is_counted: bool
    merit: Merit
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A need that nothing meets, or not in full.

    Args:
        missing: How much is left; None where nobody said how much is needed.
        reasons: Of each offer of its sort, why it does not fit; none where it fits and is
            spent on others.
    """

    ask: Ask
    missing: int | None
    reasons: tuple[tuple[Bid, tuple[Misfit, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """An offer that is not taken up, or not in full.

    Args:
        left: How much; None where nobody said how much is offered.
        reasons: Why it meets no need it was held against; each reason once.
    """

    bid: Bid
    left: int | None
    reasons: tuple[Misfit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Who fits whom.

    Args:
        fitting: How many pairs fit at all.
    """

    method: Method
    on: dt.date
    pairs: tuple[Pair, ...]
    alone: tuple[Alone, ...]
    spare: tuple[Spare, ...]
    fitting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Needs and offers as they are held against each other on one day."""

    asks: tuple[Ask, ...]
    bids: tuple[Bid, ...]
    on: dt.date
    effects: Effects
    homes: Homes


def match(table: Table, method: Method = "stable") -> Matching:
    """Pair needs with offers.

    Args:
        method: "stable": needs propose, nobody has reason to pair otherwise. "coverage": as
            many needs as possible are met in full.

    Raises:
        InvalidDocument: Too many pairs fit for "coverage".
    """
    fits, why = _held(table)
    market = _market(table, fits)
    flows = stable(market) if method == "stable" else cover(market).flows
    return Matching(
        method=method,
        on=table.on,
        pairs=_pairs(table, fits, flows),
        alone=_alone(table, why, flows),
        spare=_spare(table, why, flows),
        fitting=len(fits),
    )


_Key: TypeAlias = tuple[str, str]
_Fits: TypeAlias = dict[_Key, tuple[Merit, tuple[Effect, ...]]]
_Why: TypeAlias = dict[_Key, tuple[Misfit, ...]]


def _held(table: Table) -> tuple[_Fits, _Why]:
    fits: _Fits = {}
    why: _Why = {}
    for ask in table.asks:
        homes = table.homes(ask)
        for bid in table.bids:
            found = misfits(ask, bid, table.on)
            why[ask.key, bid.key] = found
            if not found:
                effects = table.effects(ask, bid)
                fits[ask.key, bid.key] = merit_of(ask, bid, worst_of(effects, homes)), effects
    return fits, why


def _market(table: Table, fits: _Fits) -> Market:
    choices: dict[str, list[str]] = {}
    favours: dict[str, list[str]] = {}
    for ask in table.asks:
        found = [bid for bid in table.bids if (ask.key, bid.key) in fits]
        found.sort(key=lambda bid: of_need(fits[ask.key, bid.key][0], bid))
        choices[ask.key] = [bid.key for bid in found]
    for bid in table.bids:
        takers = [ask for ask in table.asks if (ask.key, bid.key) in fits]
        takers.sort(key=lambda ask: of_offer(fits[ask.key, bid.key][0], ask, bid))
        favours[bid.key] = [ask.key for ask in takers]
    return Market(
        wants={ask.key: _wanted(ask) for ask in table.asks},
        holds={bid.key: bid.offer.matter.amount for bid in table.bids},
        choices=choices,
        favours=favours,
    )


def _wanted(ask: Ask) -> int:
    amount = ask.need.matter.amount
    return 1 if amount is None else max(1, amount)


def _pairs(table: Table, fits: _Fits, flows: Flows) -> tuple[Pair, ...]:
    found: list[Pair] = []
    for ask in table.asks:
        for bid in table.bids:
            amount = flows.get((ask.key, bid.key), 0)
            if amount:
                merit, effects = fits[ask.key, bid.key]
                found.append(
                    Pair(
                        ask=ask,
                        bid=bid,
                        amount=None if ask.need.matter.amount is None else amount,
                        is_counted=bid.offer.matter.amount is not None,
                        merit=merit,
                        effects=effects,
                    )
                )
    return tuple(found)


def _alone(table: Table, why: _Why, flows: Flows) -> tuple[Alone, ...]:
    found: list[Alone] = []
    for ask in table.asks:
        got = sum(flows.get((ask.key, bid.key), 0) for bid in table.bids)
        left = _wanted(ask) - got
        if left:
            reasons = tuple(
                (bid, why[ask.key, bid.key])
                for bid in table.bids
                if Misfit.SORT not in why[ask.key, bid.key]
            )
            missing = None if ask.need.matter.amount is None else left
            found.append(Alone(ask=ask, missing=missing, reasons=reasons))
    return tuple(found)


def _spare(table: Table, why: _Why, flows: Flows) -> tuple[Spare, ...]:
    found: list[Spare] = []
    for bid in table.bids:
        taken = sum(flows.get((ask.key, bid.key), 0) for ask in table.asks)
        held = bid.offer.matter.amount
        if taken and (held is None or taken >= held):
            continue
        left = None if held is None else held - taken
        found.append(Spare(bid=bid, left=left, reasons=_why_spare(table.asks, bid, why)))
    return tuple(found)


def _why_spare(asks: Sequence[Ask], bid: Bid, why: _Why) -> tuple[Misfit, ...]:
    """Say why an offer meets none: its own reasons, then those of the needs of its sort.

    Nothing but its own where some need fits it and took another.
    """
    own = [Misfit.DOUBT] if bid.doubt else []
    own += [Misfit.UNSTATED] if bid.offer.recipients_unstated else []
    held = [why[ask.key, bid.key] for ask in asks]
    alike = [reasons for reasons in held if Misfit.SORT not in reasons]
    if any(not reasons for reasons in alike):
        return tuple(own)
    more = [reason for reasons in alike for reason in reasons]
    return tuple(dict.fromkeys([*own, *(more if alike or own else [Misfit.SORT])]))
