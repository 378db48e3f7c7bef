# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Four nodes: who may count what, what a liar achieves, what a broken link does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from comity.errors import PeerFailed, StorageFailed, VerificationFailed
from comity.kernel.ids import MemberId
from comity.ledger.fork import convicts, verify_fork
from comity.ledger.note import NoteSignature, from_bytes
from comity.node.views.seen import SEEN_TYPE
from comity.node.witness.publication import recall

if TYPE_CHECKING:
    from tests.federation.conftest import Federation

    from comity.node.node import Node


def members(federation: Federation, *names: str) -> set[MemberId]:
    """Return the ids of nodes by name."""
    return {federation.nodes[name].member for name in names}


def test_a_statement_reaches_everyone_verified(federation: Federation) -> None:
    """The whole way: signed, cosigned, followed, indexed, read."""
    federation.say("pro", 1, 2, 3)
    for reader in ("ada", "bo", "cem"):
        followed = federation.nodes[reader].follow("pro", federation.now)
        assert (followed.previous, followed.size) == (0, 4)
        assert federation.numbers(reader, "pro") == [1, 2, 3]
        (entry, *_) = federation.nodes[reader].view().entries("note")
        assert entry.provenance.quorum_met
        assert set(entry.provenance.cosigners) == members(federation, "ada", "bo", "cem")


def test_only_both_other_regulators_make_a_regulator_s_checkpoint_count(
    federation: Federation,
) -> None:
    """Neither its owner nor the provider is counted, and one of two is too few."""
    federation.links["ada", "cem"].is_cut = True
    federation.say("ada", 1)
    federation.nodes["bo"].follow("ada", federation.now)
    (entry,) = federation.nodes["bo"].view().entries("note")
    assert not entry.provenance.quorum_met
    assert set(entry.provenance.cosigners) == members(federation, "bo")

    federation.links["ada", "cem"].is_cut = False
    federation.nodes["ada"].publish(federation.now)
    federation.nodes["bo"].follow("ada", federation.now)
    (entry,) = federation.nodes["bo"].view().entries("note")
    assert entry.provenance.quorum_met
    assert set(entry.provenance.cosigners) == members(federation, "bo", "cem")


def test_newer_entries_wait_for_their_own_quorum(federation: Federation) -> None:
    """What a cosigned checkpoint covers counts; what came after it does not yet."""
    federation.say("ada", 1)
    federation.links["ada", "bo"].is_cut = True
    federation.say("ada", 2)
    federation.nodes["cem"].follow("ada", federation.now)
    for reader in ("cem", "ada"):
        met = [e.provenance.quorum_met for e in federation.nodes[reader].view().entries("note")]
        assert met == ([False, False] if reader == "cem" else [True, False])


def test_a_counted_checkpoint_is_kept_beside_a_newer_one(federation: Federation) -> None:
    """A follower that saw the quorum does not forget it when the log grows."""
    federation.say("ada", 1)
    federation.nodes["cem"].follow("ada", federation.now)
    federation.links["ada", "bo"].is_cut = True
    federation.say("ada", 2)
    federation.nodes["cem"].follow("ada", federation.now)
    met = [e.provenance.quorum_met for e in federation.nodes["cem"].view().entries("note")]
    assert met == [True, False]


def test_a_split_view_never_gets_two_quorums(federation: Federation) -> None:
    """Honest witnesses each sign one story, so at most one of the two can count."""
    federation.say("ada", 1)
    twin = federation.twin("ada")
    federation.say("ada", 2)
    twin.append([], federation.now)
    federation.say("ada-twin", 3)
    published = twin.publish(federation.now)
    assert not published.tally.is_met
    assert {reason.split(" ")[0] for _, reason in published.missing} == {"it"}


def test_a_split_view_is_refused_and_leaves_evidence(federation: Federation) -> None:
    """Who sees both stories keeps the first, and holds what convicts the log."""
    federation.say("ada", 1)
    twin = federation.twin("ada")
    federation.say("ada", 2)
    federation.say("ada-twin", 3)
    reader = federation.nodes["bo"]
    reader.follow("ada", federation.now)
    federation.links["bo", "ada"].folder = twin.public_folder
    with pytest.raises(VerificationFailed) as refused:
        reader.follow("ada", federation.now)
    assert refused.value.code == "ledger.fork"
    assert federation.numbers("bo", "ada") == [1, 2]
    (fork,) = reader.evidence.forks()
    smaller, larger = verify_fork(fork)
    assert (smaller.size, larger.size) == (3, 3)


