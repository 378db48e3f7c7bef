# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Plans: known answers, a brute-force oracle, and what is said where nothing fits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from comity.exposure.diversify.clash import Constraint, clash
from comity.exposure.diversify.corner import Row, corner, on_grid
from comity.exposure.diversify.cost import cost_of
from comity.exposure.diversify.curve import curve
from comity.exposure.diversify.least import least, peak_of
from comity.exposure.diversify.market import Buyer, Market, Offer
from comity.exposure.diversify.plan import Planner
from comity.exposure.diversify.relief import relief_of
from comity.exposure.measure.interval import Interval, known

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
CODES = ("AAA", "BBB", "CCC")


def offer(name: str, cost: object, exposure: Mapping[str, object], **more: object) -> Offer:
    """Return an offer of one layer."""
    values: dict[str, object] = {
        "onboarding": ZERO, "switching": ZERO, "capacity": ONE, "minimum": ZERO, **more,
    }  # fmt: skip
    held = {code: known(Fraction(str(share))) for code, share in exposure.items()}
    exact = {key: Fraction(str(value)) for key, value in values.items()}
    return Offer(
        key=name, layer="cloud", name=name, supplier=name, jurisdiction=None,
        cost=Fraction(str(cost)), exposure=held, direct=held,
        onboarding=exact["onboarding"], switching=exact["switching"],
        capacity=exact["capacity"], minimum=exact["minimum"],
    )  # fmt: skip


def buyer(state: str = "KHM", **held: object) -> Buyer:
    """Return a buyer that surely holds these shares."""
    return Buyer(
        state=state,
        homes=frozenset({state}),
        held={name: known(Fraction(str(share))) for name, share in held.items()},
        unheld={"cloud": ZERO},
    )


def market(*offers: Offer, buyers: Sequence[Buyer] = (), pooling: Fraction = ONE) -> Market:
    """Return a market of one layer."""
    chosen = tuple(buyers) or (buyer(),)
    return Market(offers=offers, buyers=chosen, codes=CODES, pooling=pooling)


CHEAP = offer("cheap", 1, {"AAA": 1})
DEAR = offer("dear", 3, {"BBB": 1})


def test_the_ceiling_splits_a_layer_where_the_cheap_one_meets_it() -> None:
    """Below 60 % of the cheap supplier, the dear one takes the rest, to the fraction."""
    plan = Planner(market(CHEAP, DEAR)).plan(Fraction(3, 5))

    assert plan.states[0].shares == {"cheap": Fraction(3, 5), "dear": Fraction(2, 5)}
    assert plan.cost == Fraction(9, 5)
    assert plan.excess == 0


def test_a_third_each_is_exactly_a_third() -> None:
    """No float is near enough to 1/3 to keep a ceiling of 1/3; the corner is."""
    third = offer("third", 2, {"CCC": 1})
    plan = Planner(market(CHEAP, DEAR, third)).plan(Fraction(1, 3))

    assert set(plan.states[0].shares.values()) == {Fraction(1, 3)}
    assert plan.excess == 0


def test_what_no_purchase_fixes_is_named_and_proved() -> None:
    """Two suppliers cannot keep 40 %: a tenth stays, and the bound says no purchase helps."""
    plan = Planner(market(CHEAP, DEAR)).plan(Fraction(2, 5))
    (layer,) = plan.states[0].layers

    assert layer.excess == layer.proved == Fraction(1, 10)
    assert layer.peak == HALF
    assert layer.least is not None
    assert layer.least.binding == ("AAA", "BBB")


def test_the_clash_is_minimal() -> None:
    """Any one constraint left out, the others can be kept."""
    offers = (CHEAP, DEAR, offer("home", 9, {}, capacity="1/10"))
    ceiling = Fraction(2, 5)

    found = clash(offers, CODES, ceiling)

    assert found == (
        Constraint(kind="capacity", name="home"),
        Constraint(kind="ceiling", name="AAA"),
        Constraint(kind="ceiling", name="BBB"),
    )
    assert clash(offers, ("AAA",), ceiling) == ()


