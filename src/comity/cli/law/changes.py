# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity changes`: what became due, ended or changed for a system, and why."""

import datetime as dt
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from comity.cli.law.altered import print_changes
from comity.cli.option import Json, day_of, print_json, roles_of, today, words_of
from comity.desk.law.changing import Changes, Span, changes_of
from comity.desk.law.duties import Inquiry
from comity.errors import InvalidDocument


def changes(
    profile: Path,
    *,
    since: str = "",
    on: str = "",
    ahead: int = 0,
    in_: Annotated[str, Parameter(name="--in")] = "",
    role: str = "",
    answers: Path | None = None,
    packs: Path | None = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Say what became due, ended or asks otherwise between two days, and by which cause.

    Causes are the law, the packs and the facts; each is told by moving its date alone.

    Example: comity changes relief.toml --since 2026-07-01 --in EU,VNM

    Example: comity changes relief.toml --ahead 365 --in EU,CHN

    Example: comity changes relief.toml --since 2026-11-01 --answers new.toml --json

    Args:
        profile: The system's profile, a TOML file.
        since: The earlier day, such as 2026-07-01.
        on: The later day; without it, today.
        ahead: Look so many days ahead instead of back, with the packs as they are held.
        in_: Markets, such as EU,VNM; without it, the profile's own.
        role: Roles, such as provider,deployer; without it, the profile's own.
        answers: A TOML file with [facts] that hold from the later day on.
        packs: A folder of packs that stand beside those that come along.
        all_: Print also what only became known because its pack was recorded in between.
    """
    inquiry = Inquiry(markets=words_of(in_), on=today(), roles=roles_of(role), packs=packs)
    span = _span(since, on, ahead, answers)
    _show(_found(profile, inquiry, span, quiet=as_json), everything=all_, as_json=as_json)
    return 0


def _show(found: Changes, *, everything: bool, as_json: bool) -> None:
    if as_json:
        print_json(found.to_json())
    else:
        print_changes(Console(highlight=False), found, everything=everything)


def _span(since: str, on: str, ahead: int, answers: Path | None) -> Span:
    if bool(since) == bool(ahead) or ahead < 0:
        hint = "--since 2026-07-01 looks back, --ahead 90 looks so many days ahead"
        raise InvalidDocument("from which day on?", code="cli.which_days", hint=hint)
    day = day_of(on) or today()
    if ahead:
        try:
            later = day + dt.timedelta(days=ahead)
        except OverflowError:
            hint = "--ahead 365 looks a year ahead"
            raise InvalidDocument(
                f"no calendar reaches {ahead} days ahead", code="cli.which_days", hint=hint
            ) from None
        return Span(since=day, on=later, answers=answers, packs_known=True)
    earlier = day_of(since)
    assert earlier is not None  # noqa: S101 - a text was given
    return Span(since=earlier, on=day, answers=answers)


def _found(profile: Path, inquiry: Inquiry, span: Span, *, quiet: bool) -> Changes:
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    columns = (TextColumn("determining"), BarColumn())
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("determining", total=None)

        def tell(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        return changes_of(profile, inquiry, span, tell)