@pytest.mark.parametrize(("kept", "told"), [(0, 1), (1, 0), (300, 1), (1, 300), (255, 256)])
def test_a_fork_of_any_shape_leaves_evidence(
    federation: Federation, kept: int, told: int
) -> None:
    """Shorter, longer, within a tile or beyond: the changed past is always convicted."""
    federation.say("ada", *range(5))
    twin = federation.twin("ada")
    federation.say("ada", *range(100, 101 + kept))
    federation.say("ada-twin", *range(500, 501 + told))
    reader = federation.nodes["bo"]
    reader.follow("ada", federation.now)
    before = federation.numbers("bo", "ada")
    federation.links["bo", "ada"].folder = twin.public_folder
    with pytest.raises(VerificationFailed) as refused:
        reader.follow("ada", federation.now)
    assert refused.value.code == "ledger.fork"
    assert all(convicts(fork) for fork in reader.evidence.forks())
    assert len(reader.evidence.forks()) == 1
    assert federation.numbers("bo", "ada") == before


def test_an_old_copy_is_a_rollback_not_a_fork(federation: Federation) -> None:
    """Stale is not a lie: refused, but no one is convicted."""
    federation.say("ada", 1)
    old = federation.twin("ada", "old")
    federation.say("ada", 2)
    reader = federation.nodes["bo"]
    reader.follow("ada", federation.now)
    federation.links["bo", "ada"].folder = old.public_folder
    with pytest.raises(VerificationFailed) as refused:
        reader.follow("ada", federation.now)
    assert refused.value.code == "ledger.rollback"
    assert reader.evidence.forks() == ()


def test_a_restored_node_learns_from_its_witnesses(federation: Federation) -> None:
    """Restored whole from a backup, only the others know it has been further."""
    federation.say("ada", 1)
    backup = federation.twin("ada", "backup")
    federation.say("ada", 2)
    before = backup.log.find_published()
    with pytest.raises(StorageFailed, match="restored from an old copy") as refused:
        backup.publish(federation.now)
    assert refused.value.code == "node.restored"
    assert backup.log.find_published() == before


def test_a_log_asks_for_its_own_past_before_it_signs(federation: Federation) -> None:
    """Whoever mirrors it shows what it signed; behind or beside that, it refuses."""
    federation.say("ada", 1)
    backup, twin = federation.twin("ada", "backup"), federation.twin("ada")
    federation.say("ada", 2)
    federation.say("ada-twin", 3)
    ada, bo = federation.nodes["ada"], federation.nodes["bo"]
    bo.follow("ada", federation.now)
    mirrored = bo.folder / "peers" / ada.member / "checkpoint"
    shown = bo.public_folder / "mirrors" / ada.member
    shown.mkdir(parents=True)
    shutil.copy(mirrored, shown)
    for link in federation.links.values():
        link.folder = link.node.public_folder
    (found,) = recall(ada.log, ada.publisher())
    assert (found.peer.name, found.checkpoint.size) == ("bo", 3)
    for node, said in ((backup, "size 3"), (twin, "another root")):
        with pytest.raises(StorageFailed, match=said) as refused:
            recall(node.log, node.publisher())
        assert refused.value.code == "node.restored"


def test_a_lying_mirror_changes_nothing(federation: Federation) -> None:
    """A flipped byte in any file of a mirror is refused, and the truth is read after."""
    federation.say("ada", 1, 2)
    liar = federation.twin("ada", "liar").public_folder
    reader = federation.nodes["bo"]
    federation.links["bo", "ada"].folder = liar
    for path in sorted(liar.rglob("entries/000.p/3")):
        content = bytearray(path.read_bytes())
        content[-9] ^= 1
        path.write_bytes(bytes(content))
        with pytest.raises(VerificationFailed, match="entry 2"):
            reader.follow("ada", federation.now)
    assert federation.numbers("bo", "ada") == []
    federation.links["bo", "ada"].folder = None
    reader.follow("ada", federation.now)
    assert federation.numbers("bo", "ada") == [1, 2]


def test_another_member_s_log_is_refused(federation: Federation) -> None:
    """An address that now serves somebody else must not speak for the peer."""
    federation.links["bo", "ada"].folder = federation.nodes["cem"].public_folder
    with pytest.raises(VerificationFailed) as refused:
        federation.nodes["bo"].follow("ada", federation.now)
    assert refused.value.code == "ledger.origin"


def test_a_forged_cosignature_gains_nothing(federation: Federation) -> None:
    """A witness that answers garbage is named, and nothing of it is published."""
    federation.links["ada", "bo"].replies = lambda _: (200, b"garbage\n")
    federation.links["ada", "cem"].replies = lambda _: (200, b"")
    federation.say("ada", 1)
    published = federation.nodes["ada"].publish(federation.now)
    assert published.tally.counted == ()
    assert len(published.missing) == 2
    found = federation.nodes["ada"].log.find_published()
    assert found is not None
    assert len(found[1].signatures) == 1


def test_one_s_own_witness_key_is_no_answer_for_another(federation: Federation) -> None:
    """Ada signs in bo's place: with the wrong key it is nobody's cosignature."""
    ada = federation.nodes["ada"]
    federation.links["ada", "bo"].replies = lambda body: (
        200,
        federation.nodes["cem"].witness.add_checkpoint(body, federation.now).body,
    )
    federation.say("ada", 1)
    published = ada.publish(federation.now)
    assert set(published.tally.members) == members(federation, "cem")


