# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import itertools
import os
import random
from contextlib import suppress
from pathlib import Path

import pytest
from tests.fakes.outage import Outage, powered
from tests.fakes.power import FOR_EVER, Medium, PowerCut

from comity.errors import StorageFailed
from comity.node.disk import writer as writers
from comity.node.disk.barrier import find_barrier
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
    for number in range(1030):
        writer.put(f"{number:04d}", b"x")
    seen = list(disk.names("in"))
    assert seen[:512] == [f"in/{number:04d}" for number in range(512)]
    assert {disk.read(name) for name in seen} == {b"x"}
    assert not list(disk.left_over(tiles=True))
    writer.__exit__(None, None, None)
    assert len(list(disk.names("in"))) == 1030


def test_a_power_cut_leaves_whole_files_and_all_that_is_promised(tmp_path: Path) -> None:
    """Cut at every step: what has its name has its bytes, and after the end everything has."""
    if find_barrier(tmp_path) is None:
        pytest.skip("the file system below the tests' folder has no barrier that is trusted")
    names = [f"in/{number}" for number in range(20)]
    for at in itertools.count(1):
        disk = Disk(tmp_path / str(at))
        disk.folder.mkdir()
        outage = Outage(disk.folder, at, random.Random(at))  # noqa: S311 - replayable
        with powered(outage), suppress(PowerCut), Writer(disk, "") as writer:
            for name in names:
                writer.put(name, name.encode() * 9)
        is_done = not outage.is_over
        outage.restart()
        seen = [name for name in names if disk.length(name)]
        assert [disk.read(name) for name in seen] == [name.encode() * 9 for name in seen]
        if is_done:
            assert seen == names
            break
    assert at > 40


def test_an_error_of_a_batch_aside_is_not_lost(tmp_path: Path) -> None:
    """Whoever writes on must hear that what was written before is not there."""
    writer = Writer(Disk(tmp_path), "in/")
    for number in range(511):
        writer.put(str(number), b"x")
    next((tmp_path / "in").glob(".70.*")).unlink()
    writer.put("511", b"x")
    with pytest.raises(StorageFailed, match="write"):
        writer.__exit__(None, None, None)


def test_without_a_barrier_each_file_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a stick, say, or a disk reached over a network."""
    monkeypatch.setattr(writers, "find_barrier", lambda _folder: None)
    disk, synced, sync = Disk(tmp_path), set[str](), os.fdatasync

    def looking(handle: int) -> None:
        synced.add(os.readlink(f"/proc/self/fd/{handle}").split(".")[1])  # noqa: PTH115 - no path
        sync(handle)

    monkeypatch.setattr(os, "fdatasync", looking)
    names = [f"{number:02d}" for number in range(20)]
    with Writer(disk, "in/") as writer:
        for name in names:
            writer.put(name, b"x")
    assert sorted(synced) == names
    assert list(disk.names("in")) == [f"in/{name}" for name in names]


def test_what_the_disk_refuses_is_said(tmp_path: Path) -> None:
    """By whichever of the syncs at once it was."""
    disk = Disk(tmp_path)
    writer = Writer(disk, "in/")
    for number in range(100):
        writer.put(str(number), b"x")
    next((tmp_path / "in").glob(".70.*")).unlink()
    with pytest.raises(StorageFailed, match=r"write|sync"):
        writer.__exit__(None, None, None)
