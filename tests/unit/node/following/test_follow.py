# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a source may send, and what a follower makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comity.errors import NotFound, PeerFailed, VerificationFailed
from comity.kernel.ids import MemberId
from comity.ledger.quorum import Quorum
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.following.follow import Trust, follow
from comity.node.logs.following import DEFAULT, Following, Mode
from comity.node.logs.mirror import Mirror

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement
    from comity.node.node import Node

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]


class Spoilt:
    """A node's public files with some of them replaced; None takes one away."""

    name = "spoilt"

    def __init__(self, node: Node, **files: bytes | None) -> None:
        self._real = FolderSource(node.public_folder)
        self.files = files
        self.count = 0

    def read(self, path: str, *, limit: int) -> bytes:
        """Read a file, spoilt or not."""
        self.count += 1
        name = path.replace("/", "_").replace(".", "_")
        if name not in self.files:
            return self._real.read(path, limit=limit)
        content = self.files[name]
        if content is None:
            raise NotFound(path, code="test.file")
        return content


@pytest.fixture
def author(found: Found, say: Say, now: Instant) -> Node:
    """Return a node with 300 published entries."""
    node = found("kh")
    node.append([say(number) for number in range(299)], now)
    node.publish(now)
    return node


@pytest.fixture
def mirror(tmp_path: Path, author: Node) -> Mirror:
    """Return an empty mirror of the author."""
    return Mirror(Disk(tmp_path / "reader"), author.member)


def trust(author: Node, following: Following = DEFAULT) -> Trust:
    """Return what an operator knows of the author."""
    return Trust(
        member=author.member,
        log_key=author.keyset.log_key,
        quorum=Quorum(witnesses=()),
        following=following,
    )


def test_a_mirror_is_a_log_anyone_may_follow(
    author: Node, mirror: Mirror, tmp_path: Path, now: Instant
) -> None:
    """A copy of a copy verifies like the original."""
    assert follow(FolderSource(author.public_folder), mirror, trust(author), now).size == 300
    second = Mirror(Disk(tmp_path / "second"), author.member)
    source = FolderSource(mirror.storage.path(mirror.folder))  # type: ignore[attr-defined]  # a Disk
    assert follow(source, second, trust(author), now).size == 300
    assert second.read_bundle(1) == mirror.read_bundle(1)


def test_a_second_visit_fetches_only_the_checkpoint(
    author: Node, mirror: Mirror, now: Instant
) -> None:
    """Following costs nothing when nothing is new."""
    source = Spoilt(author)
    follow(source, mirror, trust(author), now)
    source.count = 0
    again = follow(source, mirror, trust(author), now)
    assert (again.previous, again.size, source.count) == (300, 300, 1)


@pytest.mark.parametrize("steps", [[1], [1, 1, 255, 256, 1]])
def test_growth_is_taken_in_step_by_step(
    author: Node, mirror: Mirror, say: Say, now: Instant, steps: list[int]
) -> None:
    """Across the borders of bundles, the mirror stays the log."""
    source = FolderSource(author.public_folder)
    follow(source, mirror, trust(author), now)
    for count in steps:
        author.append([say(number) for number in range(count)], now)
        author.publish(now)
        follow(source, mirror, trust(author), now)
        entries = [e for n in range(-(-mirror.size // 256)) for e in mirror.read_bundle(n)]
        assert entries == list(author.log.entries())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"checkpoint": None}, "has no checkpoint"),
        ({"checkpoint": b"<html>login</html>"}, "garbage"),
        ({"tile_entries_001_p_44": b"\xff\xff"}, "garbage"),
        ({"tile_entries_001_p_44": b""}, "0 entries where 44"),
        ({"tile_entries_000": b"\x00\x00" * 256}, "keyset"),
        ({"tile_entries_000": None}, "has no tile/entries/000"),
    ],
)
def test_what_cannot_be_the_log_is_refused_and_leaves_nothing(
    author: Node, mirror: Mirror, now: Instant, files: dict[str, bytes | None], said: str
) -> None:
    """Garbage is the peer's failure, a contradiction is nobody's word."""
    with pytest.raises((PeerFailed, VerificationFailed), match=said):
        follow(Spoilt(author, **files), mirror, trust(author), now)
    assert mirror.find_checkpoint() is None
    assert follow(Spoilt(author), mirror, trust(author), now).size == 300


@pytest.fixture
def longer(author: Node, say: Say, now: Instant) -> Node:
    """Return it with 600 entries."""
    author.append([say(number) for number in range(300)], now)
    author.publish(now)
    return author


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.HASHES])
@pytest.mark.parametrize("torn", [b"", b"\0\0", bytes(8192), b"\0\x01x" * 256, None])
def test_what_a_power_cut_tore_of_an_interrupted_run_is_fetched_anew(
    longer: Node, mirror: Mirror, now: Instant, mode: Mode, torn: bytes | None
) -> None:
    """What came in is synced by the batch; the source is not blamed for what the disk lost."""
    known = trust(longer, Following(mode=mode))
    breaking = {"tile_entries_002_p_88": b"\xff\xff", "tile_0_002_p_88": b"\xff"}
    with pytest.raises(PeerFailed):
        follow(Spoilt(longer, **breaking), mirror, known, now)
    left = list(mirror.storage.names(mirror.incoming.folder))
    assert len(left) == (3 if mode is Mode.HASHES else 4)
    if torn is not None:
        for name in left:
            mirror.storage.replace(name, torn)
    source = Spoilt(longer)
    assert follow(source, mirror, known, now).size == 600
    needed = 2 if mode is Mode.FULL else 3  # who keeps hashes asks where keys changed
    assert (source.count == needed) == (torn is None)
    assert mirror.tiles.tree(600).root() == longer.log.prepare()[0].root
    assert mirror.read_bundle(0) == tuple(longer.log.entries(0, 256))


def test_a_full_bundle_serves_for_a_partial_one_that_is_gone(
    author: Node, mirror: Mirror, say: Say, now: Instant
) -> None:
    """tlog-tiles lets a log drop partial tiles once the full one is there."""
    old = FolderSource(author.public_folder).read("checkpoint", limit=10_000)
    author.append([say(number) for number in range(300)], now)
    author.publish(now)
    stale = Spoilt(author, checkpoint=old)
    assert follow(stale, mirror, trust(author), now).size == 300
    assert len(mirror.read_bundle(1)) == 44


def test_another_member_behind_the_same_key_is_refused(
    author: Node, mirror: Mirror, now: Instant
) -> None:
    """The id is of the keyset, not of the key."""
    wrong = Trust(
        member=MemberId("0" * 64), log_key=author.keyset.log_key, quorum=Quorum(witnesses=())
    )
    with pytest.raises(VerificationFailed, match="this is member"):
        follow(Spoilt(author), mirror, wrong, now)
