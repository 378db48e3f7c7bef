# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import random
from pathlib import Path

import pytest
from tests.fakes.power import FOR_EVER, Medium

from comity.errors import StorageFailed
from comity.node.disk.storage import Disk
from comity.node.disk.writer import Writer


@pytest.fixture
def medium() -> Medium:
    """Return storage whose power never fails by itself."""
    return Medium(random.Random(1), steps_left=FOR_EVER)  # noqa: S311 - replayable


def test_all_is_durable_at_the_end_and_by_the_batch_before(medium: Medium) -> None:
    """A long run loses at most its last batch to a power cut."""
    with Writer(medium, "in/") as writer:
        for number in range(600):
            writer.put(str(number), b"x")
        assert len(medium.kept) == 512
    assert medium.kept == {f"in/{number}": b"x" for number in range(600)}


def test_what_another_process_left_is_synced_too(medium: Medium) -> None:
    """It was killed before it could, and soon something rests on it."""
    medium.replace("in/1", b"left", durable=False)
    with Writer(medium, "in/") as writer:
        writer.keep("1")
    assert medium.kept == {"in/1": b"left"}


def test_after_an_error_what_came_before_is_there(medium: Medium) -> None:
    """The next run goes on from it."""
    writer = Writer(medium, "in/")
    writer.put("1", b"x")
    writer.__exit__(KeyError, KeyError(), None)
    assert medium.kept == {"in/1": b"x"}


def test_nothing_is_seen_before_it_is_synced(tmp_path: Path) -> None:
    """A stick pulled out early holds whole files only, and what is half-written has no name."""
    disk = Disk(tmp_path)
    writer = Writer(disk, "in/")
    for number in range(520):
        writer.put(f"{number:03d}", b"x")
    assert list(disk.names("in")) == [f"in/{number:03d}" for number in range(512)]
    assert len(list(disk.left_over(tiles=True))) == 0
    writer.__exit__(None, None, None)
    assert len(list(disk.names("in"))) == 520


def test_what_the_disk_refuses_is_said(tmp_path: Path) -> None:
    """By whichever of the syncs at once it was."""
    disk = Disk(tmp_path)
    writer = Writer(disk, "in/")
    for number in range(100):
        writer.put(str(number), b"x")
    next((tmp_path / "in").glob(".70.*")).unlink()
    with pytest.raises(StorageFailed, match="sync"):
        writer.__exit__(None, None, None)
