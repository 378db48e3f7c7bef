# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Four nodes in memory on one fixed clock; links between them can lie, lose or repeat."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from comity.errors import PeerFailed
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.fetch.source import FolderSource
from comity.node.member.config import Peer
from comity.node.node import Node

NOW = from_rfc3339("2026-11-21T19:19:24Z")
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing
NAMES = ("ada", "bo", "cem", "pro")


@dataclass(slots=True)
class Link:
    """What one node sees of another: its public files and its witness, unless told else.

    Args:
        folder: Where its files are read, when not from the node itself.
        is_cut: Nothing gets through.
        replies: What the witness answers instead, when not the truth.
    """

    node: Node
    folder: Path | None = None
    is_cut: bool = False
    replies: Callable[[bytes], tuple[int, bytes]] | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what messages call it."""
        return f"memory:{self.node.origin}"

    def read(self, path: str, *, limit: int) -> bytes:
        """Read one of the node's public files."""
        self._pass(path)
        return FolderSource(self.folder or self.node.public_folder).read(path, limit=limit)

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:  # noqa: ARG002 - the protocol's
        """Ask the node's witness."""
        self._pass(path)
        if self.replies is not None:
            return self.replies(body)
        answer = self.node.witness.add_checkpoint(body, NOW)
        return answer.status, answer.body

    def _pass(self, path: str) -> None:
        self.asked.append(path)
        if self.is_cut:
            raise PeerFailed("the link is cut", code="node.peer", peer=self.name)


class Federation:
    """Nodes by name, and the links between them by (reader, read)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now: Instant = NOW
        self.links: dict[tuple[str, str], Link] = {}
        self.nodes: dict[str, Node] = {}

    def found(self, name: str) -> None:
        """Found one node; the one called pro is a provider, the others regulate."""
        role = "provider" if name == "pro" else "regulator"
        create = Node.create(
            self.folder / name,
            name=name,
            role=role,
            jurisdiction="KHM",
            origin=f"{name}.example/log",
            passphrase=PASSPHRASE,
            now=self.now,
            entropy=_entropy(name),
            example=True,
        )
        create.close()
        self.nodes[name] = self.open(name, self.folder / name)

    def open(self, name: str, folder: Path) -> Node:
        """Open a node's folder with this federation's links."""
        return Node.open(folder, PASSPHRASE, connect=lambda peer: self.links[name, peer.name])

    def introduce(self) -> None:
        """Let every node follow every other; only regulators' cosignatures count."""
        for name, node in self.nodes.items():
            for other, peer in self.nodes.items():
                if name != other:
                    self.links[name, other] = Link(node=peer)
                    node.add_peer(_peer(peer))

    def say(self, name: str, *numbers: int, is_published: bool = True) -> None:
        """Let a node state numbers, and publish; a twin asks nobody who could convict it."""
        node = self.nodes[name]
        node.append([statement(number) for number in numbers], self.now)
        if is_published and name.endswith("-twin"):
            node.log.publish(node.log.prepare()[1])
        elif is_published:
            node.publish(self.now)

    def twin(self, name: str, suffix: str = "twin") -> Node:
        """Return a second node with the same keys and the same past."""
        folder = self.folder / f"{name}-{suffix}"
        shutil.copytree(self.folder / name, folder)
        node = self.open(name, folder)
        self.nodes[f"{name}-{suffix}"] = node
        return node

    def numbers(self, reader: str, author: str) -> list[object]:
        """Return the numbers one node knows another to have stated."""
        node, member = self.nodes[reader], self.nodes[author].member
        return [
            entry.statement.predicate["number"]
            for entry in node.view().entries("note")
            if entry.member == member and entry.statement is not None
        ]


def statement(number: int) -> Statement:
    """Return a small numbered statement."""
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )


def _peer(node: Node) -> Peer:
    keyset = node.keyset
    counts = keyset.role == "regulator"
    return Peer(
        member=node.member,
        name=keyset.name,
        url="http://127.0.0.1:1",
        log_key=keyset.log_key,
        witness_key=keyset.witness_key if counts else None,
    )


def _entropy(name: str) -> Callable[[int], bytes]:
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{name} {count}".encode()).digest(size)

    return draw


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    """Return three regulators and a provider who follow each other."""
    made = Federation(tmp_path)
    for name in NAMES:
        made.found(name)
    made.introduce()
    yield made
    for node in made.nodes.values():
        with closing(node):
            pass
