# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every measure encloses each completion of what is unknown, and reaches its own ends."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.exposure.material.bill import Bill
from comity.exposure.measure.concentration import concentrate, concentrations
from comity.exposure.measure.dependence import depend
from comity.exposure.measure.interval import ANYTHING, Interval, known
from comity.exposure.measure.sovereignty import sovereignty
from comity.exposure.measure.stack import stack
from comity.kernel.material import PPM, Material

STATES = ("USA", "CHN", "KHM")
STEPS = 4
"""A rest is tried in quarters; ends are attained at its corners or, evenly, at halves."""


def bill(*parts: tuple[str | None, str | None, int | None], key: str = "b") -> Bill:
    """Make a bill of chips from suppliers, their states and shares in quarters."""
    materials = tuple(
        Material(
            layer="chips",
            name=f"chip {place}",
            supplier=supplier,
            jurisdiction=state,
            share_ppm=None if quarters is None else quarters * PPM // 4,
        )
        for place, (supplier, state, quarters) in enumerate(parts)
    )
    return Bill(key=key, name=key, materials=materials)


def divisions(total: Fraction, count: int) -> Iterator[tuple[Fraction, ...]]:
    """Yield ways to divide a rest among some, in quarters of it."""
    for parts in product(range(STEPS + 1), repeat=count):
        if sum(parts) == STEPS:
            yield tuple(total * part / STEPS for part in parts)


def completions(one: Bill) -> Iterator[dict[tuple[str, str], Fraction]]:
    """Yield what a bill may turn out to say: shares by supplier and its state."""
    parts = one.of("chips")
    rest = parts.silent or (Material(layer="chips", name="anybody's"),)
    for shares in divisions(parts.rest, len(rest)):
        every = [*parts.stated, *zip(rest, shares, strict=True)]
        options = [
            list(
                product(
                    [material.supplier] if material.supplier else ["A", "B", f"new{place}"],
                    [material.jurisdiction]
                    if material.jurisdiction
                    else [*STATES, f"N{place}"],
                )
            )
            for place, (material, _) in enumerate(every)
        ]
        for choice in product(*options):
            if _is_one_state_each(every, choice):
                found: dict[tuple[str, str], Fraction] = {}
                for name, (_, share) in zip(choice, every, strict=True):
                    found[name] = found.get(name, Fraction(0)) + share
                yield found


def _is_one_state_each(every: list[tuple[Material, Fraction]], choice: object) -> bool:
    """Tell whether a supplier of unknown state is put in one state only."""
    states: dict[str, set[str]] = {}
    for (material, _), (_, state) in zip(every, choice, strict=True):  # type: ignore[call-overload]  # pairs, as made above
        if material.jurisdiction is None and material.supplier:
            states.setdefault(material.supplier, set()).add(state)
    return all(len(found) == 1 for found in states.values())


def index(shares: dict[tuple[str, str], Fraction], place: int) -> Fraction:
    """Return the sum of squares by supplier (0) or by state (1)."""
    totals: dict[str, Fraction] = {}
    for name, share in shares.items():
        totals[name[place]] = totals.get(name[place], Fraction(0)) + share
    return sum((share * share for share in totals.values()), Fraction(0))


def foreign_index(shares: dict[tuple[str, str], Fraction]) -> Fraction:
    """Return the sum of squares of foreign suppliers' shares, KHM being home."""
    return index({name: share for name, share in shares.items() if name[1] != "KHM"}, 0)


def within(value: Fraction, interval: Interval) -> bool:
    """Tell whether an interval holds a value."""
    return interval.least <= value <= interval.most


parts = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from([*STATES, None]),
        st.sampled_from([0, 1, 2, None]),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(parts)
def test_no_completion_leaves_an_interval(
    rows: list[tuple[str | None, str | None, int | None]],
) -> None:
    """Whatever turns out to be true of what is unknown was inside every figure's bounds."""
    one = bill(*rows)
    if sum(quarters or 0 for _, _, quarters in rows) > STEPS:
        with pytest.raises(InvalidDocument, match="more than the whole"):
            concentrate([one], "chips", "firm")
        return
    firm = concentrate([one], "chips", "firm").index
    state = concentrate([one], "chips", "state").index
    found = depend([one], "chips", {"KHM"})
    for shares in completions(one):
        abroad = sum((s for (_, where), s in shares.items() if where != "KHM"), Fraction(0))
        assert within(index(shares, 0), firm)
        assert within(index(shares, 1), state)
        assert within(abroad, found.foreign)
        assert within(foreign_index(shares), found.concentration)


