# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A plan held against trying everything: cost, gap, what stays, what is proved."""

from fractions import Fraction

from tests.fakes.bazaar import ZERO, cheapest_layer, least_peak

from comity.desk.exposure.diversifying import is_checked
from comity.exposure.diversify.market import Market
from comity.exposure.diversify.plan import Plan, Planner

NOISE = Fraction(1, 10**9)
CEILINGS = (Fraction(1, 10), Fraction(1, 3), Fraction(2, 5), Fraction(1, 2), Fraction(1))


def appraise(market: Market, ceiling: Fraction, gap: float) -> None:
    """Hold a bloc's plan, with and without each alone beside it, against everything."""
    planner = Planner(market, gap=gap)
    both = [planner.plan(ceiling), Planner(market, gap=gap).plan(ceiling, beside=False)]
    found = [cheapest_layer(market, layer, ceiling) for layer in market.layers()]
    best = sum((together for together, _ in found), ZERO)
    for plan in both:
        _is_best(plan, best)
        _is_least(market, plan)
        assert is_checked(market, plan)
    alone, known = sum((sum(each, ZERO) for _, each in found), ZERO), planner.alone(ceiling)
    assert alone <= known <= alone / (1 - Fraction(both[0].gap) - NOISE)
    assert both[0].cost <= known


def _is_best(plan: Plan, best: Fraction) -> None:
    """No plan is cheaper than the best, nor dearer than its gap admits."""
    assert plan.cost >= best
    assert plan.cost * (1 - Fraction(plan.gap) - NOISE) <= best


def _is_least(market: Market, plan: Plan) -> None:
    """What no purchase fixes is what trying all of them leaves; what is proved is no more."""
    for state in plan.states:
        for layer in state.layers:
            peak = least_peak(market.of(layer.layer), market.foreign(state.buyer))
            assert layer.is_filled == (peak is not None)
            if peak is not None:
                assert abs(layer.excess - max(ZERO, peak - plan.ceiling)) <= NOISE
                assert layer.proved <= max(ZERO, peak - plan.ceiling)
