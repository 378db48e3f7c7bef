# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From states through layers to systems: bands as thick as their shares, in pixels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.exposure.sheet import ExposureSheet
from comity.desk.supply.origin import Origin

WIDTH = 480
MOST_SOURCES = 8
MOST_SYSTEMS = 8
OTHERS = "…"
"""Stands for what is drawn together; the tables have each by name."""

_BOX, _THICK, _GAP, _LEAST_BOX = 112, 28, 12, 20
_COLUMNS = (2, (WIDTH - _BOX) // 2, WIDTH - _BOX - 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One thing of a column; *name* "" is a source nobody stated."""

    name: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band, as the data of an SVG path, with its thickness."""

    path: str
    thickness: int
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDiagram:
    """The whole drawing."""

    width: int
    height: int
    sources: tuple[Box, ...]
    layers: tuple[Box, ...]
    systems: tuple[Box, ...]
    bands: tuple[Band, ...]


def draw_flow(sheet: ExposureSheet) -> FlowDiagram:
    """Draw where each layer comes from, and who uses it.

    A layer is as thick as every other; what flows into it is divided by the states' shares at
    the least, what flows out of it by the weights of the bills that speak of it.
    """
    into = _into(sheet)
    out_of = _out_of(sheet)
    layers = [one.layer for one in sheet.layers]
    sources = list(dict.fromkeys(name for name, _ in into))
    systems = list(dict.fromkeys(name for _, name in out_of))
    left = _column(0, sources, _totals(into, 0))
    middle = _column(1, layers, dict.fromkeys(layers, Fraction(1)))
    right = _column(2, systems, _totals(out_of, 1))
    boxes = (*left.values(), *middle.values(), *right.values())
    return FlowDiagram(
        width=WIDTH,
        height=max((box.y + box.height for box in boxes), default=0) + 4,
        sources=tuple(left.values()),
        layers=tuple(middle.values()),
        systems=tuple(right.values()),
        bands=(*_bands(into, left, middle), *_bands(out_of, middle, right)),
    )


def _into(sheet: ExposureSheet) -> dict[tuple[str, str], Fraction]:
    totals: dict[str, Fraction] = {}
    for one in sheet.flows:
        if one.source:
            totals[one.source] = totals.get(one.source, Fraction(0)) + one.share.least
    kept = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_SOURCES]
    found: dict[tuple[str, str], Fraction] = {}
    for name in (*kept, OTHERS, ""):
        for one in sheet.flows:
            drawn = one.source if one.source in {*kept, ""} else OTHERS
            if drawn == name and one.share.least:
                key = (name, one.layer)
                found[key] = found.get(key, Fraction(0)) + one.share.least
    return found


def _out_of(sheet: ExposureSheet) -> dict[tuple[str, str], Fraction]:
    bills = [one for one in sheet.origins if one.weight]
    kept = sorted(bills, key=lambda one: (-one.weight, one.name))[:MOST_SYSTEMS]
    found: dict[tuple[str, str], Fraction] = {}
    for layer in (one.layer for one in sheet.layers):
        users = [one for one in bills if layer in one.layers]
        whole = sum(one.weight for one in users)
        for one in users:
            key = (layer, one.name if one in kept else OTHERS)
            found[key] = found.get(key, Fraction(0)) + Fraction(one.weight, whole)
    return _in_order(found, kept)


def _in_order(
    found: Mapping[tuple[str, str], Fraction], kept: Sequence[Origin]
) -> dict[tuple[str, str], Fraction]:
    names = [*dict.fromkeys(one.name for one in kept), OTHERS]
    return dict(sorted(found.items(), key=lambda pair: names.index(pair[0][1])))


def _totals(links: Mapping[tuple[str, str], Fraction], end: int) -> dict[str, Fraction]:
    totals: dict[str, Fraction] = {}
    for key, share in links.items():
        totals[key[end]] = totals.get(key[end], Fraction(0)) + share
    return totals


def _column(place: int, names: Iterable[str], totals: Mapping[str, Fraction]) -> dict[str, Box]:
    found: dict[str, Box] = {}
    y = 4
    for name in names:
        height = max(_LEAST_BOX, round(totals[name] * _THICK))
        found[name] = Box(name=name, x=_COLUMNS[place], y=y, width=_BOX, height=height)
        y += height + _GAP
    return found


def _bands(
    links: Mapping[tuple[str, str], Fraction],
    left: Mapping[str, Box],
    right: Mapping[str, Box],
) -> Iterable[Band]:
    """Stack bands at both ends, in the order of the links."""
    used: dict[tuple[str, str], Fraction] = {}
    for (start, end), share in links.items():
        before = used.get(("from", start), Fraction(0))
        behind = used.get(("to", end), Fraction(0))
        used["from", start], used["to", end] = before + share, behind + share
        box, goal = left[start], right[end]
        x, far = box.x + box.width, goal.x
        y = box.y + round((before + share / 2) * _THICK)
        level = goal.y + round((behind + share / 2) * _THICK)
        middle = (x + far) // 2
        yield Band(
            path=f"M{x} {y}C{middle} {y} {middle} {level} {far} {level}",
            thickness=max(1, round(share * _THICK)),
            is_open=not start,
        )
