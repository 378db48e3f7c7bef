# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A state's exposure as text: one line a layer, bounds everywhere, sources below."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from comity.desk.exposure.sheet import ExposureSheet, LayerSheet, Segment
from comity.desk.law.picturing import FigureRow
from comity.exposure.material.layer import LAYERS
from comity.exposure.measure.interval import Interval
from comity.files.materials.country import with_name
from comity.kernel.material import PPM, Material
from comity.law.cursor import near_miss

_MOST_HOLDERS = 4


def print_exposure(console: Console, sheet: ExposureSheet) -> None:
    """Print what a state depends on."""
    who = with_name(sheet.state)
    console.print(f"What {who} depends on, as far as anybody stated it", style="bold")
    if not sheet.layers:
        said = (
            "Nobody stated anything: everything is unknown, which is not the same as nothing."
        )
        console.print(said, style="yellow", soft_wrap=True)
    else:
        console.print(_layers(sheet.layers))
        said = (
            "foreign: under another state's law; lasting: of that, what nobody makes good at "
            "short notice; firms, states: how concentrated, of 10,000 (one alone)."
        )
        console.print(said, markup=False, style="dim", soft_wrap=True)
        _stack(console, sheet)
        _deep(console, sheet.layers)
    _origins(console, sheet)


def shown(interval: Interval, *, unit: int = 100) -> str:
    """Write an interval in a unit, open ends outward: per cent, or ten thousandths."""
    least, most = interval.digits(unit)
    if unit > 100:
        least, most = (f"{end:,}" for end in interval.whole(unit))
    said = least if least == most else f"{least}–{most}"
    return said if interval.is_exact else f"{said} (enclosed)"


def _layers(layers: Iterable[LayerSheet]) -> Table:
    table = Table(
        "layer", "who %", "foreign %", "lasting %", "firms", "states",
        box=None, padding=(0, 2, 0, 0),
    )  # fmt: skip
    for one in layers:
        table.add_row(
            escape(one.layer),
            escape(_holders(one.states)),
            shown(one.dependence.foreign),
            shown(one.dependence.lasting),
            shown(one.by_firm.index, unit=10_000),
            shown(one.by_state.index, unit=10_000),
        )
    return table


def _holders(segments: Sequence[Segment]) -> str:
    named = [f"{one.label} {shown(one.share)}" for one in segments[:_MOST_HOLDERS]]
    more = len(segments) - len(named)
    unknown = 1 - sum((one.share.least for one in segments), Fraction(0))
    rest = [f"and {more} more"] if more else []
    open_ = [f"not stated {float(unknown * 100):.3g}"] if unknown else []
    return ", ".join([*named, *rest, *open_])


def _stack(console: Console, sheet: ExposureSheet) -> None:
    weakest = ", ".join(sheet.stack.weakest_layers)
    said = (
        f"Own supply: the weakest layer has {shown(sheet.stack.weakest)} % (no better: "
        f"{weakest}); geometric mean of the nine {shown(sheet.stack.mean)} %."
    )
    console.print(said, markup=False, soft_wrap=True)
    if sheet.stack.silent:
        said = f"Nobody speaks of: {', '.join(sheet.stack.silent)}."
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def _deep(console: Console, layers: Iterable[LayerSheet]) -> None:
    for one in layers:
        deep = one.sovereignty
        if deep is not None:
            said = (
                f"{one.layer}: on own territory {shown(deep.territory)} %, own firm too "
                f"{shown(deep.owner)} %, on own chips too {shown(deep.chips)} %"
            )
            console.print(said, markup=False, soft_wrap=True)


def _origins(console: Console, sheet: ExposureSheet) -> None:
    console.print("\nFrom", style="bold")
    for one in sheet.origins:
        marks = ", made up" if one.example else ""
        marks += "" if one.is_counted else ", not cosigned enough"
        weight = f", weighs {one.weight}" if one.weight > 1 else ""
        said = f"{one.kind}: {one.name} ({one.place}{weight}{marks})"
        console.print(said, markup=False, soft_wrap=True)
        if one.note:
            console.print(f"  {one.note}", markup=False, style="dim", soft_wrap=True)
    for place, why in sheet.refused:
        said = f"left out: {place} contradicts itself: {why}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    if sheet.unstated:
        listed = ", ".join(sheet.unstated)
        said = f"Nobody says what these suppliers rest on: {listed}."
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    if sheet.readiness is not None:
        row = sheet.readiness
        said = (
            f"Published beside it, and used in nothing: rank {row.rank}, total {row.total}, "
            f"infrastructure {row.infrastructure}, compute {row.compute}. {row.source}."
        )
        console.print(said, markup=False, style="dim", soft_wrap=True)


def print_figures(console: Console, rows: Iterable[FigureRow]) -> None:
    """Print the public figures, each with what it leaves unknown."""
    for row in rows:
        one = row.figure
        title = f"{one.id}: {one.layer}, {one.where}, {one.when}"
        console.print(title, markup=False, style="bold", soft_wrap=True)
        console.print(f"  {one.said}", markup=False, soft_wrap=True)
        if one.index is not None:
            said = f"  index by firm {shown(one.index, unit=10_000)} of 10,000"
            console.print(said, markup=False)
        console.print(f"  unknown: {one.gap}", markup=False, style="yellow", soft_wrap=True)
        source = f"  {one.basis}: {one.source}"
        console.print(source, markup=False, style="dim", soft_wrap=True)


def print_materials(console: Console, materials: Sequence[Material]) -> None:
    """Print the materials of a bill, with "?" for what it leaves open."""
    table = Table(
        *(
            Column(head, overflow="fold")
            for head in (
                "layer", "name", "supplier", "law", "ground", "owner", "chips", "share %",
                "rests on",
            )
        ),
        box=None, padding=(0, 1, 0, 0),
    )  # fmt: skip
    for one in materials:
        share = "?" if one.share_ppm is None else f"{one.share_ppm * 100 / PPM:g}"
        cells = (
            one.layer, one.name, one.supplier, one.jurisdiction, one.territory, one.owner,
            one.chips, share, "; ".join(link.name for link in one.upstream),
        )  # fmt: skip
        table.add_row(*(escape("?" if cell is None else cell) for cell in cells))
    console.print(table)
    asked = sum(one.supplier is None for one in materials)
    said = f"{len(materials)} materials; of {asked} nobody names the supplier; ? is unknown"
    console.print(said, markup=False)
    for layer in dict.fromkeys(one.layer for one in materials if one.layer not in LAYERS):
        near = near_miss(layer, LAYERS)
        meant = f"; did you mean {near!r}?" if near else ""
        said = f"Layer {layer!r} is none of the nine, so it stands for itself{meant}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
