# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A memo for whoever decides: one Markdown page made of the sheets, nothing computed anew."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.desk.cooperation.sheet import MatchSheet
from comity.desk.exposure import diversifysheet, leverage
from comity.desk.exposure.diversifysheet import DiversifySheet, amount_of
from comity.desk.exposure.leverage import LeverageSheet
from comity.desk.exposure.memosection import (
    diversify_section,
    exposure_section,
    leverage_section,
    match_section,
    shock_section,
)
from comity.desk.exposure.memoword import listed, named, percent, plain, titled
from comity.desk.exposure.sheet import ExposureSheet
from comity.desk.exposure.shocking import ShockSheet
from comity.desk.supply.origin import Origin
from comity.files.materials.country import with_name
from comity.kernel.canonical import Json

READING = (
    "Every range holds the truth whatever the unknown turns out to be; unknown is never zero.",
    "Nobody checked the inventory: the figures are as good as its rows and their sources.",
    "A supplier that nobody says rests on anything is taken to rest on nothing.",
)
"""How every figure of a memo is to be read; it stands on each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that the memo is computed from.

    Args:
        kind: "inventory", "options", "scenario" or "offers and needs".
        as_of: The day it speaks of; None where it says none.
    """

    kind: str
    name: str
    sha256: str
    as_of: dt.date | None = None

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        day = None if self.as_of is None else self.as_of.isoformat()
        return {"kind": self.kind, "name": self.name, "sha256": self.sha256, "as_of": day}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What a memo says.

    Args:
        on: The day it was made.
        version: Of Comity.
        diversify: None where no options were given.
    """

    on: dt.date
    version: str
    given: tuple[Given, ...]
    exposure: ExposureSheet
    shocks: tuple[ShockSheet, ...]
    diversify: DiversifySheet | None
    leverage: LeverageSheet
    match: MatchSheet

    @property
    def is_example(self) -> bool:
        """Tell whether anything that it is computed from is made up."""
        options = self.diversify is not None and self.diversify.is_example
        made_up = [one.example for one in self.exposure.origins]
        for pair in self.match.pairs:
            made_up += [pair.need.standing.example, pair.offer.standing.example]
        return options or any(made_up)

    def to_json(self) -> dict[str, Json]:
        """Write the memo and the sheets it is made of."""
        plan = self.diversify
        return {
            "on": self.on.isoformat(),
            "example": self.is_example,
            "given": [one.to_json() for one in self.given],
            "memo": to_markdown(self),
            "exposure": self.exposure.to_json(),
            "shocks": [one.to_json() for one in self.shocks],
            "diversify": None if plan is None else plan.to_json(),
            "leverage": self.leverage.to_json(),
            "match": self.match.to_json(),
        }


def to_markdown(memo: Memo) -> str:
    """Write a memo as one page of Markdown."""
    lines = [
        *_head(memo),
        *_short(memo),
        *exposure_section(memo.exposure),
        *shock_section(memo.shocks),
        "",
        *diversify_section(memo.diversify),
        "",
        *leverage_section(memo.leverage),
        "",
        *match_section(memo.match),
        "",
        *_assumptions(memo),
        *_sources(memo),
    ]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).rstrip("\n") + "\n"


def _head(memo: Memo) -> Iterator[str]:
    code, _, name = with_name(memo.exposure.state).partition(" ")
    yield f"# What {plain(name)} ({plain(code)}) depends on, and the cheapest way out"
    yield ""
    if memo.is_example:
        yield "> **An example, computed from rows that are made up. Decide nothing by it.**"
        yield ""
    yield f"Computed on {memo.on} by Comity {memo.version} from the inventory given, and"
    yield "from nothing else but the sources listed at the end. It is a calculation, not a"
    yield "finding: nobody has verified what the inventory says."
    yield ""


def _short(memo: Memo) -> Iterator[str]:
    yield "## In short"
    said = [_most_foreign(memo.exposure), *(_hit(one) for one in memo.shocks)]
    plan = memo.diversify
    if plan is not None:
        said.append(_way_out(plan))
    silent = memo.exposure.stack.silent
    if silent:
        said.append(f"Ask next: nobody speaks of {', '.join(map(named, silent))}.")
    yield from listed(said)


def _most_foreign(sheet: ExposureSheet) -> str:
    if not sheet.layers:
        return (
            "Nobody stated anything: everything is unknown, which is not the same as nothing."
        )
    most = max(
        sheet.layers,
        key=lambda one: (one.dependence.foreign.least, one.dependence.foreign.most),
    )
    share = percent(most.dependence.foreign)
    return f"Most foreign for certain: layer {named(most.layer)}, {share} under other law."


def _way_out(plan: DiversifySheet) -> str:
    stuck = [named(layer.layer) for one in plan.states for layer in one.layers if layer.excess]
    more = f", up to {amount_of(plan.unsure)} more" if plan.unsure else ""
    cost = f"Way out: {amount_of(plan.cost)}{more} ({plain(plan.unit)})"
    if stuck:
        return f"{cost}; no purchase fixes {', '.join(stuck)}."
    return f"{cost}, within the ceiling in every layer that the options fill."


def _hit(sheet: ShockSheet) -> str:
    rows = (*sheet.layers, *sheet.systems)
    stops = [plain(one.name) for one in rows if one.fate == "stops"]
    may = [plain(one.name) for one in rows if one.fate == "may_stop"]
    title = titled(sheet.scenario.title.in_language("en"))
    return (
        f"{title}: stops for certain: {', '.join(stops) or 'nothing stated'}; may stop: "
        f"{', '.join(may) or 'nothing more'}."
    )


def _assumptions(memo: Memo) -> Iterator[str]:
    yield "## What is taken for granted"
    plan = () if memo.diversify is None else diversifysheet.ASSUMPTIONS
    yield from listed(dict.fromkeys((*READING, *plan, *leverage.ASSUMPTIONS)))


def _sources(memo: Memo) -> Iterator[str]:
    yield "## Computed from"
    own = memo.exposure.origins
    others = [one for one in memo.leverage.origins if one not in own]
    yield from listed(
        (
            *map(_given, memo.given),
            *_origins("Counted throughout", own),
            *_origins("Counted in section 4 alone", others),
        )
    )


def _given(one: Given) -> str:
    day = "" if one.as_of is None else f", as of {one.as_of}"
    return f"File given ({one.kind}{day}): {plain(one.name)}, SHA-256 {one.sha256}."


def _origins(said: str, origins: Sequence[Origin]) -> Iterator[str]:
    for one in origins:
        marks = ", made up" if one.example else ""
        marks += "" if one.is_counted else ", not cosigned enough"
        note = f" {plain(one.note)}" if one.note else ""
        yield f"{said} ({one.kind}{marks}): {plain(one.name)}, {plain(one.place)}.{note}"
