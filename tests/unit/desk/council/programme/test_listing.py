# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes as a register shows them: by the logs, and the shipped example."""

import datetime as dt

import pytest
from tests.fakes.forum import gather
from tests.fakes.world import World, build

from comity.desk.council.programme.listing import answer_of, find_review, programmes_sheet
from comity.desk.register.lookout import Lookout
from comity.desk.register.register import Register
from comity.errors import NotFound


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation in which one member assigns a task twice."""
    made = build()
    gather(made)
    return made


@pytest.fixture(scope="module")
def register(world: World) -> Register:
    """Return its register."""
    return Lookout(world.view).register()


def test_programmes_come_before_examples(register: Register) -> None:
    """An example is not a plan that anybody adopted."""
    rows = programmes_sheet(register).programmes

    assert [(row.slug, row.plan) for row in rows] == [
        ("action-plan", False),
        ("organization", False),
        ("example-khm", True),
    ]
    assert rows[2].example


def test_a_review_is_of_one_programme_and_of_work_it_shares(
    register: Register, world: World
) -> None:
    """A flag that another plan's task is part of belongs to both."""
    plan, other = (find_review(register, slug) for slug in ("action-plan", "organization"))
    shared = [flag for flag in plan.flags if "organization/standards" in flag.tasks]

    assert {line.programme for line in plan.lines} == {"action-plan"}
    assert list(plan.members) == [world.khm.member]
    assert [flag.code for flag in shared] == ["undivided"]
    assert shared[0] in other.flags
    assert other.lines == ()


def test_an_assignment_holds_from_its_first_day(register: Register) -> None:
    """Who did what is a question about a day."""
    before = find_review(register, "action-plan", on=dt.date(2025, 12, 31))

    assert all(not line.now for line in before.lines)
    assert any(line.later for line in before.lines)


def test_the_answer_is_what_the_command_writes(register: Register) -> None:
    """One projection, several doors."""
    sheet = find_review(register, "example-khm", on=dt.date(2027, 1, 15))

    assert answer_of(register, sheet).review == sheet.to_json()
    assert sheet.example


@pytest.mark.parametrize("slug", ["action-plam", "action-plan.toml", "/etc/passwd", ""])
def test_no_name_opens_a_file(register: Register, slug: str) -> None:
    """A visitor names a programme, never a path."""
    with pytest.raises(NotFound) as caught:
        find_review(register, slug)

    assert caught.value.code == "desk.no_programme"
