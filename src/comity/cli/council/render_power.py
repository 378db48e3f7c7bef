# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power and bodies as tables for people."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.council.power.measured import Figure
from comity.desk.council.bodies import BodySheet
from comity.desk.council.power.sheet import (
    PPM,
    BlocSheet,
    MoveRow,
    OutsiderRow,
    PowerRow,
    PowerSheet,
)
from comity.files.materials.country import country_name, with_name

SHOWN = 40
STAKES = 12
LONG = 200
BAR = 12
_METHODS = {
    "kinds": "exact, by kinds of members",
    "halves": "exact, by two halves that meet in the middle",
    "packed": "exact, by packed integers",
    "preview": "a first look in floating point",
    "sample": "sampled",
}


def print_power(console: Console, sheet: PowerSheet, *, everybody: bool) -> None:
    """Print who has what power, what blocs make of it, and what one must know."""
    _heading(console, sheet)
    rows = sorted(sheet.rows, key=lambda row: -row.shapley.value)
    kept = rows if everybody else rows[:SHOWN]
    console.print(_players(kept, sheet.names, is_sampled=sheet.samples > 0))
    if len(kept) < len(rows):
        _say(console, f"and {len(rows) - len(kept)} more; --all shows them")
    _abstention(console, sheet)
    for bloc in sheet.blocs:
        _bloc(console, bloc, everybody=everybody)
    _outsiders(console, sheet.outsiders)
    _moves(console, sheet.moves)
    console.print()
    for caution in sheet.cautions:
        _say(console, f"! {caution}", style="yellow")


def print_bodies(console: Console, sheets: Iterable[BodySheet]) -> None:
    """Print one line a body."""
    table = _table("body", "title", "basis", "weights")
    for sheet in sheets:
        weights = ", ".join(row.name for row in sheet.weights)
        table.add_row(*map(escape, (sheet.slug, sheet.title, sheet.basis, weights)))
    console.print(table)
    _say(
        console, "basis: text, secondary, memory or weak; comity council bodies NAME says more"
    )


def print_body(console: Console, sheet: BodySheet) -> None:
    """Print who is in a body, in which groups, and what one must know."""
    _say(console, sheet.title, style="bold")
    _say(console, f"from {sheet.source} ({sheet.basis})")
    named = (
        f"{code} {sheet.names[code]}" if code in sheet.names else with_name(code)
        for code in sheet.members
    )
    _say(console, ", ".join(named))
    for group in sheet.groups:
        _say(console, f"{group.name} ({len(group.members)}; {group.source}, {group.basis})")
        _say(console, f"  {' '.join(group.members)}")
    for row in sheet.weights:
        _say(console, f"{row.name}: {row.total:,} in all, unit {row.unit}; {row.source}")
    for caution in sheet.cautions:
        _say(console, f"! {caution}", style="yellow")


def _heading(console: Console, sheet: PowerSheet) -> None:
    _say(console, f"{sheet.rule}, in {sheet.title}", style="bold")
    _say(console, f"Adopted if {sheet.sentence}.")
    clauses = "; or ".join(sheet.clauses)
    if clauses and len(clauses) <= LONG:
        _say(console, f"That is: {clauses}.")
    for unit in sheet.units:
        amount = "not rounded" if unit.amount == 1 else f"in units of {unit.amount:,}"
        _say(console, f"{unit.weights}: {unit.unit}, {amount}; {unit.source}")
    votes = f" from {sheet.samples:,} votes, seed {sheet.seed}" if sheet.samples else ""
    _say(console, f"{_METHODS[sheet.method]}{votes}")
    adopts = f"adopts {_percent(sheet.decisiveness)} of all votes"
    if sheet.before is not None:
        adopts += f" with the blocs, {_percent(sheet.before)} without"
    _say(console, adopts)
    console.print()


def _players(
    rows: Iterable[PowerRow], names_of: Mapping[str, str], *, is_sampled: bool
) -> Table:
    names = ("share", "prevent", "initiate")
    table = _table("", "Shapley", "bar", "Banzhaf", *(() if is_sampled else names), "name")
    for row in rows:
        bar = "█" * round(row.shapley_ppm * BAR / PPM)
        cells = [_number(row.shapley), bar, _number(row.banzhaf)]
        if not is_sampled:
            cells += [_number(cell) for cell in (row.share, row.prevent, row.initiate)]
        shown = f"[bold]{escape(row.player)}[/]" if row.is_bloc else escape(row.player)
        name = names_of.get(row.player) or country_name(row.player)
        table.add_row(shown, *cells, "" if name == row.player else escape(name))
    return table


