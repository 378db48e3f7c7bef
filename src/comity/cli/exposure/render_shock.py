# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A shock as text: what stops, in what order, for whom, and what nobody knows."""

from collections.abc import Collection, Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.desk.exposure.shocking import EffectRow, ShockSheet, WorstSheet
from comity.desk.law.picturing import ScenarioRow
from comity.exposure.shock.outcome import STOPPED
from comity.exposure.shock.sharing import Assumption
from comity.law.cursor import near_miss

_WORDS = {
    "stops": "stops",
    "may_stop": "may stop",
    "degrades": "degrades",
    "may_degrade": "may degrade",
    "works": "works",
}
_STYLES = {"stops": "red", "may_stop": "yellow", "degrades": "red", "may_degrade": "yellow"}
_MOST_CHAIN = 20


def print_shock(console: Console, sheet: ShockSheet) -> None:
    """Print what a scenario leaves working."""
    console.print(sheet.scenario.title.in_language("en"), markup=False, style="bold")
    if sheet.scenario.source:
        said = f"{sheet.scenario.basis}: {sheet.scenario.source}"
        console.print(said, markup=False, style="dim", soft_wrap=True)
    if sheet.is_nothing:
        said = "It removes nothing that anybody stated here: that does not say all is well."
        console.print(said, style="yellow", soft_wrap=True)
    if sheet.is_everything:
        said = "It removes everything that is stated here: every supplier and component."
        console.print(said, style="yellow", soft_wrap=True)
    _effects(console, "systems, in order", sheet.systems)
    _effects(console, "layers of states", sheet.layers)
    _effects(console, "the chain", sheet.chain[:_MOST_CHAIN])
    if len(sheet.chain) > _MOST_CHAIN:
        console.print(f"and {len(sheet.chain) - _MOST_CHAIN} more; --json lists all")
    for market, fate, count in sheet.markets:
        if fate != "works":
            console.print(f"{market}: {count} system{'s' * (count > 1)} {_WORDS[fate]}")
    _reading(console, sheet.assumed)
    if sheet.scenario.caution:
        console.print(sheet.scenario.caution, markup=False, style="yellow", soft_wrap=True)


def print_strangers(console: Console, asked: Iterable[str], known: Collection[str]) -> None:
    """Print which suppliers nobody names here: a slip would else pass for a finding."""
    folded = {name.casefold() for name in known}
    for name in asked:
        if name.casefold() not in folded:
            near = near_miss(name, known)
            meant = f"; did you mean {near!r}?" if near else ""
            said = f"Nobody here names a supplier {name!r}{meant}"
            console.print(said, markup=False, style="yellow", soft_wrap=True)


def print_worst(console: Console, sheet: WorstSheet) -> None:
    """Print which suppliers it would be worst to lose."""
    found = sheet.found
    if not found.single:
        console.print("No supplier that anybody named costs anything here.", style="yellow")
        return
    together = ", ".join(found.together.suppliers)
    said = (
        f"Worst to lose together: {together}: {found.together.loss:.0%} of what the "
        f"{sheet.targets} layers or systems do, at the worst; {found.together.certain:.0%} for "
        "certain."
    )
    console.print(said, markup=False, style="bold", soft_wrap=True)
    tried = (
        "every set was tried" if found.is_exact else f"no set costs more than {found.bound:.0%}"
    )
    console.print(tried, markup=False)
    table = Table("alone", "at the worst", "for certain", box=None, padding=(0, 2, 0, 0))
    for one in found.single[:_MOST_CHAIN]:
        table.add_row(escape(one.suppliers[0]), f"{one.loss:.1%}", f"{one.certain:.1%}")
    console.print(table)
    _reading(console, sheet.assumed)


def print_scenarios(console: Console, rows: Iterable[ScenarioRow]) -> None:
    """Print the scenarios that come with Comity."""
    for row in rows:
        one = row.scenario
        title = f"{one.id}: {one.title.in_language('en')}"
        console.print(title, markup=False, style="bold", soft_wrap=True)
        source = f"  {one.basis}: {one.source}"
        console.print(source, markup=False, style="dim", soft_wrap=True)
        if one.caution:
            console.print(f"  {one.caution}", markup=False, soft_wrap=True)


def _effects(console: Console, title: str, rows: Sequence[EffectRow]) -> None:
    if not rows:
        return
    table = Table(
        title, "", "works %", "direct suppliers only %", "step", "recovers in",
        box=None, padding=(0, 2, 0, 0),
    )  # fmt: skip
    for one in rows:
        table.add_row(
            escape(f"{one.name}{f' ({one.layer})' if one.kind == 'supplier' else ''}"),
            _WORDS[one.fate],
            _both(one.works_ppm),
            _both(one.direct_ppm) + (" hidden" if one.is_hidden else ""),
            "" if one.round is None else str(one.round),
            _recovery(one),
            style=_STYLES.get(one.fate, ""),
        )
    console.print(table)


def _both(ends: tuple[int, int]) -> str:
    low, high = (f"{end / 10_000:.3g}" for end in ends)
    return low if low == high else f"{low}–{high}"


def _recovery(row: EffectRow) -> str:
    if row.round is None:
        return ""
    if row.recovery_days is None:
        return "not known"
    return f"{'' if row.is_recovery_known else 'at least '}{row.recovery_days} days"


def _reading(console: Console, assumed: Assumption) -> None:
    stops = f"{STOPPED * 100:.0f} %"
    said = f"Stops means: works at most {stops}. May: on the pessimistic run only."
    for value, words in (
        (assumed.substitute_ppm, "of a loss made good where nobody said"),
        (assumed.need_ppm, "lost where an upstream need of unsaid weight is unmet"),
    ):
        if value is not None:
            said += f" Assumed: {value / 10_000:g} % {words}."
    console.print(said, markup=False, style="dim", soft_wrap=True)
