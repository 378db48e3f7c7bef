# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node sees, written down and read back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant
from comity.ledger.statement import Statement
from comity.node.disk.storage import Disk
from comity.node.logs.following import Following, Mode
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.views.viewpoint import Viewpoint, from_json, read_viewpoint, to_json

Say = Callable[[int], Statement]


@pytest.fixture
def author(found: Callable[[str], Node], say: Say, now: Instant) -> Node:
    """Return a node with 600 entries."""
    node = found("kh")
    node.append([say(number) for number in range(599)], now)
    node.publish(now)
    return node


@pytest.fixture
def reader(found: Callable[[str], Node], author: Node, now: Instant) -> Node:
    """Return a node that follows the author by its hashes alone."""
    node = found("br")
    node.add_peer(
        Peer(
            member=author.member,
            name="kh",
            url=str(author.public_folder),
            log_key=author.keyset.log_key,
            following=Following(mode=Mode.HASHES),
        )
    )
    node.publish(now)
    node.follow("kh", now)
    return node


def seen(node: Node, now: Instant) -> Viewpoint:
    """Return what a node sees."""
    return read_viewpoint(Disk(node.folder), now)


def test_a_view_names_each_log_with_size_root_quorum_and_age(
    reader: Node, author: Node, now: Instant
) -> None:
    """Everything one needs to know why a fact is shown, and how far to rely on it."""
    own, sight = seen(reader, now).sights
    assert (own.is_own, own.size, own.held) == (True, 1, 1)
    assert (sight.origin, sight.size, sight.held) == (author.origin, 600, 256)
    assert sight.root == author.log.prepare()[0].root.hex()
    assert sight.mode is Mode.HASHES
    assert sight.checked_at == now
    assert sight.witnesses == (reader.member,)
    assert (sight.cosigners, sight.counted_size) == ((), 0)


def test_a_view_comes_back_from_its_file(reader: Node, now: Instant) -> None:
    """What is saved on Monday is compared on Friday."""
    view = seen(reader, now)
    assert from_json(json.loads(json.dumps(to_json(view))), source="monday.json") == view


def test_unreadable_entries_are_listed_by_index(
    author: Node, reader: Node, now: Instant
) -> None:
    """As the node's own index knows them; without an index nothing is claimed."""
    author.log.append([b"no statement at all"])
    author.publish(now)
    assert seen(author, now).sights[0].unreadable is None
    author.view()
    (own,) = seen(author, now).sights
    assert own.unreadable == (600,)
    assert seen(reader, now).find(author.origin) is not None


def test_every_fault_of_a_saved_view_is_listed() -> None:
    """A file somebody wrote by hand."""
    value: dict[str, Json] = {"type": "comity-view/1", "member": 7, "logs": [{"origin": "x"}]}
    with pytest.raises(InvalidDocument) as refused:
        from_json(value, source="monday.json")
    said = str(refused.value)
    for part in ("monday.json", "member", "name", "logs[0].size", "logs[0].root"):
        assert part in said


@pytest.mark.parametrize("value", [None, [], "view", {"type": "other"}, 7])
def test_anything_else_is_no_view(value: object) -> None:
    """Whatever JSON it is."""
    with pytest.raises(InvalidDocument):
        from_json(value, source="file")


def test_a_folder_without_a_node_sees_nothing(tmp_path: Path, now: Instant) -> None:
    """A mistyped path is named."""
    with pytest.raises(NotFound, match="holds no node"):
        read_viewpoint(Disk(tmp_path), now)
