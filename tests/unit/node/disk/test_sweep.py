# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a killed writer left among tiles is gone when the next writer has the lock."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from tests.unit.node.conftest import PASSPHRASE

from comity.node.disk.storage import Disk
from comity.node.disk.sweep import sweep_staged
from comity.node.member.config import Peer
from comity.node.node import Node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]


def leave(path: Path, process: int) -> Path:
    """Leave a file as a killed process would: half-written, under its number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{process}.1.new")
    beside.write_bytes(b"half")
    return beside


def test_a_number_that_another_process_has_by_now_saves_nothing(tmp_path: Path) -> None:
    """Process numbers come back; under the lock the file is nobody's whoever has the number."""
    dead, alive = (leave(tmp_path / "tile/0/000", one) for one in (2**22, os.getppid()))
    whole = tmp_path / "tile/0/000"
    whole.write_bytes(b"whole")
    assert sweep_staged(Disk(tmp_path), "tile/") == 2
    assert not dead.exists()
    assert not alive.exists()
    assert whole.read_bytes() == b"whole"
    assert sweep_staged(Disk(tmp_path), "missing/") == 0


def test_the_next_blob_sweeps_those_of_processes_that_ended(found: Found) -> None:
    """Blobs have no lock: one that a running process may still be writing stays."""
    node = found("kh")
    folder = node.public_folder / "blob"
    ended, running = leave(folder / "a", 2**22), leave(folder / "b", os.getppid())
    node.blobs.put(b"content")
    assert not ended.exists()
    assert running.exists()


def test_the_next_publication_sweeps_the_log_s_own_tiles(
    found: Found, say: Say, now: Instant
) -> None:
    """They would stand in the public folder for ever, on every mirror of it too."""
    node = found("kh")
    left = leave(node.public_folder / "tile/0/000.p/2", os.getppid())
    node.append([say(1)], now)
    with closing(Node.open(node.folder, PASSPHRASE)) as next_:
        assert left.exists()
        next_.publish(now)
    assert not left.exists()


def test_the_next_visit_sweeps_what_came_in(found: Found, say: Say, now: Instant) -> None:
    """A follower killed in the middle leaves many, all where what is new lies apart."""
    node, peer = found("kh"), found("br")
    peer.append([say(1)], now)
    peer.publish(now)
    node.add_peer(
        Peer(
            member=peer.member,
            name="br",
            url=str(peer.public_folder),
            log_key=peer.keyset.log_key,
        )
    )
    followed = node.folder / "peers" / peer.member
    left = leave(followed / "incoming/tile/entries/000.p/2", os.getppid())
    assert node.follow("br", now).size == 2
    assert not left.exists()
    assert not list(node.folder.rglob("*.new"))
