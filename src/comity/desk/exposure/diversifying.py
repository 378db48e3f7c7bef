# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The cheapest way out for a state or a bloc: from bills and options to its sheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.exposure.diversifysheet import (
    Bar,
    DiversifySheet,
    LayerRow,
    Point,
    PurchaseRow,
    ReliefRow,
    StateRow,
    ppm_of,
)
from comity.desk.exposure.optionmarket import market_of
from comity.desk.supply.grounds import Grounds
from comity.errors import Fault, InvalidDocument
from comity.exposure.diversify.clash import Constraint
from comity.exposure.diversify.curve import STEPS, curve
from comity.exposure.diversify.least import exposure_of
from comity.exposure.diversify.market import ONE, OWN, ZERO, Market, Offer
from comity.exposure.diversify.plan import LayerPlan, Plan, Planner, StatePlan
from comity.exposure.diversify.reach import NOBODY_NAMED, codes_of, reach
from comity.exposure.diversify.relief import Relief, relief_of
from comity.exposure.measure.interval import ANYTHING, NOTHING, Interval
from comity.exposure.shock.sharing import UNKNOWN, Assumption
from comity.exposure.shock.wiring import State, state_key, wire
from comity.files.options import Options

GAP = 1e-4
"""How far, relatively, a plan may be above the least cost: 0.01 %."""

