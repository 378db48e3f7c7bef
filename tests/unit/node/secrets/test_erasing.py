# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.commitment import Access, AccessClass, Commitment
from comity.ledger.erasure import Consent, Erasure
from comity.ledger.redaction import has_gap
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.care.audit import verify_log
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.mirror import Mirror
from comity.node.logs.redacting import redact_mirror, redact_own
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.secrets.erasing import erasures, find_consent, find_erasure

Found = Callable[[str], Node]


class Pair:
    """Two members that follow each other."""

    def __init__(self, found: Found, now: Instant) -> None:
        self.now = now
        self.kh, self.br = found("kh"), found("br")
        for one, other in ((self.kh, self.br), (self.br, self.kh)):
            one.add_peer(
                Peer(
                    member=other.member,
                    name=other.keyset.name,
                    url=str(other.public_folder),
                    log_key=other.keyset.log_key,
                    witness_key=None,
                )
            )

    def say(self, node: Node, kind: str, predicate: dict[str, Json]) -> Reference:
        """Log a statement."""
        statement = Statement(
            predicate_type=to_predicate_type(kind),
            predicate=predicate,
            subjects=(Subject.of(sha256(b"something")),),
        )
        return node.append([statement], self.now)[0]

    def erase(
        self,
        node: Node,
        of: Reference | None,
        blob: Digest | None = None,
        signed: Reference | None = None,
    ) -> Reference:
        """Log an erasure."""
        erasure = Erasure(
            issued=self.now, of=of, blob=blob, kind="personal data", basis="article 17",
            countersigned=signed,
        )  # fmt: skip
        return node.append([erasure.to_statement()], self.now)[0]

    def consent(self, node: Node, request: Reference) -> Reference:
        """Log a countersignature of a request to erase."""
        return node.append(
            [Consent(issued=self.now, erasure=request).to_statement()], self.now
        )[0]

    def sync(self) -> None:
        """Publish and follow, both ways."""
        for node in (self.kh, self.br):
            node.publish(self.now)
        self.kh.follow("br", self.now)
        self.br.follow("kh", self.now)

    def mirror(self) -> Path:
        """Return where br keeps its copy of kh's log."""
        return self.br.folder / "peers" / self.kh.member

    def keep(self, content: bytes = b"report") -> Commitment:
        """Keep a blob at kh that br holds a copy of."""
        access = Access(kind=AccessClass.NAMED, readers=frozenset([self.br.member]))
        made = self.kh.blobs.kept.keep(
            content, salt=bytes(16), media="text/plain", access=access
        )
        piece = self.kh.blobs.serve(made.sha256, self.br.member)
        assert piece is not None
        self.br.blobs.kept.take(made.sha256, piece, limit=made.bucket)
        return made


@pytest.fixture
def pair(found: Found, now: Instant) -> Pair:
    """Return two members that follow each other."""
    return Pair(found, now)


def standing(node: Node) -> list[Truth]:
    """Return whether each erasure a node knows is in force."""
    return [one.standing.in_force for one in erasures(node.view())]


def test_a_follower_drops_its_copy_of_an_erased_blob(pair: Pair) -> None:
    """As soon as following brings the statement; the salt goes with it."""
    made = pair.keep()
    said = pair.say(pair.kh, "correction", {"details": made.to_json()})
    pair.sync()
    assert pair.br.blobs.kept.find(made.sha256)
    pair.erase(pair.kh, said, made.sha256)
    pair.sync()
    assert standing(pair.br) == [Truth.TRUE]
    assert pair.br.blobs.kept.find(made.sha256) is None


def test_nobody_has_anothers_blob_dropped(pair: Pair) -> None:
    """A member that learns a name could otherwise have evidence against it vanish."""
    made = pair.keep()
    said = pair.say(pair.br, "correction", {"details": made.to_json()})
    own = pair.say(pair.kh, "correction", {"details": None})
    for of in (said, own, None):
        pair.erase(pair.kh, of, made.sha256)
    pair.sync()
    assert standing(pair.br) == [Truth.FALSE] * 3
    assert pair.br.blobs.kept.find(made.sha256)


def test_a_blob_without_a_salt_stays_where_another_speaks_of_it(pair: Pair) -> None:
    """Two findings may rest on one bundle; one author's erasure does not take the other's."""
    digest = pair.br.blobs.put(b"bundle")
    said = pair.say(pair.kh, "finding", {"bundle": digest.hex()})
    pair.say(pair.br, "finding", {"bundle": digest.hex()})
    pair.erase(pair.kh, said, digest)
    pair.sync()
    assert standing(pair.br) == [Truth.TRUE]
    assert pair.br.blobs.find(digest) == b"bundle"


def test_a_blob_of_an_incident_goes_only_when_another_member_signed(pair: Pair) -> None:
    """Request, countersignature, erasure: each a statement, in three entries of two logs."""
    made = pair.keep()
    said = pair.say(pair.kh, "incident", {"details": made.to_json()})
    request = pair.erase(pair.kh, said, made.sha256)
    pair.sync()
    assert standing(pair.br) == [Truth.FALSE]
    assert pair.br.blobs.kept.find(made.sha256)
    signed = pair.consent(pair.br, request)
    pair.sync()
    asked = pair.kh.view().get(request)
    consent = find_consent(pair.kh.view(), asked)
    assert consent is not None
    assert consent.reference == signed
    pair.erase(pair.kh, said, made.sha256, signed)
    pair.sync()
    assert standing(pair.br) == [Truth.FALSE, Truth.TRUE]
    assert pair.br.blobs.kept.find(made.sha256) is None