def test_relief_says_how_far_each_way_out_leads() -> None:
    """An ally needs no ceiling; own inputs lift what is indirect; own supply the rest."""
    hidden = Offer(
        key="hidden", layer="cloud", name="hidden", supplier=None, jurisdiction=None,
        cost=ONE, exposure={"AAA": known(HALF), "BBB": known(ONE)}, direct={"BBB": known(ONE)},
    )  # fmt: skip
    offers, ceiling = (CHEAP, hidden), Fraction(2, 5)
    lowest = least(offers, CODES)
    assert lowest is not None
    assert lowest.peak == Fraction(2, 3)

    relief = relief_of(offers, CODES, ceiling, lowest)

    assert dict(relief.alliances) == {"AAA": ZERO, "BBB": HALF}
    assert relief.transfer == HALF
    assert relief.own == Fraction(4, 10)


def test_own_supply_has_no_ceiling() -> None:
    """A state may rely on itself wholly."""
    own = offer("own", 1, {"KHM": 1})
    stocked = Market(offers=(own,), buyers=(buyer(),), codes=(*CODES, "KHM"))

    assert Planner(stocked).plan(Fraction(1, 10)).excess == 0


def test_moving_costs_both_ways_and_only_new_suppliers_are_onboarded() -> None:
    """From all of the cheap one to 60 %: 40 points leave, 40 points come."""
    fees = {"switching": "1/2", "onboarding": 7}
    cheap, dear = offer("cheap", 1, {"AAA": 1}, **fees), offer("dear", 3, {"BBB": 1}, **fees)
    holding = market(cheap, dear, buyers=[buyer(cheap=1)])
    (state,) = Planner(holding).plan(Fraction(3, 5)).states

    assert state.cost.switching == Fraction(4, 10)
    assert state.cost.onboarding == 7
    assert state.cost.unsure == 0


def test_unstated_holdings_cost_their_worst() -> None:
    """Whoever holds what nobody stated might be the dearest to leave."""
    one = offer("one", 1, {"AAA": 1}, switching=2)
    two = offer("two", 1, {"BBB": 1}, switching=1)
    open_ = Interval(least=ZERO, most=ONE)
    unsaid = Buyer(
        state="KHM", homes=frozenset({"KHM"}), held={"one": open_, "two": open_},
        unheld={"cloud": Fraction(3, 4)},
    )  # fmt: skip
    cost = cost_of(market(one, two, buyers=[unsaid]), unsaid, {"two": ONE})

    assert cost.switching == 1
    assert cost.unsure == Fraction(3, 2)


def test_a_minimum_keeps_crumbs_out() -> None:
    """5 % of a supplier or nothing."""
    crumbs = [offer(f"o{n}", n, {CODES[n % 3]: 1}, minimum="3/10") for n in range(1, 4)]
    shares = Planner(market(*crumbs)).plan(Fraction(3, 5)).states[0].shares

    assert set(shares.values()) == {Fraction(2, 5), Fraction(3, 5)}


def test_options_that_cannot_fill_a_layer_are_said_to() -> None:
    """No shares are made up for what nobody can deliver."""
    small = offer("small", 1, {"AAA": 1}, capacity="1/2")
    (layer,) = Planner(market(small)).plan(ONE).states[0].layers

    assert not layer.is_filled
    assert clash([small], CODES, ONE) == (Constraint(kind="capacity", name="small"),)


def test_a_bloc_onboards_once() -> None:
    """Three states, one supplier, one fee; at twice the fee for all, still less than three."""
    only = offer("only", 1, {"AAA": 1}, onboarding=5)
    states = [buyer(code) for code in ("KHM", "LAO", "VNM")]
    once = Planner(market(only, buyers=states))
    twice = Planner(market(only, buyers=states, pooling=Fraction(2)))

    assert once.plan(ONE).onboarding == 5
    assert twice.plan(ONE).onboarding == 10
    assert once.alone(ONE) == 3 + 15


def test_pooling_changes_whom_a_bloc_chooses() -> None:
    """A fee too high for one is worth it for three."""
    plain = offer("plain", 3, {"AAA": 1})
    good = offer("good", 1, {"AAA": 1}, onboarding=3)
    states = [buyer(code) for code in ("KHM", "LAO", "VNM")]
    alone = Planner(market(plain, good)).plan(ONE)
    together = Planner(market(plain, good, buyers=states)).plan(ONE)

    assert alone.states[0].shares == {"plain": ONE}
    assert all(one.shares == {"good": ONE} for one in together.states)
    assert together.cost == 6


