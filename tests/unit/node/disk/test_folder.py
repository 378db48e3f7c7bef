# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A half-written file is nobody's only where nobody can still be writing it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity.node.disk.folder import is_left_over


def _beside(folder: Path, process: int) -> Path:
    path = folder / f".entry.{process}.0.new"
    path.write_bytes(b"half")
    return path


def test_what_a_dead_process_left_is_nobodys(tmp_path: Path) -> None:
    """A number that no process has, and one that none can have."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert is_left_over(_beside(tmp_path, gone.pid))
    assert is_left_over(_beside(tmp_path, 10**12))


def test_what_a_running_process_writes_is_its_own(tmp_path: Path) -> None:
    """This one, and another."""
    assert not is_left_over(_beside(tmp_path, os.getpid()))
    assert not is_left_over(_beside(tmp_path, os.getppid()))


def test_a_process_of_another_user_is_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That we may not signal it says that it is there."""

    def forbidden(_process: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)

    assert not is_left_over(_beside(tmp_path, 1))


def test_what_an_earlier_process_of_the_same_number_left_is_nobodys(tmp_path: Path) -> None:
    """A container numbers its processes alike each time."""
    path = _beside(tmp_path, os.getpid())
    os.utime(path, (1, 1))

    assert is_left_over(path)


def test_a_file_that_got_its_name_meanwhile_is_no_left_over(tmp_path: Path) -> None:
    """Whoever looks may be slower than whoever writes."""
    path = _beside(tmp_path, os.getpid())
    path.rename(tmp_path / "entry")

    assert not is_left_over(path)


def test_a_file_with_a_name_of_its_own_is_whole(tmp_path: Path) -> None:
    """Only the names of half-written files say whose they are."""
    assert not is_left_over(tmp_path / "entry")
