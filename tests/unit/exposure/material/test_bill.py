# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bill that contradicts itself is refused with every fault; a layer is divided as stated."""

from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.exposure.material.bill import Bill, check, flaws_of, parts_of
from comity.kernel.material import PPM, Material, Upstream


def part(name: str, share: int | None = None, *below: str, layer: str = "chips") -> Material:
    """Make a material."""
    upstream = tuple(Upstream(name=one) for one in below)
    return Material(layer=layer, name=name, share_ppm=share, upstream=upstream)


def test_every_fault_between_materials_comes_with_its_position() -> None:
    """Twice, too much, nowhere, in a circle: all at once, where they stand."""
    rows = [
        part("a", PPM, "b"), part("b", 1, "a"), part("b"), part("c", None, "accelerator"),
        part("accelerators", None, layer="data"),
    ]  # fmt: skip
    found = [(flaw.position, flaw.message) for flaw in flaws_of(rows)]

    for place, words in (
        (0, "a name that several materials have"),
        (0, "'a' rests on itself"),
        (1, "more than the whole"),
        (1, "'b' rests on itself"),
        (2, "stands twice"),
        (3, "is not in the bill"),
    ):
        assert any(at == place and words in said for at, said in found), words
    assert flaws_of(rows)[-1].near == "accelerators"
    with pytest.raises(InvalidDocument) as caught:
        check(Bill(key="k", name="k", materials=tuple(rows)))
    assert len(caught.value.faults) == len(found)


def test_alternatives_of_one_need_cannot_exceed_it() -> None:
    """Two that meet one need by two thirds each are a mistake."""
    links = tuple(
        Upstream(name=name, need="fabrication", share_ppm=PPM * 2 // 3) for name in "ab"
    )
    rows = [Material(layer="chips", name="x", upstream=links), part("a"), part("b")]

    (flaw,) = flaws_of(rows)
    assert "'fabrication' adds up to more than the whole" in flaw.message


def test_a_single_silent_material_has_the_rest() -> None:
    """Nothing else could; two silent ones divide it, nobody says how."""
    alone = parts_of("chips", [part("a", PPM // 4), part("b")])
    two = parts_of("chips", [part("a", PPM // 4), part("b"), part("c")])

    assert [share for _, share in alone.stated] == [Fraction(1, 4), Fraction(3, 4)]
    assert alone.silent == ()
    assert alone.rest == 0
    assert len(two.silent) == 2
    assert two.rest == Fraction(3, 4)


def test_what_stands_between_two_circles_is_in_none() -> None:
    """It rests on one and carries another, and yet not on itself."""
    rows = [
        part("a", None, "b"), part("b", None, "a", "bridge"), part("bridge", None, "c"),
        part("c", None, "d"), part("d", None, "c"), part("own", None, "own"),
    ]  # fmt: skip
    found = [flaw.position for flaw in flaws_of(rows)]

    assert found == [0, 1, 3, 4, 5]


def test_a_long_chain_is_no_circle() -> None:
    """A thousand links down, and back at nobody."""
    rows = [part(str(n), None, *([str(n + 1)] if n < 999 else [])) for n in range(1000)]

    assert flaws_of(rows) == ()
