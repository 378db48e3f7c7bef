# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import Conflict, InvalidDocument
from comity.node.disk.record import SLOT_BYTES, Record, to_slots
from comity.node.disk.storage import Disk


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Return storage in an empty folder."""
    return Disk(tmp_path)


def test_the_last_swapped_in_is_read(disk: Disk) -> None:
    """However often, whatever its length."""
    record = Record(disk, "last")
    held = None
    assert record.read() is None
    for content in (b"one", b"x" * 5000, b"", b"two", b"three"):
        record.swap(held, content)
        held = Record(disk, "last").read()
        assert held == content


def test_who_does_not_know_what_stands_there_may_not_replace_it(disk: Disk) -> None:
    """Two writers past a lost lock: one of them is told before it signs."""
    one, other = Record(disk, "last"), Record(disk, "last")
    one.swap(None, b"first")
    with pytest.raises(Conflict) as refused:
        other.swap(None, b"mine")
    assert refused.value.code == "node.second_writer"
    other.swap(b"first", b"second")
    with pytest.raises(Conflict):
        one.swap(b"first", b"third")
    assert one.read() == b"second"


@pytest.mark.parametrize("at", [0, 7, 9, 11, 12, 43, 44, 47])
def test_a_torn_record_leaves_the_one_before(disk: Disk, at: int) -> None:
    """Whatever byte the power failed at, the older slot stands."""
    record = Record(disk, "last")
    record.swap(None, b"first")
    record.swap(b"first", b"second")
    torn = bytearray(disk.read("last"))
    torn[SLOT_BYTES + at] ^= 0x40
    disk.replace("last", bytes(torn))
    assert record.read() == b"first"
    record.swap(b"first", b"third")
    assert record.read() == b"third"


def test_a_record_of_format_1_is_read_and_replaced_whole(disk: Disk) -> None:
    """A folder of an older program opens, and its record counts."""
    disk.replace("last", b"kh.example/log\n3\nroot\n")
    record = Record(disk, "last")
    assert record.read() == b"kh.example/log\n3\nroot\n"
    record.swap(b"kh.example/log\n3\nroot\n", b"new")
    assert disk.read("last") == to_slots(b"new")
    assert record.read() == b"new"


def test_what_does_not_fit_is_refused(disk: Disk) -> None:
    """A record is small by its nature."""
    with pytest.raises(InvalidDocument):
        Record(disk, "last").swap(None, bytes(SLOT_BYTES))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_none(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Reading raises nothing, and what begins with a zero byte needs a checksum."""
    disk = Disk(tmp_path_factory.mktemp("r"))
    disk.replace("last", b"\0" + content, durable=False)
    assert Record(disk, "last").read() is None