def test_a_bloc_needs_no_plan_of_each_alone() -> None:
    """Half of the work is left out; whose own state supplies a part keeps its own ceiling."""
    near = offer("near", 3, {"AAA": 1}, onboarding=1)
    far = offer("far", 1, {"BBB": 1}, onboarding=1)
    states = [buyer("AAA"), buyer("KHM"), buyer("LAO")]
    bare = Planner(market(near, far, buyers=states)).plan(HALF, beside=False)
    full = Planner(market(near, far, buyers=states)).plan(HALF)

    assert bare == full
    assert [one.excess for one in bare.states] == [ZERO] * 3


def test_what_no_purchase_fixes_is_the_same_beside_others() -> None:
    """One least peak stands for all buyers under the same ceilings, and for none else."""
    only = offer("only", 1, {"AAA": 1})
    states = [buyer("KHM"), buyer("AAA"), buyer("LAO")]
    plan = Planner(market(only, buyers=states)).plan(HALF, beside=False)

    assert [one.excess for one in plan.states] == [HALF, ZERO, HALF]
    assert all(one.layers[0].is_filled for one in plan.states)


def test_a_corner_that_floats_do_not_determine_is_not_guessed() -> None:
    """Two open columns and one row: no exact answer follows."""
    rows = [Row(cells={0: ONE, 1: ONE}, right=ONE, is_equal=True)]
    bounds = [(ZERO, ONE), (ZERO, ONE)]

    assert corner([0.3, 0.7], bounds, rows) is None
    assert corner([0.0, 1.0], bounds, rows) == (ZERO, ONE)
    assert sum(on_grid([1 / 3, 1 / 3, 1 / 3]), ZERO) == 1


def grid(offers: Sequence[Offer], steps: int) -> Iterator[tuple[Fraction, ...]]:
    """Yield every division of a layer in so many steps that keeps bounds."""
    for part in product(range(steps + 1), repeat=len(offers)):
        shares = tuple(Fraction(one, steps) for one in part)
        if sum(shares) == 1 and all(
            not share or one.minimum <= share <= one.capacity
            for one, share in zip(offers, shares, strict=True)
        ):
            yield shares


TENTHS = some.integers(0, 4).map(lambda n: Fraction(n, 4))
OFFERS = some.lists(
    some.builds(
        lambda cost, fee, moving, capacity, minimum, risk: (
            cost, fee, moving, capacity, minimum, risk,
        ),
        some.integers(1, 9), some.integers(0, 3), some.integers(0, 2),
        some.sampled_from([HALF, ONE]), some.sampled_from([ZERO, Fraction(1, 4)]),
        some.lists(TENTHS, min_size=3, max_size=3),
    ),
    min_size=2, max_size=3,
)  # fmt: skip


@given(rows=OFFERS, ceiling=some.sampled_from([HALF, Fraction(3, 4), ONE]), held=TENTHS)
@settings(max_examples=25)
def test_no_division_on_a_grid_is_better(
    rows: list[tuple[object, ...]], ceiling: Fraction, held: Fraction
) -> None:
    """Brute force over quarters never finds a lower peak, nor a cheaper plan that keeps it."""
    offers = tuple(
        offer(f"o{n}", cost, dict(zip(CODES, risk, strict=True)), onboarding=fee,
              switching=moving, capacity=capacity, minimum=minimum)
        for n, (cost, fee, moving, capacity, minimum, risk) in enumerate(rows)
        if isinstance(risk, list)
    )  # fmt: skip
    place = market(*offers, buyers=[buyer(o0=held)])
    (state,) = Planner(place).plan(ceiling).states
    (layer,) = state.layers
    tried = list(grid(offers, 4))

    assert layer.is_filled or not tried
    for shares in tried:
        peak = peak_of(offers, shares, CODES)
        assert peak >= ceiling + layer.proved if layer.excess else True
        assert peak >= ceiling + layer.excess or not layer.excess
        if peak <= ceiling + layer.excess:
            named = dict(zip((one.key for one in offers), shares, strict=True))
            other = cost_of(place, place.buyers[0], named).planned
            assert state.cost.planned <= other


