# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity measures`: the least that meets every duty, and what cannot be met together."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from comity.cli.law.asked import Asked
from comity.cli.law.course import print_outlook
from comity.cli.option import Json, print_json
from comity.desk.law.duties import Inquiry
from comity.desk.law.measuring import Outlook, Wanted, outlook_for

_AS_THE_PROFILE_SAYS = Asked()


def measures(
    profile: Path,
    *,
    asked: Asked = _AS_THE_PROFILE_SAYS,
    coming: Annotated[bool, Parameter(negative="")] = False,
    soft: Annotated[bool, Parameter(negative="")] = False,
    costs: Path | None = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Course the least-cost measures that meet every binding duty, in all markets at once.

    What cannot be met together is shown with the ways out, each with what it would take.
    Costs are assumptions in person-days; put your own in their place.

    Example: comity measures relief.toml --in EU,CHN,VNM

    Example: comity measures relief.toml --in EU --coming --costs ours.toml

    Example: comity measures relief.toml --in CHN,EU --json > measures.json

    Args:
        profile: The system's profile, a TOML file.
        coming: Meet duties that are not yet in force as well.
        soft: Follow recommendations too, and list what is permitted.
        costs: A table of your own costs; without it, the assumptions that come along.
        all_: Print every norm a measure meets, and all that is open.
    """
    wanted = Wanted(coming=coming, soft=soft, costs=costs)
    outlook = _looked(profile, asked.inquiry(), wanted, quiet=as_json)
    if as_json:
        print_json(outlook.to_json())
    else:
        print_outlook(Console(highlight=False), outlook, everything=all_)
    return 0


def _looked(profile: Path, inquiry: Inquiry, wanted: Wanted, *, quiet: bool) -> Outlook:
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("reading", total=None)

        def tell(what: str, done: int, of: int) -> None:
            count = f" {done} of {of}" if of > 1 else ""
            bar.update(task, description=f"{what}{count}")

        return outlook_for(profile, inquiry, wanted, tell)
