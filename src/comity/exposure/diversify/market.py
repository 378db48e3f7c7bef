# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who can supply what to whom: options, buyers, and the jurisdictions looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from comity.exposure.measure.interval import NOTHING, Interval

ZERO, ONE = Fraction(0), Fraction(1)

OWN = "own"
"""Stands, in the place of a state's code, for the state of whoever buys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One supplier that could be chosen in one layer.

    Args:
        key: Names it among the offers.
        cost: Of the whole layer, bought from it alone.
        onboarding: Once, where it is new.
        switching: Of moving the whole layer to it or away from it.
        capacity: The largest share of a buyer's layer it can take.
        minimum: The least share that is worth a contract.
        exposure: By jurisdiction, what part of what it delivers rests on that jurisdiction.
        direct: The same where inputs of its suppliers do not count.
        is_own: Whether whoever buys supplies it: then each buyer onboards its own.
    """

    key: str
    layer: str
    name: str
    supplier: str | None
    jurisdiction: str | None
    cost: Fraction
    onboarding: Fraction = ZERO
    switching: Fraction = ZERO
    capacity: Fraction = ONE
    minimum: Fraction = ZERO
    exposure: Mapping[str, Interval] = field(default_factory=dict)
    direct: Mapping[str, Interval] = field(default_factory=dict)
    is_own: bool = False

    def worst(self, code: str) -> Fraction:
        """Return the exposure to a jurisdiction at its pessimistic end."""
        return self.exposure.get(code, NOTHING).most

    def fees(self, fresh: int, pooling: Fraction) -> Fraction:
        """Return what onboarding it costs so many buyers to whom it is new, together."""
        return self.onboarding * (fresh if self.is_own else min(Fraction(fresh), pooling))


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A state that buys.

    Args:
        homes: Codes that are its own; they have no ceiling.
        held: What it has of each offer now, by key; absent is nothing.
        unheld: By layer, the share whose holder nobody stated; absent is the whole.
        size: How much it buys beside other buyers.
    """

    state: str
    homes: frozenset[str]
    held: Mapping[str, Interval] = field(default_factory=dict)
    unheld: Mapping[str, Fraction] = field(default_factory=dict)
    size: Fraction = ONE

    def has(self, offer: Offer) -> Fraction:
        """Return what it surely has of an offer now."""
        return self.held.get(offer.key, NOTHING).least

    def named(self, code: str | None) -> str | None:
        """Return the jurisdiction that a code means for this buyer."""
        return self.state if code == OWN else code


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Everything a plan is made from.

    Args:
        codes: Jurisdictions that get a ceiling.
        allies: Jurisdictions that get none.
        pooling: What onboarding a supplier once for all buyers costs, in times of one
            buyer's; at least 1.
    """

    offers: tuple[Offer, ...]
    buyers: tuple[Buyer, ...]
    codes: tuple[str, ...]
    allies: frozenset[str] = frozenset()
    pooling: Fraction = ONE

    def layers(self) -> tuple[str, ...]:
        """Return the layers for which there is any offer, in order."""
        return tuple(dict.fromkeys(offer.layer for offer in self.offers))

    def of(self, layer: str) -> tuple[Offer, ...]:
        """Return the offers of a layer."""
        return tuple(offer for offer in self.offers if offer.layer == layer)

    def foreign(self, buyer: Buyer) -> tuple[str, ...]:
        """Return the jurisdictions that have a ceiling for a buyer."""
        return tuple(c for c in self.codes if c not in buyer.homes and c not in self.allies)
