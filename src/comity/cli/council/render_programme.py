# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes in the terminal: one line a ministry's task, then what is to be settled."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.desk.council.programme.sheet import LineRow, ProgrammeSheet, ReviewSheet, WorkRow
from comity.files.programme import Workplan


def print_programmes(
    console: Console, sheets: Iterable[ProgrammeSheet], plans: Mapping[str, Workplan]
) -> None:
    """Print a list of programmes, and what shows who does them."""
    table = Table("programme", "tasks", "adopted", "what it is", box=None)
    for sheet in sheets:
        adopted = "" if sheet.adopted is None else sheet.adopted.isoformat()
        table.add_row(sheet.slug, str(len(sheet.tasks)), adopted, escape(sheet.title["en"]))
    console.print(table)
    for slug, plan in plans.items():
        example = " (an example)" if plan.is_example else ""
        said = f"who does what: {slug}: {plan.title}{example}; comity programme review {slug}"
        console.print(said, markup=False, soft_wrap=True)


def print_programme(console: Console, sheet: ProgrammeSheet) -> None:
    """Print one programme's tasks."""
    console.print(sheet.title["en"], style="bold", markup=False, soft_wrap=True)
    adopted = "" if sheet.adopted is None else f", {sheet.adopted.isoformat()}"
    console.print(f"by {sheet.by}{adopted}", markup=False, soft_wrap=True)
    console.print(f"source: {sheet.source}", style="dim", markup=False, soft_wrap=True)
    console.print(f"sha256 {sheet.digest}", style="dim")
    for task in sheet.tasks:
        console.print()
        console.print(f"{task.id}  {task.title['en']}", style="bold", markup=False)
        console.print(f"    {task.says}", markup=False, soft_wrap=True)
        said = f"    {task.cites}; seen: {task.basis}"
        console.print(said, style="dim", markup=False, soft_wrap=True)
        if task.same_work:
            same = ", ".join(task.same_work)
            console.print(f"    the same work as {same}", style="dim", markup=False)


def print_review(console: Console, sheet: ReviewSheet) -> None:
    """Print who does what, member by member, then the flags."""
    if sheet.title:
        console.print(sheet.title, style="bold", markup=False, soft_wrap=True)
    if sheet.example:
        console.print("an example: what it says is made up", style="yellow")
    if not sheet.lines:
        console.print("nobody has assigned anything here")
    for member, name in sheet.members.items():
        console.print(f"{name} on {sheet.on.isoformat()}", style="bold", markup=False)
        console.print(_table(line for line in sheet.lines if line.member == member))
    for named in _institutions(sheet):
        console.print(named, style="dim", markup=False, soft_wrap=True)
    console.print()
    if not sheet.flags:
        console.print("nothing is done twice or by nobody")
    for said in _flags(sheet):
        console.print(said, style="yellow", markup=False, soft_wrap=True)


def _flags(sheet: ReviewSheet) -> Iterator[str]:
    """Say what is to be settled: what is wrong alike with several tasks in one line."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for flag in sheet.flags:
        who = f" ({', '.join(flag.institutions)})" if flag.institutions else ""
        alone = ", ".join(flag.tasks) if len(flag.tasks) > 1 else ""
        alike.setdefault((flag.member, f"{flag.sentence}{who}", alone), []).extend(flag.tasks)
    for (member, sentence, _), tasks in alike.items():
        yield f"{sheet.members.get(member, member)}: {sentence}: {', '.join(tasks)}"
    if any(line.later and not line.now for line in sheet.lines):
        yield f"some work begins after {sheet.on.isoformat()}; --on asks of another day"


def _institutions(sheet: ReviewSheet) -> Iterator[str]:
    """Say what each institution's short name stands for."""
    rows = [row for line in sheet.lines for row in (*line.now, *line.later)]
    for name, title in dict.fromkeys((row.institution, row.title) for row in rows):
        if title and title != name:
            yield f"{name}: {title}"


def _table(lines: Iterable[LineRow]) -> Table:
    table = Table("task", "what", "who", box=None)
    for line in lines:
        who = [_work(row) for row in line.now]
        who += [f"from {row.since.isoformat()}: {_work(row)}" for row in line.later]
        style = "yellow" if line.flags else ""
        table.add_row(
            f"{line.programme}/{line.task}",
            escape(line.title.get("en", "")),
            escape("; ".join(who) or "nobody"),
            style=style,
        )
    return table


def _work(row: WorkRow) -> str:
    part = f": {row.part}" if row.part else ""
    lead = " (leads)" if row.lead else ""
    return f"{row.institution}{lead}{part}"
