# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a long task keeps: whole parts of this very task, and nothing else."""

from pathlib import Path

import pytest

from comity.errors import StorageFailed
from comity.files.workfolder import WorkFolder, digest_of, open_work_folder

TASK = {"register": "abc", "on": "2026-11-21"}


def _kept(folder: WorkFolder, part: int, data: bytes) -> None:
    folder.file(part).write_bytes(data)
    folder.keep(part, {"rows": len(data)})


def test_a_finished_part_is_found_again(tmp_path: Path) -> None:
    """By the same task."""
    _kept(open_work_folder(tmp_path / "work", TASK), 3, b"part")
    again = open_work_folder(tmp_path / "work", TASK)
    assert again.kept(3) == {"rows": 4}
    assert again.kept(4) is None


def test_a_part_that_is_not_what_it_was_is_done_anew(tmp_path: Path) -> None:
    """Changed bytes, a missing file, a note cut short."""
    folder = open_work_folder(tmp_path / "work", TASK)
    for part in range(3):
        _kept(folder, part, b"part")
    folder.file(0).write_bytes(b"Part")
    folder.file(1).unlink()
    (folder.path / "part-000002.json").write_text("{", "utf-8")
    assert [folder.kept(part) for part in range(3)] == [None, None, None]


def test_another_task_begins_anew(tmp_path: Path) -> None:
    """Another day, another register: nothing of the old is taken over."""
    _kept(open_work_folder(tmp_path / "work", TASK), 0, b"part")
    other = open_work_folder(tmp_path / "work", {**TASK, "on": "2027-01-01"})
    assert other.kept(0) is None
    assert not other.file(0).exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """Its name alone does not make it ours."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("x", "utf-8")
    with pytest.raises(StorageFailed, match="not a folder of ours"):
        open_work_folder(tmp_path / "work", TASK)
    assert (tmp_path / "work" / "thesis.txt").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands in its way."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="cannot keep"):
        open_work_folder(tmp_path / "file" / "work", TASK)


def test_a_removed_folder_is_gone(tmp_path: Path) -> None:
    """When the whole is put together."""
    folder = open_work_folder(tmp_path / "work", TASK)
    _kept(folder, 0, b"part")
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """SHA-256 of nothing, as published in FIPS 180-4's examples."""
    (tmp_path / "empty").write_bytes(b"")
    assert digest_of(tmp_path / "empty").startswith("e3b0c44298fc1c14")