def test_no_countersignature_stands_for_another_erasure(pair: Pair) -> None:
    """Of oneself, of another entry, of a statement of another kind, or of nothing."""
    made = pair.keep()
    said = pair.say(pair.kh, "incident", {"details": made.to_json()})
    other = pair.say(pair.kh, "incident", {"details": None})
    request, elsewhere = pair.erase(pair.kh, said, made.sha256), pair.erase(pair.kh, other)
    for signed in (
        pair.consent(pair.kh, request),
        pair.consent(pair.br, elsewhere),
        pair.consent(pair.br, said),
        pair.say(pair.br, "note", {}),
        Reference(log=said.log, index=0, sha256=sha256(b"no")),
    ):
        pair.erase(pair.kh, said, made.sha256, signed)
    pair.sync()
    assert Truth.TRUE not in standing(pair.br)
    assert pair.br.blobs.kept.find(made.sha256)


def test_an_unseen_countersignature_settles_nothing(pair: Pair) -> None:
    """Who does not follow the member that signed cannot tell, and drops nothing."""
    said = pair.say(pair.kh, "incident", {})
    far = Reference(
        log=pair.kh.origin.__class__("sg.example/log"), index=4, sha256=sha256(b"x")
    )
    pair.erase(pair.kh, said, None, far)
    pair.sync()
    assert standing(pair.br) == [Truth.UNDETERMINED]
    assert not has_gap(Mirror(Disk(pair.br.folder), pair.kh.member).read_bundle(0))


def test_a_mirror_drops_an_erased_entry_and_stays_verifiable(pair: Pair) -> None:
    """Its own fsck is green, and whoever reads the mirror recomputes the root."""
    said = pair.say(pair.kh, "note", {"text": "what must go"})
    pair.say(pair.kh, "note", {"text": "what stays"})
    pair.sync()
    encoded = pair.br.view().encoded(said)
    pair.erase(pair.kh, said)
    redact_own(Disk(pair.kh.folder), said.index)
    pair.sync()
    assert check_node(pair.br.folder).problems == ()
    assert check_node(pair.kh.folder).problems == ()
    assert verify_log(FolderSource(pair.mirror())).size == 4
    entry = pair.br.view().get(said)
    assert entry.statement is None
    found = find_erasure(pair.br.view(), said)
    assert found is not None
    assert found.is_in_force
    for path in pair.br.folder.rglob("*"):
        assert not path.is_file() or encoded not in path.read_bytes(), path


def test_a_follower_keeps_what_was_taken_out_without_effect(pair: Pair) -> None:
    """An incident its author serves no longer stays with those who hold it."""
    said = pair.say(pair.kh, "incident", {"summary": {"en": "harm"}})
    pair.sync()
    pair.erase(pair.kh, said)
    redact_own(Disk(pair.kh.folder), said.index)
    pair.sync()
    entry = pair.br.view().get(said)
    assert entry.statement is not None
    assert entry.statement.kind == "incident"
    assert pair.kh.view().get(said).statement is None
    assert check_node(pair.br.folder).problems == ()


def test_who_comes_later_reads_the_log_with_its_gap(
    pair: Pair, found: Found, now: Instant
) -> None:
    """The root is the signed one; that the author may take it out cannot be told from there."""
    said = pair.say(pair.kh, "note", {"text": "what must go"})
    pair.erase(pair.kh, said)
    redact_own(Disk(pair.kh.folder), said.index)
    pair.sync()
    late = found("sg")
    peer = pair.br.get_peer("kh")
    late.add_peer(peer)
    assert late.follow("kh", now).size == 3
    assert late.view().get(said).statement is None
    assert standing(late) == [Truth.UNDETERMINED]
    assert check_node(late.folder).problems == ()
    late.index.clear()
    assert late.view().get(said).fault.startswith("erased")


def test_an_operator_drops_an_entry_on_its_own(pair: Pair) -> None:
    """What is illegal where the mirror stands goes, whatever its author says."""
    said = pair.say(pair.kh, "note", {"text": "what must go"})
    pair.sync()
    mirror = Mirror(Disk(pair.br.folder), pair.kh.member)
    assert redact_mirror(mirror, said.index)
    assert not redact_mirror(mirror, said.index)
    pair.say(pair.kh, "note", {"text": "more"})
    pair.sync()
    assert check_node(pair.br.folder).problems == ()


def test_an_erased_entry_cannot_be_smuggled_back_changed(pair: Pair) -> None:
    """A mirror that puts other bytes into the gap does not lead to the root."""
    said = pair.say(pair.kh, "note", {"text": "what must go"})
    pair.erase(pair.kh, said)
    redact_own(Disk(pair.kh.folder), said.index)
    pair.sync()
    path = pair.mirror() / "tile" / "redacted" / "000.p" / "3"
    content = path.read_bytes()
    copy = pair.mirror().parent / "copy"
    shutil.copytree(pair.mirror(), copy)
    changed = content.replace(b"\x01", b"\x00\x00\x04fake\x01", 1)
    (copy / "tile" / "redacted" / "000.p" / "3").write_bytes(changed)
    with pytest.raises(VerificationFailed):
        verify_log(FolderSource(copy))
