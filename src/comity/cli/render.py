# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Plans, results and decisions as tables for people, and as JSON for programs."""

from collections.abc import Iterable
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from comity.evidence.audit import Check
from comity.evidence.finding import Result
from comity.evidence.plan import Plan
from comity.evidence.recognition import Decision, Recognition
from comity.evidence.statistics.design import Design, Verdict, boundary_of
from comity.evidence.statistics.eprocess import goal_failures, null_failures
from comity.evidence.statistics.lattice import characteristic
from comity.evidence.statistics.onestage import one_stage
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


def plan_table(console: Console, plan: Plan) -> None:
    """Print every design with its numbers, and what it is expected to ask."""
    for position, design in enumerate(plan.designs):
        names = [name for name, at in plan.categories.items() if at == position]
        console.print(
            f"[bold]{', '.join(names)}[/]: more than {_share(design.threshold)} of "
            f"{design.size} items, risk {_share(design.risk)}, at most {design.cap} questions",
            soft_wrap=True,
        )
        console.print(_numbers(design))
        console.print(_expected(design), soft_wrap=True)


def plan_facts(plan: Plan) -> dict[str, object]:
    """Return a plan's numbers as JSON, with what each design is expected to ask."""
    return {
        "attempt": plan.attempt,
        "categories": dict(plan.categories),
        "designs": [
            {**design.to_json(), "expected_questions": expected_questions(design)}
            for design in plan.designs
        ],
    }


def expected_questions(design: Design) -> dict[str, float]:
    """Return how many questions a category is expected to take, by how good the system is.

    "fixed" is what a test of a fixed number of questions of the same risk and power asks.
    """
    null = null_failures(design.size, design.threshold)
    aim = goal_failures(design.size, design.goal)
    rates = {"perfect": 0, "goal": aim, "threshold": null, "half": design.size // 2}
    found = characteristic(boundary_of(design), design.size, list(rates.values()))
    asked = [round(float(one), 1) for one in found.expected]
    stage = one_stage(design.size, null, aim, risk=design.risk, power=design.power)
    return {**dict(zip(rates, asked, strict=True)), "fixed": float(stage.asked)}


def result_table(console: Console, results: Iterable[Result]) -> None:
    """Print one line a category."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category")
    table.add_column("verdict")
    for name in ("asked", "failed", "e-value", "at least"):
        table.add_column(name, justify="right")
    for result in results:
        word, style = WORDS[result.verdict]
        table.add_row(
            result.category,
            f"[{style}]{word}[/]",
            str(result.asked),
            str(result.failed),
            result.e_value,
            f"{result.lower_bound_ppm / 10_000:.1f} %",
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


def _numbers(design: Design) -> Table:
    """Return acceptance and rejection numbers: what a court checks with a ruler."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("from question", justify="right")
    table.add_column("shown at most", justify="right")
    table.add_column("not shown from", justify="right")
    accept, reject = dict(design.acceptance), dict(design.rejection)
    for asked in sorted({*accept, *reject}):
        shown = f"{accept[asked]} failed" if asked in accept else ""
        refused = f"{reject[asked]} failed" if asked in reject else ""
        table.add_row(str(asked), shown, refused)
    return table


def _expected(design: Design) -> str:
    asked = expected_questions(design)
    return (
        f"  expected questions: {asked['perfect']:g} of a perfect system, {asked['goal']:g} at "
        f"{_share(design.goal)}, {asked['threshold']:g} at {_share(design.threshold)}; a fixed "
        f"test of the same strength asks {asked['fixed']:g}"
    )


def _share(share: Fraction) -> str:
    return f"{float(share) * 100:g} %"
