# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity programme`: the tasks of an adopted plan, and which institution does each."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from comity.cli.council.render_programme import print_programme, print_programmes, print_review
from comity.cli.option import day_of, print_json, today, words_of
from comity.cli.session import Json, PassphraseFile, Publish, Telling, looked_at, opened
from comity.desk.council.programme.programming import assign as assign_tasks
from comity.desk.council.programme.programming import programme_sheet, review_node, review_plan
from comity.errors import Fault, InvalidDocument
from comity.files.programme import (
    Workplan,
    get_programme,
    get_workplan,
    read_either,
    shipped_programmes,
    shipped_workplans,
)
from comity.node.clock import read_clock

app = App(name="programme", help="Carry out an adopted plan: who does which task.")

Node = Annotated[
    Path | None, Parameter(name="--node", help="A node's folder: read what logs say.")
]


@app.command(name="list")
def list_(*, as_json: Json = False) -> None:
    """List the programmes that come with Comity, and the example of who does them.

    Example: comity programme list
    """
    sheets = [programme_sheet(each) for each in shipped_programmes()]
    if as_json:
        plans = [_plan_json(*one) for one in shipped_workplans().items()]
        print_json([*(sheet.to_json() for sheet in sheets), *plans])
    else:
        print_programmes(Console(highlight=False), sheets, shipped_workplans())


def _plan_json(slug: str, plan: Workplan) -> dict[str, object]:
    """Return who does what, in a list of programmes, as plain values."""
    return {
        "plan": slug,
        "title": {"en": plan.title},
        "source": plan.source,
        "example": plan.is_example,
        "programmes": sorted(plan.programmes),
        "assignments": len(plan.assignments),
    }


@app.command
def show(name: str, *, as_json: Json = False) -> None:
    """Show a programme's tasks, where each stands in the plan, and how well that was seen.

    Example: comity programme show action-plan

    Args:
        name: A programme's name, or a .toml file of one's own.
    """
    sheet = programme_sheet(get_programme(name))
    if as_json:
        print_json(sheet.to_json())
    else:
        print_programme(Console(highlight=False), sheet)


@app.command
def check(file: str, *, as_json: Json = False) -> None:
    """Read a file of tasks, or of who does them, and list every fault with its place.

    Example: comity programme check example-khm

    Args:
        file: A .toml file, or the name of one that comes with Comity.
    """
    found = read_either(file)
    telling = Telling(as_json=as_json)
    if isinstance(found, Workplan):
        count, what = len(found.assignments), "assignments"
    else:
        count, what = len(found.tasks), "tasks"
    telling.say(f"{file}: {count} {what}, no faults")
    telling.print_json({"file": file, what: count, "faults": []})


@app.command
def review(
    file: str = "",
    *,
    node: Node = None,
    programmes: str = "",
    on: str = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say who does what on a day, and flag what is done twice or by nobody.

    Two institutions may share a task if each says which part is its own. Tasks of two
    programmes that are the same work are looked at together.

    Example: comity programme review example-khm --on 2027-01-15

    Example: comity programme review --node kh --programmes action-plan

    Args:
        file: Who does what, as a .toml file or the name of one that comes with Comity.
        programmes: With --node, which programmes; without it, all that come with Comity.
        on: The day, such as 2027-01-15; without it, today.
    """
    day = day_of(on) or today()
    if bool(file) is (node is not None):
        fault = Fault(message="give a file or --node, one of them")
        raise InvalidDocument("nothing to review", code="cli.choose", faults=[fault])
    if node is None:
        sheet = review_plan(get_workplan(file), day)
    else:
        asked = [get_programme(name) for name in words_of(programmes)] or shipped_programmes()
        with looked_at(node, passphrase_file) as own:
            sheet = review_node(own, {each.slug: each for each in asked}, day)
    if as_json:
        print_json(sheet.to_json())
    else:
        print_review(Console(highlight=False), sheet)


@app.command
def assign(
    file: str,
    *,
    node: Annotated[Path, Parameter(name="--node", help="The node's folder.")],
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say in this node's log which institution does which task, as a file says.

    Each line of the file becomes a statement of its own. What stands already is not said
    again; a later statement on the same task and institution takes the place of an earlier
    one; comity withdraw takes one back. A member assigns its own institutions only.

    Example: comity programme assign ours.toml --node kh

    Args:
        file: Who does what, as a .toml file; its member is this node's country code.
    """
    plan = get_workplan(file)
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        logged = assign_tasks(own, plan, now=read_clock())
        telling.logged_each(
            own, logged.references, "assignments", standing=logged.standing, publish=publish
        )
