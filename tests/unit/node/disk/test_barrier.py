# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import ctypes
import errno
import os
from pathlib import Path

import pytest

from comity.errors import StorageFailed
from comity.node.disk import barrier as barriers
from comity.node.disk.barrier import Barrier, find_barrier
from comity.node.disk.storage import Disk


def refusing(_handle: int) -> int:
    """Refuse as the system does: -1, and the number of the error beside."""
    ctypes.set_errno(errno.EIO)
    return -1


def test_a_refused_barrier_is_said(tmp_path: Path) -> None:
    """And none of the files it was for gets its name."""
    disk, barrier = Disk(tmp_path), Barrier(tmp_path, refusing)
    disk.stage("a", b"x")
    with pytest.raises(StorageFailed, match=os.strerror(errno.EIO)):
        disk.commit(["a"], barrier)
    barrier.close()
    assert list(disk.names("")) == []


def test_no_barrier_is_trusted_on_a_file_system_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in a program of its own may answer before anything is on a disk."""
    device = tmp_path.stat().st_dev
    line = f"22 1 {os.major(device)}:{os.minor(device)} / / rw shared:1 - fuse.own /dev/x rw\n"
    (tmp_path / "mounts").write_text(line)
    monkeypatch.setattr(barriers, "_MOUNTS", tmp_path / "mounts")
    assert find_barrier(tmp_path) is None
    (tmp_path / "mounts").write_text("")
    assert find_barrier(tmp_path) is None


@pytest.mark.parametrize("release", ["5.7.19-generic", "4.18.0-553.el8", "unknown"])
def test_no_barrier_is_trusted_that_hides_errors(
    monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    """Before Linux 5.8 a write that failed behind it stayed unsaid."""
    system = os.uname_result(("Linux", "node", release, "#1", "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: system)
    assert barriers._find_syncfs.__wrapped__() is None


def test_where_there_is_no_folder_there_is_no_barrier(tmp_path: Path) -> None:
    """Each file is synced then, or said to be gone."""
    assert find_barrier(tmp_path / "gone") is None
