# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.cooperate.coverage import cover
from comity.exposure.cooperate.market import Flows, Market
from comity.exposure.cooperate.stable import blocking, stable


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Draw a few needs and offers that partly fit, each with an order of preference."""
    needs = [f"n{place}" for place in range(draw(st.integers(1, 3)))]
    offers = [f"o{place}" for place in range(draw(st.integers(1, 3)))]
    fits = {(need, offer) for need in needs for offer in offers if draw(st.booleans())}
    return Market(
        wants={need: draw(st.integers(1, 3)) for need in needs},
        holds={offer: draw(st.sampled_from([1, 2, 3, None])) for offer in offers},
        choices={
            need: draw(st.permutations([one for one in offers if (need, one) in fits]))
            for need in needs
        },
        favours={
            offer: draw(st.permutations([one for one in needs if (one, offer) in fits]))
            for offer in offers
        },
    )


def plans(market: Market) -> Iterator[Flows]:
    """Yield every way to divide whole amounts, by trying all."""
    pairs = [(need, offer) for need, found in market.choices.items() for offer in found]
    for amounts in product(*(range(market.bound(*pair) + 1) for pair in pairs)):
        flows = dict(zip(pairs, amounts, strict=True))
        if is_within(market, flows):
            yield flows


def is_within(market: Market, flows: Flows) -> bool:
    """Tell whether nobody gets more than it wants or gives more than it holds."""
    return all(
        sum(amount for pair, amount in flows.items() if pair[0] == need) <= wanted
        for need, wanted in market.wants.items()
    ) and all(
        held is None or sum(n for pair, n in flows.items() if pair[1] == offer) <= held
        for offer, held in market.holds.items()
    )


def met(market: Market, flows: Flows) -> int:
    """Count the needs that get all they want."""
    return sum(
        sum(amount for pair, amount in flows.items() if pair[0] == need) == wanted
        for need, wanted in market.wants.items()
    )


@settings(max_examples=150, deadline=None)
@given(markets())
def test_no_need_and_offer_would_both_rather_have_each_other(market: Market) -> None:
    """Who has no better way keeps to what was found."""
    flows = stable(market)

    assert is_within(market, flows)
    assert list(blocking(market, flows)) == []


@settings(max_examples=25, deadline=None)
@given(markets())
def test_no_stable_plan_gives_any_need_more_of_what_it_likes_best(market: Market) -> None:
    """Needs propose, so of all stable plans theirs is found; every plan is tried."""
    flows = stable(market)
    for other in plans(market):
        if any(blocking(market, other)):
            continue
        for need, offers in market.choices.items():
            for most in range(1, len(offers) + 1):
                ours = sum(flows.get((need, one), 0) for one in offers[:most])
                theirs = sum(other.get((need, one), 0) for one in offers[:most])
                assert ours >= theirs


@settings(max_examples=25, deadline=None)
@given(markets())
def test_no_plan_meets_more_needs_in_full(market: Market) -> None:
    """The integer program is held to trying everything."""
    found = cover(market)

    assert is_within(market, found.flows)
    assert met(market, found.flows) == found.met
    assert found.met == max(met(market, plan) for plan in plans(market))


@settings(max_examples=20, deadline=None)
@given(markets())
def test_coverage_gives_nothing_to_a_need_that_it_cannot_meet(market: Market) -> None:
    """What is too little for one may be enough for another."""
    flows = cover(market).flows
    for need, wanted in market.wants.items():
        got = sum(amount for pair, amount in flows.items() if pair[0] == need)
        assert got in {0, wanted}


def test_the_textbook_case_of_three_and_three() -> None:
    """Gale and Shapley's example: each proposer gets its first choice."""
    market = Market(
        wants={"a": 1, "b": 1, "c": 1},
        holds={"A": 1, "B": 1, "C": 1},
        choices={"a": "ABC", "b": "BCA", "c": "CAB"},
        favours={"A": "bca", "B": "cab", "C": "abc"},
    )

    assert stable(market) == {("a", "A"): 1, ("b", "B"): 1, ("c", "C"): 1}


def test_capacity_is_shared_among_needs_in_whole_amounts() -> None:
    """The favoured need is served first, the other gets the rest."""
    market = Market(
        wants={"big": 30, "small": 20},
        holds={"places": 40},
        choices={"big": ["places"], "small": ["places"]},
        favours={"places": ["small", "big"]},
    )

    assert stable(market) == {("small", "places"): 20, ("big", "places"): 20}
    assert cover(market).flows in ({("small", "places"): 20}, {("big", "places"): 30})


def test_who_loses_a_first_choice_asks_more_of_the_second() -> None:
    """The second had been asked for what was missing then, and holds more."""
    market = Market(
        wants={"a": 3, "b": 2},
        holds={"first": 2, "second": 3},
        choices={"a": ["first", "second"], "b": ["first"]},
        favours={"first": ["b", "a"], "second": ["a"]},
    )

    assert stable(market) == {("b", "first"): 2, ("a", "second"): 3}


def test_coverage_meets_two_small_needs_rather_than_one_large() -> None:
    """Which is where it differs from the stable plan."""
    market = Market(
        wants={"large": 4, "one": 2, "two": 2},
        holds={"offer": 4},
        choices={"large": ["offer"], "one": ["offer"], "two": ["offer"]},
        favours={"offer": ["large", "one", "two"]},
    )

    assert stable(market) == {("large", "offer"): 4}
    assert cover(market).flows == {("one", "offer"): 2, ("two", "offer"): 2}


def test_of_equal_coverage_the_better_liked_offers_are_used() -> None:
    """And the same plan is found each time."""
    market = Market(
        wants={"a": 1, "b": 1},
        holds={"x": 1, "y": None},
        choices={"a": ["x", "y"], "b": ["y", "x"]},
        favours={"x": ["b", "a"], "y": ["a", "b"]},
    )

    plan = {("a", "x"): 1, ("b", "y"): 1}
    assert [cover(market).flows for _ in range(3)] == [plan] * 3


def test_an_absurd_amount_spoils_no_coverage() -> None:
    """One need of 10^15 places, one offer of as many: the others are met to the last place."""
    huge = 10**15
    market = Market(
        wants={"absurd": huge, "one": 20, "two": 7},
        holds={"real": 27, "vast": huge + 6},
        choices={"absurd": ["vast"], "one": ["real"], "two": ["vast", "real"]},
        favours={"real": ["one", "two"], "vast": ["absurd", "two"]},
    )
    found = cover(market)

    assert found.met == 3
    assert found.flows == {("absurd", "vast"): huge, ("one", "real"): 20, ("two", "real"): 7}
    assert stable(market)["absurd", "vast"] == huge


def test_one_place_short_of_10_to_the_15_is_not_met() -> None:
    """A solver that counts in floats takes it for met; whole numbers do not."""
    huge = 10**15
    market = Market(
        wants={"absurd": huge, "two": 7},
        holds={"vast": huge + 6},
        choices={"absurd": ["vast"], "two": ["vast"]},
        favours={"vast": ["absurd", "two"]},
    )

    assert cover(market).met == 1
