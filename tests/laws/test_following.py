# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""However a log was followed before, following it in full ends with all of it."""

import hashlib
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kernel.instant import from_posix, from_rfc3339, to_posix
from comity.ledger.quorum import Quorum
from comity.ledger.statement import Statement, to_predicate_type
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.following.follow import Manner, follow
from comity.node.following.sync import Trust
from comity.node.logs.following import Following, Mode
from comity.node.logs.mirror import Mirror
from comity.node.node import Node

NOW = from_rfc3339("2026-11-21T19:19:24Z")
WAYS = st.one_of(
    st.just(Following()),
    st.just(Following(mode=Mode.HASHES)),
    st.just(Following(mode=Mode.SELECTED, kinds=("rare",))),
    st.builds(
        lambda place: Following(mode=Mode.SELECTED, places=(place,)), st.integers(0, 1500)
    ),
    st.builds(lambda limit: Following(statements_a_day=limit), st.integers(1, 600)),
)
STEPS = st.lists(st.tuples(WAYS, st.integers(0, 400)), min_size=1, max_size=4)


def draw(size: int) -> bytes:
    """Return bytes that are the same in every run."""
    return hashlib.shake_256(b"law").digest(size)


def statement(number: int) -> Statement:
    """Return a numbered statement; every 300th is a rare one."""
    kind = "rare" if number % 300 == 299 else "note"
    return Statement(predicate_type=to_predicate_type(kind), predicate={"number": number})


def author(folder: Path) -> Node:
    """Found a node."""
    counted = iter(range(100))
    return Node.create(
        folder,
        name="author",
        role="regulator",
        jurisdiction="KHM",
        origin="author.example/log",
        passphrase="law",  # noqa: S106 - it protects nothing
        now=NOW,
        entropy=lambda size: draw(size + next(counted))[-size:],
        example=True,
    )


@given(steps=STEPS)
@settings(max_examples=12, deadline=None)
def test_every_way_of_following_ends_in_the_whole_log(
    steps: list[tuple[Following, int]],
) -> None:
    """Modes, pauses and growth in any order: the tree is right at each step, all at the end."""
    with (
        tempfile.TemporaryDirectory() as place,
        closing(author(Path(place) / "author")) as node,
    ):
        mirror = Mirror(Disk(Path(place) / "reader"), node.member)
        source = FolderSource(node.public_folder)
        said = 0

        def run(following: Following, day: int, *, is_last: bool = False) -> None:
            trust = Trust(
                member=node.member,
                log_key=node.keyset.log_key,
                quorum=Quorum(witnesses=()),
                following=following,
            )
            at = from_posix(to_posix(NOW) + 90_000 * day)
            followed = follow(source, mirror, trust, at, Manner(is_beyond_quota=is_last))
            assert followed.size == node.log.size

        for day, (following, count) in enumerate(steps):
            node.append([statement(said + number) for number in range(count)], NOW)
            said += count
            node.publish(NOW)
            run(following, day)
            assert mirror.tiles.tree(mirror.size).root() == node.log.prepare()[0].root
            for number in range(-(-mirror.size // 256)):
                held = mirror.read_bundle(number)
                start = number * 256
                assert list(held) == list(node.log.entries(start, start + len(held)))
        run(Following(), len(steps), is_last=True)
        assert mirror.is_whole
        entries = [one for n in range(-(-mirror.size // 256)) for one in mirror.read_bundle(n)]
        assert entries == list(node.log.entries())
