# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import os
from pathlib import Path

import pytest

from comity.errors import Conflict, NotFound, StorageFailed
from comity.node.disk.storage import Disk


def test_an_open_file_reads_what_was_written_since(tmp_path: Path) -> None:
    """A record is compared through it with what another process may have put there."""
    disk = Disk(tmp_path)
    disk.write("a", 0, b"old", durable=False)
    with disk.opened("a") as file:
        disk.write("a", 0, b"new", durable=False)
        assert file.read(0, 9) == file.read() == b"new"
        assert file.read(1) == b"ew"


def test_a_lock_gives_the_locked_file(tmp_path: Path) -> None:
    """What is compared and swapped under it is the file that is locked, and no other."""
    disk = Disk(tmp_path)
    with disk.lock("new/a", 0) as file:
        file.write(2, b"x")
        with pytest.raises(Conflict):
            disk.lock("new/a", 0)
    assert disk.read("new/a") == b"\0\0x"


def test_no_file_is_left_open(tmp_path: Path) -> None:
    """A server appends for years; a lock that is refused must close its file, too."""
    disk, before = Disk(tmp_path), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no paths
    with disk.lock("a", 0), pytest.raises(Conflict):
        disk.lock("a", 0)
    disk.write("a", 0, b"x")
    disk.read("a")
    with disk.opened("a"):
        pass
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - as above


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Whoever asks for bytes is told that there are none by that name."""
    disk = Disk(tmp_path)
    (tmp_path / "a").mkdir()
    with disk.opened("a") as file, pytest.raises(NotFound, match="no file"):
        file.read(0, 9)
    with pytest.raises(NotFound, match="no file"):
        disk.opened("b")


def test_writing_to_what_is_open_for_reading_is_said(tmp_path: Path) -> None:
    """The operating system's own word would say nothing of which file it was."""
    disk = Disk(tmp_path)
    disk.write("a", 0, b"x", durable=False)
    with disk.opened("a") as file, pytest.raises(StorageFailed, match=f"write {tmp_path}/a"):
        file.write(0, b"y")
