# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.pair import NOW, pair, say, sync

from comity.desk.finding.collection import collect_folder
from comity.desk.log.erasure import (
    Outcome,
    consent,
    drop_entry,
    erase_blob,
    erase_entry,
    find_blob_target,
    get_entry,
)
from comity.desk.log.surveying import survey
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted
from comity.kernel.reference import Reference
from comity.ledger.commitment import Access, AccessClass, Commitment
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.logs.redacting import redact_own
from comity.node.node import Node

WHY = ("personal data", "Article 17")


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Return two nodes that follow each other."""
    with pair(tmp_path) as found:
        yield found


def keep(node: Node, salt: bytes = bytes(16)) -> Commitment:
    """Keep a blob for peers."""
    access = Access(kind=AccessClass.MEMBERS)
    return node.blobs.kept.keep(b"report", salt=salt, media="text/plain", access=access)


def place(reference: Reference) -> str:
    """Return where an entry stands, as operators type it."""
    return f"{reference.log}#{reference.index}"


def erase(node: Node, text: str, *, only_ask: bool = False) -> Outcome:
    """Erase a blob as an operator does."""
    return erase_blob(node, find_blob_target(node, text), *WHY, NOW, only_ask=only_ask)


def test_a_blob_nobody_heard_of_goes_without_a_word(nodes: tuple[Node, Node]) -> None:
    """There is nothing in the log to erase."""
    kh, _ = nodes
    made, size = keep(kh), kh.log.size
    done = erase(kh, made.sha256.hex()[:12])
    assert (done.reference, done.was_held, kh.log.size) == (None, True, size)


def test_a_blob_goes_and_the_log_says_so_once(nodes: tuple[Node, Node]) -> None:
    """Run again, it says nothing new and finds nothing more."""
    kh, _ = nodes
    made = keep(kh)
    said = say(kh, "note", {"details": made.to_json()})
    first, second = erase(kh, place(said)), erase(kh, made.sha256.hex())
    assert (first.is_in_force, first.is_new, first.was_held) == (True, True, True)
    assert (second.reference, second.is_new, second.was_held) == (first.reference, False, False)
    with pytest.raises(Conflict, match="nobody needs to be asked"):
        erase(kh, place(say(kh, "note", {"details": keep(kh, b"1" * 16).to_json()})),
              only_ask=True)  # fmt: skip


def test_an_incident_is_erased_in_three_steps(nodes: tuple[Node, Node]) -> None:
    """Asked, countersigned by another, done; no step can be skipped or done twice."""
    kh, br = nodes
    made = keep(kh)
    incident = say(kh, "incident", {"details": made.to_json()})
    asked = erase(kh, place(incident))
    assert not asked.is_in_force
    assert kh.blobs.kept.find(made.sha256)
    assert asked.reference is not None
    with pytest.raises(Conflict, match="no other member"):
        erase(kh, place(incident))
    with pytest.raises(NotPermitted, match="one's own"):
        consent(kh, get_entry(kh, place(asked.reference)), "", NOW)
    sync(kh, br)
    request = get_entry(br, place(asked.reference))
    found, signed = consent(br, request, "seen", NOW)
    assert found.erasure.blob == made.sha256
    with pytest.raises(Conflict):
        consent(br, get_entry(br, place(asked.reference)), "", NOW)
    for wrong in (place(signed), place(incident)):
        with pytest.raises(InvalidDocument, match="no request"):
            consent(br, get_entry(br, wrong), "", NOW)
    sync(br, kh)
    done = erase(kh, place(incident))
    assert (done.is_in_force, done.was_held) == (True, True)
    assert kh.blobs.kept.find(made.sha256) is None


def test_another_members_words_are_not_erased(nodes: tuple[Node, Node]) -> None:
    """Nor is what the log's own keys rest on."""
    kh, br = nodes
    said = say(br, "note", {"text": "x"})
    sync(kh, br)
    size = kh.log.size
    for text in (place(said), "kh.example/log#0"):
        with pytest.raises(NotPermitted, match="nothing was erased"):
            erase_entry(kh, get_entry(kh, text), *WHY, NOW)
    assert kh.log.size == size


def test_an_entry_goes_and_verify_says_who_erased_it(nodes: tuple[Node, Node]) -> None:
    """One that was taken out without a word is told apart."""
    kh, _ = nodes
    said, silent = say(kh, "note", {"text": "x"}), say(kh, "note", {"text": "y"})
    done = erase_entry(kh, get_entry(kh, place(said)), *WHY, NOW)
    assert (done.is_in_force, done.was_held) == (True, True)
    assert not erase_entry(kh, get_entry(kh, place(said)), *WHY, NOW).was_held
    redact_own(Disk(kh.folder), silent.index)
    kh.publish(NOW)
    (mark, other) = collect_folder(kh.folder).logs
    assert [seen.anomalies for seen in survey([mark.log, other.log], NOW)] == [{}, {}]
    assert "erased by its author on 2026-11-22" in mark.erased[said.index]
    assert "Article 17" in mark.erased[said.index]
    assert "no statement" in mark.erased[silent.index]
    assert mark.unreadable == {}
    assert check_node(kh.folder).problems == ()


def test_a_copy_is_dropped_by_its_keeper_alone(nodes: tuple[Node, Node]) -> None:
    """Nothing is logged, nothing is said for its author, and twice is once."""
    kh, br = nodes
    said = say(kh, "note", {"text": "x"})
    sync(kh, br)
    size, entry = br.log.size, get_entry(br, place(said))
    assert drop_entry(br, entry)
    assert not drop_entry(br, entry)
    assert br.log.size == size
    assert get_entry(br, place(said)).statement is None
    with pytest.raises(NotPermitted):
        drop_entry(br, get_entry(br, "kh.example/log#0"))


@pytest.mark.parametrize("kind", ["whim", ""])
def test_every_fault_of_the_reasons_is_said_at_once(
    nodes: tuple[Node, Node], kind: str
) -> None:
    """Before anything is looked up or logged."""
    kh, _ = nodes
    made = keep(kh)
    with pytest.raises(InvalidDocument) as caught:
        erase_blob(kh, find_blob_target(kh, made.sha256.hex()), kind, " ", NOW)
    assert len(caught.value.faults) == 2
    assert kh.blobs.kept.find(made.sha256)


def test_what_is_meant_must_be_there_and_be_one(nodes: tuple[Node, Node]) -> None:
    """A statement of two blobs is not enough to say which."""
    kh, _ = nodes
    both = {"a": keep(kh).to_json(), "b": keep(kh, b"1" * 16).to_json()}
    said = say(kh, "note", {"two": both})
    with pytest.raises(InvalidDocument, match="2 blobs"):
        find_blob_target(kh, place(said))
    for text in ("abababababab", "abc", ""):
        with pytest.raises(NotFound):
            find_blob_target(kh, text)
    for text in ("#", "kh.example/log#x", "kh.example/log#99", "no.example/log#0", "9" * 40):
        with pytest.raises(NotFound):
            get_entry(kh, text)
