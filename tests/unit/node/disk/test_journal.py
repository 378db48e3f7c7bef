# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument, StorageFailed
from comity.node.disk.journal import Journal, read_frames, to_frame
from comity.node.disk.storage import Disk

GROUPS = [[b"one"], [b"two", b""], [b"x" * 3000] * 3]
WHOLE = b"".join(map(to_frame, GROUPS))


def groups(disk: Disk, start: int = 0) -> list[list[bytes]]:
    """Return the groups of a journal from a byte on."""
    return [list(frame.entries) for frame in read_frames(disk, "journal", start)]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Return storage with a journal of three groups."""
    made = Disk(tmp_path)
    made.replace("journal", WHOLE)
    return made


def test_groups_come_back_as_they_were_written(disk: Disk) -> None:
    """Each whole, in order, each with its place."""
    assert groups(disk) == GROUPS
    frames = list(read_frames(disk, "journal", 0))
    assert [frame.start for frame in frames[1:]] == [frame.end for frame in frames[:-1]]
    assert groups(disk, frames[1].start) == GROUPS[1:]
    assert groups(Disk(disk.folder / "empty")) == []


def test_a_torn_tail_ends_the_reading(disk: Disk) -> None:
    """At whatever byte it was torn, the groups before it are read and it is not."""
    ends = [0]
    for group in GROUPS:
        ends.append(ends[-1] + len(to_frame(group)))
    for cut in (*range(ends[2] + 40), len(WHOLE) - 1):
        disk.replace("journal", WHOLE[:cut])
        assert groups(disk) == GROUPS[: sum(end <= cut for end in ends[1:])]


def test_a_damaged_frame_that_others_follow_is_not_skipped(disk: Disk) -> None:
    """Skipping it would drop entries others have seen."""
    for at in range(4, len(to_frame(GROUPS[0]))):
        changed = bytearray(WHOLE)
        changed[at] ^= 1
        disk.replace("journal", bytes(changed))
        with pytest.raises(StorageFailed, match="damaged at byte 0"):
            groups(disk)


@pytest.mark.parametrize("entries", [[], [bytes(65_536)]])
def test_what_is_no_group_is_not_written(entries: list[bytes]) -> None:
    """Nothing, and an entry that does not fit."""
    with pytest.raises(InvalidDocument):
        to_frame(entries)


@given(st.binary(max_size=200))
def test_a_journal_of_any_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Reading raises nothing but ours."""
    disk = Disk(tmp_path_factory.mktemp("j"))
    disk.replace("journal", content, durable=False)
    try:
        groups(disk)
    except StorageFailed as refused:
        assert refused.code == "node.journal_damaged"  # noqa: PT017 - it may also not raise


def test_room_is_made_for_many_appends_and_again_after_a_cut(tmp_path: Path) -> None:
    """What stands in room written beforehand changes no length, which is what a sync costs."""
    disk = Disk(tmp_path)
    journal = Journal(disk, "journal")
    for _ in range(2):
        lengths = set[int]()
        for _ in range(20):
            journal.end = journal.append(to_frame([b"x" * 100]))
            lengths.add(disk.length("journal"))
        (length,) = lengths
        assert length > journal.end
        journal.take_back(journal.end - 112 - 2)
        assert disk.length("journal") == journal.end
    assert len(groups(disk)) == 38
