# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who does what: declared shares, work done twice or by nobody, words that do not count."""

import datetime as dt
from typing import Any

import pytest

from comity.council.programme.assignment import (
    Assignment,
    Institution,
    from_assignment_json,
    to_assignment_json,
)
from comity.council.programme.programme import Programme, Task, digest_of
from comity.council.programme.review import Flag, Trouble, review
from comity.errors import InvalidDocument
from comity.kernel.digest import sha256
from comity.kernel.localtext import LocalText

DAY = dt.date(2027, 1, 15)
SINCE = dt.date(2026, 12, 1)


def task(name: str, *same_work: str) -> Task:
    """Make up a task."""
    return Task(
        id=name, title=LocalText(by_tag={"en": name}), says=f"Do {name}.", cites="point",
        basis="text", same_work=same_work,
    )  # fmt: skip


def programme(slug: str, *tasks: Task) -> Programme:
    """Make up a programme."""
    return Programme(
        slug=slug, title=LocalText(by_tag={"en": slug}), adopted=None, by="us", source="us",
        tasks=tasks,
    )  # fmt: skip


PLAN = programme("plan", task("1"), task("2"))
OTHER = programme("other", task("same", "plan/2"))
BOTH = {"plan": PLAN, "other": OTHER}


def given(who: str, name: str = "1", **more: Any) -> Assignment:
    """Let a member AAA give a task to an institution of its own."""
    fields: dict[str, Any] = {
        "member": "AAA",
        "programme": "plan",
        "task": name,
        "institution": Institution(slug=who, title=who, of="AAA"),
        "since": SINCE,
    }
    return Assignment(**(fields | more))


def flags(*assignments: Assignment, on: dt.date = DAY) -> list[tuple[Trouble, str]]:
    """Return what is flagged of task 1, and of what no programme asks."""
    found = review({"plan": PLAN}, [given("rest", "2"), *assignments], on)
    return [(flag.trouble, ",".join(flag.who)) for flag in found.flags]


def test_a_task_with_one_institution_is_in_order() -> None:
    """Nothing to settle, nothing said."""
    assert flags(given("post")) == []


def test_a_task_with_nobody_is_flagged() -> None:
    """What nobody has is not done."""
    found = review({"plan": PLAN}, [given("post", "2")], DAY)

    assert found.flags == (
        Flag(trouble=Trouble.UNASSIGNED, member="AAA", tasks=("plan/1",)),
    )  # fmt: skip


def test_two_on_one_task_are_flagged_until_each_says_its_part() -> None:
    """Two ministries that each hold the whole do the work twice, or neither does."""
    assert flags(given("post"), given("science")) == [(Trouble.UNDIVIDED, "post,science")]
    assert flags(given("post", part="law"), given("science")) == [
        (Trouble.UNDIVIDED, "post,science")
    ]
    assert flags(given("post", part="law"), given("science", part="research")) == []


def test_two_that_claim_the_same_part_are_flagged() -> None:
    """A split in which both halves are the same is no split, whatever the spelling."""
    assert flags(given("post", part="The  law"), given("science", part="the law")) == [
        (Trouble.SAME_PART, "post,science")
    ]


def test_one_task_has_one_lead() -> None:
    """Two that answer for it are nobody to ask."""
    assert flags(
        given("post", part="law", is_lead=True), given("science", part="labs", is_lead=True)
    ) == [(Trouble.TWO_LEADS, "post,science")]


def test_one_after_the_other_is_no_overlap() -> None:
    """A task that is handed over is done once."""
    until = dt.date(2027, 2, 1)

    assert flags(given("post", until=until), given("science", since=until)) == []


def test_an_overlap_to_come_is_flagged_before_it_begins() -> None:
    """That is when it can still be settled."""
    later = dt.date(2027, 6, 1)

    assert flags(given("post"), given("science", since=later)) == [
        (Trouble.UNDIVIDED, "post,science")
    ]


def test_what_has_ended_is_held_by_nobody() -> None:
    """The last day was yesterday."""
    assert flags(given("post", until=DAY)) == [(Trouble.UNASSIGNED, "")]
    assert flags(given("post", until=DAY + dt.timedelta(days=1))) == []


