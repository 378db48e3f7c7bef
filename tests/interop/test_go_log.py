# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""We follow a log that Go's packages wrote: keys, signatures, tree, tiles and checkpoint."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.federation import Federation
from tests.interop.auditor import Auditor, raw
from tests.interop.cases import LOG, WITNESS, accepts

from comity.errors import VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import keyid_of
from comity.ledger.fork import FORK_V2, verify_fork
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.note import ED25519, from_vkey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    to_payload,
    to_predicate_type,
)
from comity.node.care.audit import Policy, verify_log
from comity.node.fetch.source import FolderSource, LogSource
from comity.node.member.config import Peer
from comity.node.node import Node

ORIGIN = "go.example/log"
ISSUED = "2026-11-22T07:00:00Z"
NOW = from_rfc3339("2026-11-22T08:00:00Z")
STEPS = (1, 2, 255, 256, 257, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The keys of one keyset, drawn by Go, and what a keyset says of them."""

    log: str
    statement: str
    said: dict[str, Json]

    @staticmethod
    def draw(auditor: Auditor) -> "Ring":
        """Let Go draw every key."""
        log = auditor.ask(name=ORIGIN, ask="make key", kind=1)
        witness = auditor.ask(name=f"{ORIGIN}/witness", ask="make key", kind=4)
        speaking = auditor.ask(name="statements", ask="make key", kind=4)
        public = raw(speaking, "public")
        said: dict[str, Json] = {
            "log_key": str(log["key"]), "witness_key": str(witness["key"]),
            "statement_keys": [{"keyid": keyid_of(public), "ed25519": public.hex()}],
            "agreement_key": sha256(public).hex(),
        }  # fmt: skip
        return Ring(log=str(log["secret"]), statement=str(speaking["secret"]), said=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A member all of whose bytes come out of the Go program, but for what it says."""

    auditor: Auditor
    rings: tuple[Ring, ...]

    @staticmethod
    def found(auditor: Auditor) -> "Stranger":
        """Let Go draw the keys of three keysets, which announce each other."""
        return Stranger(auditor=auditor, rings=tuple(Ring.draw(auditor) for _ in range(3)))

    def keyset(self, number: int) -> dict[str, Json]:
        """Return what a keyset says; each names the digest of the keys that follow it."""
        following = sha256(to_canonical(self.rings[number + 1].said))
        return {
            **self.rings[number].said,
            "name": "Gopher", "role": "regulator", "jurisdiction": "SGP", "example": True,
            "sequence": number, "next": following.hex(), "issued": ISSUED,
        }  # fmt: skip

    @property
    def member(self) -> MemberId:
        """Return the id that follows from the first keyset."""
        return MemberId(sha256(to_canonical(self.keyset(0))).hex())

    def peer(self, folder: Path) -> Peer:
        """Write it down as an operator does."""
        return Peer(
            member=self.member,
            name="gopher",
            url=str(folder),
            log_key=from_vkey(str(self.rings[0].said["log_key"])),
        )

    def entry(self, kind: str, predicate: dict[str, Json], *signers: Ring) -> bytes:
        """Let Go sign what it says."""
        subject = Subject.of(sha256(to_canonical(predicate)))
        statement = Statement(
            predicate_type=to_predicate_type(kind), predicate=predicate, subjects=(subject,)
        )
        said = self.auditor.ask(
            ask="make entry",
            secrets=[one.statement for one in signers],
            type=PAYLOAD_TYPE,
            message=to_payload(statement),
        )
        return raw(said, "entry")

    def grow(self, folder: Path, size: int, *, story: str = "one", ring: int = 0) -> None:
        """Let Go bring the log in a folder to a size, with the keys of one keyset."""
        found = folder / "checkpoint"
        before = int(found.read_text().split("\n")[1]) if found.exists() else 0
        keys = self.rings[ring]
        first = [] if before else [self.entry("keyset", self.keyset(0), keys)]
        note = self.entry("note", {"story": story, "issued": ISSUED}, keys)
        self.add(folder, [*first, *[note] * (size - before - len(first))], keys)

    def add(self, folder: Path, entries: list[bytes], *signers: Ring) -> None:
        """Let Go log entries and sign the checkpoint."""
        said = self.auditor.ask(
            ask="grow",
            secrets=[one.log for one in signers],
            folder=str(folder),
            entries=entries,
        )
        assert said["ok"], said


@pytest.fixture(scope="module")
def stranger(auditor: Auditor) -> Stranger:
    """Return the member that Go plays."""
    return Stranger.found(auditor)


def folder_of(peer: Peer) -> LogSource:
    """Read the stranger's folder."""
    return FolderSource(Path(peer.url))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Node]:
    """Return a member of ours that reads folders."""
    federation = Federation(tmp_path / "ours")
    federation.found("kh", "regulator", "KHM").close()
    node = Node.open(tmp_path / "ours" / "kh", "example", connect=folder_of)
    yield node
    node.close()


