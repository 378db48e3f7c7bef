# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from itertools import product

from hypothesis import given, settings
from tests.unit.exposure.cooperate.test_stable import is_within, markets, met, plans

from comity.exposure.cooperate.fill import fill
from comity.exposure.cooperate.market import Market


@settings(max_examples=25, deadline=None)
@given(markets())
def test_needs_are_filled_together_exactly_where_some_plan_fills_them(market: Market) -> None:
    """Every set of needs, against every way to divide whole amounts."""
    pairs = [(need, offer) for need, found in market.choices.items() for offer in found]
    every = list(plans(market))
    for flags in product([False, True], repeat=len(market.wants)):
        needs = [need for need, flag in zip(market.wants, flags, strict=True) if flag]
        flows = fill(market, needs, pairs)
        part = Market(
            wants={need: market.wants[need] for need in needs},
            holds=market.holds, choices=market.choices, favours=market.favours,
        )  # fmt: skip
        is_there = any(met(part, {k: v for k, v in one.items() if k[0] in needs}) == len(needs)
                       for one in every)  # fmt: skip

        assert (flows is not None) == is_there
        if flows is not None:
            assert is_within(part, flows)
            assert met(part, flows) == len(needs)


def test_others_are_moved_aside_for_who_has_no_other_way() -> None:
    """The first took what the second can have only there."""
    market = Market(
        wants={"a": 2, "b": 2},
        holds={"x": 2, "y": 2},
        choices={"a": ["x", "y"], "b": ["x"]},
        favours={},
    )
    pairs = [("a", "x"), ("a", "y"), ("b", "x")]

    assert fill(market, ["a", "b"], pairs) == {("a", "y"): 2, ("b", "x"): 2}
    assert fill(market, ["a", "b"], pairs[::2]) is None


def test_no_name_of_an_offer_stands_in_the_way() -> None:
    """Offers are named by files and rows, which people name as they like."""
    market = Market(
        wants={"b": 1, "z": 1},
        holds={"c": 1, "need b": 1},
        choices={"b": ["c", "need b"], "z": ["c"]},
        favours={},
    )
    found = fill(market, ["b", "z"], [("b", "c"), ("b", "need b"), ("z", "c")])

    assert found == {("b", "need b"): 1, ("z", "c"): 1}
