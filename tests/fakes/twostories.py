# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A log with two stories, a node that follows each of them, and the evidence."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.fork import Fork
from comity.ledger.note import from_bytes
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.views.seen import to_statement

NOW = from_rfc3339("2026-11-21T19:19:24Z")
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


class Town:
    """kh tells one story to br and another to id."""

    def __init__(self, folder: Path, now: Instant = NOW) -> None:
        self.now = now
        self.liar = found(folder / "kh", now)
        self.liar.append([said(1), said(2)], now)
        shutil.copytree(self.liar.folder, folder / "twin")
        self.twin = Node.open(folder / "twin", PASSPHRASE)
        for node, numbers in ((self.liar, (3,)), (self.twin, (4, 5))):
            node.append([said(number) for number in numbers], now)
            node.log.publish(node.log.prepare()[1])
        self.fork = self._contradiction()
        self.first, self.second = found(folder / "br", now), found(folder / "id", now)
        self.first.follow(meet(self.first, self.liar), now)
        self.second.follow(meet(self.second, self.twin), now)

    def _contradiction(self) -> Fork:
        """Return the evidence, without how far both agree."""
        first, second = self.liar.log.prepare(), self.twin.log.prepare()
        return Fork(
            log_key=self.liar.keyset.log_key.vkey,
            smaller=first[1].encoded,
            larger=second[1].encoded,
            prefix_root=second[2].root(first[0].size),
            proof=second[2].consistency(first[0].size),
        )

    def close(self) -> None:
        """Close every node."""
        for node in (self.liar, self.twin, self.first, self.second):
            node.close()

    def tell(self) -> None:
        """Let the second node say what it saw, and show what it holds."""
        mirror = self.second.folder / "peers" / self.liar.member
        shutil.copytree(mirror, self.second.public_folder / "mirrors" / self.liar.member)
        held = from_bytes((mirror / "checkpoint").read_bytes())
        self.second.append([to_statement([from_text(held.text)])], self.now)
        self.second.publish(self.now)

    def listen(self) -> None:
        """Let the first node follow the second."""
        self.first.follow(meet(self.first, self.second), self.now)

    def grow(self) -> None:
        """Let the first story go on, and its follower read it."""
        self.liar.append([said(6), said(7)], self.now)
        self.liar.log.publish(self.liar.log.prepare()[1])
        self.first.follow(self.first.get_peer("kh"), self.now)


def said(number: int) -> Statement:
    """Return a small numbered statement."""
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )


def found(folder: Path, now: Instant) -> Node:
    """Found a regulator's example node, named as its folder."""
    name = folder.name
    return Node.create(
        folder,
        name=name,
        role="regulator",
        jurisdiction="KHM",
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=now,
        entropy=_entropy(name),
        example=True,
    )


def meet(node: Node, other: Node, *, counts: bool = True) -> Peer:
    """Write one node into another's settings."""
    peer = Peer(
        member=other.member,
        name=other.keyset.name,
        url=str(other.public_folder),
        log_key=other.keyset.log_key,
        witness_key=other.keyset.witness_key if counts else None,
    )
    node.add_peer(peer)
    return peer


def _entropy(name: str) -> Callable[[int], bytes]:
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{name} {count}".encode()).digest(size)

    return draw