def test_one_institution_given_a_task_twice_is_flagged() -> None:
    """Two orders for one thing are a slip of the pen."""
    again = given("post", since=SINCE + dt.timedelta(days=9))

    assert flags(given("post"), again) == [(Trouble.REPEATED, "post")]


def test_a_member_assigns_only_its_own_institutions() -> None:
    """Nobody gives orders to another state's ministry; such words count for nothing."""
    theirs = Institution(slug="post", title="post", of="BBB")

    assert flags(given("post", institution=theirs)) == [
        (Trouble.UNASSIGNED, ""),
        (Trouble.FOREIGN, "post"),
    ]


@pytest.mark.parametrize(
    ("more", "trouble"),
    [
        ({"task": "9"}, Trouble.UNKNOWN_TASK),
        ({"programme": "pla"}, Trouble.UNKNOWN_PROGRAMME),
        ({"digest": sha256(b"another text")}, Trouble.OTHER_TEXT),
    ],
)
def test_words_on_what_is_not_there_are_flagged_and_count_not(
    more: dict[str, Any], trouble: Trouble
) -> None:
    """A plan that was changed since was not agreed to."""
    found = [flag for flag, _ in flags(given("post", **more))]

    assert found == [Trouble.UNASSIGNED, trouble]


def test_the_same_work_in_two_programmes_is_looked_at_together() -> None:
    """That is how one ministry on the plan and another on the organization collide."""
    every = [
        given("post"),
        given("post", "2"),
        given("science", programme="other", task="same"),
    ]

    found = review(BOTH, every, DAY)

    assert found.flags == (
        Flag(
            trouble=Trouble.UNDIVIDED, member="AAA", tasks=("other/same", "plan/2"),
            who=("post", "science"),
        ),
    )  # fmt: skip


def test_the_same_work_done_in_one_programme_is_done_in_the_other() -> None:
    """Whoever has it under one name has it."""
    assert review(BOTH, [given("post"), given("post", "2")], DAY).flags == ()


def test_each_member_has_a_line_for_each_task() -> None:
    """A page shows one line a ministry's task, empty ones too."""
    found = review({"plan": PLAN}, [given("post")], DAY, members=["BBB"])

    assert [(line.member, line.task, len(line.now)) for line in found.lines] == [
        ("AAA", "1", 1), ("AAA", "2", 0), ("BBB", "1", 0), ("BBB", "2", 0),
    ]  # fmt: skip


def test_the_digest_holds_what_is_to_be_done_and_nothing_else() -> None:
    """A better source or another translation must not unsettle who does what."""
    sourced = Programme(
        slug="plan", title=LocalText(by_tag={"en": "plan", "zh": "计划"}), adopted=DAY, by="x",
        source="y", tasks=PLAN.tasks,
    )  # fmt: skip
    longer = programme("plan", task("1"), task("2"), task("3"))

    assert digest_of(sourced) == digest_of(PLAN)
    assert digest_of(longer) != digest_of(PLAN)


def test_an_assignment_comes_back_from_the_wire() -> None:
    """What a member signs is what everyone reads."""
    digest = digest_of(PLAN)
    one = given("post", part="law", is_lead=True, until=DAY, digest=digest)

    written = {"issued": "2026-11-21T19:19:24Z", **to_assignment_json(one, digest)}

    assert from_assignment_json("AAA", written) == one


def test_a_malformed_assignment_lists_every_fault() -> None:
    """All at once, with the field."""
    with pytest.raises(InvalidDocument) as refused:
        from_assignment_json(
            "AAA",
            {"issued": "2026-11-21T19:19:24Z", "programme": "plan", "task": "", "text": "00",
             "institution": {"name": "post"}, "since": "2027-02-30", "until": "2026-01-01"},
        )  # fmt: skip

    said = " ".join(str(fault) for fault in refused.value.faults)
    for field in ("task", "text", "institution.title", "institution.of", "since"):
        assert field in said
