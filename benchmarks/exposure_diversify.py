# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure diversification: states, a bloc of 11, and 500 options, all made up.

Run it as a script: python benchmarks/exposure_diversify.py

The world is synthetic, the one of `benchmarks/exposure.py`: few jurisdictions own many
suppliers, suppliers rest on others below. Costs, fees and what states hold now are drawn.
Nothing in it is a fact. Each state has 500 options in 9 layers: 1,500 columns and up. Exposure
counts both direct and indirect reliance. CPU-seconds of one process.

Goals (research of 2026): a state's median at most 1 CPU-s, with 0.63 measured by the sketch at
a gap of 0.1 %; a bloc of 11 at most 10 CPU-s to a gap of 0.01 %.
"""

import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.exposure import JURISDICTIONS, world  # noqa: E402 - after the path

from comity.desk.exposure.diversifying import GAP, is_checked  # noqa: E402 - after the path
from comity.exposure.diversify.market import (  # noqa: E402 - after the path
    Buyer,
    Market,
    Offer,
)
from comity.exposure.diversify.plan import Planner  # noqa: E402 - after the path
from comity.exposure.diversify.reach import reach  # noqa: E402 - after the path
from comity.exposure.material.layer import LAYERS  # noqa: E402 - after the path
from comity.exposure.measure.interval import Interval, known  # noqa: E402 - after the path
from comity.exposure.shock.network import Network, Node  # noqa: E402 - after the path
from comity.kernel.material import PPM  # noqa: E402 - after the path

CODES = tuple(f"J{n:02}" for n in range(JURISDICTIONS))
STATES, BLOC = 40, 11
MINIMUM = Fraction(1, 20)


def main() -> None:
    """Print the table."""
    network = world()
    start = time.process_time()
    suppliers = [node for node in network.nodes if node.kind == "supplier"]
    cuts = [frozenset({code}) for code in CODES]
    found = reach(network, [node.key for node in suppliers], cuts)
    print(f"exposure of 500 suppliers to 40 jurisdictions: {_since(start):.2f} CPU-s\n")
    offers = _offers(suppliers, found)
    buyers = [_buyer(network, n, offers) for n in range(STATES)]
    print("| one state, ceiling | CPU-s | cost | suppliers | stays above | gap |")
    print("|---|---|---|---|---|---|")
    for percent in (50, 40, 30, 20):
        _row(Market(offers=offers, buyers=(buyers[0],), codes=CODES), Fraction(percent, 100))
    _median(offers, buyers)
    for percent in (40, 30):
        _bloc(offers, buyers[:BLOC], Fraction(percent, 100))


def _row(market: Market, ceiling: Fraction) -> None:
    start = time.process_time()
    plan = Planner(market, gap=GAP).plan(ceiling)
    seconds = _since(start)
    (state,) = plan.states
    stays = ", ".join(
        f"{one.layer} {float(one.excess):.0%}" for one in state.layers if one.excess
    )
    assert is_checked(market, plan)
    print(
        f"| {float(ceiling):.0%} | {seconds:.2f} | {float(plan.cost):.2f} "
        f"| {len(state.shares)} | {stays or 'nothing'} | {plan.gap:.3%} |"
    )


def _median(offers: tuple[Offer, ...], buyers: list[Buyer]) -> None:
    times = []
    for buyer in buyers:
        market = Market(offers=offers, buyers=(buyer,), codes=CODES)
        start = time.process_time()
        Planner(market, gap=GAP).plan(Fraction(2, 5))
        times.append(_since(start))
    print(
        f"\n{len(times)} states at 40 %: median {median(times):.2f} CPU-s, "
        f"most {max(times):.2f}\n"
    )


def _bloc(offers: tuple[Offer, ...], buyers: list[Buyer], ceiling: Fraction) -> None:
    pooling = Fraction(3, 2)
    market = Market(offers=offers, buyers=tuple(buyers), codes=CODES, pooling=pooling)
    planner = Planner(market, gap=GAP)
    start = time.process_time()
    plan = planner.plan(ceiling, beside=False)
    seconds = _since(start)
    assert is_checked(market, plan)
    start = time.process_time()
    alone = planner.alone(ceiling)
    print(
        f"bloc of {BLOC} at {float(ceiling):.0%}: {seconds:.2f} CPU-s, gap {plan.gap:.4%}; "
        f"each alone, to compare, {_since(start):.2f} more; onboarding once at 1.5 times the "
        f"fee saves {float(1 - plan.cost / alone):.1%}"
    )


def _offers(
    suppliers: list[Node], found: Mapping[str, tuple[Interval, ...]]
) -> tuple[Offer, ...]:
    dice = np.random.default_rng(1)
    return tuple(
        Offer(
            key=node.key,
            layer=node.layer,
            name=node.label,
            supplier=node.label,
            jurisdiction=node.place.jurisdiction,
            cost=_drawn(dice, 0.3, 1.2),
            onboarding=_drawn(dice, 0.02, 0.06),
            switching=Fraction(1, 20),
            minimum=MINIMUM,
            exposure={
                code: one for code, one in zip(CODES, found[node.key], strict=True) if one.most
            },
        )
        for node in suppliers
    )


def _buyer(network: Network, number: int, offers: tuple[Offer, ...]) -> Buyer:
    """Let a state hold now what the made-up world says it buys."""
    keys = {offer.key for offer in offers}
    held: dict[str, Interval] = {}
    for node in network.nodes:
        if node.kind == "state" and node.key.startswith(f"{number}/"):
            for part in (part for need in node.needs for part in need.parts):
                if part.node in keys and part.share:
                    held[part.node] = known(Fraction(round(part.share * PPM), PPM))
    return Buyer(
        state=f"s{number}",
        homes=frozenset({f"s{number}"}),
        held=held,
        unheld=dict.fromkeys(LAYERS, Fraction(0)),
    )


def _drawn(dice: np.random.Generator, low: float, high: float) -> Fraction:
    return Fraction(round(float(dice.uniform(low, high)) * PPM), PPM)


def _since(start: float) -> float:
    return time.process_time() - start


if __name__ == "__main__":
    main()
