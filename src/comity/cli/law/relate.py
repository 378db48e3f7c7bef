# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity relate`: how the norms of one side lie to those of another, computed."""

import datetime as dt
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from comity.cli.law.render_proof import print_relations
from comity.cli.option import print_json
from comity.desk.law.proofs import Question, oscal_mapping_of, relations_between
from comity.errors import InvalidDocument
from comity.kernel.instant import from_rfc3339, to_instant


def relate(
    first: str,
    second: str,
    *,
    format_: Annotated[Literal["text", "json", "oscal"], Parameter(name="--format")] = "text",
    at: str = "",
    timeout: int = 10,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> int:
    """Say of norms on the same conduct: equal, subset, superset, intersects or none.

    A norm is a subset of another where its trigger implies the other's, and whoever does
    what the other asks has done what it asks. Left aside are territory, dates, whom the norms
    bind, and whether they bind or recommend.

    Example: comity relate eu.aia.transparency chn.lbl --all

    Example: comity relate EU VNM --format oscal > mapping.json

    Args:
        first: A market or the name of a pack.
        second: Another.
        format_: text, json, or an OSCAL control mapping (NIST IR 8477).
        at: The instant an OSCAL document names, such as 2026-11-21T00:00:00Z; without it, now.
        timeout: Seconds one question to the solver may take.
        all_: List also the norms that only intersect.
    """
    question = _question(first, second, timeout)
    relations = relations_between(question)
    if as_json or format_ == "json":
        print_json([each.to_json() for each in relations])
    elif format_ == "oscal":
        now = dt.datetime.now(tz=dt.UTC)  # noqa: TID251 - the edge reads the clock
        instant = from_rfc3339(at) if at else to_instant(now)
        print_json(oscal_mapping_of(question, relations, now=instant))
    else:
        print_relations(Console(highlight=False), relations, everything=all_)
    return 0


def _question(first: str, second: str, timeout_s: int) -> Question:
    if timeout_s < 1:
        raise InvalidDocument("--timeout is at least a second", code="cli.relate")
    return Question(sides=tuple(dict.fromkeys((first, second))), timeout_s=timeout_s)
