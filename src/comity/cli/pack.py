# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity pack`: check packs as they are written."""

from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.table import Table

from comity.desk.packs import PackCheck, check_packs, run_scenarios

app = App(name="pack", help="Check packs and run their scenarios.")


@app.command
def check(*paths: Path) -> int:
    """Read the vocabulary and packs; print every fault with its place, then what they hold.

    Args:
        paths: Pack files or folders; without any, all packs that come with Comity.
    """
    result = check_packs(paths)
    console = Console(highlight=False)
    for fault in result.faults:
        console.print(str(fault), markup=False, style="red", soft_wrap=True)
    _print_packs(console, result)
    _print_notes(console, result)
    return 2 if result.faults else 0


@app.command
def scenarios(*paths: Path) -> int:
    """Run the scenarios written from the sources; print where our encoding disagrees.

    Args:
        paths: Scenario files, packs or folders; without any, all that come with Comity.
    """
    console = Console(highlight=False)
    runs = run_scenarios(paths)
    for run in runs:
        for fault in run.faults:
            console.print(f"{run.source}: {fault}", markup=False, style="red", soft_wrap=True)
        for wrong in run.mismatches:
            said = f"{run.source}: {wrong.scenario}: {wrong.norm} is expected to be "
            said += f"{wrong.expected!r}, is {wrong.found!r}: {wrong.why}"
            console.print(said, markup=False, style="red", soft_wrap=True)
    count, wrong_count = sum(r.count for r in runs), sum(len(r.mismatches) for r in runs)
    faults = sum(len(run.faults) for run in runs)
    console.print(
        f"{count} scenarios in {len(runs)} files; {wrong_count} disagree; {faults} faults"
    )
    return 1 if wrong_count else 2 if faults else 0


def _print_packs(console: Console, result: PackCheck) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("pack", "market", "status"):
        table.add_column(column)
    for column in ("norms", "definitions", "gaps", "scenarios", "exceptions unresearched"):
        table.add_column(column, justify="right")
    table.add_column("bases")
    for row in result.rows:
        bases = ", ".join(f"{name} {count}" for name, count in row.bases.items())
        table.add_row(
            row.name, row.market, row.status, str(row.norms), str(row.definitions),
            str(row.gaps), str(row.scenarios), str(row.unresearched), bases,
        )  # fmt: skip
    console.print(table)
    console.print(
        f"{result.facts} facts, {result.conducts} conduct variables, {result.axioms} axioms; "
        f"{sum(row.norms for row in result.rows)} norms; {len(result.faults)} faults"
    )


def _print_notes(console: Console, result: PackCheck) -> None:
    for note in result.notes:
        console.print(f"note: {note}", markup=False, style="dim", soft_wrap=True)
