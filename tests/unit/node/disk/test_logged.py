# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from comity.kernel.instant import Instant, from_posix
from comity.node.disk.logged import note_size, read_logged
from comity.node.disk.storage import Disk


def test_an_entry_was_logged_when_it_was_first_under_a_checkpoint(
    tmp_path: Path, now: Instant
) -> None:
    """Later checkpoints change nothing about it; what nobody noted is unknown."""
    disk = Disk(tmp_path)
    for minutes, size in ((0, 2), (1, 2), (2, 1), (3, 5)):
        note_size(disk, "log/", size, now + timedelta(minutes=minutes))
    logged_at = read_logged(disk, "log/")
    first, second = now, now + timedelta(minutes=3)
    assert [logged_at(index) for index in range(6)] == [first, first, *[second] * 3, None]
    assert read_logged(disk, "other/")(0) is None


def test_a_torn_line_is_passed_over(tmp_path: Path, now: Instant) -> None:
    """A power cut may leave half of the last one."""
    disk = Disk(tmp_path)
    note_size(disk, "", 2, now)
    disk.write("logged", disk.length("logged"), b"5 17")
    assert read_logged(disk, "")(1) == now
    assert read_logged(disk, "")(4) is None
    note_size(disk, "", 5, now)
    assert read_logged(disk, "")(4) == now


@given(steps=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**9)), max_size=20))
def test_times_never_go_back_along_a_log(
    steps: list[tuple[int, int]], tmp_path_factory: object
) -> None:
    """Even where the clock did: feeds are read in the order of these times."""
    disk = Disk(tmp_path_factory.mktemp("log"))  # type: ignore[attr-defined]  # pytest's own
    for size, seconds in steps:
        note_size(disk, "", size, from_posix(seconds))
    logged_at = read_logged(disk, "")
    times = [logged_at(index) for index in range(50)]
    known = [one for one in times if one is not None]
    assert known == sorted(known)
    assert None not in times[: len(known)]
