# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a plan costs, added up exactly from its shares: nothing here comes from a solver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.exposure.diversify.market import ONE, ZERO, Buyer, Market, Offer
from comity.exposure.measure.interval import NOTHING

Shares = Mapping[str, Fraction]
"""What a buyer takes of each offer, by key; absent is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs.

    Args:
        running: Of buying.
        switching: Of moving what is surely held and what is newly taken.
        onboarding: Of suppliers that are new, once each.
        unsure: At most so much more, where nobody states what is held now.
    """

    running: Fraction = ZERO
    switching: Fraction = ZERO
    onboarding: Fraction = ZERO
    unsure: Fraction = ZERO

    @property
    def planned(self) -> Fraction:
        """Return the sum without what is unsure."""
        return self.running + self.switching + self.onboarding

    @property
    def most(self) -> Fraction:
        """Return the pessimistic end."""
        return self.planned + self.unsure


def cost_of(market: Market, buyer: Buyer, shares: Shares) -> Cost:
    """Return what shares cost one buyer alone; a layer without any stays as it is.

    `unsure` is the most that switching can add where what nobody stated falls to whoever is
    dearest to leave: |x - x0| <= |x - least| + (x0 - least), summed.
    """
    layers = {offer.layer for offer in market.offers if shares.get(offer.key)}
    offers = [offer for offer in market.offers if offer.layer in layers]
    return Cost(
        running=_sum(offer.cost * shares.get(offer.key, ZERO) for offer in offers) * buyer.size,
        switching=_sum(
            offer.switching * abs(shares.get(offer.key, ZERO) - buyer.has(offer))
            for offer in offers
        )
        * buyer.size,
        onboarding=_sum(offer.onboarding for offer in _fresh(market, buyer, shares)),
        unsure=_sum(_unsure(market.of(layer), buyer, layer) for layer in sorted(layers))
        * buyer.size,
    )


def pooled(market: Market, shares: Sequence[Shares]) -> Fraction:
    """Return what onboarding costs buyers that do it together, supplier by supplier.

    Args:
        shares: By buyer.
    """
    counts: dict[str, int] = {}
    for buyer, chosen in zip(market.buyers, shares, strict=True):
        for offer in _fresh(market, buyer, chosen):
            counts[offer.key] = counts.get(offer.key, 0) + 1
    return _sum(
        offer.fees(counts[offer.key], market.pooling)
        for offer in market.offers
        if offer.key in counts
    )


def _fresh(market: Market, buyer: Buyer, shares: Shares) -> Iterable[Offer]:
    return (offer for offer in market.offers if shares.get(offer.key) and not buyer.has(offer))


def _unsure(offers: Sequence[Offer], buyer: Buyer, layer: str) -> Fraction:
    """Return the most that unstated holdings of a layer could cost to leave."""
    left, found = buyer.unheld.get(layer, ONE), ZERO
    for offer in sorted(offers, key=lambda one: -one.switching):
        held = buyer.held.get(offer.key, NOTHING)
        taken = min(left, held.most - held.least)
        found += offer.switching * taken
        left -= taken
    return found


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, ZERO)
