# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bands and bars: as thick and as long as the shares, with what nobody stated among them."""

from itertools import pairwise

import pytest

from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.sheet import ExposureSheet
from comity.desk.supply.grounds import Grounds
from comity.desk.supply.origin import Origin
from comity.exposure.material.bill import Bill
from comity.kernel.material import Material
from comity.web.flow import MOST_SOURCES, OTHERS, draw_flow
from comity.web.layerbar import WIDTH, draw_layers


def sheet(*materials: Material, bills: int = 1) -> ExposureSheet:
    """Measure bills that all hold the same."""
    made = tuple(
        Bill(key=str(n), name=f"system {n}", materials=materials) for n in range(bills)
    )
    origins = tuple(
        Origin(
            name=one.name, kind="system", place="x entry 1", sha256="ab", is_counted=True,
            example=True, weight=1, layers=one.layers(),
        )
        for one in made
    )  # fmt: skip
    return exposure_sheet(Grounds(state="KHM", bills=made, supplies=(), origins=origins))


def cloud(code: str | None, share: int, layer: str = "cloud") -> Material:
    """Return a share of a layer."""
    return Material(
        layer=layer, name=f"of {code}", supplier=f"firm {code}", jurisdiction=code,
        share_ppm=share,
    )  # fmt: skip


MIXED = sheet(cloud("KHM", 250_000), cloud("USA", 500_000), cloud(None, 250_000))


def test_a_bar_is_whole_and_puts_the_unknown_between_abroad_and_home() -> None:
    """Whoever sees the bar sees the interval of foreign supply: where the unknown lies."""
    drawn = draw_layers(MIXED.layers, {"KHM"})
    (bar,) = drawn.bars
    half, rest = (WIDTH - 4) // 2, (WIDTH - 4) // 4

    assert [(one.holder, one.kind) for one in bar.pieces] == [
        ("USA", "f0"),
        ("", "open"),
        ("KHM", "own"),
    ]
    assert [one.width for one in bar.pieces] == [half, rest, rest]
    assert (bar.span.least, bar.span.most) == (2 + half, 2 + half + rest)
    assert bar.pieces[-1].x + bar.pieces[-1].width == WIDTH - 2


def test_a_state_keeps_its_pattern_in_every_layer() -> None:
    """A key that changed from bar to bar would be no key."""
    drawn = draw_layers(
        sheet(
            cloud("USA", 900_000), cloud("CHN", 100_000), cloud("CHN", 1_000_000, "data")
        ).layers,
        {"KHM"},
    )
    kinds = {(piece.holder, piece.kind) for bar in drawn.bars for piece in bar.pieces}

    assert len(kinds) == 2
    assert kinds == set(drawn.holders)


def test_what_is_too_narrow_for_its_name_has_none_and_is_drawn() -> None:
    """A small share is small, and there; the table names it."""
    (bar,) = draw_layers(sheet(cloud("USA", 999_000), cloud("CHN", 1_000)).layers, ()).bars

    assert [(one.holder, one.label) for one in bar.pieces] == [("USA", "USA"), ("CHN", "")]
    assert bar.pieces[1].width >= 1


def test_what_flows_into_a_layer_flows_out_of_it() -> None:
    """Bands are as thick as shares; a layer counts as much as any other."""
    drawn = draw_flow(sheet(cloud("USA", 500_000), cloud(None, 500_000), bills=2))
    into = [one for one in drawn.bands if one.path.startswith("M114 ")]
    out_of = [one for one in drawn.bands if one not in into]

    assert sum(one.thickness for one in into) == sum(one.thickness for one in out_of) == 28
    assert [one.is_open for one in into] == [False, True]
    assert [one.name for one in drawn.sources] == ["USA", ""]
    assert [one.name for one in drawn.systems] == ["system 0", "system 1"]


@pytest.mark.parametrize("codes", [MOST_SOURCES, MOST_SOURCES + 5])
def test_many_states_are_drawn_as_a_few_and_the_others(codes: int) -> None:
    """A page must stay light and a picture readable; the table has each."""
    names = [f"X{chr(65 + place)}X" for place in range(codes)]
    drawn = draw_flow(sheet(*(cloud(name, 1_000_000 // codes) for name in names)))

    assert len(drawn.sources) <= MOST_SOURCES + 2
    assert (OTHERS in {one.name for one in drawn.sources}) is (codes > MOST_SOURCES)


def test_boxes_do_not_lie_on_one_another() -> None:
    """Names on names cannot be read."""
    drawn = draw_flow(sheet(*(cloud(code, 10_000) for code in ("USA", "CHN", "FRA")), bills=12))

    for column in (drawn.sources, drawn.layers, drawn.systems):
        for above, below in pairwise(column):
            assert above.y + above.height < below.y
        assert all(one.y + one.height < drawn.height for one in column)


def test_nothing_stated_is_nothing_drawn() -> None:
    """An empty picture has no height, and the page leaves it out."""
    assert draw_layers((), ()).bars == ()
    assert draw_flow(sheet()).bands == ()
