# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cascades: known truths of a small chip chain, and bounds that hold whatever is unknown."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.material.bill import Bill
from comity.exposure.shock import course
from comity.exposure.shock.cascade import prepare
from comity.exposure.shock.network import Network
from comity.exposure.shock.outcome import Fate, Outcome, shock
from comity.exposure.shock.scenario import Rule, Scenario
from comity.exposure.shock.sharing import Assumption
from comity.exposure.shock.wiring import State, state_key, supplier_key, system_key, wire
from comity.exposure.shock.worst import worst
from comity.kernel.localtext import LocalText
from comity.kernel.material import PPM, Material, Upstream

TITLE = LocalText(by_tag={"en": "made up"})
FIRM = Assumption(substitute_ppm=0, need_ppm=PPM)
"""Nothing is made good, and what is listed is needed: leaves only named unknowns open."""

CHAIN = (
    Material(layer="chips", name="EUV", supplier="Lithographer", jurisdiction="NLD"),
    Material(layer="chips", name="design", supplier="Designer", jurisdiction="USA"),
    Material(
        layer="chips",
        name="fab one",
        supplier="Foundry One",
        jurisdiction="TWN",
        upstream=(
            Upstream(name="EUV", need="lithography"),
            Upstream(name="design", need="eda"),
        ),
    ),
    Material(
        layer="chips",
        name="fab two",
        supplier="Foundry Two",
        jurisdiction="KOR",
        upstream=(Upstream(name="EUV", need="lithography"),),
    ),
    Material(
        layer="chips",
        name="accelerators",
        supplier="Vendor",
        jurisdiction="USA",
        upstream=(
            Upstream(name="fab one", need="fabrication", share_ppm=700_000),
            Upstream(name="fab two", need="fabrication", share_ppm=300_000),
        ),
    ),
    Material(
        layer="cloud",
        name="compute",
        supplier="Host",
        jurisdiction="ZAF",
        upstream=(Upstream(name="accelerators", need="chips", need_ppm=400_000),),
    ),
)


def part(layer: str, supplier: str | None, where: str | None, **more: int | str) -> Material:
    """Make a material of a bill."""
    return Material(
        layer=layer,
        name=f"{layer} of {supplier or '?'}",
        supplier=supplier,
        jurisdiction=where,
        **more,  # type: ignore[arg-type]  # its own fields
    )


def bill(*materials: Material, key: str = "s", seat: str = "KHM") -> Bill:
    """Make the bill of a system that serves Cambodia."""
    return Bill(key=key, name=key, materials=materials, seat=seat, markets=("KHM",))


def cut(**what: object) -> Scenario:
    """Make a scenario."""
    return Scenario(id="made-up", title=TITLE, **what)  # type: ignore[arg-type]  # its own fields


def run(network: Network, **what: object) -> Outcome:
    """Run a scenario."""
    return shock(network, cut(**what))


HOSTED = bill(part("cloud", "Host", "ZAF", territory="ZAF", owner="ZAF"))
CHIPS = bill(part("chips", "Vendor", "USA"), key="c")


def test_losing_the_one_euv_supplier_stops_advanced_fabrication_everywhere() -> None:
    """Two foundries in two states rest on one supplier: the known truth of the chip chain."""
    found = run(wire([CHIPS], CHAIN, assume=FIRM), suppliers=("Lithographer",)).effects

    for foundry in ("Foundry One", "Foundry Two", "Vendor"):
        assert found[supplier_key("chips", foundry)].fate is Fate.STOPS
    assert found[system_key(CHIPS)].fate is Fate.STOPS
    assert found[supplier_key("chips", "Designer")].fate is Fate.WORKS


def test_a_hidden_chokepoint_that_direct_shares_miss_is_found() -> None:
    """The host sits in South Africa; its loss comes from the Netherlands, three steps up."""
    found = run(wire([HOSTED], CHAIN, assume=FIRM), jurisdictions=("NLD",)).effects
    system = found[system_key(HOSTED)]

    assert system.direct.low == 1
    assert system.works.low == pytest.approx(0.6)
    assert system.fate is Fate.DEGRADES


def test_the_order_is_the_number_of_steps_from_what_is_cut() -> None:
    """Who is hit first is who stands nearest."""
    found = run(wire([CHIPS], CHAIN, assume=FIRM), suppliers=("lithographer",)).effects
    rounds = [
        found[key].round
        for key in (
            supplier_key("chips", "Lithographer"),
            supplier_key("chips", "Foundry One"),
            supplier_key("chips", "Vendor"),
            system_key(CHIPS),
        )
    ]

    assert rounds == [0, 1, 2, 5]


def test_what_nobody_stated_of_upstream_needs_stays_open() -> None:
    """Whether a foundry needs what it is listed with is not known: it stops, or does not."""
    found = run(wire([CHIPS], CHAIN), suppliers=("Lithographer",)).effects

    assert found[system_key(CHIPS)].fate is Fate.MAY_STOP
    assert found[system_key(CHIPS)].works.high == 1