def identities(reader: Node, member: MemberId) -> list[int]:
    """Return the numbers of the keysets that a mirror tells of."""
    found = verify_log(FolderSource(reader.folder / "peers" / member), Policy(member=member))
    return [tenure.keyset.sequence for tenure in found.identity.tenures]


def test_we_follow_a_log_that_go_writes_as_it_grows(
    stranger: Stranger, reader: Node, tmp_path: Path
) -> None:
    """At the edges of a tile and beyond; the mirror then verifies like any log."""
    folder = tmp_path / "theirs"
    reader.add_peer(stranger.peer(folder))
    sizes = []
    for size in STEPS:
        stranger.grow(folder, size)
        sizes.append(reader.follow("gopher", NOW).size)

    mirror = FolderSource(reader.folder / "peers" / stranger.member)
    found = verify_log(mirror, Policy(member=stranger.member))
    assert sizes == list(STEPS)
    assert found.size == STEPS[-1]
    assert [entry.index for entry in found.entries if entry.reading.statement is None] == []
    assert found.keyset.name == "Gopher"


def test_we_read_a_log_of_gos_from_any_size_at_once(
    stranger: Stranger, reader: Node, tmp_path: Path
) -> None:
    """Whoever comes late reads the same as who came first."""
    folder = tmp_path / "theirs"
    stranger.grow(folder, 600)
    reader.add_peer(stranger.peer(folder))

    assert reader.follow("gopher", NOW).size == 600
    assert accepts(lambda: verify_log(FolderSource(folder), Policy(member=stranger.member)))


def forked(
    stranger: Stranger, reader: Node, folder: Path, *, at: int, held: int, size: int
) -> bytes:
    """Let Go tell two stories, be found out, and return the evidence."""
    theirs, other = folder / "theirs", folder / "other"
    reader.add_peer(stranger.peer(theirs))
    stranger.grow(theirs, at)
    shutil.copytree(theirs, other)
    stranger.grow(theirs, held)
    reader.follow("gopher", NOW)
    stranger.grow(other, size, story="another")
    shutil.rmtree(theirs)
    other.rename(theirs)
    with pytest.raises(VerificationFailed, match="two stories") as refused:
        reader.follow("gopher", NOW)
    assert refused.value.code == "ledger.fork"
    (file,) = (reader.folder / "evidence").glob("*.json")
    return file.read_bytes()


def convict(auditor: Auditor, told: bytes) -> tuple[bool, bool]:
    """Return whether Go convicts, and whether we do."""
    said = auditor.ask(ask="fork", entry=told)
    return bool(said["ok"]), accepts(lambda: verify_fork(fork_from_bytes(told)))


FORKS = [(1, 3, 3), (2, 3, 5), (255, 256, 257), (100, 300, 400), (1, 2, 600)]
"""Where the stories part, the size of the one held, the size of the other."""


@pytest.mark.parametrize("sizes", FORKS)
def test_a_fork_of_gos_is_convicted_and_go_convicts_it_on_our_evidence(
    stranger: Stranger, reader: Node, tmp_path: Path, sizes: tuple[int, int, int]
) -> None:
    """Signatures of its own convict a log, whoever judges the file."""
    at, held, size = sizes
    told = forked(stranger, reader, tmp_path, at=at, held=held, size=size)

    smaller, larger = verify_fork(fork_from_bytes(told))

    assert (smaller.size, larger.size) == (held, size)
    assert convict(stranger.auditor, told) == (True, True)


