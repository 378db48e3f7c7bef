# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Deferred acceptance: needs propose, offers keep the best they can hold.

Source:
    Gale & Shapley (1962), American Mathematical Monthly 69(1); for amounts, the stable
    allocation of Baiou & Balinski (2002), Mathematics of Operations Research 27(3).
"""

from collections import deque
from collections.abc import Iterator, Mapping

from comity.exposure.cooperate.market import Flows, Market


def stable(market: Market) -> dict[tuple[str, str], int]:
    """Return the stable pairing that every need likes best.

    Returns:
        Whole amounts. No need and offer both would rather have more of each other; of all
        such pairings none gives any need more of the offers it likes best.
    """
    ranks = {
        offer: {need: place for place, need in enumerate(needs)}
        for offer, needs in market.favours.items()
    }
    kept: dict[str, dict[str, int]] = {offer: {} for offer in market.holds}
    refused: dict[str, set[str]] = {need: set() for need in market.wants}
    missing = dict(market.wants)
    waiting = deque(sorted(market.wants))
    while waiting:
        need = waiting.popleft()
        for offer in market.choices.get(need, ()):
            has = kept[offer].get(need, 0)
            amount = min(missing[need], market.bound(need, offer) - has)
            if not amount or offer in refused[need]:
                continue
            kept[offer][need] = has + amount
            missing[need] -= amount
            for other, returned in _let_go(kept[offer], market.holds[offer], ranks[offer]):
                missing[other] += returned
                refused[other].add(offer)
                if other != need:
                    waiting.append(other)
    return {
        (need, offer): amount
        for offer, needs in kept.items()
        for need, amount in sorted(needs.items())
    }


def blocking(market: Market, flows: Flows) -> Iterator[tuple[str, str]]:
    """Yield each need and offer that would both rather have more of each other."""
    for need, offers in market.choices.items():
        for offer in offers:
            has = flows.get((need, offer), 0)
            if has < market.bound(need, offer) and (
                _wants_more(market, flows, need, offer)
                and _gives_more(market, flows, need, offer)
            ):
                yield need, offer


def _let_go(
    kept: dict[str, int], holds: int | None, ranks: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """Give back what does not fit, of the least liked first."""
    over = 0 if holds is None else sum(kept.values()) - holds
    while over > 0:
        worst = max(kept, key=lambda need: ranks[need])
        amount = min(over, kept[worst])
        kept[worst] -= amount
        if not kept[worst]:
            del kept[worst]
        over -= amount
        yield worst, amount


def _wants_more(market: Market, flows: Flows, need: str, offer: str) -> bool:
    offers = list(market.choices[need])
    worse = offers[offers.index(offer) + 1 :]
    total = sum(flows.get((need, one), 0) for one in offers)
    return total < market.wants[need] or any(flows.get((need, one), 0) for one in worse)


def _gives_more(market: Market, flows: Flows, need: str, offer: str) -> bool:
    held = market.holds[offer]
    needs = list(market.favours[offer])
    worse = needs[needs.index(need) + 1 :]
    total = sum(flows.get((one, offer), 0) for one in needs)
    return held is None or total < held or any(flows.get((one, offer), 0) for one in worse)