def test_a_flood_of_strangers_signatures_fills_nothing(federation: Federation) -> None:
    """A mirror that adds 60 new ones at every visit must not make the note unreadable."""
    federation.say("ada", 1)
    federation.nodes["bo"].follow("ada", federation.now)
    copy = federation.twin("ada", "copy").public_folder
    federation.links["bo", "ada"].folder = copy
    honest = from_bytes((copy / "checkpoint").read_bytes())
    for visit in range(3):
        strangers = [
            NoteSignature(name=f"s{visit}.{n}", key_id=b"1234", signature=b"x")
            for n in range(60)
        ]
        (copy / "checkpoint").write_bytes(honest.with_signatures(strangers).encoded)
        federation.nodes["bo"].follow("ada", federation.now)
    (entry,) = federation.nodes["bo"].view().entries("note")
    assert entry.provenance.quorum_met


def test_repeated_and_late_messages_change_nothing(federation: Federation) -> None:
    """Following and publishing again and again is the same as once."""
    federation.say("ada", 1)
    before = federation.nodes["ada"].log.size
    for _ in range(3):
        federation.nodes["ada"].publish(federation.now)
        federation.nodes["bo"].follow("ada", federation.now)
    assert federation.nodes["ada"].log.size == before
    assert federation.numbers("bo", "ada") == [1]


def test_an_interrupted_sync_goes_on_where_it_stopped(federation: Federation) -> None:
    """What came in before the link broke is not fetched again."""
    federation.say("ada", *range(1100))
    reader, link = federation.nodes["bo"], federation.links["bo", "ada"]
    real = link.read

    class Breaking:
        name = "breaking"

        def read(self, path: str, *, limit: int) -> bytes:
            if path.endswith("/003"):
                raise PeerFailed("broken off", code="node.peer")
            return real(path, limit=limit)

    reader._sources.clear()
    federation.links["bo", "ada"] = Breaking()  # type: ignore[assignment]  # it only reads
    with pytest.raises(PeerFailed):
        reader.follow("ada", federation.now)
    assert federation.numbers("bo", "ada") == []
    reader._sources.clear()
    federation.links["bo", "ada"] = link
    link.asked.clear()
    assert reader.follow("ada", federation.now).size == 1101
    assert "tile/entries/000" not in link.asked
    assert "tile/entries/003" in link.asked
    assert federation.numbers("bo", "ada") == list(range(1100))


def test_a_cut_link_is_said_and_changes_nothing(federation: Federation) -> None:
    """Unreachable is not wrong: the peer is named and what is known stays known."""
    federation.say("ada", 1)
    federation.nodes["bo"].follow("ada", federation.now)
    federation.links["bo", "ada"].is_cut = True
    with pytest.raises(PeerFailed) as refused:
        federation.nodes["bo"].follow("ada", federation.now)
    assert "ada" in refused.value.peer
    assert federation.numbers("bo", "ada") == [1]


def test_witnesses_record_what_they_saw_and_then_fall_silent(federation: Federation) -> None:
    """A record grows a log, which others witness; that must not go on for ever."""

    def round_of(nodes: list[Node]) -> int:
        for node in nodes:
            node.publish(federation.now)
        for node in nodes:
            for peer in node.config.peers:
                node.follow(peer, federation.now)
        return sum(node.record_seen(federation.now) is not None for node in nodes)

    federation.say("ada", 1)
    nodes = list(federation.nodes.values())
    said = [round_of(nodes) for _ in range(4)]
    assert said[0] > 0
    assert said[2:] == [0, 0]
    entries = list(federation.nodes["bo"].view().entries(SEEN_TYPE))
    assert any("ada.example/log" in str(entry.statement) for entry in entries)


def test_the_index_is_rebuilt_from_the_logs_alone(federation: Federation) -> None:
    """It is a convenience; the logs are the truth."""
    federation.say("ada", *range(300))
    reader = federation.nodes["bo"]
    reader.follow("ada", federation.now)
    before = list(reader.view().entries())
    reader.index.clear()
    assert list(reader.view().entries()) == before
    assert len(before) == 302


def test_a_sealed_box_is_for_one_member(federation: Federation) -> None:
    """The keys come from the followed keysets; nobody else opens it."""
    ada, bo, cem = (federation.nodes[name] for name in ("ada", "bo", "cem"))
    ada.follow("bo", federation.now)
    sealed = ada.seal(bo.member, b"the remaining items")
    assert bo.unseal(sealed) == b"the remaining items"
    with pytest.raises(Exception, match="does not open"):
        cem.unseal(sealed)


def test_two_writers_with_one_key_are_found_out(federation: Federation) -> None:
    """The same node running twice in two places forks; the second gets no cosignature."""
    twin = federation.twin("ada")
    federation.say("ada", 1)
    federation.say("ada-twin", 2)
    assert twin.publish(federation.now).tally.counted == ()
    assert not isinstance(twin, StorageFailed)
