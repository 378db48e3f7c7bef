# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import os
from pathlib import Path

import pytest

from comity.errors import Conflict, NotFound, StorageFailed
from comity.node.disk.storage import Disk


def test_a_full_device_is_said_in_plain_words() -> None:
    """The kernel's own full device; the hint says what to do."""
    with pytest.raises(StorageFailed, match="No space left") as refused:
        Disk(Path("/dev")).write("full", 0, b"x")
    assert "free space" in refused.value.hint


def test_a_write_overwrites_and_a_replace_replaces(tmp_path: Path) -> None:
    """And what is cut off is gone."""
    disk = Disk(tmp_path)
    disk.write("a/b", 0, b"oneX")
    disk.write("a/b", 3, b"two", durable=False)
    assert (disk.read("a/b"), disk.length("a/b")) == (b"onetwo", 6)
    assert disk.read("a/b", 2, 4) == b"et"
    disk.truncate("a/b", 3)
    assert disk.read("a/b") == b"one"
    disk.replace("a/b", b"new")
    disk.move("a/b", "c/d")
    assert list(disk.names("")) == ["c/d"]
    disk.remove("c")
    disk.remove("c")
    assert disk.length("c/d") == 0


def test_room_is_zeros_and_never_shrinks(tmp_path: Path) -> None:
    """What stands in a file stays there when room is made behind it."""
    disk = Disk(tmp_path)
    disk.write("a", 0, b"one")
    disk.reserve("a", 5)
    disk.reserve("a", 4)
    assert disk.read("a") == b"one\0\0"


@pytest.mark.parametrize("name", ["missing", "folder", "file/below"])
def test_what_is_not_a_file_is_not_found(tmp_path: Path, name: str) -> None:
    """Missing, a folder, or below a file."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotFound):
        Disk(tmp_path).read(name)


def test_a_failed_replace_leaves_the_old_content(tmp_path: Path) -> None:
    """And no half-written file beside it."""
    disk = Disk(tmp_path)
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageFailed):
        disk.replace("taken", b"x")
    assert os.listdir(tmp_path) == ["taken"]  # noqa: PTH208 - hidden files are the point


def test_a_lock_is_held_against_everyone(tmp_path: Path) -> None:
    """In this process too, and it is free again afterwards."""
    disk = Disk(tmp_path)
    with disk.lock("lock", 1), pytest.raises(Conflict), disk.lock("lock", 0.02):
        pass
    with disk.lock("lock", 0):
        pass


def test_what_is_private_is_so_before_its_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key file put in place of another was readable by all until its mode was changed."""
    disk, modes = Disk(tmp_path), []
    disk.replace("keys", b"old", is_private=True)

    def looking(handle: int) -> None:
        modes.append(os.fstat(handle).st_mode & 0o777)

    monkeypatch.setattr(os, "fdatasync", looking)
    disk.replace("keys", b"new", is_private=True)
    assert modes == [0o600]
    assert disk.path("keys").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_half_written_has_no_name(tmp_path: Path) -> None:
    """A mirror took such a file for a bundle of a width, and could not be followed further."""
    disk = Disk(tmp_path)
    disk.replace("tile/000.p/5", b"whole")
    disk.write("tile/000.p/.6.123456.0.new", 0, b"ha")
    assert list(disk.names("tile")) == ["tile/000.p/5"]
    assert list(disk.left_over(tiles=True)) == ["tile/000.p/.6.123456.0.new"]


def test_what_was_written_without_is_synced_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose name a power cut loses is lost, too."""
    disk, synced = Disk(tmp_path), []

    def looking(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}").removeprefix(f"{tmp_path}/"))  # noqa: PTH115 - no path

    monkeypatch.setattr(os, "fdatasync", looking)
    monkeypatch.setattr(os, "fsync", looking)
    names = ["a/1", "a/2", "b/1"]
    for name in names:
        disk.replace(name, b"x", durable=False)
    assert synced == []
    disk.sync(names)
    assert synced == [*names, "a", "b"]


def test_syncing_what_is_gone_is_said(tmp_path: Path) -> None:
    """Nothing may rest on it."""
    with pytest.raises(StorageFailed, match="sync"):
        Disk(tmp_path).sync(["gone"])


def test_a_folder_is_removed_with_all_in_it(tmp_path: Path) -> None:
    """And what is not there is no error."""
    disk = Disk(tmp_path)
    disk.replace("a/b/c", b"x")
    for name in ("a/b/c", "a", "a"):
        disk.remove(name)
    assert list(tmp_path.iterdir()) == []
