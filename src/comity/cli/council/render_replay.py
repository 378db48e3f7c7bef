# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A replay in the terminal: the rule, the items, the blocs, where two rules differ."""

from collections.abc import Iterable, Iterator
from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.council.rule.decide import Reason
from comity.council.rule.outcome import Outcome, State
from comity.desk.council.replay.sheet import (
    ActorRow,
    DifferenceRow,
    ItemRow,
    ReplaySheet,
    RuleRow,
)
from comity.files.materials.country import with_name

FEW = 20
"""Items shown where not all are asked for; as many seats."""

WIDE = 48
"""Signs of a title that are shown."""

_WORDS = {
    State.ADOPTED: "adopted",
    State.SILENCE_HELD: "adopted in silence",
    State.REJECTED: "not adopted",
    State.NO_QUORUM: "no quorum",
    State.SILENCE_BROKEN: "silence broken",
    State.EXTENDED: "extended",
}


def print_replay(console: Console, sheet: ReplaySheet, *, everything: bool) -> None:
    """Print a replay; what is left out for length is said."""
    for rule in filter(None, (sheet.rule, sheet.against)):
        _print_rule(console, rule)
    console.print()
    shown = sheet.items if everything else sheet.items[:FEW]
    console.print(_items(shown, has_other=sheet.against is not None))
    if len(shown) < len(sheet.items):
        console.print(f"and {len(sheet.items) - len(shown)} more items; --all shows them")
    _print_actors(console, "bloc", sheet.blocs, sheet)
    _print_actors(console, "seat alone", sheet.seats[:FEW], sheet)
    if len(sheet.seats) > FEW:
        console.print(f"and {len(sheet.seats) - FEW} more seats; --json lists them")
    for row in sheet.differences if everything else sheet.differences[:FEW]:
        _print_difference(console, row, sheet)
    console.print()
    for flag in sheet.past.flags:
        console.print(flag, style="yellow", markup=False, soft_wrap=True)
    for note in sheet.notes:
        console.print(note, style="dim", markup=False, soft_wrap=True)


def _print_rule(console: Console, rule: RuleRow) -> None:
    said = f"{rule.name}: {rule.adopted} of {rule.items} items adopted"
    if rule.recorded:
        said += f"; as recorded in {rule.as_recorded} of {rule.recorded}"
    console.print(said, style="bold", markup=False, soft_wrap=True)
    console.print(rule.words, markup=False, soft_wrap=True)


def _items(rows: Iterable[ItemRow], *, has_other: bool) -> Table:
    more = ("against",) if has_other else ()
    table = Table("item", "day", "yes", "no", "abstain", "absent", "record", "rule", *more,
                  box=None)  # fmt: skip
    for row in rows:
        title = f" {shorten(row.title, WIDE, placeholder=' …')}" if row.title else ""
        table.add_row(
            escape(f"{row.id[:WIDE]}{title}"),
            "" if row.date is None else row.date.isoformat(),
            *(str(count) for count in (row.yes, row.no, row.abstain, row.silent)),
            {None: "", True: "adopted", False: "not adopted"}[row.recorded],
            _WORDS[row.state],
            *(() if row.against is None else (_WORDS[row.against],)),
        )
    return table


def _print_actors(
    console: Console, what: str, rows: Iterable[ActorRow], sheet: ReplaySheet
) -> None:
    rows = tuple(rows)
    if not rows:
        return
    adopted, failed = sheet.rule.adopted, sheet.rule.items - sheet.rule.adopted
    heads = [what, f"could block of {adopted}", f"could carry of {failed}"]
    if sheet.against is not None:
        heads += [f"against: block of {sheet.against.adopted}", "carry"]
    is_bloc = what == "bloc"
    console.print()
    table = Table(*heads, *(("agreement", "unanimous") if is_bloc else ()), box=None)
    for row in rows:
        cells = [
            escape(row.name if is_bloc else with_name(row.name)),
            str(row.could_block),
            str(row.could_carry),
        ]
        if sheet.against is not None:
            cells += [str(row.against_block), str(row.against_carry)]
        if is_bloc:
            index = "-" if row.agreement is None else f"{row.agreement:.3f}"
            cells += [index, f"{row.unanimous} of {row.voted}"]
        table.add_row(*cells)
    console.print(table)


def _print_difference(console: Console, row: DifferenceRow, sheet: ReplaySheet) -> None:
    console.print()
    console.print(f"{row.item}: the rules differ", style="bold", markup=False, soft_wrap=True)
    names = (sheet.rule.name, "" if sheet.against is None else sheet.against.name)
    for name, outcome in zip(names, (row.one, row.other), strict=True):
        console.print(f"  {name}: {_WORDS[outcome.state]}", markup=False)
        for line in _why(outcome):
            console.print(f"    {line}", markup=False, soft_wrap=True)


def _why(outcome: Outcome) -> Iterator[str]:
    decided = outcome.quorum if outcome.state is State.NO_QUORUM else outcome.reason
    if decided is not None:
        yield from _reasons(decided)


def _reasons(reason: Reason, depth: int = 0) -> Iterator[str]:
    """Yield what decided: of a joint that holds what holds, else what does not."""
    counted = "" if reason.counted is None else f" ({reason.counted:,}"
    if counted:
        counted += ")" if reason.base is None else f" of {reason.base:,})"
    yield f"{'  ' * depth}{'holds' if reason.passed else 'fails'}: {reason.words}{counted}"
    for part in reason.parts:
        if part.passed is reason.passed or len(reason.parts) == 1:
            yield from _reasons(part, depth + 1)
