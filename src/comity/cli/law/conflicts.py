# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove conflicts`: which rules of two sides or more cannot all be met."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from comity.cli.law.render_proof import print_inquest
from comity.cli.option import Json, day_of, print_json, today, words_of
from comity.desk.law.proofs import Inquest, Question, conflicts_between
from comity.errors import Fault, InvalidDocument
from comity.kernel.instant import from_iso_date


def conflicts(
    first: str = "",
    second: str = "",
    *,
    same: str = "",
    joint: str = "",
    register: Path | None = None,
    on: str = "",
    timeout: int = 10,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Find norms that can bind one system together and cannot all be met.

    Each kind comes with a made-up system that all bind, and with whether it can be avoided.
    What both sides ask for, but otherwise, follows: there the stricter wins.

    Example: comity prove conflicts EU CHN --register register.parquet

    Example: comity prove conflicts EU CHN --joint USA,VNM --on 2026-11-21

    Example: comity prove conflicts --same CHN

    Args:
        first: A market or the name of a pack.
        second: Another; without it, or the same, the side is held against itself.
        same: A market or pack to hold against itself.
        joint: Further markets or packs, such as USA,VNM.
        register: A Parquet register in which to count the systems bound.
        on: Only what is in force on that day, such as 2026-11-21; without it, on any day.
        timeout: Seconds one question to the solver may take.
        all_: List also what differs only in its trigger.
    """
    sides = tuple(each for each in (same or first, second, *words_of(joint)) if each)
    _refuse_unclear(sides, doubled=bool(same and first), timeout_s=timeout)
    question = Question(sides=sides, on=from_iso_date(on) if on else None, timeout_s=timeout)
    inquest = _found(question, register, day_of(on) or today(), quiet=as_json)
    _print(inquest, as_json=as_json, everything=all_)
    return 0


def _print(inquest: Inquest, *, as_json: bool, everything: bool) -> None:
    if as_json:
        print_json(inquest.to_json())
    else:
        print_inquest(Console(highlight=False), inquest, everything=everything)


def _found(question: Question, register: Path | None, day: dt.date, *, quiet: bool) -> Inquest:
    with _counting(quiet=quiet) as progress:
        return conflicts_between(question, register=register, today=day, progress=progress)


def _refuse_unclear(sides: tuple[str, ...], *, doubled: bool, timeout_s: int) -> None:
    faults = []
    if not sides or doubled:
        faults.append(Fault(message="name two sides, or one alone with --same"))
    if timeout_s < 1:
        faults.append(Fault(message="--timeout is a whole number of seconds, at least 1"))
    if faults:
        raise InvalidDocument(
            "it is not clear what to prove", code="cli.prove", faults=faults,
            hint="comity prove conflicts EU CHN, or comity prove conflicts --same CHN",
        )  # fmt: skip


@contextmanager
def _counting(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how many kinds of conflict are looked through, on the terminal's other stream."""
    console = Console(stderr=True)
    columns = (TextColumn("kinds of conflict"), BarColumn(), MofNCompleteColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("kinds", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
