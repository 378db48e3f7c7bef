# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where keysets stand is remembered, and found again when the memory is lost or wrong."""

from pathlib import Path

import pytest
from tests.fakes.dynasty import Dynasty, saying, signed

from comity.node.disk.storage import Disk
from comity.node.logs.history import read_identity

KH = Dynasty()
NAME = "history"
ENTRIES = [
    KH.first(),
    *(signed(saying(at), KH.statement(0)) for at in range(299)),
    KH.rotation(1),
    *(signed(saying(at), KH.statement(1)) for at in range(299)),
    KH.rotation(2),
]


class Reader:
    """Reads bundles, and counts them."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, number: int) -> tuple[bytes, ...]:
        """Return the entries of one bundle."""
        self.read.append(number)
        return tuple(ENTRIES[256 * number : 256 * number + 256])


@pytest.mark.parametrize("size", [1, 2, 256, 300, 301, 512, 600, 601])
def test_a_history_is_read_up_to_a_size(tmp_path: Path, size: int) -> None:
    """As the fold over the entries gives it, whatever was remembered before."""
    expected = KH.identity().extended(0, ENTRIES[:size])
    disk = Disk(tmp_path)
    assert read_identity(disk, NAME, size, Reader()) == expected
    read_identity(disk, NAME, len(ENTRIES), Reader())
    assert read_identity(disk, NAME, size, Reader()) == expected


def test_what_is_remembered_is_not_read_again(tmp_path: Path) -> None:
    """Only the first entry and those that bear on the keys."""
    disk, reader = Disk(tmp_path), Reader()
    read_identity(disk, NAME, 600, reader)
    reader.read.clear()
    read_identity(disk, NAME, 600, reader)
    assert set(reader.read) == {0, 1}
    reader.read.clear()
    read_identity(disk, NAME, 601, reader)
    assert set(reader.read) == {0, 1, 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"{}",
        b'{"entries":[],"size":0}',
        b'{"entries":["x"],"size":600}',
        b'{"entries":[700],"size":600}',
        b'{"entries":[-1],"size":600}',
        b'{"entries":[true],"size":600}',
    ],
)
def test_a_spoilt_memory_is_found_again_from_the_log(tmp_path: Path, content: bytes) -> None:
    """It is only where to look."""
    disk = Disk(tmp_path)
    disk.replace(NAME, content)
    found = read_identity(disk, NAME, len(ENTRIES), Reader())
    assert found.keyset.sequence == 2