def test_an_unnamed_supplier_may_be_the_one_that_is_lost() -> None:
    """Nobody named the supplier: under any loss the system may stop, and may not."""
    anonymous = bill(part("model", None, None))
    network = wire([anonymous, CHIPS], CHAIN, assume=FIRM)

    for what in ({"suppliers": ("Vendor",)}, {"jurisdictions": ("CHN",)}):
        assert run(network, **what).effects[system_key(anonymous)].fate is Fate.MAY_STOP
    hit = run(network, layers=("chips",)).effects[system_key(anonymous)]
    assert hit.fate is Fate.WORKS


def test_a_known_jurisdiction_rules_an_unnamed_supplier_out() -> None:
    """It is under another law, whoever it is."""
    anonymous = bill(part("model", None, "FRA"))

    found = run(wire([anonymous], assume=FIRM), jurisdictions=("CHN",))
    assert found.effects[system_key(anonymous)].fate is Fate.WORKS
    assert found.is_nothing


def test_a_cloud_stops_where_its_ground_or_its_owner_is_cut_off() -> None:
    """The supplier's own law is one question of three."""
    cloud = bill(part("cloud", "Local", "KHM", territory="KHM", owner="USA"))
    network = wire([cloud], assume=FIRM)

    assert run(network, jurisdictions=("USA",)).effects[system_key(cloud)].fate is Fate.STOPS
    unsaid = bill(part("cloud", "Local", "KHM"), key="u")
    found = run(wire([unsaid], assume=FIRM), jurisdictions=("USA",))
    assert found.effects[system_key(unsaid)].fate is Fate.MAY_STOP


def test_substitutes_soften_and_recovery_is_said() -> None:
    """Half is made good at once; the rest comes back after the stated time."""
    soft = bill(
        part("model", "A", "USA", substitutability_ppm=500_000, recovery_days=30),
    )
    found = run(wire([soft]), suppliers=("A",)).effects[system_key(soft)]

    assert (found.works.low, found.works.high) == (0.5, 0.5)
    assert found.fate is Fate.DEGRADES
    assert found.recovery_days == 30


RULE = Rule(of="USA", layers=frozenset({"chips"}), targets=frozenset({"KHM"}))


def test_a_rule_blocks_sales_to_its_targets_only() -> None:
    """The same vendor goes on delivering to everybody else."""
    other = bill(part("chips", "Vendor", "USA"), key="o", seat="VNM")
    found = run(wire([CHIPS, other], CHAIN, assume=FIRM), rules=(RULE,)).effects

    assert found[system_key(CHIPS)].fate is Fate.STOPS
    assert found[system_key(other)].fate is Fate.WORKS
    assert found[supplier_key("chips", "Vendor")].fate is Fate.WORKS


def test_a_rule_with_reach_blocks_a_third_state_s_supplier_above_its_threshold() -> None:
    """A foundry in another state that rests on controlled design may not deliver either."""
    foundry = bill(part("chips", "Foundry One", "TWN"))
    two = bill(part("chips", "Foundry Two", "KOR"), key="two")
    network = wire([foundry, two], CHAIN, assume=FIRM)
    reach = Rule(
        of="USA",
        layers=frozenset({"chips"}),
        targets=frozenset({"KHM"}),
        threshold=Fraction(1, 4),
    )

    near = run(network, rules=(RULE,)).effects
    far = run(network, rules=(reach,)).effects
    assert near[system_key(foundry)].fate is Fate.WORKS
    assert far[system_key(foundry)].fate is Fate.STOPS
    assert far[system_key(two)].fate is Fate.WORKS


def test_content_nobody_stated_may_reach_the_threshold() -> None:
    """With unknown needs the foundry may be bound, and may not."""
    foundry = bill(part("chips", "Foundry One", "TWN", substitutability_ppm=0))
    reach = Rule(of="USA", targets=frozenset({"KHM"}), threshold=Fraction(1, 4))

    found = run(wire([foundry], CHAIN), rules=(reach,)).effects[system_key(foundry)]
    assert found.fate is Fate.MAY_STOP


def test_a_scenario_says_that_it_removes_nothing_or_everything() -> None:
    """A shock on nobody known here must not read as a clean bill of health."""
    network = wire([CHIPS], (), assume=FIRM)

    assert run(network, suppliers=("Nobody",)).is_nothing
    assert run(network, layers=("chips",)).is_everything
    assert not run(network, suppliers=("Vendor",)).is_nothing


def test_a_state_s_layer_weighs_its_bills() -> None:
    """An inventory that counts three times as much loses three times as much."""
    own = Bill(
        key="inv",
        name="inventory",
        materials=(part("model", "A", "USA", share_ppm=PPM),),
        weight=Fraction(3),
        is_system=False,
    )
    other = bill(part("model", "B", "CHN", share_ppm=PPM))
    network = wire([], (), [State(code="KHM", bills=(own, other))], assume=FIRM)

    found = run(network, suppliers=("A",)).effects[state_key("KHM", "model")]
    assert found.works.low == found.works.high == 0.25


