# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What either side loses: against a recomputation by hand, and what must hold of any answer."""

import random
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Literal

import pytest

from comity.exposure.leverage.leverage import Leverage, Side, leverage
from comity.exposure.material.bill import Bill
from comity.exposure.measure.interval import ANYTHING, Interval, known
from comity.exposure.shock.network import Network, Node, Part
from comity.exposure.shock.sharing import Assumption
from comity.exposure.shock.wiring import State, state_key, system_key, wire
from comity.kernel.material import PPM, Material, Upstream

FIRM = Assumption(substitute_ppm=0, need_ppm=PPM)
CODES = ("AAA", "BBB", "CCC", "DDD")
SHARES: tuple[tuple[int | None, ...], ...] = ((None,) * 3, (20, 30, 50), (20, None, None))


def material(name: str, law: str | None, share: int | None = None, **more: object) -> Material:
    """Return a component of the layer "data", which nobody asks for a territory."""
    return Material(
        layer="data", name=name, supplier=f"firm of {name}", jurisdiction=law,
        share_ppm=None if share is None else share * 10_000, **more,  # type: ignore[arg-type]  # fields
    )  # fmt: skip


def bill(state: str, *materials: Material, is_system: bool = False) -> Bill:
    """Return what a state rests on."""
    return Bill(
        key=f"{state}{is_system}", name=f"bill of {state}", materials=materials,
        markets=(state,), is_system=is_system,
    )  # fmt: skip


def network_of(bills: Sequence[Bill], supplies: Sequence[Material] = ()) -> Network:
    """Wire bills with the states they serve; nothing is made good at short notice."""
    states = {code: [one for one in bills if code in one.markets] for code in CODES}
    stated = [State(code=code, bills=tuple(own)) for code, own in states.items() if own]
    return wire(bills, supplies, stated, assume=FIRM)


def side(code: str, network: Network, bills: Sequence[Bill]) -> Side:
    """Return a side with its layers and systems."""
    keys = [system_key(one) for one in bills if code in one.markets and one.is_system]
    keys.append(state_key(code, "data"))
    there = tuple(key for key in keys if key in network.positions())
    return Side(name=code, homes=frozenset({code}), targets=there)


def compared(
    bills: Sequence[Bill],
    partner: str,
    bloc: Sequence[str] = (),
    supplies: Sequence[Material] = (),
) -> Leverage:
    """Compare AAA with one partner."""
    network = network_of(bills, supplies)
    sides = {code: side(code, network, bills) for code in CODES}
    (found,) = leverage(network, sides["AAA"], [sides[partner]], [sides[one] for one in bloc])
    return found


def test_each_side_loses_what_the_other_supplies() -> None:
    """Two thirds here, a quarter there."""
    bills = (
        bill("AAA", material("a", "BBB", 60), material("b", "AAA", 40)),
        bill("BBB", material("c", "AAA", 25), material("d", "BBB", 75)),
    )
    found = compared(bills, "BBB")

    assert [one.lost for one in found.loses] == [known(Fraction(3, 5))]
    assert found.partner_loses is not None
    assert [one.lost for one in found.partner_loses] == [known(Fraction(1, 4))]
    assert found.partner_loses_bloc is None


def test_who_stated_nothing_loses_the_unknown_and_not_nothing() -> None:
    """None is no empty list: with a bloc, too."""
    found = compared((bill("AAA", material("a", "BBB")),), "BBB", bloc=("CCC",))

    assert found.partner_loses is None
    assert found.partner_loses_bloc is None
    assert found.members_lose == {}


def test_a_bloc_that_leaves_together_costs_the_partner_the_sum() -> None:
    """And each member what it buys there itself."""
    bills = (
        bill("AAA", material("a", "BBB")),
        bill("CCC", material("e", "BBB", 10), material("f", "CCC", 90)),
        bill(
            "BBB", material("c", "AAA", 25), material("d", "CCC", 50), material("g", "BBB", 25)
        ),
    )
    found = compared(bills, "BBB", bloc=("CCC",))

    assert found.partner_loses is not None
    assert found.partner_loses_bloc is not None
    assert found.partner_loses[0].lost == known(Fraction(1, 4))
    assert found.partner_loses_bloc[0].lost == known(Fraction(3, 4))
    assert found.members_lose["CCC"][0].lost == known(Fraction(1, 10))


