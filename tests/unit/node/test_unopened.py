# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node is read by whoever has its folder; secrets alone need its passphrase."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.node.conftest import PASSPHRASE, entropy_of

from comity.errors import NotFound, NotPermitted, StorageFailed
from comity.node.disk.storage import Disk
from comity.node.logs.log import JOURNAL
from comity.node.node import Node
from comity.node.rotation import Change, log_draft, prepare_rotation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]


def refuse() -> str:
    """Stand in for an operator who is not there to be asked."""
    raise AssertionError("the passphrase was asked for")


def test_a_node_is_read_without_its_passphrase(found: Found, say: Say, now: Instant) -> None:
    """What is in the folder is public or verified by public keys."""
    node = found("kh")
    node.append([say(1)], now)
    node.publish(now)
    node.append([say(2)], now)
    with closing(Node.look(node.folder, refuse)) as seen:
        assert (seen.member, seen.origin, seen.keyset) == (
            node.member,
            node.origin,
            node.keyset,
        )
        assert seen.quorum == node.quorum
        entries = [(one.reference, one.provenance) for one in node.view().entries("note")]
        assert len(entries) == 2
        assert [(one.reference, one.provenance) for one in seen.view().entries("note")] == (
            entries
        )


def test_keys_may_have_been_rotated_since(found: Found, say: Say, now: Instant) -> None:
    """The log states them all, so that nobody needs the key file to know them."""
    node = found("kh")
    change, draws = Change(), entropy_of("rotated")
    log_draft(node, prepare_rotation(node, change, PASSPHRASE, now, draws))
    with closing(Node.open(node.folder, PASSPHRASE)) as renewed:
        renewed.append([say(1)], now)
        renewed.publish(now)
        with closing(Node.look(node.folder, refuse)) as seen:
            assert seen.keyset.sequence == 1
            assert seen.view().members()[0].size == 3


def test_what_is_sealed_asks_for_the_passphrase(found: Found) -> None:
    """A secret is no less one because a verb only reads."""
    node = found("kh")
    node.vault.put("nonce", b"secret")
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return PASSPHRASE

    with closing(Node.look(node.folder, ask)) as seen:
        assert seen.vault.find("another") is None
        assert not asked
        assert seen.vault.get("nonce") == seen.vault.get("nonce") == b"secret"
    assert asked == [1]
    with closing(Node.look(node.folder, lambda: "wrong")) as seen, pytest.raises(NotPermitted):
        seen.vault.get("nonce")


def test_a_node_that_is_looked_at_takes_no_statement(
    found: Found, say: Say, now: Instant
) -> None:
    """Nothing stands in the log that its own key has not signed for."""
    node = found("kh")
    before = node.log.size
    with closing(Node.look(node.folder, lambda: PASSPHRASE)) as seen:
        with pytest.raises(NotPermitted) as refused:
            seen.append([say(1)], now)
        assert refused.value.code == "node.looked_at"
        assert seen.log.size == before
    node.append([say(2)], now)
    assert node.log.size == before + 1


def test_a_folder_without_a_node_is_said_to_be_one(tmp_path: Path) -> None:
    """As when it is opened."""
    with pytest.raises(NotFound, match="holds no node"):
        Node.look(tmp_path, refuse)


def test_a_lost_journal_is_named(found: Found) -> None:
    """Without its first entry nobody knows whose log it was."""
    node = found("kh")
    Disk(node.folder).remove(JOURNAL)
    with pytest.raises(StorageFailed) as refused:
        Node.look(node.folder, refuse)
    assert refused.value.code == "node.empty_journal"
