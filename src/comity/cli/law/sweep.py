# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity sweep`: every row of a register by every norm, and what a draft would do to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
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

from comity.cli.law.render_sweep import draft_json, print_draft, print_sweep, sweep_json
from comity.cli.option import Json, day_of, print_json, today, words_of
from comity.desk.law.drafting import sweep_draft
from comity.desk.law.sweeping import EngineName, OnFault, Order, rows_of, sweep_register
from comity.errors import InvalidDocument

In = Annotated[
    str,
    Parameter(name="--in", help="Markets, such as EU,CHN,WAICO; a draft's own without it."),
]
OnFaultWord = Annotated[
    Literal["stop", "skip"],
    Parameter(help="Stop at malformed rows and write nothing, or skip and count them."),
]
EngineWord = Annotated[
    Literal["local", "ray"],
    Parameter(help="Work here, or on Ray (needs the extra `cluster`)."),
]
All = Annotated[
    bool,
    Parameter(name="--all", negative="", help="List the norms that concern nobody as well."),
]


def sweep(
    register: Path,
    *,
    in_: In = "",
    on: str = "",
    out: Path | None = None,
    draft: Path | None = None,
    on_fault: OnFaultWord = "stop",
    engine: EngineWord = "local",
    all_: All = False,
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
        on: The day asked about, such as 2026-11-21; without it, today.
        out: Parquet file for the duty matrix: one row a system, one column a norm.
        draft: A new pack, or a changed copy of one; norms are matched by their ids.
    """
    order = Order(
        register=register, markets=words_of(in_), on=day_of(on) or today(), out=out,
        on_fault=OnFault(on_fault), engine=EngineName(engine),
    )  # fmt: skip
    tell = _sweep if draft is None else partial(_sweep_draft, draft)
    tell(order, everything=all_, as_json=as_json)
    return 0


def _sweep(order: Order, *, everything: bool, as_json: bool) -> None:
    with counting(rows_of(order.register), quiet=as_json) as progress:
        report = sweep_register(order, progress=progress)
    if as_json:
        print_json(sweep_json(report))
    else:
        print_sweep(Console(highlight=False), report, everything=everything)


def _sweep_draft(draft: Path, order: Order, *, everything: bool, as_json: bool) -> None:
    if order.out is not None:
        raise InvalidDocument(
            "--out and --draft do not go together",
            code="cli.sweep",
            hint="--out writes what binds today; ask for the draft by itself",
        )
    with counting(rows_of(order.register), quiet=as_json) as progress:
        report = sweep_draft(order, draft, progress=progress)
    if as_json:
        print_json(draft_json(report))
    else:
        print_draft(Console(highlight=False), report, everything=everything)


@contextmanager
def counting(rows: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many rows are done, on the terminal's other stream."""
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("rows", total=rows)
        yield lambda done: bar.advance(task, done)
