# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two regulators as real nodes in folders that follow each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.member.config import Peer
from comity.node.node import Node

NOW = from_rfc3339("2026-11-22T08:00:00Z")
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


def found(folder: Path, name: str, jurisdiction: str = "KHM", role: str = "regulator") -> Node:
    """Found an example node whose keys follow from its name."""
    draws = count()
    return Node.create(
        folder / name,
        name=name,
        role=role,
        jurisdiction=jurisdiction,
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=lambda size: sha256(b"%s %d" % (name.encode(), next(draws)))[:size],
        example=True,
    )


def befriend(one: Node, other: Node) -> None:
    """Write a node into another's peers."""
    one.add_peer(
        Peer(
            member=other.member,
            name=other.keyset.name,
            url=str(other.public_folder),
            log_key=other.keyset.log_key,
            witness_key=None,
        )
    )


@contextmanager
def pair(folder: Path) -> Iterator[tuple[Node, Node]]:
    """Found two nodes that know each other's first entries; both are closed at the end."""
    kh, br = found(folder, "kh"), found(folder, "br")
    befriend(kh, br)
    befriend(br, kh)
    sync(kh, br)
    yield kh, br
    kh.close()
    br.close()


def sync(*nodes: Node) -> None:
    """Publish every log, then have every node follow its peers."""
    for node in nodes:
        node.publish(NOW)
    for node in nodes:
        for peer in node.config.peers:
            node.follow(peer, NOW)


def say(node: Node, kind: str, predicate: dict[str, Json]) -> Reference:
    """Log a statement about something."""
    statement = Statement(
        predicate_type=to_predicate_type(kind),
        predicate=predicate,
        subjects=(Subject.of(sha256(b"something")),),
    )
    return node.append([statement], NOW)[0]
