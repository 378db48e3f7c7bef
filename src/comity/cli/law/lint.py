# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove lint`: what is wrong with encoded rules by their logic alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from comity.cli.option import Json, print_json
from comity.desk.law.linting import WHOLE_S, Limits, LintReport, lint_packs
from comity.law.lint.finding import Finding, Level

_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "dim"}


def lint(
    *packs: str,
    seconds: Annotated[float, Parameter(validator=Number(gt=0))] = WHOLE_S,
    as_json: Json = False,
) -> int:
    """Find norms that bind nobody, say nothing, or ask what cannot be done.

    An error never makes sense and gives exit code 1; a warning seldom does; a note may be
    meant. Each names its line and the fewest clauses that make it so.

    Example: comity prove lint

    Example: comity prove lint eu.gdpr CHN

    Example: comity prove lint my-law.md --json

    Args:
        packs: Packs, markets, Markdown files or folders; without any, all packs held here.
        seconds: How long it may take; what is then left is named.
    """
    with _counting(quiet=as_json) as progress:
        report = lint_packs(packs, limits=Limits(whole_s=seconds), progress=progress)
    if as_json:
        print_json(report.to_json())
    else:
        _print(Console(highlight=False), report)
    return report.exit_code


@contextmanager
def _counting(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how many entries are done, on the terminal's other stream."""
    console = Console(stderr=True)
    columns = (TextColumn("norms and definitions"), BarColumn(), MofNCompleteColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("entries", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def _print(console: Console, report: LintReport) -> None:
    for fault in report.faults:
        console.print(f"error: {fault}", markup=False, style="red", soft_wrap=True)
    if report.faults:
        console.print("nothing was looked at: mend these first")
        return
    for finding in report.findings:
        _print_finding(console, finding)
    if report.skipped:
        shown = ", ".join(report.skipped[:8]) + (", ..." if len(report.skipped) > 8 else "")
        console.print(
            f"the time ran out: {len(report.skipped)} not looked at: {shown}", soft_wrap=True
        )
    counts = [_counted(report.counts[level], level.value) for level in Level]
    if report.undecided:
        counts.append(f"{report.undecided} undecided")
    seen = (report.packs, "pack"), (report.norms, "norm"), (report.definitions, "definition")
    looked_at = ", ".join(_counted(count, word) for count, word in seen)
    console.print(f"{looked_at}: {', '.join(counts)}")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _print_finding(console: Console, finding: Finding) -> None:
    said = f"{finding.place}: {finding.level.value} [{finding.rule.value}] "
    said += f"{finding.subject}: {finding.message}"
    console.print(said, markup=False, style=_STYLES[finding.level], soft_wrap=True)
    for clause in finding.clauses if finding.level is not Level.NOTE else ():
        console.print(f"    {clause}", markup=False, soft_wrap=True)
