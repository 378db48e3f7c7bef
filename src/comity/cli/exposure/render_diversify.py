# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A plan as text: shares, what they cost, what stays above the ceiling and what would help."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.cli.exposure.render_exposure import shown
from comity.desk.exposure.diversifysheet import (
    ASSUMPTIONS,
    Bar,
    DiversifySheet,
    LayerRow,
    Point,
    PurchaseRow,
    StateRow,
    amount_of,
)

_MOST_BARS = 3


def print_diversify(console: Console, sheet: DiversifySheet) -> None:
    """Print a plan for a state or a bloc."""
    who = sheet.bloc or ", ".join(one.state for one in sheet.states)
    title = f"{who}: no layer rests on one jurisdiction for more than {_percent(sheet.ceiling)}"
    console.print(title, markup=False, style="bold", soft_wrap=True)
    made_up = " Made up: an example." if sheet.is_example else ""
    said = f"{sheet.title}; amounts: {sheet.unit}. {sheet.basis}: {sheet.source}.{made_up}"
    console.print(said, markup=False, style="dim", soft_wrap=True)
    for state in sheet.states:
        _state(console, state, is_alone=len(sheet.states) == 1)
    _costs(console, sheet)
    if sheet.points:
        console.print(_curve(sheet.points))
    for one in ASSUMPTIONS:
        console.print(one, markup=False, style="dim", soft_wrap=True)


def _state(console: Console, state: StateRow, *, is_alone: bool) -> None:
    if not is_alone:
        console.print(f"\n{state.state}", markup=False, style="bold")
    console.print(_layers(state.layers))
    for layer in state.layers:
        _irreducible(console, layer)
    if state.left_out:
        said = f"Left, as no option names them: {', '.join(state.left_out)}."
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    if state.no_options:
        said = (
            f"No option in these layers, they stay as they are: {', '.join(state.no_options)}."
        )
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def _layers(layers: Iterable[LayerRow]) -> Table:
    table = Table(
        "layer", "supplier", "now %", "then %", "rests most on, now %", "then %",
        box=None, padding=(0, 2, 0, 0),
    )  # fmt: skip
    for layer in layers:
        if not layer.is_filled:
            table.add_row(escape(layer.layer), "the options cannot fill it", style="red")
        rows: Sequence[PurchaseRow | None] = layer.purchases or (None,)
        for n, row in enumerate(rows):
            bars = (_bars(layer.before), _bars(layer.after)) if not n else ("", "")
            name, was, share = ("", "", "") if row is None else _purchase(row)
            table.add_row(escape(layer.layer) if not n else "", name, was, share, *bars)
    return table


def _purchase(row: PurchaseRow) -> tuple[str, str, str]:
    where = f" ({row.jurisdiction or '?'})"
    new = ", new" if row.is_new else ""
    return escape(f"{row.name}{where}{new}"), shown(row.was), f"{float(row.share * 100):.3g}"


def _bars(bars: Sequence[Bar]) -> str:
    top = [f"{escape(one.code)} {shown(one.share)}" for one in bars[:_MOST_BARS]]
    return ", ".join(top) or "nobody"


def _irreducible(console: Console, layer: LayerRow) -> None:
    relief = layer.relief
    if relief is None:
        return
    proved = "proved" if layer.proved == layer.excess else "by the solver's word"
    if proved != "proved" and layer.proved:
        proved += f"; {_percent(layer.proved)} is proved"
    said = (
        f"{layer.layer}: no purchase goes below {_percent(layer.peak)}; "
        f"{_percent(layer.excess)} stays above the ceiling ({proved})."
    )
    console.print(said, markup=False, style="red", soft_wrap=True)
    clash = ", ".join(relief.clashing)
    console.print(f"  What clashes: {clash}.", markup=False, soft_wrap=True)
    helps = [f"trusting {code} leaves {_percent(peak)}" for code, peak in relief.alliances]
    if not helps and relief.allied < layer.peak:
        helps = [f"trusting all of these leaves {_percent(relief.allied)}"]
    if relief.transfer < layer.peak:
        said = f"technology transfer for inputs leaves {_percent(relief.transfer)}"
        helps.append(said)
    helps.append(f"own capacity for {_percent(relief.own)} of the layer keeps the ceiling")
    console.print(f"  What would help: {'; '.join(helps)}.", markup=False, soft_wrap=True)


def _costs(console: Console, sheet: DiversifySheet) -> None:
    running = sum((one.running for one in sheet.states), Fraction(0))
    switching = sum((one.switching for one in sheet.states), Fraction(0))
    said = (
        f"\nCost {amount_of(sheet.cost)}: buying {amount_of(running)}, moving "
        f"{amount_of(switching)}, onboarding {amount_of(sheet.onboarding)}."
    )
    if sheet.unsure:
        said += f" Up to {amount_of(sheet.unsure)} more, as nobody says who holds what now."
    console.print(said, markup=False, soft_wrap=True)
    if sheet.alone is not None:
        saved = sheet.alone - sheet.cost
        said = f"Each alone: {amount_of(sheet.alone)}; together saves {amount_of(saved)}."
        console.print(said, markup=False, soft_wrap=True)
    if sheet.is_alone_left_out:
        said = "What each would pay alone was left out: --alone plans that, too."
        console.print(said, markup=False, style="dim", soft_wrap=True)
    if sheet.over_budget is not None:
        said = (
            f"Budget and ceiling clash: the plan is {amount_of(sheet.over_budget)} over; "
            "--pareto shows which ceiling the budget buys."
        )
        console.print(said, markup=False, style="red", soft_wrap=True)
    checked = "Checked in exact fractions" if sheet.is_checked else "NOT confirmed exactly"
    said = (
        f"{checked}: shares, capacities, ceilings. By the solver's word no plan is cheaper by "
        f"more than {sheet.gap:.3%}."
    )
    console.print(said, markup=False, style="" if sheet.is_checked else "red", soft_wrap=True)


def _curve(points: Iterable[Point]) -> Table:
    table = Table("ceiling", "cost", "stays above", "suppliers", box=None, padding=(0, 2, 0, 0))
    for one in points:
        stays = _percent(one.excess) if one.excess else "nothing"
        cells = (_percent(one.ceiling), amount_of(one.cost), stays, str(one.suppliers))
        table.add_row(*cells)
    return table


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.3g} %"