def _abstention(console: Console, sheet: PowerSheet) -> None:
    """Print what votes are worth with a third choice, members of one worth on one line."""
    found = sheet.abstention
    if found.is_no:
        _say(console, found.said)
    if found.decisiveness is None:
        return
    console.print()
    _say(console, "If each may also abstain (yes, abstain, no alike often)", style="bold")
    adopts = f"{float(found.decisiveness) * 100:.4g}"
    _say(console, f"adopts {adopts} % of all votes; a yes adopts what an abstention would not,")
    _say(console, "a no stops what an abstention would let pass, and either may decide")
    alike: dict[tuple[Fraction, Fraction], list[str]] = {}
    for row in sorted(found.rows, key=lambda row: -row.banzhaf):
        alike.setdefault((row.by_yes, row.by_no), []).append(row.player)
    table = _table("by yes", "by no", "either", "name")
    for (by_yes, by_no), players in alike.items():
        numbers = (f"{float(number):.4g}" for number in (by_yes, by_no, by_yes + by_no))
        table.add_row(*numbers, escape(_alike(players, of=len(found.rows))))
    console.print(table)


def _alike(players: Sequence[str], *, of: int) -> str:
    if len(players) == of:
        return "each member"
    more = len(players) - STAKES
    return " ".join(players[:STAKES]) + (f" and {more} more" if more > 0 else "")


def _bloc(console: Console, bloc: BlocSheet, *, everybody: bool) -> None:
    console.print()
    _say(console, f"{bloc.name} as one: {bloc.rule}", style="bold")
    if bloc.left_out:
        _say(console, f"without a seat here and left out: {', '.join(bloc.left_out)}")
    _say(
        console,
        f"Shapley-Shubik {_number(bloc.shapley)} as one, {float(bloc.apart):.4f} apart; "
        f"turning against blocks {_percent(bloc.blocks)} of what would be adopted, "
        f"{_percent(bloc.blocks_apart)} if they voted alone and all turned; it says yes "
        f"{float(bloc.agrees) * 100:.4g} % of the time when its members toss coins",
    )
    table = _table("", "Banzhaf alone", "inside", "effective", "times")
    kept = bloc.stakes if everybody else bloc.stakes[:STAKES]
    for stake in kept:
        numbers = (stake.before, stake.within, stake.effective)
        times = "" if stake.times is None else f"{stake.times:.3g}"
        table.add_row(
            escape(stake.member), *(f"{float(number):.4g}" for number in numbers), times
        )
    console.print(table)
    if len(kept) < len(bloc.stakes):
        _say(console, f"and {len(bloc.stakes) - len(kept)} more; --all shows them")


def _outsiders(console: Console, rows: Iterable[OutsiderRow]) -> None:
    known = sorted(
        ((row, row.change) for row in rows if row.change is not None), key=lambda pair: pair[1]
    )
    if not known:
        return
    console.print()
    _say(console, "Outside the blocs, change of the Shapley-Shubik index", style="bold")
    is_long = len(known) > 12
    told = [*known[:6], *known[-6:]] if is_long else known
    said = ", ".join(f"{row.member} {change * 100:+.1f} %" for row, change in told)
    _say(console, f"{said} (both ends of {len(known)})" if is_long else said)


def _moves(console: Console, rows: Iterable[MoveRow]) -> None:
    moves = tuple(rows)
    if not moves:
        return
    console.print()
    _say(console, "Would it gain by moving? (Banzhaf, the others staying)", style="bold")
    table = _table("", "move", "in the bloc", "out of it", "gains")
    for move in moves:
        what = escape(f"{'join' if move.joins else 'leave'} {move.bloc}")
        inside, outside = (f"{float(number):.4g}" for number in (move.inside, move.outside))
        table.add_row(escape(move.member), what, inside, outside, "yes" if move.gains else "no")
    console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(columns):
        is_number = at > 0 and name not in {"bar", "title", "basis", "weights", "move", "name"}
        is_wide = name in {"title", "weights", "name"}
        shown = "" if name == "bar" else name
        table.add_column(shown, justify="right" if is_number else "left", no_wrap=not is_wide)
    return table


def _number(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return f"{float(figure.value):.4g}"
    return f"{float(figure.value):.4f} ({figure.low:.4f} to {figure.high:.4f})"


def _percent(figure: Figure) -> str:
    return f"{float(figure.value) * 100:.4g} %"


def _say(console: Console, text: str, *, style: str | None = None) -> None:
    console.print(text, markup=False, soft_wrap=True, style=style)
