# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import os
from pathlib import Path

import pytest
from tests.fakes.power import SIGNER

from comity.errors import StorageFailed
from comity.node.disk.record import Record
from comity.node.disk.storage import Disk
from comity.node.logs.format import (
    FORMAT,
    FORMAT_FILE,
    UPGRADES,
    read_format,
    record_in_slots,
    settle,
    upgrade,
    write_format,
)
from comity.node.logs.log import LAST, Log


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Return a log's folder as a program of format 1 left it."""
    made = Disk(tmp_path)
    Log(made, SIGNER).append([b"one", b"two"])
    note = Record(made, LAST).read()
    assert note is not None
    made.replace(LAST, note)
    return made


def test_every_format_but_the_newest_becomes_the_next() -> None:
    """An old folder is never left behind."""
    assert sorted(UPGRADES) == list(range(1, FORMAT))


def test_a_folder_of_format_1_is_upgraded_and_says_the_same(disk: Disk) -> None:
    """What was signed is kept byte by byte; the log goes on."""
    signed = disk.read(LAST)
    assert read_format(disk) == 1
    assert [one.says for one in upgrade(disk)] == [UPGRADES[1].says]
    assert read_format(disk) == FORMAT
    assert Record(disk, LAST).read() == signed
    assert Log(disk, SIGNER).append([b"three"]) == range(2, 3)
    assert upgrade(disk) == ()


def test_an_upgrade_done_twice_is_done_once(disk: Disk) -> None:
    """A power cut may come before the format is recorded."""
    once = record_in_slots({LAST: disk.read(LAST)})
    assert record_in_slots(once) == {}
    assert record_in_slots({}) == record_in_slots({LAST: b""}) == {}


def test_a_newer_folder_is_refused_and_left_alone(disk: Disk) -> None:
    """The older program says which program to use."""
    write_format(disk, FORMAT + 1)
    before = disk.read(LAST)
    with pytest.raises(StorageFailed, match=f"of format {FORMAT + 1}; .* 1 to {FORMAT}") as no:
        upgrade(disk)
    assert no.value.code == "node.format_newer"
    assert "newer program" in no.value.hint
    assert disk.read(LAST) == before


@pytest.mark.parametrize("content", [b"", b"two", b"0", b"-1", b"1.5", b"\xff", b"\xb2"])
def test_a_format_that_is_no_number_is_refused(disk: Disk, content: bytes) -> None:
    """Taken for format 1 it would be upgraded again."""
    disk.replace(FORMAT_FILE, content)
    with pytest.raises(StorageFailed) as refused:
        upgrade(disk)
    assert refused.value.code == "node.format"


def test_what_a_killed_process_left_beside_is_cleared(disk: Disk) -> None:
    """What belongs to one that runs is not."""
    gone = 2**22 + 1  # no process has a number as large
    for name in (f".node.toml.{gone}.3.new", f".checkpoint.{os.getppid()}.0.new", "mine.new"):
        disk.path(name).write_bytes(b"half")
    disk.write(f"public/tile/0/.000.{gone}.1.new", 0, b"half")
    settle(disk)
    left = sorted(path.name for path in disk.folder.rglob("*.new"))
    assert left == [f".000.{gone}.1.new", f".checkpoint.{os.getppid()}.0.new", "mine.new"]
    assert disk.sweep(tiles=True) == (f"public/tile/0/.000.{gone}.1.new",)


def test_a_leftover_with_our_own_number_is_older_than_we_are(disk: Disk) -> None:
    """In a container every process has the same number."""
    ours = [f".a.{os.getpid()}.0.new", f".b.{os.getpid()}.1.new"]
    for name in ours:
        disk.path(name).write_bytes(b"half")
    os.utime(disk.path(ours[0]), (1, 1))
    assert disk.sweep() == (ours[0],)
