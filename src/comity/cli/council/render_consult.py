# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a consultation is told: what all agree on first, what divides, what is not settled."""

from collections.abc import Iterator
from fractions import Fraction

from rich import box
from rich.table import Table

from comity.cli.cell import cell, one_line
from comity.cli.session import Telling
from comity.council.consult.bound import MILLION
from comity.council.consult.outcome import State
from comity.desk.council.consult.conclusion import Verified
from comity.desk.council.consult.sheet import ConsultationSheet, Row
from comity.kernel.instant import to_rfc3339
from comity.kernel.share import percent
from comity.kernel.truth import Truth

_HEADS = {
    State.AGREED: "agreed across all groups",
    State.CONTESTED: "contested: every declared group agrees, a found group or side does not",
    State.DIVIDES: "divides the groups",
    State.UNSHARED: "not shared: a group surely does not agree enough, none surely does",
    State.REJECTED: "every declared group disagrees",
    State.UNDECIDED: "not settled: too few answers",
}


def tell_report(telling: Telling, sheet: ConsultationSheet) -> None:
    """Print a consultation's report."""
    telling.say(one_line(sheet.asked.question), style="bold")
    telling.say(f"{sheet.place}, closes {to_rfc3339(sheet.asked.closes)}", style="dim")
    for part in sheet.parts:
        signed = f"signed by {part.signer}, {part.place}" if part.place else "not handed in yet"
        waits = "" if part.is_counted or not part.place else " (not cosigned by a quorum here)"
        telling.say(f"  {part.name}: {part.people} people, {signed}{waits}")
    for state in State:
        rows = sheet.of(state)
        if rows:
            telling.say("")
            telling.say(f"{_HEADS[state]}: {len(rows)}", style="bold")
            telling.console.print(_table(rows))
            _tell_groups(telling, state, rows)
    for line in _closing(sheet):
        telling.say(line, style="dim")


def tell_verified(telling: Telling, verified: Verified) -> None:
    """Print what was re-derived and what could not be."""
    for step in verified.steps:
        if step.is_done:
            telling.say(f"holds: {step.what}", style="green")
        else:
            telling.say(f"not shown here: {step.what} ({step.why})", style="yellow")
    for remark in verified.concluded.gathered.refused:
        telling.say(f"remark: {remark}", style="yellow")


def _table(rows: tuple[Row, ...]) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("opinion", ratio=1)
    table.add_column("at least, in the worst\ndeclared group", justify="right", no_wrap=True)
    table.add_column("worst found\ngroup", justify="right", no_wrap=True)
    table.add_column("beyond the\ndivide", justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            cell(row.opinion.text),
            cell(f"{_percent(row.bound)} {row.worst_stratum}"),
            cell(f"{_percent(row.share)} {row.worst_group}"),
            f"{row.intercept / MILLION:+.2f}",
        )
    return table


def _tell_groups(telling: Telling, state: State, rows: tuple[Row, ...]) -> None:
    """Say who is on which side, or what is missing, where that is the news."""
    if state in {State.DIVIDES, State.UNSHARED, State.UNDECIDED}:
        for row in rows:
            telling.say(f"  {row.opinion.name}: {'; '.join(_sides(row))}")
    if state is State.CONTESTED:
        for row in rows:
            telling.say(f"  {row.opinion.name}: {'; '.join(_unwilling(row))}")


def _sides(row: Row) -> Iterator[str]:
    words = {Truth.TRUE: "agrees", Truth.FALSE: "does not"}
    for bar in row.strata:
        share = f"{bar.tally.agree} of {bar.tally.seen}"
        if bar.reached is not Truth.UNDETERMINED:
            yield f"{bar.group} {words[bar.reached]} ({share})"
        elif bar.missing is None:
            yield f"{bar.group} open ({share}; no number settles it at this share)"
        else:
            yield f"{bar.group} open ({share}; some {bar.missing} more answers would settle it)"


def _unwilling(row: Row) -> Iterator[str]:
    """Say which found groups and sides do not agree enough."""
    for bar in (*row.groups, *row.sides):
        if bar.reached is Truth.FALSE:
            name = bar.group if bar.group.startswith("side") else f"found group {bar.group}"
            yield f"{name}: {bar.tally.agree} agree, {bar.tally.disagree} disagree"


def _closing(sheet: ConsultationSheet) -> Iterator[str]:
    limits = sheet.asked.thresholds
    yield (
        f"Agreed: at least {percent(limits.agree)} of those who saw it, at 95 % confidence, in "
        f"each declared group of at least {limits.least_seen} answers; and in each found group."
    )
    yield "The last column is a model's estimate and decides nothing."
    found = ", ".join(f"{one.name} {one.people} people" for one in sheet.found)
    yield f"Groups found in the answers: {found or 'none'}."
    for left in sheet.left_out:
        yield f"Left out: {left.text or left.sha256.hex()[:16]}: {left.reason}"
    for remark in sheet.remarks:
        yield f"Remark: {remark}"


def _percent(millionths: int) -> str:
    return percent(Fraction(millionths // 1000, 1000))
