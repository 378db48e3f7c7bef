# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Leverage as text: one line a partner, then who remains, then what is taken for granted."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.cli.exposure.render_exposure import shown
from comity.desk.exposure.leverage import (
    ASSUMPTIONS,
    LeverageSheet,
    LossRow,
    PartnerRow,
    worst_of,
)

_MOST_ALTERNATIVES = 5


def print_leverage(console: Console, sheet: LeverageSheet) -> None:
    """Print what a state and its partners would lose by leaving each other."""
    bloc = f", with {sheet.bloc}" if sheet.bloc else ""
    title = f"{sheet.state} and its partners: what either side loses if the other leaves{bloc}"
    console.print(title, markup=False, style="bold", soft_wrap=True)
    if not sheet.partners:
        said = "Nobody stated anything that rests on a partner: that is unknown, not nothing."
        console.print(said, style="yellow", soft_wrap=True)
    else:
        console.print(_partners(sheet))
    for one in sheet.partners:
        _around(console, one, has_bloc=bool(sheet.bloc))
    for said in ASSUMPTIONS:
        console.print(said, markup=False, style="dim", soft_wrap=True)


def _partners(sheet: LeverageSheet) -> Table:
    heads = ["partner", f"{sheet.state} loses %", "most in", "partner loses %"]
    if sheet.bloc:
        heads += ["if the bloc leaves %", "members hit"]
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for one in sheet.partners:
        cells = [
            one.partner,
            _heaviest(one.loses),
            _where(one.loses),
            _heaviest(one.partner_loses),
        ]
        if sheet.bloc:
            hit = sum(any(row.lost.most for row in rows) for _, rows in one.members_lose)
            unsaid = f", {len(one.silent_members)} unknown" if one.silent_members else ""
            cells += [_heaviest(one.partner_loses_bloc), f"{hit}{unsaid}"]
        table.add_row(*map(escape, cells))
    return table


def _heaviest(rows: Iterable[LossRow] | None) -> str:
    found = worst_of(rows)
    return "unknown" if found is None else shown(found)


def _where(rows: Sequence[LossRow]) -> str:
    hit = [one for one in rows if one.lost.most]
    return ", ".join(one.layer or one.name for one in hit[:3])


def _around(console: Console, one: PartnerRow, *, has_bloc: bool) -> None:
    for layer, rows in one.remaining.items():
        named = [
            f"{row.name} ({row.jurisdiction or '?'}"
            f"{', in the bloc' if has_bloc and row.in_bloc else ''}) works {shown(row.works)} %"
            for row in rows[:_MOST_ALTERNATIVES]
        ]
        more = len(rows) - len(named)
        named += [f"and {more} more"] if more else []
        said = f"Without {one.partner}, {layer}: {'; '.join(named)}."
        console.print(said, markup=False, soft_wrap=True)
    if one.alone_in:
        said = f"Without {one.partner}, nobody else is named: {', '.join(one.alone_in)}."
        console.print(said, markup=False, style="red", soft_wrap=True)