ENDS = {
    "one unknown share": (
        bill(("A", "USA", 2), ("B", "CHN", None), ("C", "USA", None)),
        "firm",
    ),
    "an unknown state": (bill(("A", "USA", 2), ("B", None, 2)), "state"),
    "two who divide a rest": (
        bill(("A", "USA", 2), ("A", "USA", None), ("B", "CHN", None)),
        "firm",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_both_ends_are_attained(name: str) -> None:
    """A bound that no completion reaches would claim more doubt than there is."""
    one, by = ENDS[name]
    found = concentrate([one], "chips", "firm" if by == "firm" else "state").index
    reached = {index(shares, 0 if by == "firm" else 1) for shares in completions(one)}

    assert (min(reached), max(reached)) == (found.least, found.most)


def test_one_supplier_of_everything_has_index_one() -> None:
    """The index is 1 exactly when one holder supplies all, share stated or not."""
    for quarters in (4, None):
        found = concentrate([bill(("A", "USA", quarters))], "chips", "state")

        assert found.index == known(Fraction(1))
        assert found.unknown == 0


def test_five_firms_of_one_state_are_five_or_one() -> None:
    """By firm and by state the same layer gets two answers, and both are said."""
    rows = [("A", "USA", 1), ("B", "USA", 1), ("C", "USA", 1), ("D", "USA", 1)]
    firm, state = (concentrate([bill(*rows)], "chips", by) for by in ("firm", "state"))

    assert firm.index == known(Fraction(1, 4))
    assert state.index == known(Fraction(1))


def test_unknown_stays_an_interval() -> None:
    """What no share claims may be anybody's: the index lies between two bounds."""
    found = concentrate([bill(("A", "USA", 2))], "chips", "firm")

    assert found.unknown == Fraction(1, 2)
    assert found.index == Interval(least=Fraction(1, 4), most=Fraction(1))
    assert found.ranges["A"] == Interval(least=Fraction(1, 2), most=Fraction(1))


def test_a_weight_counts_as_many_bills() -> None:
    """An inventory that stands for three systems outweighs one system three to one."""
    first, second = bill(("A", "USA", 4)), bill(("B", "CHN", 4), key="c")
    heavy = Bill(key="h", name="h", materials=first.materials, weight=Fraction(3))

    assert concentrate([heavy, second], "chips", "firm").shares["A"] == Fraction(3, 4)


def test_a_system_that_is_silent_on_a_layer_does_not_count_for_it() -> None:
    """Saying nothing of data is not saying that the data is one's own."""
    assert [one.layer for one in concentrations([bill(("A", "USA", 4))], "state")] == ["chips"]
    assert depend([bill(("A", "USA", 4))], "data", {"KHM"}).foreign == ANYTHING


def test_many_divisions_are_enclosed_and_say_so() -> None:
    """Where trying every completion costs too much, the upper end only encloses it."""
    bills = [
        bill((f"A{n}", "USA", None), (f"A{n + 1}", "CHN", None), key=str(n)) for n in range(20)
    ]
    found = concentrate(bills, "chips", "firm").index

    assert not found.is_exact
    assert found.least == Fraction(1, 21)
    assert found.most >= Fraction(10 * 2**2, 20**2)
    assert concentrate(bills, "chips", "state").index.is_exact


def test_rests_that_do_not_meet_are_tried_apart() -> None:
    """Thirteen rests of two suppliers each have 8,192 completions, and need no such number."""
    bills = [
        bill((f"A{n}", "USA", None), (f"B{n}", "CHN", None), key=str(n)) for n in range(13)
    ]
    found = concentrate(bills, "chips", "firm").index

    assert found == Interval(least=Fraction(1, 26), most=Fraction(1, 13))


def test_three_thousand_suppliers_who_divide_a_rest_are_measured_exactly() -> None:
    """A ministry lists what it has; neither end may take a look at every pair of rows."""
    rows = tuple(
        Material(
            layer="cloud",
            name=f"m{n}",
            supplier=f"S{n}",
            jurisdiction=("USA", "CHN", "SGP", None)[n % 4],
            share_ppm=n if n % 2 else None,
        )
        for n in range(1_000)
    )
    layer = [Bill(key="b", name="b", materials=rows)]
    stated = [Fraction(n, PPM) for n in range(1, 1_000, 2)]
    rest = 1 - sum(stated)
    firm = concentrate(layer, "cloud", "firm").index
    raised = [max(share, Fraction(0)) for share in stated] + [rest / 500] * 500

    assert firm.is_exact
    assert firm.least == sum(share * share for share in raised)
    assert firm.most == sum(share * share for share in stated) + rest * rest
    assert concentrate(layer, "cloud", "state").index.is_exact
    assert depend(layer, "cloud", {"KHM"}).concentration.is_exact


def test_two_spellings_of_one_firm_are_no_competition() -> None:
    """A shock takes them for one firm; a measure that took them for two would lie."""
    rows = [("Nvidia", "USA", 2), ("NVIDIA", "USA", 2)]
    found = concentrate([bill(*rows)], "chips", "firm")

    assert found.shares == {"Nvidia": Fraction(1)}
    assert found.index == known(Fraction(1))
    assert depend([bill(*rows)], "chips", {"KHM"}).concentration == known(Fraction(1))


def test_published_arithmetic_of_the_facts_is_reproduced() -> None:
    """28, 21 and 14 % of cloud and an unnamed rest: at least 1,421 in ten thousandths."""
    shares = (("A", 280_000), ("B", 210_000), ("C", 140_000))
    cloud = Bill(
        key="q4",
        name="cloud, fourth quarter of 2025",
        materials=tuple(
            Material(layer="cloud", name=name, supplier=name, share_ppm=share)
            for name, share in shares
        ),
    )

    assert concentrate([cloud], "cloud", "firm").index.least * 10_000 == 1421


def test_one_foreign_supplier_weighs_more_than_five() -> None:
    """At the same dependence, the state with one supplier stands worse."""
    one = depend([bill(("A", "USA", 4))], "chips", {"KHM"})
    four = depend([bill(*((name, "USA", 1) for name in "ABCD"))], "chips", {"KHM"})

    assert one.foreign == four.foreign == known(Fraction(1))
    assert one.concentration.least > four.concentration.most


def test_what_others_make_good_does_not_last() -> None:
    """A foreign part that can be replaced at once is no lasting dependence."""
    material = Material(
        layer="chips",
        name="c",
        jurisdiction="USA",
        share_ppm=PPM,
        substitutability_ppm=PPM // 4,
    )
    found = depend([Bill(key="b", name="b", materials=(material,))], "chips", {"KHM"})

    assert found.lasting == known(Fraction(3, 4))


def test_a_state_can_pass_the_first_question_and_fail_the_third() -> None:
    """Own ground and own firm on foreign chips is not sovereign at depth."""
    cloud = Material(
        layer="cloud", name="c", territory="KHM", owner="KHM", chips="USA", share_ppm=PPM
    )
    found = sovereignty([Bill(key="b", name="b", materials=(cloud,))], "cloud", {"KHM"})

    assert found.owner == known(Fraction(1))
    assert found.chips == known(Fraction(0))


def test_an_unasked_question_leaves_depth_open() -> None:
    """Nobody said whose chips: that is not foreign and not own."""
    cloud = Material(layer="cloud", name="c", territory="KHM", owner="KHM", share_ppm=PPM)
    found = sovereignty([Bill(key="b", name="b", materials=(cloud,))], "cloud", {"KHM"})

    assert found.chips == ANYTHING


def test_one_wholly_foreign_layer_shows_in_both_figures() -> None:
    """An arithmetic mean over the layers would hide the zero."""
    half = {layer: known(Fraction(1, 2)) for layer in ("energy", "data", "cloud", "model")}
    found = stack({**half, "chips": known(Fraction(1))})

    assert found.weakest == found.mean == known(Fraction(0))
    assert "chips" in found.weakest_layers
    assert "talent" in found.silent


def test_the_root_is_rounded_outward() -> None:
    """Both ends of the mean are millionths that enclose an irrational root."""
    half = Interval(least=Fraction(1, 2), most=Fraction(1, 2))
    found = stack({"chips": half}).mean

    assert found.least == 0
    assert (found.most - Fraction(1, PPM)) ** 9 < Fraction(1, 2) <= found.most**9
