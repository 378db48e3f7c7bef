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


def test_after_an_error_nothing_waits_for_the_disk(medium: Medium) -> None:
    """What is there is found by the next run, which does not trust it."""
    writer = Writer(medium, "in/")
    writer.put("1", b"x")
    writer.__exit__(KeyError, KeyError(), None)
    assert medium.kept == {}


def test_what_the_disk_refuses_is_said(tmp_path: Path) -> None:
    """By whichever of the syncs at once it was."""
    disk = Disk(tmp_path)
    writer = Writer(disk, "in/")
    for number in range(100):
        writer.put(str(number), b"x")
    disk.remove("in/70")
    with pytest.raises(StorageFailed, match="sync"):
        writer.__exit__(None, None, None)
