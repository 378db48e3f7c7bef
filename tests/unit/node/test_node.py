# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
from itertools import count
from typing import TYPE_CHECKING

import pytest

from comity.errors import (
    Conflict,
    InvalidDocument,
    NotFound,
    NotPermitted,
    StorageFailed,
    VerificationFailed,
)
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.ledger.note import NoteKey, NoteSignature
from comity.ledger.statement import Statement
from comity.node.member.config import Peer
from comity.node.node import Node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


def create(folder: Path, now: Instant, **changes: object) -> Node:
    """Found a node with one setting changed."""
    settings: dict[str, object] = {
        "name": "AI Office",
        "role": "regulator",
        "jurisdiction": "KHM",
        "origin": "kh.example/log",
        "passphrase": PASSPHRASE,
        "example": True,
        **changes,
    }
    draws = count()
    return Node.create(
        folder,
        now=now,
        entropy=lambda size: bytes((next(draws), *range(1, size))),
        **settings,  # type: ignore[arg-type]  # one wrong setting is the point
    )


def test_a_new_node_is_a_whole_log_at_once(found: Found) -> None:
    """Its first entry is its keyset, its first checkpoint is public."""
    node = found("kh")
    (own,) = node.view().members()
    assert (own.member, own.size, own.is_own) == (node.member, 1, True)
    assert node.log.find_published() is not None
    assert (node.folder / "keys.sealed").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"role": "king"}, InvalidDocument),
        ({"jurisdiction": "kh"}, InvalidDocument),
        ({"origin": "kh example"}, InvalidDocument),
        ({"name": ""}, InvalidDocument),
        ({"passphrase": ""}, NotPermitted),
    ],
)
def test_a_founding_that_fails_leaves_no_folder(
    tmp_path: Path, now: Instant, changes: dict[str, object], error: type[Exception]
) -> None:
    """And the same command with the setting mended then succeeds."""
    with pytest.raises(error):
        create(tmp_path / "kh", now, **changes)
    assert list(tmp_path.iterdir()) == []
    create(tmp_path / "kh", now).close()
    assert [path.name for path in tmp_path.iterdir()] == ["kh"]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, now: Instant) -> None:
    """Founding twice must not replace keys."""
    create(tmp_path / "kh", now).close()
    before = (tmp_path / "kh" / "keys.sealed").read_bytes()
    with pytest.raises(Conflict):
        create(tmp_path / "kh", now)
    assert (tmp_path / "kh" / "keys.sealed").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, now: Instant) -> None:
    """A file stands where the folder's parent should be."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed):
        create(tmp_path / "file" / "kh", now)


def test_a_wrong_passphrase_opens_no_node(found: Found) -> None:
    """And a folder without a node says so."""
    node = found("kh")
    with pytest.raises(NotPermitted):
        Node.open(node.folder, "wrong")
    with pytest.raises(NotFound, match="holds no node"):
        Node.open(node.folder / "public", PASSPHRASE)


def test_statements_are_given_their_moment_and_their_place(
    found: Found, say: Say, now: Instant
) -> None:
    """References name log, index and the digest of the entry as logged."""
    node = found("kh")
    dated = Statement(predicate_type="x", predicate={"issued": "2020-01-01T00:00:00Z"})
    references = node.append([say(1), dated], now)
    assert [one.index for one in references] == [1, 2]
    view = node.view()
    issued = []
    for reference in references:
        entry = view.get(reference)
        assert sha256(view.encoded(reference)) == reference.sha256
        assert entry.statement is not None
        issued.append(entry.statement.predicate["issued"])
    assert issued == ["2026-11-21T19:19:24Z", "2020-01-01T00:00:00Z"]


def test_appending_nothing_changes_nothing(found: Found, now: Instant) -> None:
    """No empty group, no signature for it."""
    node = found("kh")
    assert node.append([], now) == ()
    assert node.log.size == 1


def test_a_statement_outside_the_profile_is_not_logged(
    found: Found, say: Say, now: Instant
) -> None:
    """Nor are those appended with it."""
    node = found("kh")
    wrong = Statement(predicate_type="x", predicate={"v": 1.5})  # type: ignore[dict-item]  # the point
    huge = Statement(predicate_type="x", predicate={"v": "x" * 40_000})
    for bad in (wrong, huge):
        with pytest.raises(InvalidDocument):
            node.append([say(1), bad], now)
    assert node.log.size == 1


def test_another_process_s_entries_are_seen(found: Found, say: Say, now: Instant) -> None:
    """The command line writes while the server reads."""
    server = found("kh")
    command = Node.open(server.folder, PASSPHRASE)
    command.append([say(1)], now)
    command.close()
    assert len(list(server.view().entries("note"))) == 1


def test_entries_are_found_by_kind_and_by_subject(found: Found, say: Say, now: Instant) -> None:
    """Short names for ours, URIs for any."""
    node = found("kh")
    foreign = Statement(predicate_type="https://x.example/a", predicate={})
    node.append([say(1), foreign, say(2), say(1)], now)
    view = node.view()
    assert [e.reference.index for e in view.entries("note")] == [1, 3, 4]
    assert [e.reference.index for e in view.entries("https://x.example/a")] == [2]
    assert [e.reference.index for e in view.entries(subject=sha256(b"1"))] == [1, 4]
    assert [e.reference.index for e in view.entries("note", subject=sha256(b"2"))] == [3]
    assert len(list(view.entries())) == 5


def test_a_view_is_of_one_moment(found: Found, say: Say, now: Instant) -> None:
    """A page must not mix two states of the world."""
    node = found("kh")
    (reference,) = node.append([say(1)], now)
    view = node.view()
    (later,) = node.append([say(2)], now)
    node.view()
    assert len(list(view.entries("note"))) == 1
    assert view.find(reference) is not None
    assert view.find(later) is None


def test_a_reference_to_another_entry_is_refused(found: Found, say: Say, now: Instant) -> None:
    """Something stands there, but not what was meant."""
    node = found("kh")
    (reference,) = node.append([say(1)], now)
    view = node.view()
    with pytest.raises(VerificationFailed):
        view.find(dataclasses.replace(reference, sha256=sha256(b"other")))
    with pytest.raises(NotFound):
        view.get(dataclasses.replace(reference, index=9))


def test_settings_edited_by_hand_are_read_again(found: Found) -> None:
    """An operator edits node.toml while the server runs; a slip is said, not ignored."""
    node = found("kh")
    settings = node.folder / "node.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('"all"', "2"), encoding="utf-8")
    assert node.quorum.counts_when == 2
    settings.write_text(text.replace('"all"', '"some"'), encoding="utf-8")
    with pytest.raises(InvalidDocument, match="counts_when"):
        _ = node.quorum


def test_a_peer_is_written_down_once(found: Found) -> None:
    """Twice would make two answers to one name."""
    node = found("kh")
    peer = Peer(
        member=MemberId("ab" * 32),
        name="Brazil",
        url="https://br.example",
        log_key=NoteKey(name="br.example/log", kind=1, public=bytes(range(32))),
    )
    node.add_peer(peer)
    assert node.config.peers == (peer,)
    with pytest.raises(Conflict):
        node.add_peer(peer)
    with pytest.raises(NotFound, match="no peer is called 'bresil'"):
        node.get_peer("bresil")


def test_nothing_can_be_sealed_for_a_stranger(found: Found) -> None:
    """Whose key would it be?"""
    with pytest.raises(NotFound):
        found("kh").seal(MemberId("ab" * 32), b"x")


def test_a_broken_index_is_rebuilt(
    found: Found, say: Say, now: Instant, caplog: pytest.LogCaptureFixture
) -> None:
    """It holds nothing the logs do not; the operator is told why this took longer."""
    node = found("kh")
    node.append([say(1)], now)
    node.view()
    node.close()
    index = node.folder / "index.sqlite"
    for rest in node.folder.glob("index.sqlite-*"):
        rest.unlink()
    index.write_bytes(b"not a database" * 1000)
    again = Node.open(node.folder, PASSPHRASE)
    assert len(list(again.view().entries("note"))) == 1
    assert "rebuilt from the logs" in caplog.text
    again.close()


def test_a_forged_cosignature_of_a_later_witness_blocks_no_view(
    found: Found, now: Instant
) -> None:
    """Whose name a stranger put on its checkpoint is known only once its witness is."""
    reader, stranger, witness = found("kh"), found("br"), found("sg")
    key = witness.keyset.witness_key
    forged = NoteSignature(name=key.name, key_id=key.key_id, signature=bytes(72))
    published = stranger.log.find_published()
    assert published is not None
    stranger.log.publish(published[1].with_signatures([forged]))
    reader.add_peer(_peer(stranger))
    reader.follow(stranger.member, now)

    reader.add_peer(_peer(witness))

    (log,) = (log for log in reader.view().members() if log.member == stranger.member)
    assert not log.provenance(0).quorum_met


def _peer(node: Node) -> Peer:
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=str(node.public_folder),
        log_key=node.keyset.log_key,
        witness_key=node.keyset.witness_key,
    )