def altered(told: dict[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield evidence changed in every part it has."""
    proof, shared = told["proof"], told.get("shared")
    assert isinstance(proof, list)
    yield "one note twice", {"larger": told["smaller"]}
    yield "the notes exchanged", {"smaller": told["larger"], "larger": told["smaller"]}
    yield "another root before", {"prefix_root": "00" * 32}
    yield "no root before", {"prefix_root": None, "proof": []}
    yield "no proof", {"proof": []}
    yield "half a proof", {"proof": proof[:-1]}
    yield "a proof turned round", {"proof": proof[::-1]}
    yield "a note of another size", {"smaller": str(told["smaller"]).replace("\n5\n", "\n4\n")}
    yield "another log's key", {"log_key": LOG.key.vkey}
    yield "a witness that did not sign", {"type": FORK_V2, "witness_keys": [WITNESS.key.vkey]}
    if isinstance(shared, dict):
        yield "more in common", {"shared": {**shared, "size": 2}}
        yield "another root in common", {"shared": {**shared, "root": "00" * 32}}
        yield "no proof in common", {"shared": {**shared, "to_larger": []}}


def test_go_acquits_where_we_acquit(stranger: Stranger, reader: Node, tmp_path: Path) -> None:
    """An accusation that any part can be changed in would be no evidence."""
    whole = forked(stranger, reader, tmp_path, at=1, held=5, size=9)
    told = from_canonical(whole)
    assert isinstance(told, dict)
    verdicts = {
        name: convict(stranger.auditor, to_canonical({**told, **parts}))
        for name, parts in altered(told)
    }

    assert convict(stranger.auditor, whole) == (True, True)
    assert {name: both for name, both in verdicts.items() if both != (False, False)} == {}


def test_a_log_of_gos_under_another_key_is_refused(
    stranger: Stranger, reader: Node, tmp_path: Path
) -> None:
    """The operator's word on whose key it is stands above the log's own."""
    folder = tmp_path / "theirs"
    stranger.grow(folder, 4)
    other = stranger.auditor.ask(name=ORIGIN, ask="make key", kind=1)
    peer = stranger.peer(folder)
    wrong = from_vkey(str(other["key"]))
    assert wrong.kind == ED25519
    reader.add_peer(Peer(member=peer.member, name=peer.name, url=peer.url, log_key=wrong))

    with pytest.raises(VerificationFailed):
        reader.follow("gopher", NOW)


def test_we_follow_a_member_of_gos_through_a_change_of_all_its_keys(
    stranger: Stranger, reader: Node, tmp_path: Path
) -> None:
    """Both keysets sign the second, which the first announced; then the new keys suffice."""
    folder, (old, new, _) = tmp_path / "theirs", stranger.rings
    reader.add_peer(stranger.peer(folder))
    stranger.grow(folder, 3)
    reader.follow("gopher", NOW)
    rotation = stranger.entry("keyset", stranger.keyset(1), old, new)
    stranger.add(folder, [rotation], old, new)
    reader.follow("gopher", NOW)
    stranger.grow(folder, 600, ring=1)

    assert reader.follow("gopher", NOW).size == 600
    assert identities(reader, stranger.member) == [0, 1]


@pytest.mark.parametrize("signers", [(0,), (1,), (2,)])
def test_keys_that_too_few_signed_change_nothing(
    stranger: Stranger, reader: Node, tmp_path: Path, signers: tuple[int, ...]
) -> None:
    """Neither the old keys alone nor the new ones alone bring the new ones into force."""
    folder = tmp_path / "theirs"
    reader.add_peer(stranger.peer(folder))
    stranger.grow(folder, 3)
    rings = [stranger.rings[at] for at in signers]
    stranger.add(
        folder, [stranger.entry("keyset", stranger.keyset(1), *rings)], stranger.rings[0]
    )
    reader.follow("gopher", NOW)

    assert identities(reader, stranger.member) == [0]
    stranger.grow(folder, 9, ring=1)
    with pytest.raises(VerificationFailed):
        reader.follow("gopher", NOW)
