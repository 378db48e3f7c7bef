# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity pack`: check packs as they are written."""

from dataclasses import asdict
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.table import Table

from comity.cli.option import Json, print_json
from comity.desk.law.packs import PackCheck, check_packs, run_scenarios
from comity.law.norm import Basis

_BASES = {
    Basis.TEXT.value: "text",
    Basis.SECONDARY.value: "sec",
    Basis.MEMORY.value: "mem",
    Basis.WEAK.value: "weak",
}


app = App(name="pack", help="Check packs and run their scenarios.")


@app.command
def check(*paths: Path, as_json: Json = False) -> int:
    """Read the vocabulary and packs; print every fault with its place, then what they hold.

    Example: comity pack check packs/ata/ice.md

    Args:
        paths: Pack files or folders; without any, all packs that come with Comity.
    """
    result = check_packs(paths)
    if as_json:
        print_json(asdict(result))
        return 2 if result.faults else 0
    console = Console(highlight=False)
    for fault in result.faults:
        console.print(str(fault), markup=False, style="red", soft_wrap=True)
    _print_packs(console, result)
    _print_notes(console, result)
    return 2 if result.faults else 0


@app.command
def scenarios(*paths: Path, as_json: Json = False) -> int:
    """Run the scenarios written from the sources; print where our encoding disagrees.

    Example: comity pack scenarios packs/ata

    Args:
        paths: Scenario files, packs or folders; without any, all that come with Comity.
    """
    runs = run_scenarios(paths)
    wrong_count = sum(len(run.mismatches) for run in runs)
    faults = sum(len(run.faults) for run in runs)
    code = 1 if wrong_count else 2 if faults else 0
    if as_json:
        print_json([asdict(run) for run in runs])
        return code
    console = Console(highlight=False)
    for run in runs:
        for fault in run.faults:
            console.print(f"{run.source}: {fault}", markup=False, style="red", soft_wrap=True)
        for wrong in run.mismatches:
            said = f"{run.source}: {wrong.scenario}: {wrong.norm} is expected to be "
            said += f"{wrong.expected!r}, is {wrong.found!r}: {wrong.why}"
            console.print(said, markup=False, style="red", soft_wrap=True)
    count = sum(run.count for run in runs)
    console.print(
        f"{count} scenarios in {len(runs)} files; {wrong_count} disagree; {_faults(faults)}"
    )
    return code


def _print_packs(console: Console, result: PackCheck) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for column in ("pack", "in", "force"):
        table.add_column(column, no_wrap=True)
    for column in ("norms", "def", "gap", "case", "unr", *_BASES.values()):
        table.add_column(column, justify="right", no_wrap=True)
    for row in result.rows:
        counts = (row.norms, row.definitions, row.gaps, row.scenarios, row.unresearched)
        bases = (row.bases.get(basis, 0) for basis in _BASES)
        cells = (str(count) if count else "·" for count in (*counts, *bases))
        table.add_row(row.name, row.market, row.status, *cells)
    console.print(table)
    console.print(
        "unr: norms whose exceptions nobody researched; then norms by basis", style="dim"
    )
    console.print(
        f"{result.facts} facts, {result.conducts} conduct variables, {result.axioms} axioms; "
        f"{sum(row.norms for row in result.rows)} norms; {_faults(len(result.faults))}"
    )


def _print_notes(console: Console, result: PackCheck) -> None:
    for note in result.notes:
        console.print(f"note: {note}", markup=False, style="dim", soft_wrap=True)


def _faults(count: int) -> str:
    return "1 fault" if count == 1 else f"{count} faults"
