# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes that see different things say what each lacks, never different truths for one."""

from dataclasses import replace

from tests.fakes.council import CLOSES, A, B, C, Scene, at, origin_of

from comity.council.decision.comparison import Finding, compare, finding_of
from comity.council.decision.docket import HeldLog
from comity.council.decision.result import State
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId

NAMES = ("kh", "br")


def finding(*logs: HeldLog) -> Finding:
    """Return what a reader of some logs found."""
    scene = Scene()
    scene.docket = replace(scene.docket, logs=logs)
    return finding_of(scene.tally())


def log(member: MemberId = A, size: int = 9, root: bytes = b"r", **more: int) -> HeldLog:
    """Return a log as held."""
    return HeldLog(
        member=member,
        origin=origin_of(member),
        size=size,
        root=sha256(root),
        **more,
    )


def test_the_same_logs_and_instant_leave_nothing_to_say() -> None:
    """In whatever order they were followed."""
    one, other = finding(log(A), log(B)), finding(log(B), log(A))

    assert one == other
    assert compare(one, other, NAMES) == ()


def test_a_partition_shows_as_what_each_side_lacks() -> None:
    """Entries by number, logs by name: both can go and fetch them."""
    here = finding(log(A, 9), log(B, 4))
    there = finding(log(A, 7), log(B, 5), log(C))
    found = compare(here, there, NAMES)

    assert [(one.text, one.lacks) for one in found] == [
        ("br lacks entries 7 to 8 of a.example/log", 1),
        ("kh lacks entry 4 of b.example/log", 0),
        ("kh does not hold the log c.example/log", 0),
    ]


def test_two_roots_of_one_size_are_two_stories_or_one_lie() -> None:
    """Or a reader is: a root in a result is not signed by its log, and convicts nobody."""
    (found,) = compare(finding(log(A)), finding(log(A, root=b"s")), NAMES)

    assert (found.kind, found.lacks) == ("root", None)
    assert "or one result is untrue" in found.text


def test_evidence_of_a_fork_that_one_lacks_is_named() -> None:
    """It voids ballots, so it must be shared."""
    (found,) = compare(finding(log(A)), finding(log(A, forked_from=3)), NAMES)

    assert (found.kind, found.lacks) == ("fork", 0)
    assert found.text.startswith(f"{NAMES[1]} counts a.example/log as")


def test_another_instant_is_said() -> None:
    """A count before the close is not one after it."""
    scene = Scene()
    (found,) = compare(finding_of(scene.tally(at(1))), finding_of(scene.tally()), NAMES)

    assert found.kind == "instant"


def test_other_results_from_the_same_logs_convict_a_reader() -> None:
    """Counting is arithmetic."""
    one = finding(log(A))
    (found,) = compare(one, replace(one, state=State.ADOPTED, passed=True), NAMES)

    assert found.kind == "result"


def test_results_of_two_proposals_are_not_compared() -> None:
    """There is nothing to learn."""
    one = finding(log(A))
    other = replace(one, proposal=replace(one.proposal, index=99))
    (found,) = compare(one, other, NAMES)

    assert found.kind == "proposal"
    assert one.as_of == CLOSES