def test_a_crumb_that_the_solver_leaves_is_not_taken_for_a_choice() -> None:
    """It takes 0.0000005 of "yes" for "no": bought without its fee, the offer would win all."""
    stay = offer("o0", 5, {}, switching=2)
    half = offer("o1", 1, {}, onboarding=3, capacity=HALF)
    move = offer("o2", 1, {}, onboarding=3, switching=2)
    (state,) = Planner(market(stay, half, move, buyers=[buyer(o0="0.75")])).plan(HALF).states

    assert state.shares == {"o0": ONE}
    assert state.cost.planned == Fraction(11, 2)


def test_a_ceiling_broken_by_a_millionth_is_broken() -> None:
    """Within a solver's tolerance "all of o1" keeps 50 %; the plan from there costs twice."""
    o0 = offer("o0", 4, {"BBB": "1e-6", "CCC": "1e-6"}, onboarding=1)
    o1 = offer("o1", 4, {"BBB": "0.500001", "CCC": HALF}, onboarding=6, switching=7)
    (state,) = Planner(market(o0, o1, buyers=[buyer(o1="0.873722")])).plan(HALF).states

    assert state.shares == {"o0": Fraction("0.126278"), "o1": Fraction("0.873722")}
    assert state.cost.planned == 5


@pytest.mark.parametrize("scale", ["1e-9", "1", "1e11"])
def test_a_plan_does_not_rest_on_the_unit_of_its_amounts(scale: str) -> None:
    """A solver ends within a millionth of its bound: of amounts below that, anywhere."""
    unit = Fraction(scale)
    offers = [
        offer(f"o{n}", cost * unit, {CODES[n]: 1}, onboarding=fee * unit)
        for n, (cost, fee) in enumerate([(5, 3), (2, 5), (1, 9)])
    ]
    plan = Planner(market(*offers)).plan(Fraction(3, 5))

    assert plan.cost == unit * Fraction(56, 5)
    assert plan.gap == pytest.approx(1e-5)


def test_what_nobody_can_fill_stays_and_costs_nothing() -> None:
    """Leaving what one has for nothing is no plan."""
    small = offer("small", 1, {"AAA": 1}, capacity="1/2", switching=9)
    (state,) = Planner(market(small, buyers=[buyer(small=1)])).plan(ONE).states

    assert not state.layers[0].is_filled
    assert state.cost.most == 0


def test_weights_that_no_short_fraction_is_prove_all_of_it() -> None:
    """The bound is solved for exactly, so that nothing of the peak is left unproved."""
    left = offer("left", 1, {"AAA": "0.912347", "BBB": "0.104729"})
    right = offer("right", 1, {"AAA": "0.031337", "BBB": "0.877771"})
    found = least((left, right), CODES)

    assert found is not None
    assert found.proved == found.peak


def test_own_supply_is_onboarded_by_each_member_itself() -> None:
    """What two share is paid once; what is each one's own, twice."""
    shared = offer("shared", 1, {"AAA": 1}, onboarding=4)
    own = replace(shared, key="own", exposure={}, is_own=True)
    states = [buyer("KHM"), buyer("LAO")]

    assert Planner(market(shared, buyers=states)).plan(ONE).onboarding == 4
    plan = Planner(market(own, buyers=states)).plan(ONE, beside=False)
    assert plan.onboarding == 8
    assert plan.cost == 10


def test_the_curve_falls_as_the_ceiling_rises() -> None:
    """And repeats itself below what can be reached."""
    third = offer("third", 2, {"CCC": 1})
    points = curve(Planner(market(CHEAP, DEAR, third)))
    costs = [one.cost for one in points]

    assert costs == sorted(costs)
    assert [one.excess for one in points][-1] == Fraction(1, 3) - Fraction(1, 10)
    assert points[0].cost == 1


@pytest.mark.parametrize("ceiling", [Fraction(1, 10), HALF, ONE])
def test_the_same_question_has_the_same_answer(ceiling: Fraction) -> None:
    """One seed, no clock."""
    offers = [offer(f"o{n}", 2, {CODES[n % 3]: 1}) for n in range(6)]

    assert Planner(market(*offers)).plan(ceiling) == Planner(market(*offers)).plan(ceiling)