def test_circles_of_suppliers_come_to_rest() -> None:
    """Cloud runs on chips and chips are designed in the cloud: it settles at a fixed point."""
    circle = (
        Material(
            layer="cloud",
            name="c",
            supplier="C",
            upstream=(Upstream(name="d", need_ppm=500_000),),
        ),
        Material(
            layer="chips",
            name="d",
            supplier="D",
            upstream=(Upstream(name="c", need_ppm=500_000),),
        ),
        Material(layer="energy", name="e", supplier="E"),
    )
    network = wire([], circle, assume=FIRM)
    whole = run(network, suppliers=("E",)).effects
    half = run(network, suppliers=("C",)).effects

    assert whole[supplier_key("cloud", "C")].works.low == 1
    assert half[supplier_key("chips", "D")].works.low == 0.5


def test_the_worst_two_are_not_the_two_worst() -> None:
    """Alternatives cost little alone and all together: exhaustive search sees it."""
    pair = bill(
        part("model", "A", "USA", share_ppm=PPM // 2),
        part("model", "B", "CHN", share_ppm=PPM // 2),
    )
    solo = bill(
        part("data", "C", "FRA", share_ppm=PPM * 3 // 5),
        part("data", "D", "DEU", share_ppm=PPM * 2 // 5),
        key="t",
    )
    found = worst(wire([pair, solo], assume=FIRM), [system_key(pair)], 2)

    assert set(found.together.suppliers) == {"A", "B"}
    assert found.together.loss == found.bound == 1
    assert found.is_exact
    assert [loss.loss for loss in found.single] == [0.5, 0.5]


shares = st.sampled_from([None, 250_000, 500_000])
rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", None]), shares, st.sampled_from([None, 0, 500_000])
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=20, deadline=None)
@given(rows, st.sampled_from([None, 0, 500_000, PPM]))
def test_no_completion_leaves_the_two_runs(
    parts: list[tuple[str | None, int | None, int | None]], need: int | None
) -> None:
    """Whatever shares, substitutes, needs and names turn out to be, both runs enclose them."""
    stated = sum(share or 0 for _, share, _ in parts)
    if stated > PPM:
        return
    supplies = (
        Material(layer="chips", name="x", supplier="X"),
        Material(
            layer="model", name="a", supplier="A", upstream=(Upstream(name="x", need_ppm=need),)
        ),
    )

    def of(
        options: tuple[tuple[str | None, int | None, int | None], ...], at: int | None
    ) -> Outcome:
        materials = tuple(
            Material(
                layer="model",
                name=str(n),
                supplier=who,
                share_ppm=much,
                substitutability_ppm=good,
            )
            for n, (who, much, good) in enumerate(options)
        )
        link = Upstream(name="x", need_ppm=at)
        told = (supplies[0], replace(supplies[1], upstream=(link,)))
        return run(wire([bill(*materials)], told), suppliers=("A", "X"))

    open_ = of(tuple(parts), need).effects[system_key(bill())].works
    silent = [n for n, (_, share, _) in enumerate(parts) if share is None]
    rest = PPM - stated
    cuts = product((0, rest // 2, rest), repeat=len(silent))
    for division in (cut for cut in cuts if sum(cut) == rest or not silent):
        filled = dict(zip(silent, division, strict=True))
        for who, good, at in product(("A", "Z"), (0, PPM), (0, PPM)):
            options = tuple(
                (name or who, filled.get(n, share), good if made is None else made)
                for n, (name, share, made) in enumerate(parts)
            )
            if not silent and rest:
                options = (*options, (who, rest, good))
            closed = of(options, at if need is None else need)
            works = closed.effects[system_key(bill())].works
            assert works.low == pytest.approx(works.high)
            assert open_.low - 1e-9 <= works.low <= open_.high + 1e-9


def test_many_scenarios_at_once_give_what_each_gives_alone() -> None:
    """A batch is only quicker."""
    network = wire([CHIPS, HOSTED], CHAIN)
    for side in ("optimistic", "pessimistic"):
        cascade = prepare(network, side)
        open_ = np.ones((len(network.nodes), 4))
        for column in range(4):
            open_[column * 2, column] = 0
        together = course.run(cascade, open_)
        for column in range(4):
            alone = course.run(cascade, open_[:, [column]])
            assert np.allclose(together[:, [column]], alone, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(shares, shares), min_size=2, max_size=3), st.integers(1, 2))
def test_no_set_costs_more_than_the_sum_of_its_parts(
    pairs: list[tuple[int | None, int | None]], k: int
) -> None:
    """Subadditivity is what lets a greedy choice be bounded, and most suppliers be left out."""
    systems = [
        bill(
            part("model", "A", None, **({} if a is None else {"share_ppm": a})),
            part("model", "B", None, **({} if b is None else {"share_ppm": b})),
            part("data", f"C{n}", None),
            key=str(n),
        )
        for n, (a, b) in enumerate(pairs)
    ]
    network = wire(systems, assume=FIRM)
    found = worst(network, [system_key(one) for one in systems], k)
    losses = {loss.suppliers[0]: loss.loss for loss in found.single}

    assert found.together.loss <= sum(losses[name] for name in found.together.suppliers) + 1e-9
    assert found.together.loss <= found.bound + 1e-9
