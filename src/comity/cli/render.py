# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Results, checks and decisions as tables for people, and as JSON for programs."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from comity.evidence.audit import Check
from comity.evidence.finding import Result
from comity.evidence.recognition import Decision, Recognition
from comity.evidence.statistics.design import Verdict
from comity.kernel.truth import Truth

WORDS = {
    Verdict.SHOWN: ("shown", "green"),
    Verdict.NOT_SHOWN: ("not shown", "red"),
    Verdict.INSUFFICIENT: ("insufficient", "yellow"),
}
TICKS = {
    Truth.TRUE: ("✓", "green"),
    Truth.FALSE: ("✗", "red"),
    Truth.UNDETERMINED: ("?", "yellow"),
}


def result_table(console: Console, results: Iterable[Result]) -> None:
    """Print one line a category."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category")
    table.add_column("verdict")
    for name in ("asked", "failed", "e-value", "at least"):
        table.add_column(name, justify="right")
    found = tuple(results)
    scored = any(result.mean_ppm is not None for result in found)
    if scored:
        table.add_column("mean score", justify="right")
    for result in found:
        word, style = WORDS[result.verdict]
        mean = "" if result.mean_ppm is None else f"{result.mean_ppm / 10_000:.1f} %"
        table.add_row(
            result.category,
            f"[{style}]{word}[/]",
            str(result.asked),
            str(result.failed),
            result.e_value,
            f"{result.lower_bound_ppm / 10_000:.1f} %",
            *([mean] if scored else []),
        )
    console.print(table)


def check_list(console: Console, checks: Iterable[Check], *, indent: int = 0) -> None:
    """Print every check with a tick, a cross or a question mark."""
    for check in checks:
        tick, style = TICKS[check.holds]
        place = f" at {check.place}" if check.place else ""
        console.print(" " * indent, end="")
        console.print(tick, style=style, end=" ")
        console.print(f"{check.name}{place}: {check.message}", markup=False, soft_wrap=True)


def check_facts(checks: Iterable[Check]) -> list[dict[str, object]]:
    """Return checks as JSON."""
    return [
        {
            "name": check.name,
            "holds": {Truth.TRUE: True, Truth.FALSE: False, Truth.UNDETERMINED: None}[
                check.holds
            ],
            "place": check.place,
            "message": check.message,
        }
        for check in checks
    ]


def recognition_table(console: Console, recognition: Recognition) -> None:
    """Print a decision, category by category, with every reason."""
    style = "green" if recognition.decision is Decision.RECOGNISED else "yellow"
    console.print(recognition.decision.value, style=f"bold {style}")
    for reason in recognition.reasons:
        console.print(f"  {reason}", markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("category", "decision", "why"):
        table.add_column(name)
    for row in recognition.categories:
        style = "green" if row.decision is Decision.RECOGNISED else "yellow"
        table.add_row(row.name, f"[{style}]{row.decision.value}[/]", row.reason)
    console.print(table)
