# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes as a register shows them: tasks, and who does them by the logs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from comity.council.programme.review import Trouble
from comity.desk.council.programme.programming import programme_sheet, review_logs, review_plan
from comity.desk.council.programme.sheet import ProgrammeSheet, ReviewSheet
from comity.desk.register.published import published
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.errors import NotFound
from comity.files.programme import shipped_programmes, shipped_workplans
from comity.law.cursor import near_miss


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRow:
    """One programme in a list, or one example of who does what.

    Args:
        title: By language tag.
        tasks: How many; of an example, how many assignments.
        plan: Whether it is an example of who does what, not a programme.
    """

    slug: str
    title: Mapping[str, str]
    by: str
    adopted: dt.date | None
    tasks: int
    plan: bool
    example: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammesSheet:
    """The programmes that come with Comity, then the examples."""

    node: NodeSheet
    programmes: tuple[ProgrammeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeAnswer:
    """Who does what of a programme on a day.

    Args:
        review: As `comity programme review --json` writes it.
    """

    node: NodeSheet
    review: Mapping[str, Any]


def programmes_sheet(register: Register) -> ProgrammesSheet:
    """List the programmes and the examples."""
    plans = shipped_workplans()
    return ProgrammesSheet(
        node=register.node(),
        programmes=(
            *(_row(programme_sheet(one)) for one in shipped_programmes()),
            *(
                ProgrammeRow(
                    slug=slug,
                    title={"en": plan.title},
                    by="",
                    adopted=None,
                    tasks=len(plan.assignments),
                    plan=True,
                    example=plan.is_example,
                )
                for slug, plan in plans.items()
            ),
        ),
    )


def find_review(register: Register, slug: str, *, on: dt.date | None = None) -> ReviewSheet:
    """Say who does what of a programme by the logs, or by a shipped example.

    Work that another programme asks for as well is held against it.

    Raises:
        NotFound: No programme that comes with Comity is called so; no file is read.
    """
    day = on or register.view.as_of.date()
    plans = shipped_workplans()
    if slug in plans:
        return review_plan(plans[slug], day)
    programmes = {each.slug: each for each in shipped_programmes()}
    if slug not in programmes:
        near = near_miss(slug[:100], [*programmes, *plans])
        raise NotFound(
            f"no programme is called {slug[:100]!r}",
            code="desk.no_programme",
            hint=f"did you mean {near!r}?" if near else f"there are {', '.join(programmes)}",
        )
    return _only(review_logs(published(register), programmes, day), slug)


def answer_of(register: Register, sheet: ReviewSheet) -> ProgrammeAnswer:
    """Return a review as programs take it."""
    return ProgrammeAnswer(node=register.node(), review=sheet.to_json())


def _only(sheet: ReviewSheet, slug: str) -> ReviewSheet:
    """Keep of a review what is about one programme and the members that take part in it.

    A member that gave none of its tasks to anybody is not said to neglect them all.
    """
    every = [line for line in sheet.lines if line.programme == slug]
    taking = {line.member for line in every if line.now or line.later}
    return replace(
        sheet,
        programmes=tuple(one for one in sheet.programmes if one.slug == slug),
        members={member: name for member, name in sheet.members.items() if member in taking},
        lines=tuple(line for line in every if line.member in taking),
        flags=tuple(
            flag
            for flag in sheet.flags
            if any(task.partition("/")[0] == slug for task in flag.tasks)
            and (flag.member in taking or flag.code != Trouble.UNASSIGNED.value)
        ),
    )


def _row(sheet: ProgrammeSheet) -> ProgrammeRow:
    return ProgrammeRow(
        slug=sheet.slug,
        title=dict(sheet.title),
        by=sheet.by,
        adopted=sheet.adopted,
        tasks=len(sheet.tasks),
        plan=False,
        example=sheet.example,
    )
