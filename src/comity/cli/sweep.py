# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity sweep`: every row of a register by every norm, and what a draft would do to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from comity.cli.option import Json, day_of, print_json, today, words_of
from comity.cli.render_sweep import draft_json, print_draft, print_sweep, sweep_json
from comity.desk.drafting import sweep_draft
from comity.desk.sweeping import EngineName, OnFault, Order, rows_of, sweep_register
from comity.errors import InvalidDocument


def sweep(
    register: Path,
    *,
    in_: Annotated[str, Parameter(name="--in")] = "",
    on: str = "",
    out: Path | None = None,
    draft: Path | None = None,
    on_fault: Literal["stop", "skip"] = "stop",
    engine: Literal["local", "ray"] = "local",
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Rule on every system of a register: applies, does not, cannot tell.

    An interrupted sweep with --out goes on where it stopped when the same command is run
    again. With --draft, only what the draft changes is asked, and whom it would concern.

    Example: comity sweep register.parquet --in EU,CHN --on 2026-11-21

    Example: comity sweep register.parquet --in EU --out duties.parquet

    Example: comity sweep register.parquet --draft eu-operation.md --on 2026-11-21

    Args:
        register: A Parquet file, one row a system; see docs/reference/register.md.
        in_: Markets, such as EU,CHN,WAICO; with --draft, without it, all it speaks of.
        on: The day asked about, such as 2026-11-21; without it, today.
        out: Parquet file for the duty matrix: one row a system, one column a norm.
        draft: A new pack, or a changed copy of one; norms are matched by their ids.
        on_fault: Stop at malformed rows and write nothing, or skip and count them.
        engine: Work here, or on Ray (needs the extra `cluster`).
        all_: List the norms that concern nobody as well.
    """
    order = Order(
        register=register, markets=words_of(in_), on=day_of(on) or today(), out=out,
        on_fault=OnFault(on_fault), engine=EngineName(engine),
    )  # fmt: skip
    console, rows = Console(highlight=False), rows_of(register)
    if draft is not None:
        if out is not None:
            raise InvalidDocument(
                "--out and --draft do not go together", code="cli.sweep",
                hint="--out writes what binds today; ask for the draft by itself",
            )  # fmt: skip
        with counting(rows, quiet=as_json) as progress:
            drafted = sweep_draft(order, draft, progress=progress)
        if as_json:
            print_json(draft_json(drafted))
        else:
            print_draft(console, drafted, everything=all_)
        return 0
    with counting(rows, quiet=as_json) as progress:
        report = sweep_register(order, progress=progress)
    if as_json:
        print_json(sweep_json(report))
    else:
        print_sweep(console, report, everything=all_)
    return 0


@contextmanager
def counting(rows: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many rows are done, on the terminal's other stream."""
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("rows", total=rows)
        yield lambda done: bar.advance(task, done)
