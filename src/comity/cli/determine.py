# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity determine`: which duties bind a system, where, from when, and why."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.duties import print_determination, print_explanations
from comity.desk.duties import (
    Inquiry,
    duties_of,
    explain_norm,
    load_profile,
    questions_for,
)  # fmt: skip
from comity.errors import Fault, InvalidDocument
from comity.kernel.instant import from_iso_date
from comity.law.cursor import near_miss
from comity.law.determine import Determination
from comity.law.norm import Role


def determine(
    profile: Path,
    *,
    in_: Annotated[str, Parameter(name="--in")] = "",
    on: str = "",
    role: str = "",
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    explain: str = "",
    questions: int = 5,
) -> int:
    """Say what applies, what does not, what cannot be told, and which question would tell.

    Example: comity determine relief.toml --in EU,VNM --on 2026-11-21

    Example: comity determine relief.toml --in VNM --explain vnm.ai.11.1

    Args:
        profile: The system's profile, a TOML file.
        in_: Markets, such as EU,CHN,VNM,BRA,KHM,WAICO; without it, the profile's own.
        on: The day asked about, such as 2026-11-21; without it, today.
        role: Roles, such as provider,deployer; without it, the profile's own.
        all_: List the norms that do not apply as well.
        explain: Id of one norm to explain clause by clause.
        questions: How many of the questions that settle most to print.
    """
    inquiry = Inquiry(markets=_words(in_), on=_day(on), roles=_roles(role))
    determination = duties_of(load_profile(profile), inquiry)
    if explain:
        _explain(determination, explain, as_json=as_json)
        return 0
    asked = questions_for(determination, limit=max(0, questions))
    if as_json:
        plain = determination.to_json()
        _print_json({"determination": plain, "questions": [each.to_json() for each in asked]})
    else:
        console = Console(highlight=False)
        print_determination(console, determination, asked, everything=all_)
    return 0


def _explain(determination: Determination, norm: str, *, as_json: bool) -> None:
    explanations = explain_norm(determination, norm)
    if as_json:
        _print_json([each.to_json() for each in explanations])
    else:
        print_explanations(Console(highlight=False), determination, explanations)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _day(text: str) -> dt.date:
    if not text:
        return dt.datetime.now(tz=dt.UTC).date()  # noqa: TID251 - the edge reads the clock
    return from_iso_date(text)


def _roles(text: str) -> tuple[Role, ...]:
    known = {role.value: role for role in Role}
    words = _words(text)
    faults = [
        Fault(message=f"{word!r} is no role: {', '.join(known)}", near=near_miss(word, known))
        for word in words
        if word not in known
    ]
    if faults:
        raise InvalidDocument("unknown role", code="law.role", faults=faults)
    return tuple(known[word] for word in words)
