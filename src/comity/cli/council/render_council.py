# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A decision in the terminal: as a delegate would read it."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from comity.cli.cell import cell, one_line
from comity.cli.option import minute_of
from comity.cli.session import Telling
from comity.council.decision.clock import bound_of
from comity.council.decision.result import State
from comity.council.rule.decide import Reason
from comity.desk.council.decision.result import ComparisonSheet
from comity.desk.council.decision.sheet import STATES, DecisionSheet, ProposalRow
from comity.files.materials.country import with_name
from comity.kernel.instant import Instant

_MANY = 40
"""Seats beyond which only the counts are listed, and flags beyond which no more are."""


def print_decision(telling: Telling, sheet: DecisionSheet) -> None:
    """Print where a proposal stands, why, and from which logs."""
    telling.say(f"{one_line(sheet.row.title)}: {state_in_words(sheet)}", style=_style(sheet))
    telling.say(f"proposed by {one_line(sheet.row.proposer)}, {sheet.row.at}", style="dim")
    _print_times(telling, sheet)
    telling.say(sheet.rule)
    telling.say("")
    telling.say(", ".join(f"{count} {answer}" for answer, count in sheet.counts))
    if len(sheet.seats) <= _MANY:
        telling.console.print(_seats(sheet))
    for name, why in sheet.removed:
        telling.say(one_line(f"{name} {why}"), style="yellow")
    if sheet.account:
        telling.say("")
        _print_reason(telling, sheet.result.reason)
    for sentence in sheet.account:
        telling.say(one_line(sentence))
    if sheet.flags:
        telling.say("")
        telling.say("What did not count as it may have been meant:", style="yellow")
    for flag in sheet.flags[:_MANY]:
        at = f" ({flag.at})" if flag.at else ""
        telling.say(f"  {one_line(f'{flag.name}: {flag.words}')}{at}", style="yellow")
    if len(sheet.flags) > _MANY:
        telling.say(f"  and {len(sheet.flags) - _MANY} more; --json lists all", style="yellow")
    telling.say("")
    _print_logs(telling, sheet)


def print_text(telling: Telling, sheet: DecisionSheet) -> None:
    """Print the text in force, its rule and who may vote."""
    telling.say(f"{one_line(sheet.row.title)}: {state_in_words(sheet)}", style=_style(sheet))
    telling.say(f"proposed by {one_line(sheet.row.proposer)}, {sheet.row.at}", style="dim")
    _print_times(telling, sheet)
    telling.say("")
    for line in (sheet.text or f"The text is the blob {sheet.result.text.hex()}.").splitlines():
        telling.say(f"│ {line}")  # so that no line of it is taken for one of ours
    telling.say("")
    telling.say(sheet.rule)
    if sheet.row.closes is not None:
        telling.say(_bears(sheet), style="dim")
    telling.say(one_line(f"May vote: {', '.join(seat.name for seat in sheet.seats)}"))
    for name, who in sheet.groups.items():
        listed = ", ".join(who)
        telling.say(f"  {one_line(f'{name}: {listed}')}", style="dim")
    for one in sheet.weights:
        said = one_line(f"weights: {one.name}, in {one.unit} ({one.source})")
        telling.say(f"  {said}", style="dim")


def print_list(telling: Telling, rows: Sequence[ProposalRow]) -> None:
    """Print one line for each proposal."""
    if not rows:
        telling.say("no proposal is known here; follow the logs of others first")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("proposal", "title", "stands", "said", "closes"):
        table.add_column(column, no_wrap=column == "proposal")
    for row in rows:
        closes = "" if row.closes is None else minute_of(Instant(row.closes))
        table.add_row(
            row.at, cell(row.title), STATES[row.state], f"{row.said} of {row.seats}", closes
        )
    telling.console.print(table)


def print_comparison(telling: Telling, sheet: ComparisonSheet) -> None:
    """Print what two readers did not both see."""
    for name, found in zip(sheet.names, sheet.findings, strict=True):
        counts = ", ".join(f"{count} {word}" for word, count in found.counts.items())
        telling.say(f"{name}: {STATES[found.state]} ({counts})")
    if sheet.is_same:
        telling.say("both read the same logs and found the same", style="green")
    for one in sheet.differences:
        telling.say(one.text, style="yellow")


def state_in_words(sheet: DecisionSheet) -> str:
    """Say where a proposal stands, and what became of it where that is another word."""
    words = STATES[sheet.row.state]
    if sheet.row.state in {State.FINAL, State.CHALLENGED}:
        return f"{words}, {'adopted' if sheet.row.passed else 'not adopted'}"
    return words


def _print_times(telling: Telling, sheet: DecisionSheet) -> None:
    parts = [f"as of {minute_of(sheet.result.as_of)} UTC"]
    if sheet.opens is not None:
        parts.append(f"opened {minute_of(Instant(sheet.opens))}")
    if sheet.row.closes is not None:
        parts.append(f"closes {minute_of(Instant(sheet.row.closes))}")
    if sheet.receipts > 1:
        parts.append(f"in time by the receipts of {sheet.receipts} other members")
    telling.say("; ".join(parts), style="dim")


def _bears(sheet: DecisionSheet) -> str:
    """Say how far the number of receipts can be relied on."""
    bound = bound_of(len(sheet.seats) - 1, sheet.receipts)
    enough = "another member" if sheet.receipts == 1 else f"{sheet.receipts} other members"
    liars = "one that lies is" if sheet.receipts == 1 else f"{sheet.receipts} that lie are"
    return (
        f"In time is what {enough} had received; {liars} enough to date a ballot back, and "
        f"up to {max(bound.silent, 0)} may give no receipt"
    )


def _print_reason(telling: Telling, reason: Reason, depth: int = 0) -> None:
    mark = "✓" if reason.passed else "✗"
    numbers = ""
    if reason.counted is not None:
        numbers = f": {reason.counted}" + ("" if reason.base is None else f" of {reason.base}")
    style = "green" if reason.passed else "red"
    telling.say(f"{'  ' * depth}{mark} {reason.words}{numbers}", style=style)
    for part in reason.parts:
        _print_reason(telling, part, depth + 1)


def _seats(sheet: DecisionSheet) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("member", "state", "answer", "because"):
        table.add_column(column)
    for seat in sheet.seats:
        table.add_row(
            cell(seat.name),
            with_name(seat.state),
            seat.answer,
            cell("; ".join(_because(seat.bloc, seat.reason))),
        )
    return table


def _because(bloc: str, reason: str) -> Iterable[str]:
    if bloc:
        yield f"position of {bloc}"
    if reason:
        yield reason


def _print_logs(telling: Telling, sheet: DecisionSheet) -> None:
    read = one_line(", ".join(f"{log.name} up to {log.size}" for log in sheet.logs))
    telling.say(f"Read from {len(sheet.logs)} logs: {read}.", style="dim")
    for log in sheet.logs:
        name = one_line(log.name)
        if log.is_forked:
            said = "told two stories; of what only one holds, what others had received counts"
            telling.say(f"{name} {said}", style="red")
        elif not log.is_whole:
            telling.say(f"not every entry of {name} is held here", style="yellow")
        elif not log.is_counted:
            said = f"the newest checkpoint of {name} has too few cosignatures by your rule"
            telling.say(said, style="yellow")


def _style(sheet: DecisionSheet) -> str:
    if sheet.row.passed:
        return "bold green"
    return "bold red" if sheet.result.is_decided else "bold"
