# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from comity.errors import VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.ledger.note import NoteKey
from comity.ledger.quorum import Quorum, Witness
from comity.node.care.audit import Policy, read_identity, verify_log
from comity.node.fetch.source import FolderSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement
    from comity.node.node import Node

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]


@pytest.fixture
def small(found: Found, say: Say, now: Instant) -> Node:
    """Return a node with a keyset and two statements, published."""
    node = found("kh")
    node.append([say(1), say(2)], now)
    node.publish(now)
    return node


@pytest.fixture
def large(found: Found, say: Say, now: Instant) -> Node:
    """Return a node whose log has three bundles and two levels of tiles."""
    node = found("kh")
    node.append([say(number) for number in range(599)], now)
    node.publish(now)
    return node


def test_a_log_verifies_from_its_files_alone(large: Node) -> None:
    """No node, no key, no database: what a court or a journalist would run."""
    verified = verify_log(FolderSource(large.public_folder))
    assert (verified.member, verified.size, verified.tally) == (large.member, 600, None)
    assert [entry.index for entry in verified.entries] == list(range(600))
    last = verified.entries[-1]
    assert last.sha256 == sha256(last.encoded)
    assert last.reading.statement is not None
    assert last.reading.statement.predicate["number"] == 598


def test_a_flipped_bit_in_any_byte_is_refused_with_its_place(small: Node) -> None:
    """Every byte of every file of a small log, one after the other."""
    folder = small.public_folder
    for name in ("checkpoint", "tile/entries/000.p/3", "tile/0/000.p/3"):
        content = (folder / name).read_bytes()
        for at in range(len(content)):
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            (folder / name).write_bytes(changed)
            with pytest.raises(VerificationFailed) as refused:
                verify_log(FolderSource(folder))
            assert name in refused.value.place
        (folder / name).write_bytes(content)
    assert verify_log(FolderSource(folder)).size == 3


def test_partial_files_may_have_gone_where_the_full_ones_are(
    large: Node, say: Say, now: Instant
) -> None:
    """A writer that died between its files and its checkpoint leaves the log just so."""
    before = (large.public_folder / "checkpoint").read_bytes()
    large.append([say(number) for number in range(600, 800)], now)
    large.publish(now)
    (large.public_folder / "checkpoint").write_bytes(before)

    assert not (large.public_folder / "tile/entries/002.p").exists()
    assert verify_log(FolderSource(large.public_folder)).size == 600


@pytest.mark.parametrize("name", ["checkpoint", "tile/entries/000.p/3", "tile/0/000.p/3"])
@pytest.mark.parametrize("change", ["missing", "empty", "cut", "longer"])
def test_a_file_that_is_not_whole_is_named(small: Node, name: str, change: str) -> None:
    """Shorter, longer or gone: the file is named, nothing else is blamed."""
    path = small.public_folder / name
    content = path.read_bytes()
    match change:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(content[:-1])
        case _:
            path.write_bytes(content + b"\x00")
    with pytest.raises(VerificationFailed) as refused:
        verify_log(FolderSource(small.public_folder))
    assert name in refused.value.place


@pytest.mark.parametrize("index", [0, 1, 255, 256, 511, 599])
def test_the_changed_entry_is_named_in_a_large_log(large: Node, index: int) -> None:
    """By its own number, though only the root over all of them is signed."""
    number, at = divmod(index, 256)
    width = min(256, 600 - number * 256)
    suffix = "" if width == 256 else f".p/{width}"
    path = large.public_folder / f"tile/entries/{number:03d}{suffix}"
    content = bytearray(path.read_bytes())
    start = 0
    for _ in range(at):
        start += 2 + int.from_bytes(content[start : start + 2], "big")
    content[start + 40] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(VerificationFailed, match=f"entry {index}"):
        verify_log(FolderSource(large.public_folder))


@pytest.mark.parametrize("name", ["tile/0/001", "tile/1/000.p/2", "tile/0/002.p/88"])
def test_a_changed_tile_is_named_with_its_byte(large: Node, name: str) -> None:
    """The entries are right; the tile is not theirs."""
    path = large.public_folder / name
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(VerificationFailed) as refused:
        verify_log(FolderSource(large.public_folder))
    assert refused.value.place == f"{name}, byte 50"


def test_entries_and_tiles_changed_together_are_still_refused(
    small: Node, found: Found, say: Say, now: Instant
) -> None:
    """Then nothing but the signed root is left to disagree, and it does."""
    other = found("other")
    other.append([say(1), say(9)], now)
    other.publish(now)
    shutil.rmtree(small.public_folder / "tile")
    shutil.copytree(other.public_folder / "tile", small.public_folder / "tile")
    with pytest.raises(VerificationFailed) as refused:
        verify_log(FolderSource(small.public_folder))
    assert refused.value.place


def test_a_reader_s_own_knowledge_is_held_against_the_log(small: Node) -> None:
    """A member id or key learnt elsewhere makes the answer more than self-consistent."""
    source = FolderSource(small.public_folder)
    key = small.keyset.log_key
    assert verify_log(source, Policy(member=small.member, log_key=key)).size == 3
    stranger = NoteKey(name=key.name, kind=key.kind, public=bytes(range(32)))
    for policy in (Policy(member=MemberId("0" * 64)), Policy(log_key=stranger)):
        with pytest.raises(VerificationFailed):
            verify_log(source, policy)


def test_a_reader_s_quorum_is_counted(small: Node) -> None:
    """The rule is the reader's; the owner never counts."""
    witness = Witness(member=small.member, key=small.keyset.witness_key)
    policy = Policy(quorum=Quorum(witnesses=(witness,)))
    verified = verify_log(FolderSource(small.public_folder), policy)
    assert verified.tally is not None
    assert not verified.tally.is_met


def test_an_unreadable_entry_is_shown_and_blocks_nothing(
    small: Node, say: Say, now: Instant
) -> None:
    """Its owner logged bytes that are no statement; the next entry still counts."""
    small.log.append([b"\x00 not a statement"])
    small.append([say(3)], now)
    small.publish(now)
    verified = verify_log(FolderSource(small.public_folder))
    assert [bool(entry.reading.fault) for entry in verified.entries] == [
        False,
        False,
        False,
        True,
        False,
    ]
    unreadable = [entry for entry in small.view().entries() if entry.fault]
    assert [entry.reference.index for entry in unreadable] == [3]


def test_a_log_tells_whose_it_is_before_anything_is_trusted(
    small: Node, tmp_path: Path
) -> None:
    """For an operator to compare over another channel."""
    assert read_identity(FolderSource(small.public_folder)).keyset == small.keyset
    with pytest.raises(VerificationFailed):
        read_identity(FolderSource(tmp_path))
