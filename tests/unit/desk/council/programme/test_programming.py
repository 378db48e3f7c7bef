# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes in logs: a member assigns its own institutions, once, and anyone reviews it."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import Federation
from tests.fakes.say import say

from comity.council.programme.programme import digest_of
from comity.desk.case.afterwards import withdraw
from comity.desk.council.programme.programming import (
    assign,
    assigned,
    programme_sheet,
    review_node,
    review_plan,
)
from comity.desk.council.programme.sheet import ReviewSheet
from comity.desk.log.shelf import ViewShelf
from comity.errors import NotPermitted
from comity.files.programme import Workplan, get_programme, get_workplan

DAY = dt.date(2027, 1, 15)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Federation]:
    """Return two members that follow each other."""
    federation = Federation(folder=tmp_path)
    try:
        for name, country in (("kh", "KHM"), ("br", "BRA")):
            federation.found(name, "regulator", country)
        yield federation
    finally:
        for node in federation.nodes.values():
            node.close()


@pytest.fixture(scope="module")
def plan() -> Workplan:
    """Return the shipped example."""
    return get_workplan("example-khm")


def reviewed(town: Federation, plan: Workplan, name: str = "br") -> ReviewSheet:
    """Return the review as one member sees it."""
    town.publish(*town.nodes.values())
    return review_node(town.nodes[name], plan.programmes, DAY)


def test_every_member_sees_the_same_review_as_the_file_gave(
    town: Federation, plan: Workplan
) -> None:
    """What a file says to one ministry, the log says to all."""
    assign(town.kh, plan, now=town.now())

    sheet, file = reviewed(town, plan), review_plan(plan, DAY)

    assert [(flag.code, flag.tasks) for flag in sheet.flags] == [
        (flag.code, flag.tasks) for flag in file.flags
    ]
    assert [row.institution for line in sheet.lines for row in line.now] == [
        row.institution for line in file.lines for row in line.now
    ]
    assert list(sheet.members.values()) == ["kh"]


def test_each_line_says_where_its_word_stands(town: Federation, plan: Workplan) -> None:
    """A page links every cell to the statement behind it."""
    assign(town.kh, plan, now=town.now())

    places = {row.place for line in reviewed(town, plan).lines for row in line.now}

    assert len(places) == len(plan.assignments)
    assert all(place.startswith("kh.example/log entry ") for place in places)


def test_what_stands_is_not_said_again(town: Federation, plan: Workplan) -> None:
    """Running a file twice must not fill a log that is kept for ever."""
    first = assign(town.kh, plan, now=town.now())
    again = assign(town.kh, plan, now=town.now())

    assert (len(first.references), first.standing) == (17, 0)
    assert (len(again.references), again.standing) == (0, 17)


def test_a_later_word_takes_the_place_of_an_earlier_one(
    town: Federation, plan: Workplan
) -> None:
    """A hand-over is one more statement."""
    one = plan.assignments[0]
    ended = replace(one, until=dt.date(2027, 1, 1))
    assign(town.kh, replace(plan, assignments=(one,)), now=town.now())
    assign(town.kh, replace(plan, assignments=(ended,)), now=town.now())

    town.publish(town.kh)
    (found,) = assigned(ViewShelf(town.br.view()))

    assert found.assignment.until == ended.until


def test_what_was_taken_back_counts_for_nothing(town: Federation, plan: Workplan) -> None:
    """And no older word comes back to life."""
    one = plan.assignments[0]
    assign(town.kh, replace(plan, assignments=(one,)), now=town.now())
    later = replace(one, part="half")
    (at,) = assign(town.kh, replace(plan, assignments=(later,)), now=town.now()).references

    withdraw(town.kh, at, "It was a slip.", now=town.now())
    town.publish(town.kh)

    assert assigned(ViewShelf(town.br.view())) == ()


def test_a_node_does_not_assign_for_another_state(town: Federation, plan: Workplan) -> None:
    """Brazil's node has no word on Cambodia's ministries."""
    before = town.br.view().members()[0].size

    with pytest.raises(NotPermitted, match="speaks for BRA alone"):
        assign(town.br, plan, now=town.now())

    assert town.br.view().members()[0].size == before


def test_a_foreign_institution_in_a_log_is_flagged_and_holds_nothing(
    town: Federation, plan: Workplan
) -> None:
    """Another program may log what it likes; nobody's ministry is moved by it."""
    text = digest_of(plan.programmes["action-plan"])
    say(
        town.br, "assignment",
        {
            "issued": "2026-11-21T19:19:24Z", "programme": "action-plan", "text": text.hex(),
            "task": "7", "since": "2026-12-01",
            "institution": {"name": "mptc", "title": "Post", "of": town.kh.member},
        },
        subject=text, now=town.now(),
    )  # fmt: skip

    sheet = reviewed(town, plan, "kh")

    assert "foreign" in {flag.code for flag in sheet.flags}
    assert all(not line.now for line in sheet.lines)


def test_a_malformed_assignment_of_another_blocks_nothing(
    town: Federation, plan: Workplan
) -> None:
    """Somebody else's slip must not hide what all others do."""
    text = digest_of(plan.programmes["action-plan"])
    say(town.br, "assignment", {"task": 7}, subject=text, now=town.now())
    assign(town.kh, plan, now=town.now())

    assert len(reviewed(town, plan).flags) == 2


def test_a_line_carries_its_own_flags(plan: Workplan) -> None:
    """A page marks the row, not only a list beneath."""
    marked = {
        f"{line.programme}/{line.task}": line.flags
        for line in review_plan(plan, DAY).lines
        if line.flags
    }

    assert marked == {
        "action-plan/7": ("unassigned",),
        "action-plan/8": ("undivided",),
        "organization/standards": ("undivided",),
    }


def test_sheets_are_plain_json(plan: Workplan) -> None:
    """What the API serves and a page draws."""
    sheet = review_plan(plan, DAY)

    again = json.loads(json.dumps(sheet.to_json(), ensure_ascii=False))

    assert again["example"] is True
    assert len(again["lines"]) == 18
    assert again["programmes"][0] == programme_sheet(get_programme("action-plan")).to_json()
