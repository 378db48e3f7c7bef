# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From an option file and what states rest on to a market: offers, buyers, exposures."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from comity.desk.supply.grounds import Grounds, homes_of
from comity.errors import Fault, InvalidDocument
from comity.exposure.diversify.market import OWN, ZERO, Buyer, Market, Offer
from comity.exposure.diversify.reach import NOBODY_NAMED, codes_of, reach
from comity.exposure.material.bill import Bill
from comity.exposure.measure.concentration import Concentration, concentrate
from comity.exposure.measure.interval import ANYTHING, Interval
from comity.exposure.shock.sharing import Assumption
from comity.exposure.shock.wiring import component_key, wire
from comity.files.options import Option, Options
from comity.kernel.material import Material


def market_of(options: Options, grounds: Sequence[Grounds], assumed: Assumption) -> Market:
    """Make offers and buyers of what was gathered, with everybody's exposure.

    An option that says "own" is supplied by whoever buys: a jurisdiction of its own, which is
    no other state's and has no ceiling for anybody.

    Raises:
        InvalidDocument: Such an option's supplier is known to be another state's
            (`desk.diversify`).
    """
    supplies = tuple(_supplies(options, grounds))
    stalls = _stalls(options)
    if len(grounds) == 1:
        stalls = tuple(_at_home(one, grounds[0].state) for one in stalls)
        supplies = tuple(_at_home(one, grounds[0].state) for one in supplies)
    _refuse_two_homes(options, supplies, {one.state for one in grounds})
    bill = Bill(key="options", name="options", materials=stalls, is_system=False)
    network = wire([bill], supplies, assume=assumed)
    codes = (*codes_of(network), NOBODY_NAMED)
    keys = [component_key(bill, one) for one in bill.materials]
    cuts = [frozenset({code}) for code in codes]
    full = reach(network, keys, cuts)
    direct = reach(network, keys, cuts, upstream=False)
    rows = zip(options.options, keys, strict=True)
    offers = tuple(_offer(one, codes, full[key], direct[key]) for one, key in rows)
    return Market(
        offers=offers,
        buyers=tuple(_buyer(each, offers, options) for each in grounds),
        codes=tuple(code for code in codes if code != OWN),
        allies=frozenset(options.allies),
        pooling=options.pooling,
    )


def _at_home(material: Material, state: str) -> Material:
    """Put a state's code in the place of "own"."""

    def home(code: str | None) -> str | None:
        return state if code == OWN else code

    return replace(
        material,
        jurisdiction=home(material.jurisdiction),
        territory=home(material.territory),
        owner=home(material.owner),
        chips=home(material.chips),
    )


def _refuse_two_homes(
    options: Options, supplies: Sequence[Material], states: Collection[str]
) -> None:
    """Refuse a supplier that is said to be each buyer's own, and known to be one state's."""
    seats: dict[tuple[str, str], set[str]] = {}
    for one in supplies:
        if one.supplier and one.jurisdiction and one.jurisdiction != OWN:
            key = (one.layer, one.supplier.casefold())
            seats.setdefault(key, set()).add(one.jurisdiction)
    faults = []
    for one in (option.material for option in options.options):
        known = seats.get((one.layer, (one.supplier or "").casefold()), set())
        if one.jurisdiction == OWN and known and {*states} != known:
            message = (
                f"option {one.name!r} is each buyer's own, and its supplier {one.supplier!r} "
                f"stands under {', '.join(sorted(known))}"
            )
            faults.append(Fault(message=message))
    if faults:
        raise InvalidDocument(
            "nothing to plan",
            code="desk.diversify",
            faults=faults,
            hint='leave the supplier out, or put its state in the place of "own"',
        )


def _supplies(options: Options, grounds: Sequence[Grounds]) -> Iterator[Material]:
    """Yield what is known of suppliers: the option file before inventories and records."""
    found: dict[tuple[str, str], Material] = {}
    for one in (
        *options.supplies,
        *(one for each in grounds for one in each.supplies),
        *(_told(one) for one in _stalls(options, with_inputs=True)),
    ):
        found.setdefault((one.layer, one.name), one)
    yield from found.values()


def _stalls(options: Options, *, with_inputs: bool = False) -> tuple[Material, ...]:
    """Return the options as materials; what they rest on is told of their suppliers."""
    return tuple(
        replace(
            one.material,
            supplier=one.material.supplier or f"whoever supplies {one.material.name}",
            upstream=one.material.upstream if with_inputs else (),
        )
        for one in options.options
    )


def _told(material: Material) -> Material:
    return replace(material, territory=None, owner=None, chips=None)


def _offer(
    option: Option,
    codes: Sequence[str],
    full: Sequence[Interval],
    direct: Sequence[Interval],
) -> Offer:
    one = option.material
    return Offer(
        key=f"{one.layer}/{one.name}",
        layer=one.layer,
        name=one.name,
        supplier=one.supplier,
        jurisdiction=one.jurisdiction,
        cost=option.cost,
        onboarding=option.onboarding,
        switching=option.switching,
        capacity=option.capacity,
        minimum=option.minimum,
        exposure=_some(codes, full),
        direct=_some(codes, direct),
        is_own=one.jurisdiction == OWN,
    )


def _some(codes: Sequence[str], found: Sequence[Interval]) -> Mapping[str, Interval]:
    return {code: share for code, share in zip(codes, found, strict=True) if share.most}


def _buyer(grounds: Grounds, offers: Sequence[Offer], options: Options) -> Buyer:
    """Say what a state has of each offer now, as far as anybody stated it."""
    spoken = {layer for bill in grounds.bills for layer in bill.layers()}
    layers = dict.fromkeys(offer.layer for offer in offers)
    now = {
        layer: concentrate(grounds.bills, layer, "firm") for layer in layers if layer in spoken
    }
    return Buyer(
        state=grounds.state,
        homes=homes_of(grounds.state),
        held={offer.key: _held(offer, now.get(offer.layer)) for offer in offers},
        unheld={layer: found.unknown for layer, found in now.items()},
        size=Fraction(options.sizes.get(grounds.state, 1)),
    )


def _held(offer: Offer, now: Concentration | None) -> Interval:
    if now is None:
        return ANYTHING
    named = (offer.supplier or "").casefold()
    for name, share in now.ranges.items():
        if name.casefold() == named:
            return share
    return Interval(least=ZERO, most=now.unknown)