def test_who_else_works_is_named_as_far_as_it_does() -> None:
    """Not the partner; one that rests on it works in part; one of unknown law perhaps."""
    bills = (
        bill("AAA", material("a", "BBB")),
        bill(
            "CCC", material("own", "CCC", 50), material("half", "DDD", 30), material("x", None)
        ),
    )
    rests = (Upstream(name="a", need="inputs", share_ppm=PPM, need_ppm=PPM // 2),)
    supplies = (material("a", "BBB"), material("half", "DDD", upstream=rests))
    found = compared(bills, "BBB", bloc=("CCC",), supplies=supplies)

    rows = {one.node.label: (one.works, one.is_sure) for one in found.alternatives["data"]}
    assert rows == {
        "firm of own": (known(Fraction(1)), True),
        "firm of half": (known(Fraction(1, 2)), True),
        "firm of x": (ANYTHING, False),
    }
    assert {key.rsplit("/", 1)[1] for key in found.bloc_alternatives} == {"firm of own"}


def test_a_layer_that_loses_nothing_needs_no_alternative() -> None:
    """Nobody is named where nothing is hit."""
    found = compared((bill("AAA", material("a", "AAA")),), "BBB")

    assert found.loses[0].lost == known(Fraction(0))
    assert found.alternatives == {}


Way = Literal["optimistic", "pessimistic"]


def left(network: Network, cut: Collection[str], way: Way) -> dict[str, float]:
    """Return how far each node works, from the formula alone: a round for each node."""
    works = {node.key: 1.0 for node in network.nodes}
    for _ in range(len(works) + 1):
        works = {node.key: _works(node, works, cut, way) for node in network.nodes}
    return works


def _works(node: Node, works: dict[str, float], cut: Collection[str], way: Way) -> float:
    place = node.place
    codes = (place.jurisdiction, place.territory, place.owner)
    is_thing = node.kind in {"supplier", "component"}
    is_open = way == "pessimistic" and None in codes
    if is_thing and (is_open or any(code and code in cut for code in codes)):
        return 0.0
    worst = 1.0
    for need in node.needs:
        weight = need.weight.low if way == "optimistic" else need.weight.high
        met = sum((one.share or 0) * _part(one, works, way) for one in need.parts)
        loose = [_part(one, works, way) for one in need.parts if one.share is None]
        if loose:
            met += need.rest * (max(loose) if way == "optimistic" else min(loose))
        worst = min(worst, 1 - weight * (1 - met))
    return worst


def _part(part: Part, works: dict[str, float], way: Way) -> float:
    good = part.substitute.high if way == "optimistic" else part.substitute.low
    return works[part.node] + (1 - works[part.node]) * good


def random_bills(dice: random.Random) -> tuple[tuple[Bill, ...], tuple[Material, ...]]:
    """Return bills of all states, and suppliers that rest on each other without a circle."""
    names = [f"m{n}" for n in range(6)]
    laws = {name: dice.choice([*CODES, None]) for name in names}
    supplies = [
        material(
            name, laws[name],
            upstream=tuple(
                Upstream(name=one, share_ppm=dice.choice([None, 300_000]), need_ppm=700_000)
                for one in dice.sample(names[:n], min(n, dice.randint(0, 2)))
            ),
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    bills = []
    for code in CODES[: dice.randint(1, 4)]:
        chosen = dice.sample(names, dice.randint(1, 3))
        shares = dice.choice(SHARES)
        rows = [material(one, laws[one], shares[n]) for n, one in enumerate(chosen)]
        bills.append(bill(code, *rows, is_system=dice.random() < 0.5))
    return tuple(bills), tuple(supplies)


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_is_that_of_the_formula(seed: int) -> None:
    """Computed again node by node, without arrays; rounded outward to millionths."""
    dice = random.Random(seed)  # noqa: S311 - replayable, not secret
    bills, supplies = random_bills(dice)
    network = network_of(bills, supplies)
    found = compared(bills, "BBB", bloc=("CCC",), supplies=supplies)

    def agree(rows: Sequence[object] | None, cut: frozenset[str]) -> None:
        best, worst = left(network, cut, "optimistic"), left(network, cut, "pessimistic")
        for row in rows or ():
            key, lost = row.node.key, row.lost  # type: ignore[attr-defined]  # a Loss
            assert isinstance(lost, Interval)
            assert float(lost.least) == pytest.approx(1 - best[key], abs=3e-6)
            assert float(lost.most) == pytest.approx(1 - worst[key], abs=3e-6)

    agree(found.loses, frozenset({"BBB"}))
    agree(found.partner_loses, frozenset({"AAA"}))
    agree(found.partner_loses_bloc, frozenset({"AAA", "CCC"}))
    for rows in found.members_lose.values():
        agree(rows, frozenset({"BBB"}))
    gone = left(network, {"BBB"}, "pessimistic")
    for one in found.alternatives.get("data", ()):
        assert float(one.works.least) == pytest.approx(gone[one.node.key], abs=3e-6)
        assert one.node.place.jurisdiction != "BBB"
