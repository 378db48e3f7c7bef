# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from comity.node.disk.commit import GroupCommit


class Disk:
    """A step that the first caller holds up until all the others wait."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.queue: GroupCommit[int, str] = GroupCommit(self.commit, weigh=abs, limit=100)
        self.is_busy = threading.Event()
        self.may_end = threading.Event()

    def commit(self, items: Sequence[int]) -> list[str]:
        """Answer each, the first group only when told to."""
        self.is_busy.set()
        self.may_end.wait(30)
        self.groups.append(list(items))
        if 13 in items:
            raise OSError("the disk is full")
        return [f"{item} done" for item in items]


def through(disk: Disk, first: int, items: Sequence[int]) -> list[str | Exception]:
    """Submit one, and the others while it is on its way; return what each got."""

    def submit(item: int) -> str | Exception:
        try:
            return disk.queue.submit(item)
        except OSError as error:
            return error

    with ThreadPoolExecutor(len(items) + 1) as threads:
        got = [threads.submit(submit, first)]
        disk.is_busy.wait(30)
        got += [threads.submit(submit, item) for item in items]
        while len(disk.queue) < len(items):
            time.sleep(0.001)
        disk.may_end.set()
        return [one.result() for one in got]


def test_all_who_wait_share_the_next_commit() -> None:
    """Eight callers, two commits: the first alone, the others together."""
    disk = Disk()
    assert through(disk, 1, range(2, 9)) == [f"{n} done" for n in range(1, 9)]
    assert [len(group) for group in disk.groups] == [1, 7]


def test_a_group_keeps_to_its_limit() -> None:
    """What does not fit goes with the next; what fits nowhere goes alone."""
    disk = Disk()
    assert through(disk, 1, [60, 60, 500, 60]) == [f"{n} done" for n in (1, 60, 60, 500, 60)]
    assert all(sum(group) <= 100 or len(group) == 1 for group in disk.groups)


def test_everyone_of_a_group_that_failed_is_told() -> None:
    """And those of the group before are not."""
    disk = Disk()
    first, *others = through(disk, 1, [2, 13, 3])
    assert first == "1 done"
    assert [type(one) for one in others] == [OSError] * 3


def test_a_caller_alone_waits_for_nobody() -> None:
    """No timer, no other thread."""
    disk = Disk()
    disk.may_end.set()
    assert disk.queue.submit(5) == "5 done"
    with pytest.raises(OSError, match="full"):
        disk.queue.submit(13)
    assert disk.queue.submit(6) == "6 done"


def test_who_waits_is_told_when_the_commit_is_interrupted() -> None:
    """Whether it was done nobody knows: nobody tries again in another's name."""
    interrupting: GroupCommit[int, str] = GroupCommit(interrupt, weigh=abs, limit=100)
    with pytest.raises(KeyboardInterrupt):
        interrupting.submit(1)
    assert len(interrupting) == 0


def interrupt(items: Sequence[int]) -> list[str]:
    """Be interrupted by the keyboard."""
    raise KeyboardInterrupt(len(items))
