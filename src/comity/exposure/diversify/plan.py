# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A plan: shares of every layer, what they cost, and what stays above the ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.exposure.diversify.cheapest import Limit, cheapest, fitting
from comity.exposure.diversify.cost import Cost, Shares, cost_of, pooled
from comity.exposure.diversify.least import Least, least, peak_of
from comity.exposure.diversify.market import ZERO, Buyer, Market, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPlan:
    """One layer of one buyer.

    Args:
        peak: Largest exposure to any jurisdiction, at its pessimistic end.
        excess: What no purchase fixes: by how much the least reachable peak is above the
            ceiling. 0 exactly where a plan keeps the ceiling.
        proved: So much of the excess is proved, exactly, to be out of reach.
        least: The lowest peak, how it is reached, and who keeps it there; None where the
            ceiling is kept.
        is_filled: Whether the offers can fill the layer at all.
    """

    layer: str
    peak: Fraction
    excess: Fraction
    proved: Fraction
    least: Least | None
    is_filled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePlan:
    """What one buyer takes.

    Args:
        cost: Alone; of several that onboard together, see `Plan.onboarding`.
    """

    buyer: Buyer
    shares: Shares
    layers: tuple[LayerPlan, ...]
    cost: Cost

    @property
    def excess(self) -> Fraction:
        """Return the largest excess of any layer."""
        return max((one.excess for one in self.layers), default=ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The cheapest plan under one ceiling.

    Args:
        onboarding: What onboarding costs all buyers together.
        gap: How far, relatively, the cost may be above the least: from the exact cost to a
            bound, which is the solver's word and the one figure here not checked exactly.
    """

    ceiling: Fraction
    states: tuple[StatePlan, ...]
    onboarding: Fraction
    gap: float

    @property
    def cost(self) -> Fraction:
        """Return the cost of all buyers together, without what is unsure."""
        rest = (one.cost.running + one.cost.switching for one in self.states)
        return sum(rest, ZERO) + self.onboarding

    @property
    def unsure(self) -> Fraction:
        """Return what the cost may be more, at most."""
        return sum((one.cost.unsure for one in self.states), ZERO)

    @property
    def excess(self) -> Fraction:
        """Return the largest excess of any layer of any state."""
        return max((one.excess for one in self.states), default=ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What can be reached in one layer under some jurisdictions, whatever it costs.

    Args:
        shares: Any that keep the ceiling, or else the least peak; () where nothing fills it.
        least: The least peak; None where the ceiling is kept.
    """

    shares: tuple[Fraction, ...]
    least: Least | None

    def limit(self, buyer: Buyer, codes: tuple[str, ...], ceiling: Fraction) -> Limit:
        """Return what a buyer must keep, with shares that are known to."""
        peak = ceiling if self.least is None else max(ceiling, self.least.peak)
        return Limit(buyer=buyer, codes=codes, ceiling=peak, fallback=self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    """A layer of one buyer by itself: the cheapest shares."""

    shares: tuple[Fraction, ...]
    gap: float


class Planner:
    """Plans for one market under one ceiling after another; what does not change is kept."""

    def __init__(self, market: Market, *, gap: float = 0.0) -> None:
        self.market = market
        self.gap = gap
        self._least: dict[tuple[str, tuple[str, ...]], Least | None] = {}
        self._rooms: dict[tuple[str, tuple[str, ...], Fraction], _Room] = {}
        self._alone: dict[tuple[str, str, Fraction], _Alone] = {}
        self._plans: dict[tuple[Fraction, bool], Plan] = {}

    def least(self, buyer: Buyer, layer: str) -> Least | None:
        """Return the least reachable peak of a layer of a buyer; it is asked for once."""
        key = self._key(buyer, layer)
        if key not in self._least:
            self._least[key] = least(self.market.of(layer), key[1])
        return self._least[key]

    def plan(self, ceiling: Fraction, *, beside: bool = True) -> Plan:
        """Return the cheapest plan in which no layer goes above the ceiling, or its least peak.

        Args:
            beside: Whether each of several buyers is planned alone, too, so that the plan is
                no dearer than theirs put together; without, it may be dearer within the
                solver's gap, for half of the work.
        """
        for key in ((ceiling, True), (ceiling, beside)):
            if key in self._plans:
                return self._plans[key]
        is_single = len(self.market.buyers) == 1
        plan = self._apart(ceiling) if is_single or beside else self._together(ceiling)
        if beside and not is_single:
            together = self._together(ceiling)
            plan = together if together.cost <= plan.cost else replace(plan, gap=together.gap)
        self._plans[ceiling, beside] = plan
        return plan

    def alone(self, ceiling: Fraction) -> Fraction:
        """Return what the buyers would pay if each went by itself."""
        total = ZERO
        for buyer in self.market.buyers:
            shares = self._named(self._each(buyer, ceiling))
            total += cost_of(self.market, buyer, shares).planned
        return total

    def again(self, plan: Plan, other: Plan) -> Plan:
        """Return the shares of a plan in the place of a dearer one, whose ceiling they keep."""
        shares = [one.shares for one in plan.states]
        return self._joined(shares, other.ceiling, other.gap)

    def _key(self, buyer: Buyer, layer: str) -> tuple[str, tuple[str, ...]]:
        """Name a layer with the jurisdictions that matter in it: buyers share most of them."""
        offers = self.market.of(layer)
        codes = self.market.foreign(buyer)
        return layer, tuple(c for c in codes if any(one.worst(c) for one in offers))

    def _each(self, buyer: Buyer, ceiling: Fraction) -> Mapping[str, _Alone]:
        return {layer: self._by_itself(buyer, layer, ceiling) for layer in self.market.layers()}

    def _by_itself(self, buyer: Buyer, layer: str, ceiling: Fraction) -> _Alone:
        key = (buyer.state, layer, ceiling)
        if key not in self._alone:
            self._alone[key] = self._layer(buyer, layer, ceiling)
        return self._alone[key]

    def _room(self, buyer: Buyer, layer: str, ceiling: Fraction) -> _Room:
        """Return what a layer can reach: it rests on offers and on who has a ceiling alone."""
        key = (*self._key(buyer, layer), ceiling)
        if key not in self._rooms:
            self._rooms[key] = self._found_room(buyer, layer, ceiling)
        return self._rooms[key]

    def _found_room(self, buyer: Buyer, layer: str, ceiling: Fraction) -> _Room:
        offers, codes = self.market.of(layer), self.market.foreign(buyer)
        if not self._is_above(buyer, layer, ceiling):
            shares = fitting(offers, codes, ceiling)
            if shares:
                return _Room(shares=shares, least=None)
        lowest = self.least(buyer, layer)
        if lowest is None:
            return _Room(shares=(), least=None)
        return _Room(shares=lowest.shares, least=lowest if lowest.peak > ceiling else None)

    def _layer(self, buyer: Buyer, layer: str, ceiling: Fraction) -> _Alone:
        """Solve one layer: under the ceiling, or else under the least peak there is."""
        offers, codes = self.market.of(layer), self.market.foreign(buyer)
        key = (*self._key(buyer, layer), ceiling)
        limits = [Limit(buyer=buyer, codes=codes, ceiling=ceiling)]
        if key not in self._rooms and not self._is_above(buyer, layer, ceiling):
            cheap = cheapest(offers, limits, self.market.pooling, gap=self.gap)
            if cheap.shares[0]:
                self._rooms[key] = _Room(shares=cheap.shares[0], least=None)
                return _Alone(shares=cheap.shares[0], gap=cheap.gap)
        room = self._room(buyer, layer, ceiling)
        if not room.shares:
            return _Alone(shares=(), gap=0.0)
        limits = [room.limit(buyer, codes, ceiling)]
        cheap = cheapest(offers, limits, self.market.pooling, gap=self.gap)
        return _Alone(shares=cheap.shares[0], gap=cheap.gap)

    def _is_above(self, buyer: Buyer, layer: str, ceiling: Fraction) -> bool:
        """Tell whether it is known already that a ceiling cannot be kept."""
        known = self._least.get(self._key(buyer, layer))
        return known is not None and known.peak > ceiling

    def _apart(self, ceiling: Fraction) -> Plan:
        """Put together what each buyer would do alone."""
        found = [self._each(buyer, ceiling) for buyer in self.market.buyers]
        gap = max((one.gap for row in found for one in row.values()), default=0.0)
        return self._joined([self._named(row) for row in found], ceiling, gap)

    def _together(self, ceiling: Fraction) -> Plan:
        """Solve layer by layer: nothing joins the layers but the sum of costs."""
        buyers = self.market.buyers
        named: list[dict[str, Fraction]] = [{} for _ in buyers]
        worst = 0.0
        for layer in self.market.layers():
            offers = self.market.of(layer)
            rooms = [self._room(buyer, layer, ceiling) for buyer in buyers]
            places = [n for n, one in enumerate(rooms) if one.shares]
            limits = [
                rooms[n].limit(buyers[n], self.market.foreign(buyers[n]), ceiling)
                for n in places
            ]
            if limits:
                cheap = cheapest(offers, limits, self.market.pooling, gap=self.gap)
                worst = max(worst, cheap.gap)
                for n, row in zip(places, cheap.shares, strict=True):
                    named[n].update(_named(offers, row))
        return self._joined([*named], ceiling, worst)

    def _named(self, row: Mapping[str, _Alone]) -> Shares:
        found: dict[str, Fraction] = {}
        for layer, one in row.items():
            found.update(_named(self.market.of(layer), one.shares))
        return found

    def _joined(self, shares: Sequence[Shares], ceiling: Fraction, gap: float) -> Plan:
        states = tuple(
            StatePlan(
                buyer=buyer,
                shares=chosen,
                layers=tuple(
                    self._looked_at(buyer, layer, chosen, ceiling)
                    for layer in self.market.layers()
                ),
                cost=cost_of(self.market, buyer, chosen),
            )
            for buyer, chosen in zip(self.market.buyers, shares, strict=True)
        )
        onboarding = pooled(self.market, shares)
        return Plan(ceiling=ceiling, states=states, onboarding=onboarding, gap=gap)

    def _looked_at(
        self, buyer: Buyer, layer: str, shares: Shares, ceiling: Fraction
    ) -> LayerPlan:
        room = self._room(buyer, layer, ceiling)
        offers, lowest = self.market.of(layer), room.least
        taken = [shares.get(offer.key, ZERO) for offer in offers]
        return LayerPlan(
            layer=layer,
            peak=peak_of(offers, taken, self.market.foreign(buyer)),
            excess=ZERO if lowest is None else max(ZERO, lowest.peak - ceiling),
            proved=ZERO if lowest is None else max(ZERO, lowest.proved - ceiling),
            least=lowest,
            is_filled=bool(room.shares),
        )


def _named(offers: Sequence[Offer], shares: Sequence[Fraction]) -> Shares:
    return {offer.key: share for offer, share in zip(offers, shares, strict=False) if share}
