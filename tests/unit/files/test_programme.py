# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes and workplans on disk: what ships is sound, every fault of one's own is listed."""

import datetime as dt
from pathlib import Path

import pytest

from comity.council.programme.review import Trouble, review
from comity.errors import InvalidDocument, NotFound
from comity.files.library import shipped_library
from comity.files.programme import (
    Workplan,
    get_programme,
    get_workplan,
    read_either,
    read_programme,
    read_workplan,
    shipped_programmes,
)

TASKS = """
title = "A plan"
by = "us"
source = "made up"

[[task]]
id = "a"
title = "First"
says = "Do it."
cites = "point a"
basis = "text"
"""
WORK = """
title = "Ours"
programmes = ["plan.toml"]

[[institution]]
id = "post"
title = "The post"
of = "KHM"

[[assignment]]
programme = "plan"
tasks = ["a"]
institution = "post"
since = 2026-12-01
"""


def write(folder: Path, work: str = WORK, tasks: str = TASKS) -> Path:
    """Write a programme and who does it."""
    (folder / "plan.toml").write_text(tasks, "utf-8")
    path = folder / "work.toml"
    path.write_text(work, "utf-8")
    return path


def test_the_action_plan_has_thirteen_points_each_with_its_place_and_basis() -> None:
    """The plan says thirteen; what was not seen is marked as memory."""
    plan = get_programme("action-plan")

    assert [task.id for task in plan.tasks] == [str(number) for number in range(1, 14)]
    assert all(task.cites and task.title.in_language("zh") for task in plan.tasks)
    assert plan.find("13") is not None
    assert {task.basis for task in plan.tasks} == {"text", "secondary", "memory"}


@pytest.mark.parametrize("slug", [each.slug for each in shipped_programmes()])
def test_every_norm_a_task_names_is_in_a_pack(slug: str) -> None:
    """A link to nowhere is no citation."""
    known = {norm.name for pack in shipped_library().packs for norm in pack.norms}

    for task in get_programme(slug).tasks:
        assert set(task.norms) <= known, task.id


def test_every_same_work_is_a_task_of_a_programme_that_ships() -> None:
    """What is the same work as nothing would never be flagged."""
    known = {f"{each.slug}/{task.id}" for each in shipped_programmes() for task in each.tasks}

    assert {
        w for each in shipped_programmes() for t in each.tasks for w in t.same_work
    } <= known


def test_the_cambodian_example_flags_one_task_of_nobody_and_one_of_two() -> None:
    """The telecommunications ministry has the plan, the science ministry the organization."""
    plan = get_workplan("example-khm")

    found = review(plan.programmes, plan.assignments, dt.date(2027, 1, 15))

    assert plan.is_example
    assert [(flag.trouble, flag.tasks) for flag in found.flags] == [
        (Trouble.UNASSIGNED, ("action-plan/7",)),
        (Trouble.UNDIVIDED, ("action-plan/8", "organization/standards")),
    ]


def test_a_workplan_names_programmes_beside_it(tmp_path: Path) -> None:
    """Any adopted plan is a programme, not only those that ship."""
    plan = read_workplan(write(tmp_path))

    assert [(a.member, a.task, a.institution.slug) for a in plan.assignments] == [
        ("KHM", "a", "post")
    ]


def test_either_kind_of_file_is_told_by_what_it_holds(tmp_path: Path) -> None:
    """Whoever checks a file need not say which it is."""
    path = write(tmp_path)

    assert isinstance(read_either(str(path)), Workplan)
    assert not isinstance(read_either(str(tmp_path / "plan.toml")), Workplan)


@pytest.mark.parametrize(
    ("old", "new", "said", "near"),
    [
        ('tasks = ["a"]', 'tasks = ["b"]', "plan has no task 'b'", None),
        ('tasks = ["a"]', "", "no task is named", None),
        ('institution = "post"', 'institution = "pots"', "'pots' is none of post", "post"),
        ('of = "KHM"', 'of = "KHZ"', "'KHZ' is no ISO 3166-1 alpha-3 code", "KHM"),
        ('programme = "plan"', 'programme = "pln"', "'pln' is none of plan", "plan"),
        ("since = 2026-12-01", "", "since is missing", None),
        ("since = 2026-12-01", "since = 2026-12-01\nuntil = 2026-11-01", "not after", None),
        ("since = 2026-12-01", "since = 2026-12-01\nled = true", "'led'", "lead"),
        ('["plan.toml"]', '["action-pla"]', "no programme is called", "action-plan"),
    ],
)
def test_each_fault_of_a_workplan_has_its_place(
    tmp_path: Path, old: str, new: str, said: str, near: str | None
) -> None:
    """The line is what an official looks for."""
    with pytest.raises(InvalidDocument) as refused:
        read_workplan(write(tmp_path, WORK.replace(old, new)))

    (fault,) = [each for each in refused.value.faults if said in each.message]
    assert fault.line is not None
    assert fault.near == near


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('basis = "text"', 'basis = "hearsay"', "'hearsay' is none of"),
        ('cites = "point a"', "", "cites is missing"),
        ('title = "First"', 'title = "First"\nsame_work = ["x"]', "programme/task"),
        ("[[task]]", "[[tasks]]", "1 to 500 tasks"),
    ],
)
def test_each_fault_of_a_programme_is_said(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """A task without its place in the plan is somebody's wish."""
    write(tmp_path, tasks=TASKS.replace(old, new))

    with pytest.raises(InvalidDocument) as refused:
        read_programme(tmp_path / "plan.toml")

    assert said in str(refused.value)


def test_a_task_that_stands_twice_is_said(tmp_path: Path) -> None:
    """Two tasks of one name are none that anybody can be given."""
    write(tmp_path, tasks=TASKS + TASKS[TASKS.index("[[task]]") :])

    with pytest.raises(InvalidDocument, match="stands twice"):
        read_programme(tmp_path / "plan.toml")


def test_a_programme_nobody_knows_gets_the_nearest() -> None:
    """A slip of the pen is the likeliest reason."""
    with pytest.raises(NotFound) as refused:
        get_programme("action-plam")

    assert "action-plan" in refused.value.hint
