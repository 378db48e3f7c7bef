# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Hostile members, and those who help them, against the ledger; by hand, on real nodes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.dynasty import Dynasty
from tests.fakes.twostories import NOW, found, meet, said

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.base64text import to_base64
from comity.ledger.erasure import Consent, Erasure
from comity.ledger.gate import Gate
from comity.ledger.keyset import from_predicate, to_predicate
from comity.ledger.note import NoteKey
from comity.ledger.quorum import Quorum, Witness, eligible, rule_of
from comity.ledger.statement import to_predicate_type
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.inquiry import inquire
from comity.node.keys.keyfile import open_secret
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder
from comity.node.node import Node
from comity.node.secrets.erasing import erasures
from comity.node.views.seen import Sight
from comity.node.views.trust import voice_of

Make = Callable[[str], Node]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Return a function that founds a node by name; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(closing(found(tmp_path / name, NOW)))


def erase(node: Node, of: Reference, signed: Reference | None = None) -> Reference:
    """Log an erasure."""
    erasure = Erasure(
        issued=NOW, of=of, blob=None, kind="secret", basis="an order", countersigned=signed
    )
    return node.append([erasure.to_statement()], NOW)[0]


def test_an_accomplice_cannot_consent_away_what_the_request_does_not_name(make: Make) -> None:
    """A reference with another digest would take a member's compromise from its followers."""
    liar, friend, reader = make("kh"), make("ac"), make("br")
    meet(liar, friend)
    meet(friend, liar)
    stolen = replace(said(1), predicate_type=to_predicate_type("compromise"))
    note, place = liar.append([said(1), stolen], NOW)
    wrong = replace(place, sha256=note.sha256)
    request = erase(liar, wrong)
    consent = Consent(issued=NOW, erasure=request).to_statement()
    erase(liar, wrong, friend.append([consent], NOW)[0])
    for node in (liar, friend):
        node.publish(NOW)
        reader.follow(meet(reader, node), NOW)
    assert {one.standing.in_force for one in erasures(reader.view())} == {Truth.FALSE}
    assert Mirror(Disk(reader.folder), liar.member).is_whole


@pytest.mark.parametrize("field", ["witness_key", "witness_key_mldsa"])
@pytest.mark.parametrize("name", ["br.example/log/witness", "kh.example/log", "br.example/x"])
def test_no_keyset_claims_another_members_witness_key(field: str, name: str) -> None:
    """Else it speaks with that voice, and the other member is no witness of its log."""
    keyset = Dynasty().keyset(0)
    claimed = NoteKey(name=name, kind=4, public=bytes([7]) * 32)
    if field == "witness_key_mldsa":
        claimed = NoteKey(name=name, kind=6, public=bytes([7]) * 1312)
    predicate = {**to_predicate(keyset), field: claimed.vkey}
    with pytest.raises(InvalidDocument, match=f"{field} is not named kh.example/log/"):
        from_predicate(predicate)


def test_claiming_the_bytes_of_another_key_takes_no_witness_away(make: Make) -> None:
    """One liar that claims everybody's keys would silence everybody, or weaken "all"."""
    one, liar = make("br"), make("kh")
    theirs, own = one.keyset.witness_key, liar.keyset.witness_key
    claimed = replace(theirs, name=own.name)
    quorum = Quorum(
        witnesses=(
            Witness(member=liar.member, key=own, others=(claimed,)),
            Witness(member=one.member, key=theirs),
        )
    )
    voices = [(two.member, two.keys) for two in eligible(quorum, owner=None)]
    assert voices == [(liar.member, (own,)), (one.member, (theirs,))]
    left = rule_of(quorum, owner=liar.member)
    assert left == Gate(needed=None, parts=(one.member,))
    owners = {claimed.vkey.encode(): liar.member, claimed.public: liar.member}
    assert voice_of(theirs, {**owners, theirs.vkey.encode(): one.member}) == one.member


@pytest.mark.parametrize("is_only_place", [True, False])
def test_a_place_that_leaves_out_an_entry_hides_it_only_while_no_other_is_read(
    make: Make, tmp_path: Path, *, is_only_place: bool
) -> None:
    """A hostile mirror would hide a withdrawal or a compromise behind a gap for ever."""
    owner, reader = make("kh"), make("br")
    withdrawal = replace(said(9), predicate_type=to_predicate_type("withdrawal"))
    owner.append([withdrawal, *map(said, range(260))], NOW)
    owner.log.publish(owner.log.prepare()[1])
    hostile = tmp_path / "hostile"
    shutil.copytree(owner.public_folder, hostile)
    assert TileFolder(Disk(hostile), "").redact(0, [1])
    peer = meet(reader, owner)
    lied = replace(peer, url=str(hostile))
    mirror = Mirror(Disk(reader.folder), owner.member)
    if is_only_place:
        reader.follow(lied, NOW)
        assert not mirror.is_whole
        assert list(reader.view().entries("withdrawal")) == []
        reader.follow(peer, NOW)
    else:
        both = replace(lied.following, mirrors=(str(owner.public_folder),))
        reader.follow(replace(lied, following=both), NOW)
    assert mirror.is_whole
    assert [one.reference.index for one in reader.view().entries("withdrawal")] == [1]


def test_a_flood_of_suspicions_is_one_question(make: Make) -> None:
    """Who says a thousand times that it saw another story is asked for it once."""
    reader, liar, victim = make("br"), make("id"), make("kh")
    victim.append([said(1), said(2)], NOW)
    victim.publish(NOW)
    root = Digest(bytes(32))
    lies = [Sight(origin=victim.origin, size=size, root=root) for size in (1, 2, 3)]
    rows: list[Json] = [
        {"origin": one.origin, "size": one.size, "root": one.root.hex()} for one in lies
    ]
    seen = replace(
        said(1), predicate_type=to_predicate_type("seen"), predicate={"checkpoints": rows * 50}
    )
    liar.append([seen], NOW)
    liar.publish(NOW)
    peers = {node.member: meet(reader, node) for node in (victim, liar)}
    for peer in peers.values():
        reader.follow(peer, NOW)
    asked: list[str] = []

    class Counting(FolderSource):
        def read(self, path: str, *, limit: int) -> bytes:
            asked.append(path)
            return super().read(path, limit=limit)

    reader._connect = lambda peer: Counting(Path(peer.url))
    reader._sources.clear()
    found = inquire(reader)
    assert len(found.open) == 150
    assert asked.count(f"mirrors/{victim.member}/checkpoint") == 1


def test_a_key_file_cannot_ask_for_minutes_of_work() -> None:
    """A changed file would hang whoever opens it."""
    file: dict[str, Json] = {
        "box": to_base64(bytes(60)),
        "format": "f",
        "memory_bytes": 2**30,
        "passes": 64,
        "salt": to_base64(bytes(16)),
    }
    with pytest.raises(InvalidDocument):
        open_secret(to_canonical(file), "x", form="f")
