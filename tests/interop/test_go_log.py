# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""We follow a log that Go's packages wrote: keys, signatures, tree, tiles and checkpoint."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from tests.fakes.federation import Federation
from tests.interop.auditor import Auditor, raw
from tests.interop.cases import accepts

from comity.errors import VerificationFailed
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.ledger.envelope import keyid_of
from comity.ledger.fork import Fork, to_bytes, verify_fork
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.note import ED25519, from_vkey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    to_payload,
    to_predicate_type,
)
from comity.node.audit import Policy, verify_log
from comity.node.config import Peer
from comity.node.node import Node
from comity.node.source import FolderSource, LogSource

ORIGIN = "go.example/log"
STEPS = (1, 2, 255, 256, 257, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A member all of whose bytes come out of the Go program, but for what it says.

    Args:
        keyset: What its first entry says, as JSON.
    """

    auditor: Auditor
    secrets: dict[str, str]
    keyset: dict[str, Json]

    @staticmethod
    def found(auditor: Auditor) -> "Stranger":
        """Let Go draw every key."""
        log = auditor.ask(name=ORIGIN, ask="make key", kind=1)
        witness = auditor.ask(name=f"{ORIGIN}/witness", ask="make key", kind=4)
        speaking = auditor.ask(name="statements", ask="make key", kind=4)
        public = raw(speaking, "public")
        keyset: dict[str, Json] = {
            "name": "Gopher", "role": "regulator", "jurisdiction": "SGP", "example": True,
            "log_key": str(log["key"]), "witness_key": str(witness["key"]),
            "statement_keys": [{"keyid": keyid_of(public), "ed25519": public.hex()}],
            "agreement_key": sha256(b"agreement").hex(), "sequence": 0,
            "next": sha256(b"the keys that follow").hex(), "issued": "2026-11-22T07:00:00Z",
        }  # fmt: skip
        secrets = {"log": str(log["secret"]), "statement": str(speaking["secret"])}
        return Stranger(auditor=auditor, secrets=secrets, keyset=keyset)

    @property
    def member(self) -> MemberId:
        """Return the id that follows from the first keyset."""
        return MemberId(sha256(to_canonical(self.keyset)).hex())

    def peer(self, folder: Path) -> Peer:
        """Write it down as an operator does."""
        return Peer(
            member=self.member,
            name="gopher",
            url=str(folder),
            log_key=from_vkey(str(self.keyset["log_key"])),
        )

    def entry(self, kind: str, predicate: dict[str, Json]) -> bytes:
        """Let Go sign what it says."""
        subject = Subject.of(sha256(to_canonical(predicate)))
        statement = Statement(
            predicate_type=to_predicate_type(kind), predicate=predicate, subjects=(subject,)
        )
        said = self.auditor.ask(
            ask="make entry",
            secret=self.secrets["statement"],
            type=PAYLOAD_TYPE,
            message=to_payload(statement),
        )
        return raw(said, "entry")

    def grow(self, folder: Path, size: int, *, story: str = "one") -> None:
        """Let Go bring the log in a folder to a size."""
        found = folder / "checkpoint"
        before = int(found.read_text().split("\n")[1]) if found.exists() else 0
        first = [self.entry("keyset", self.keyset)] if not before else []
        issued = "2026-11-22T07:00:00Z"
        note = self.entry("note", {"story": story, "issued": issued})
        said = self.auditor.ask(
            ask="grow",
            secret=self.secrets["log"],
            folder=str(folder),
            entries=[*first, *[note] * (size - before - len(first))],
        )
        assert said["ok"], said
        assert said["size"] == size


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


NOW = Federation(Path()).now()


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


@pytest.mark.parametrize(("held", "size"), [(3, 3), (3, 5), (256, 257), (300, 400), (2, 600)])
def test_a_fork_of_gos_is_convicted_and_go_convicts_it_on_our_evidence(
    stranger: Stranger, reader: Node, tmp_path: Path, held: int, size: int
) -> None:
    """Signatures of its own convict a log, whoever judges the file."""
    folder, other = tmp_path / "theirs", tmp_path / "other"
    reader.add_peer(stranger.peer(folder))
    stranger.grow(folder, 2 - (held == 2))
    shutil.copytree(folder, other)
    stranger.grow(folder, held)
    reader.follow("gopher", NOW)
    stranger.grow(other, size, story="another")
    shutil.rmtree(folder)
    other.rename(folder)

    with pytest.raises(VerificationFailed, match="two stories") as refused:
        reader.follow("gopher", NOW)

    (evidence,) = reader.evidence.forks()
    smaller, larger = verify_fork(fork_from_bytes(to_bytes(evidence)))
    assert refused.value.code == "ledger.fork"
    assert (smaller.size, larger.size) == (held, size)
    assert judged(stranger.auditor, evidence)


def test_go_acquits_where_we_acquit(stranger: Stranger, reader: Node, tmp_path: Path) -> None:
    """An accusation that any byte can be changed in would be no evidence."""
    folder, other = tmp_path / "theirs", tmp_path / "other"
    reader.add_peer(stranger.peer(folder))
    stranger.grow(folder, 1)
    shutil.copytree(folder, other)
    stranger.grow(folder, 5)
    reader.follow("gopher", NOW)
    shutil.rmtree(folder)
    stranger.grow(other, 9, story="another")
    other.rename(folder)
    with pytest.raises(VerificationFailed):
        reader.follow("gopher", NOW)
    (fork,) = reader.evidence.forks()
    assert fork.prefix_root is not None
    proof = [step.hex() for step in fork.proof]
    changed: dict[str, dict[str, object]] = {
        "one note twice": {"larger": fork.smaller.decode()},
        "the notes exchanged": {
            "smaller": fork.larger.decode(), "larger": fork.smaller.decode()},
        "another root": {"prefix_root": "00" * 32},
        "no root": {"prefix_root": None, "proof": []},
        "no proof": {"proof": []},
        "half a proof": {"proof": proof[:-1]},
        "a note unsigned": {"smaller": fork.smaller.decode().replace("\n5\n", "\n4\n")},
    }  # fmt: skip

    for name, parts in changed.items():
        value = {**_json(fork), **parts}
        told = fork_from_bytes(to_canonical(cast("Json", value)))
        assert not judged(stranger.auditor, told), name
        assert not accepts(lambda told=told: verify_fork(told)), name  # type: ignore[misc]


def _json(fork: Fork) -> dict[str, object]:
    return {
        "type": "https://comity.example/fork/v1",
        "log_key": fork.log_key,
        "smaller": fork.smaller.decode(),
        "larger": fork.larger.decode(),
        "prefix_root": None if fork.prefix_root is None else fork.prefix_root.hex(),
        "proof": [step.hex() for step in fork.proof],
    }


def judged(auditor: Auditor, fork: Fork) -> bool:
    """Return whether Go convicts."""
    said = auditor.ask(
        ask="fork",
        key=fork.log_key,
        note=fork.smaller,
        other=fork.larger,
        oldroot=fork.prefix_root or b"",
        path=list(fork.proof),
    )
    return bool(said["ok"])


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