MAX_STATES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be planned.

    Args:
        grounds: One for each state that buys.
        bloc: Name of what they are together; "" for a single state.
        ceiling: No layer rests on any one jurisdiction for more than this.
        has_curve: Whether cost against ceiling is wanted, too.
        has_alone: Whether each member of a bloc is planned alone, too: for as much work again,
            the answer says what they save, and is no dearer even by the solver's gap.
    """

    grounds: tuple[Grounds, ...]
    options: Options
    bloc: str = ""
    ceiling: Fraction
    has_curve: bool = False
    has_alone: bool = False
    assumed: Assumption = UNKNOWN


def diversify_sheet(asked: Asked) -> DiversifySheet:
    """Plan, check the plan exactly, and say what no purchase fixes.

    Raises:
        InvalidDocument: No state, too many, or a ceiling that is no share (`desk.diversify`).
    """
    _check(asked)
    market = market_of(asked.options, asked.grounds, asked.assumed)
    planner = Planner(market, gap=GAP)
    is_compared = asked.has_alone and len(asked.grounds) > 1
    plan = planner.plan(asked.ceiling, beside=is_compared)
    points = curve(planner, (*STEPS, asked.ceiling)) if asked.has_curve else ()
    options = asked.options
    return DiversifySheet(
        bloc=asked.bloc,
        title=options.title,
        unit=options.unit,
        source=options.source,
        basis=options.basis,
        is_example=options.is_example,
        ceiling=asked.ceiling,
        assumed=asked.assumed,
        allies=options.allies,
        states=tuple(
            _state(market, one, grounds, asked)
            for one, grounds in zip(plan.states, asked.grounds, strict=True)
        ),
        cost=plan.cost,
        unsure=plan.unsure,
        onboarding=plan.onboarding,
        alone=planner.alone(asked.ceiling) if is_compared else None,
        budget=options.budget,
        gap=plan.gap,
        is_checked=is_checked(market, plan),
        points=tuple(_point(one) for one in points),
    )


def is_checked(market: Market, plan: Plan) -> bool:
    """Tell whether a plan keeps, exactly, what it claims: wholes, capacities, ceilings."""
    return all(
        _is_kept(market, state, layer, plan.ceiling)
        for state in plan.states
        for layer in state.layers
        if layer.is_filled
    )


def _is_kept(market: Market, state: StatePlan, layer: LayerPlan, ceiling: Fraction) -> bool:
    offers = market.of(layer.layer)
    shares = [state.shares.get(one.key, ZERO) for one in offers]
    limit = ceiling if layer.least is None else max(ceiling, layer.least.peak)
    pairs = zip(offers, shares, strict=True)
    return (
        sum(shares, ZERO) == 1
        and all(not share or one.minimum <= share <= one.capacity for one, share in pairs)
        and all(
            exposure_of(offers, shares, code) <= limit for code in market.foreign(state.buyer)
        )
    )


def _check(asked: Asked) -> None:
    faults: list[Fault] = []
    if not 1 <= len(asked.grounds) <= MAX_STATES:
        faults.append(Fault(message=f"a plan is for 1 to {MAX_STATES} states"))
    if not 0 < asked.ceiling <= 1:
        faults.append(Fault(message="a ceiling is more than 0 % and at most 100 %"))
    if faults:
        raise InvalidDocument("nothing to plan", code="desk.diversify", faults=faults)


def _state(market: Market, state: StatePlan, grounds: Grounds, asked: Asked) -> StateRow:
    layers = [one.layer for one in state.layers]
    before = _before(grounds, layers, market, asked)
    spoken = {layer for bill in grounds.bills for layer in bill.layers()}
    return StateRow(
        state=state.buyer.state,
        size=state.buyer.size,
        layers=tuple(
            _layer(market, state, one, before[one.layer], asked) for one in state.layers
        ),
        running=state.cost.running,
        switching=state.cost.switching,
        onboarding=state.cost.onboarding,
        unsure=state.cost.unsure,
        left_out=tuple(_left_out(market, grounds, layers)),
        no_options=tuple(sorted(spoken.difference(layers))),
        origins=grounds.origins,
    )


def _layer(
    market: Market, state: StatePlan, one: LayerPlan, before: tuple[Bar, ...], asked: Asked
) -> LayerRow:
    offers = market.of(one.layer)
    lowest, codes = one.least, market.foreign(state.buyer)
    relief = None
    if lowest is not None and one.excess:
        relief = _relief(relief_of(offers, codes, asked.ceiling, lowest), offers)
    return LayerRow(
        layer=one.layer,
        is_filled=one.is_filled,
        purchases=tuple(_purchases(offers, state)),
        before=before,
        after=tuple(_after(offers, state, market.codes)),
        peak=one.peak,
        excess=one.excess,
        proved=one.proved,
        relief=relief,
    )


def _purchases(offers: Iterable[Offer], state: StatePlan) -> Iterator[PurchaseRow]:
    for offer in offers:
        share, was = state.shares.get(offer.key, ZERO), state.buyer.held[offer.key]
        if share or was.least:
            yield PurchaseRow(
                name=offer.name,
                supplier=offer.supplier,
                jurisdiction=state.buyer.named(offer.jurisdiction),
                share=share,
                was=was,
                is_new=bool(share) and not was.least,
            )


def _before(
    grounds: Grounds, layers: Iterable[str], market: Market, asked: Asked
) -> Mapping[str, tuple[Bar, ...]]:
    """Return how far each layer rests on each jurisdiction now."""
    state = State(code=grounds.state, bills=grounds.bills)
    network = wire(grounds.bills, grounds.supplies, [state], assume=asked.assumed)
    codes = tuple(sorted({*codes_of(network), *market.codes}))
    keys = [state_key(grounds.state, layer) for layer in layers]
    there = [key for key in keys if key in network.positions()]
    found = reach(network, there, [frozenset({code}) for code in codes])
    unknown = tuple(ANYTHING for _ in codes)
    return {
        layer: _bars(dict(zip(codes, found.get(key, unknown), strict=True)))
        for layer, key in zip(layers, keys, strict=True)
    }


def _after(offers: Sequence[Offer], state: StatePlan, codes: Sequence[str]) -> tuple[Bar, ...]:
    """Return how far a layer rests on each jurisdiction then; one's own supply on one's own."""
    shares = [state.shares.get(one.key, ZERO) for one in offers]
    found = {code: _on(offers, shares, code) for code in codes}
    own, home = _on(offers, shares, OWN), state.buyer.state
    if own.most:
        other = found.get(home, NOTHING)
        most = min(ONE, own.most + other.most)
        found[home] = Interval(least=max(own.least, other.least), most=most)
    return _bars(found)


def _on(offers: Sequence[Offer], shares: Sequence[Fraction], code: str) -> Interval:
    pairs = zip(offers, shares, strict=True)
    least = sum((one.exposure.get(code, NOTHING).least * share for one, share in pairs), ZERO)
    return Interval(least=least, most=exposure_of(offers, shares, code))


def _bars(found: Mapping[str, Interval]) -> tuple[Bar, ...]:
    bars = [Bar(code=code, share=share) for code, share in found.items() if share.most]
    bars.sort(key=lambda one: (-one.share.most, -one.share.least, one.code))
    named = [one for one in bars if one.code != NOBODY_NAMED]
    return tuple(named or bars)


def _left_out(market: Market, grounds: Grounds, layers: Sequence[str]) -> Iterator[str]:
    """Name whom a state has now without an option: the plan leaves them."""
    offered = {(one.layer, (one.supplier or "").casefold()) for one in market.offers}
    for bill in grounds.bills:
        for one in bill.materials:
            named = (one.layer, (one.supplier or "").casefold())
            if one.layer in layers and one.supplier and named not in offered:
                offered.add(named)
                yield f"{one.supplier} ({one.layer})"


def _relief(found: Relief, offers: Sequence[Offer]) -> ReliefRow:
    return ReliefRow(
        clashing=tuple(_said(one, offers) for one in found.clashing),
        alliances=found.alliances,
        allied=found.allied,
        transfer=found.transfer,
        own=found.own,
    )


def _said(one: Constraint, offers: Sequence[Offer]) -> str:
    match one.kind:
        case "ceiling":
            return f"the ceiling on {one.name}"
        case "capacity":
            offer = next(offer for offer in offers if offer.key == one.name)
            share = ppm_of(offer.capacity) / 10_000
            return f"{offer.name} takes at most {share:g} %"
        case "minimum":
            return "the least share that is worth a contract"


def _point(plan: Plan) -> Point:
    return Point(
        ceiling=plan.ceiling,
        cost=plan.cost,
        unsure=plan.unsure,
        excess=plan.excess,
        suppliers=len({key for one in plan.states for key in one.shares}),
    )
