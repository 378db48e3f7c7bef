# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess import`: what another harness reported, marked as unproven."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from comity.cli.option import Json, print_json
from comity.errors import Conflict
from comity.evidence.unproven import Unproven
from comity.files.text import write_whole
from comity.files.unproven import read_report
from comity.node.clock import read_clock


def import_report(report: Path, *, out: Path | None = None, as_json: Json = False) -> None:
    """Read the results of lm-eval, Moonshot or Inspect as what somebody says: unproven.

    Nothing in them can be derived again, so no finding and no recognition rests on them. With
    --out they become a statement that comity publish signs, and that every node shows as
    unproven.

    Example: comity assess import results_2026-11-20.json

    Example: comity assess import log.json --out said.json

    Args:
        report: lm-eval's results_*.json, Moonshot's result, or an Inspect log as JSON.
        out: Where to write the statement.
    """
    found = read_report(report, issued=read_clock())
    if out is not None and out.exists():
        raise Conflict(f"{out} is there already", code="cli.exists", hint="choose another name")
    if out is not None:
        statement = {
            "predicateType": "unproven",
            "subject": [{"name": report.name, "digest": {"sha256": found.source.hex()}}],
            "predicate": found.to_predicate(),
        }  # fmt: skip
        write_whole(out, json.dumps(statement, indent=1) + "\n", "statement")
    if as_json:
        print_json(found.to_predicate())
        return
    _print(Console(highlight=False), found, out)


def _print(console: Console, found: Unproven, out: Path | None) -> None:
    table = Table(box=None)
    for head in ("task", "metric", "value", "samples"):
        table.add_column(head, overflow="fold")
    for one in found.figures:
        samples = "not said" if one.samples is None else str(one.samples)
        table.add_row(one.task, one.metric, one.value, samples)
    said = f"{found.tool} {found.version} says of {found.model or 'a model'}:"
    console.print(said, markup=False)
    console.print(table)
    console.print(f"questions: {found.sampling}", markup=False)
    console.print("unproven: nothing here can be derived again", style="yellow")
    if out is not None:
        console.print(f"written: {out}; comity publish {out} --node NODE", markup=False)
