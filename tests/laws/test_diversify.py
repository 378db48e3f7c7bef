# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of diversification: looser is never dearer, together never dearer, claims are exact."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as some

from comity.desk.exposure.diversifying import is_checked
from comity.exposure.diversify.clash import clash
from comity.exposure.diversify.curve import curve
from comity.exposure.diversify.market import Buyer, Market, Offer
from comity.exposure.diversify.plan import Planner
from comity.exposure.measure.interval import known

CODES = ("AAA", "BBB", "CCC")
LAYERS = ("cloud", "model")
SHARES = some.fractions(0, 1, max_denominator=12)
AMOUNTS = some.integers(0, 9).map(Fraction)


@some.composite
def offers(draw: some.DrawFn) -> tuple[Offer, ...]:
    """Return two or three offers in each of two layers."""
    found = []
    for layer in LAYERS:
        for n in range(draw(some.integers(2, 3))):
            risk = {code: known(draw(SHARES)) for code in CODES}
            found.append(
                Offer(
                    key=f"{layer}{n}", layer=layer, name="", supplier=None, jurisdiction=None,
                    cost=draw(AMOUNTS), onboarding=draw(AMOUNTS), switching=draw(AMOUNTS),
                    capacity=draw(some.sampled_from([Fraction(1, 2), Fraction(1)])),
                    minimum=draw(some.sampled_from([Fraction(0), Fraction(1, 5)])),
                    exposure=risk, direct=risk,
                )
            )  # fmt: skip
    return tuple(found)


@some.composite
def markets(draw: some.DrawFn, *, states: int = 1) -> Market:
    """Return a market; its buyers surely hold a part of their first offers."""
    chosen = draw(offers())
    buyers = tuple(
        Buyer(
            state=f"S{n}",
            homes=frozenset({draw(some.sampled_from(["XXX", "AAA"]))}),
            held={chosen[0].key: known(draw(SHARES))},
            size=Fraction(draw(some.integers(1, 3))),
        )
        for n in range(states)
    )
    pooling = draw(some.sampled_from([Fraction(1), Fraction(3, 2)]))
    return Market(offers=chosen, buyers=buyers, codes=CODES, pooling=pooling)


@given(market=markets())
@settings(max_examples=6)
def test_a_looser_ceiling_never_costs_more(market: Market) -> None:
    """Nor leaves more above itself than a tighter one, reckoned from its own height."""
    points = curve(Planner(market), [Fraction(n, 5) for n in range(1, 6)])
    costs = [point.cost for point in points]
    heights = [point.ceiling + point.excess for point in points]

    assert costs == sorted(costs)
    assert heights == sorted(heights, reverse=True)


@given(market=markets(states=2), ceiling=SHARES.filter(bool))
@settings(max_examples=6)
def test_together_never_costs_more_than_alone(market: Market, ceiling: Fraction) -> None:
    """What each would do alone, put together, is a plan of the bloc, too."""
    planner = Planner(market)

    assert planner.plan(ceiling).cost <= planner.alone(ceiling)


@given(market=markets(), ceiling=SHARES.filter(bool))
@settings(max_examples=6)
def test_nothing_stays_exactly_where_a_plan_keeps_the_ceiling(
    market: Market, ceiling: Fraction
) -> None:
    """Excess, kept ceilings and clashes are three words for one thing."""
    (state,) = Planner(market).plan(ceiling).states
    for layer in state.layers:
        if layer.is_filled:
            is_kept = layer.peak <= ceiling
            found = clash(market.of(layer.layer), market.foreign(state.buyer), ceiling)
            assert is_kept == (layer.excess == 0)
            assert is_kept or found
            assert layer.proved <= layer.excess


@given(market=markets(states=2), ceiling=SHARES.filter(bool))
@settings(max_examples=6)
def test_every_plan_stands_the_exact_check(market: Market, ceiling: Fraction) -> None:
    """No claim rests on a float, whether each is planned alone beside the bloc or not."""
    planner = Planner(market)
    for plan in (planner.plan(ceiling, beside=False), planner.plan(ceiling)):
        assert is_checked(market, plan)
        rest = sum((one.cost.running + one.cost.switching for one in plan.states), Fraction(0))
        assert plan.cost == rest + plan.onboarding
