# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of exposure: the states, one state, and what a scenario leaves working of it."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from comity.desk.exposure.page import (
    exposure_answer,
    exposure_of,
    exposures_sheet,
    listed_figures,
    listed_scenarios,
    shock_answer,
    shock_of,
    worst_of,
)
from comity.desk.exposure.sheet import ExposureSheet
from comity.desk.register.register import Register
from comity.desk.supply.grounds import homes_of
from comity.exposure.measure.interval import Interval, known
from comity.exposure.shock.outcome import STOPPED
from comity.exposure.shock.worst import Loss
from comity.kernel.material import PPM
from comity.web.flow import draw_flow
from comity.web.layerbar import PATTERNS, draw_layers
from comity.web.render import Page
from comity.web.site import Asked

ROWS = 40
"""Rows of one table; the JSON has all of them."""

_INDEX = 10_000
_UNIT = "\u00a0%"


def exposures(register: Register, _asked: Asked) -> Page:
    """List the states, the figures and the scenarios."""
    return Page(
        template="exposures.html",
        section="exposure",
        sheet=exposures_sheet(register),
        more={
            "figures": [one.figure for one in listed_figures()],
            "scenarios": [one.scenario for one in listed_scenarios()],
            **_FORMATS,
        },
    )


def exposure(register: Register, asked: Asked) -> Page:
    """Show what one state depends on."""
    found = exposure_of(register, asked.parts["state"])
    return Page(
        template="exposure.html",
        section="exposure",
        sheet=exposure_answer(register, found),
        more={
            "found": found,
            "is_made_up": is_made_up(register, found.state),
            "worst": worst_of(register, found.state),
            "mean_loss": _mean_loss,
            "bound_of": lambda share: f"{ceil(share * 1000) / 10:g}{_UNIT}",
            "bars": draw_layers(found.layers, homes_of(found.state)),
            "patterns": PATTERNS,
            "flow": draw_flow(found),
            "enclosed": _is_enclosed(found),
            "scenarios": [one.scenario for one in listed_scenarios()],
            "most": ROWS,
            **_FORMATS,
        },
    )


def scenario(register: Register, asked: Asked) -> Page:
    """Show what a scenario leaves working of a state, or why it changes nothing."""
    found = shock_of(register, asked.parts["state"], asked.parts["scenario"])
    return Page(
        template="shock.html",
        section="exposure",
        sheet=shock_answer(register, found),
        more={
            "found": found,
            "is_made_up": is_made_up(register, found.state),
            "hit": [one for one in found.systems if one.round is not None],
            "spared": sum(one.round is None for one in found.systems),
            "hidden": [one.name for one in (*found.systems, *found.layers) if one.is_hidden],
            "layers": found.layers,
            "stopped": f"{STOPPED * 100:g}{_UNIT}",
            "most": ROWS,
            **_FORMATS,
        },
    )


def is_made_up(register: Register, state: str) -> bool:
    """Say whether anything that is stated of a state is marked as an example."""
    return any(one.example for one in exposure_of(register, state).origins)


def _is_enclosed(sheet: ExposureSheet) -> bool:
    return any(
        not one.is_exact
        for layer in sheet.layers
        for one in (layer.by_firm.index, layer.by_state.index, layer.dependence.concentration)
    )


def percent(interval: Interval) -> str:
    """Write a share with both ends, an open one rounded outward to tenths of a per cent."""
    if interval.is_known:
        return f"{round(interval.least * 1000) / 10:g}{_UNIT}{_mark(interval)}"
    return f"{_ends(_low(interval.least), _high(interval.most))}{_UNIT}{_mark(interval)}"


def _index(interval: Interval) -> str:
    """Write an index in ten thousandths, rounded outward."""
    low, high = interval.whole(_INDEX)
    return f"{_ends(f'{low:,}', f'{high:,}')}{_mark(interval)}"


def _works(ends: tuple[int, int]) -> str:
    """Write how far something works, from the pessimistic to the optimistic run."""
    return f"{_ends(*(f'{end / 10_000:.3g}' for end in ends))}{_UNIT}"


def _mean_loss(loss: Loss) -> str:
    """Write a mean loss from the optimistic to the pessimistic run."""
    return _works((round(loss.certain * PPM), round(loss.loss * PPM)))


def _mark(interval: Interval) -> str:
    return "" if interval.is_exact else " †"


def _ends(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _low(share: Fraction) -> str:
    return f"{floor(share * 1000) / 10:g}"


def _high(share: Fraction) -> str:
    return f"{ceil(share * 1000) / 10:g}"


_FORMATS: Mapping[str, Any] = {
    "percent": percent,
    "percent_of": lambda share: percent(known(share)),
    "index": _index,
    "works": _works,
}
