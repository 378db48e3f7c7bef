# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity determine`: which duties bind a system, where, from when, and why."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from comity.cli.law.adopted import ONLY_THE_PACKS, Adopting
from comity.cli.law.asked import Asked
from comity.cli.law.duties import print_determination
from comity.cli.law.ruling import print_explanations
from comity.cli.option import print_json
from comity.desk.law.duties import (
    as_oscal,
    bodies_beside,
    duties_of,
    explain_norm,
    library_for,
    load_profile,
    questions_for,
)  # fmt: skip
from comity.law.determine import Determination
from comity.node.clock import read_clock

_AS_THE_PROFILE_SAYS = Asked()
Form = Annotated[Literal["text", "json", "oscal"], Parameter(name="--format")]


def determine(
    profile: Path,
    *,
    asked: Asked = _AS_THE_PROFILE_SAYS,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    form: Form = "text",
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    explain: str = "",
    questions: int = 5,
    adopting: Adopting = ONLY_THE_PACKS,
) -> int:
    """Say what applies, what does not, what cannot be told, and which question would tell.

    Example: comity determine relief.toml --in EU,VNM --on 2026-11-21

    Example: comity determine relief.toml --in VNM --on 2027-03-01 --facts-on 2026-11-21

    Example: comity determine relief.toml --in VNM --explain vnm.ai.11.1

    Example: comity determine relief.toml --in EU --format oscal > results.json

    Example: comity determine relief.toml --in KHM --node kh

    Args:
        profile: The system's profile, a TOML file.
        all_: Print every reason, and the norms that do not apply as well.
        form: text, json, or oscal: OSCAL assessment results.
        explain: Id of one norm to explain clause by clause.
        questions: How many of the questions that settle most to print.
    """
    inquiry = adopting.joined_to(asked.inquiry())
    determination = duties_of(load_profile(profile, library_for(inquiry)), inquiry)
    form = "json" if as_json else form
    if explain:
        _explain(determination, explain, as_json=form == "json")
    elif form == "oscal":
        print_json(as_oscal(determination, now=read_clock()))
    else:
        _print(determination, max(0, questions), everything=all_, as_json=form == "json")
    return 0


def _print(
    determination: Determination, questions: int, *, everything: bool, as_json: bool
) -> None:
    asked = questions_for(determination, limit=questions)
    if as_json:
        plain = determination.to_json()
        print_json({"determination": plain, "questions": [each.to_json() for each in asked]})
        return
    console = Console(highlight=False)
    beside = bodies_beside(determination)
    print_determination(console, determination, asked, beside=beside, everything=everything)


def _explain(determination: Determination, norm: str, *, as_json: bool) -> None:
    explanations = explain_norm(determination, norm)
    if as_json:
        print_json([each.to_json() for each in explanations])
    else:
        print_explanations(Console(highlight=False), determination, explanations)
