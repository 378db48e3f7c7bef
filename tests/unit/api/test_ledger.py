# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The ledger's doors, over a world in memory and over real nodes on disk."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import World, build

from comity.api.app import build as build_api
from comity.api.app import create_api
from comity.desk.register.lookout import Lookout
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.proof import verify_proof
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.log import Log
from comity.node.member.config import Peer
from comity.node.node import Node

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing
NOW = from_rfc3339("2026-11-21T19:19:24Z")


@pytest.fixture(scope="module")
def world() -> World:
    """Return the federation in memory."""
    return build()


@pytest.fixture(scope="module")
def api(world: World) -> Iterator[TestClient]:
    """Return a client of the programming interface."""
    with TestClient(build_api(Lookout(world.view))) as client:
        yield client


def listed(api: TestClient, query: str) -> list[dict[str, Any]]:
    """Return what one question lists, over all its pages."""
    found, page, pages = [], 1, 1
    while page <= pages:
        answer = api.get(f"/statements?{query}&page={page}").json()
        found += answer["statements"]
        pages, page = answer["pages"], page + 1
    assert len(found) == answer["total"]
    return found


def test_each_log_says_how_far_it_is_known(api: TestClient, world: World) -> None:
    """A program may compare two nodes' views by this alone."""
    logs = {row["by"]["id"]: row for row in api.get("/logs").json()["logs"]}
    assert set(logs) == {log.member for log in world.ledger.members()}
    for log in world.ledger.members():
        row = logs[log.member]
        assert (row["origin"], row["size"]) == (log.identity.origin, log.size)
        assert row["forked"] is False


def test_statements_are_found_by_what_they_say(api: TestClient, world: World) -> None:
    """By kind, subject, market or member, and by any of them together."""
    system, khm = world.translator.hex(), world.khm.member
    about = listed(api, f"subject={system}")
    assert {system} <= {subject for row in about for subject in row["subject"]}
    assert all(system in row["subject"] for row in about)
    kinds = listed(api, "kind=finding")
    assert kinds
    assert {row["row"]["kind"] for row in kinds} == {"finding"}
    assert kinds == listed(api, "kind=https://comity.example/finding/v1")
    theirs = listed(api, f"member={khm}")
    assert {row["by"]["id"] for row in theirs} == {khm}
    both = listed(api, f"kind=finding&member={khm}&subject={system}&market=EU")
    assert both == [row for row in about if row in kinds and row in theirs]
    assert all(row in listed(api, "market=EU") for row in about)
    assert listed(api, "market=ATA") == listed(api, "kind=nothing") == []


def test_statements_are_found_by_when_they_came(api: TestClient) -> None:
    """From *since* on, up to but without *until*."""
    whole = listed(api, "kind=keyset")
    at = whole[0]["first_held"]
    assert listed(api, f"kind=keyset&since={at}&until=9999-01-01T00:00:00Z") == [
        row for row in whole if row["first_held"] >= at
    ]
    assert listed(api, "kind=keyset&until=2000-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query",
    [
        "", "page=1", "subject=ab", "kind=" + "x" * 201, "kind=finding&page=0",
        "kind=finding&since=yesterday", "kind=finding&since=2026-13-01T00:00:00Z",
    ],
)  # fmt: skip
def test_a_question_without_sense_is_refused_as_a_problem(api: TestClient, query: str) -> None:
    """All of one shape, with a code."""
    answer = api.get(f"/statements?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]


def test_what_is_new_is_told_of_each_thing(api: TestClient, world: World) -> None:
    """Of a member, a system, a market; of nothing else."""
    for name in (
        f"members/{world.khm.member}",
        f"systems/{world.translator.hex()}",
        "markets/EU",
    ):
        feed = api.get(f"/feeds/{name}").json()
        assert feed["id"] == name.partition("/")[2]
        assert feed["entries"]
    for name, status in (("members/none", 404), ("markets/ATA", 404), ("planets/EU", 422)):
        assert api.get(f"/feeds/{name}").status_code == status


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Return two nodes on disk, the first following the second."""
    with ExitStack() as stack:
        kh = stack.enter_context(closing(found(tmp_path, "kh")))
        found(tmp_path, "br").close()

        def connect(_peer: Peer) -> Beside:
            return Beside(kh)

        br = Node.open(tmp_path / "br", PASSPHRASE, connect=connect)
        stack.enter_context(closing(br))
        kh.add_peer(peer_of(br))
        br.add_peer(peer_of(kh))
        br.append([said(number) for number in range(300)], NOW)
        br.publish(NOW)
        kh.follow("br", NOW)
        yield kh, br


def found(folder: Path, name: str) -> Node:
    """Found an example node."""
    return Node.create(
        folder / name,
        name=name,
        role="regulator",
        jurisdiction="KHM",
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=random.Random(name).randbytes,  # noqa: S311 - the same keys on every run
        example=True,
    )


def peer_of(node: Node) -> Peer:
    """Write a node down as a peer in a folder."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=str(node.public_folder),
        log_key=node.keyset.log_key,
        witness_key=node.keyset.witness_key,
    )


class Beside(FolderSource):
    """A node in the same process that cosigns when asked."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.public_folder)
        self._witness = node.witness

    def post(self, _path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Ask its witness."""
        answer = self._witness.add_checkpoint(body, NOW)
        assert len(answer.body) <= limit
        return answer.status, answer.body


def said(number: int) -> Statement:
    """Return a small statement."""
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )


def test_a_proof_taken_away_is_checked_without_the_node(nodes: tuple[Node, Node]) -> None:
    """Entry and proof together convince who knows the log's key, offline."""
    for node in nodes:
        with TestClient(create_api(node)) as api:
            key = nodes[1].keyset.log_key
            where = f"/statements/{nodes[1].origin}/17"
            entry, proof = api.get(f"{where}/envelope"), api.get(f"{where}/proof")
            checked = proof_from_bytes(proof.content)
            checkpoint, _ = verify_proof(checked, entry.content, key)
            assert (checkpoint.size, checked.index) == (301, 17)
            assert api.get(where).json()["row"]["sha256"] == sha256(entry.content).hex()


def test_what_nobody_has_cosigned_is_not_proven_yet(nodes: tuple[Node, Node]) -> None:
    """409: the same question may be answered after the next round."""
    _, br = nodes
    br.append([said(301)], NOW)
    with TestClient(create_api(br)) as api:
        assert api.get("/logs").status_code == 200
        answer = api.get(f"/statements/{br.origin}/301/proof")
        assert (answer.status_code, answer.json()["code"]) == (409, "node.uncounted")


def test_what_is_not_held_is_not_proven(nodes: tuple[Node, Node]) -> None:
    """Another index, another log, a number beyond all numbers."""
    kh, br = nodes
    with TestClient(create_api(kh)) as api:
        for where in (f"{br.origin}/9999", "no.example/log/0", f"{br.origin}/{2**61}"):
            for what in ("proof", "envelope"):
                answer = api.get(f"/statements/{where}/{what}")
                assert (answer.status_code, answer.json()["code"]) == (404, "desk.no_statement")


def test_evidence_of_a_fork_is_listed_and_taken_away(
    nodes: tuple[Node, Node], tmp_path: Path
) -> None:
    """The file is the evidence itself: whoever has it needs nothing of this node."""
    kh, br = nodes
    other = Log(Disk(tmp_path / "other"), br._keys.log)
    other.append([b"another story"] * 301)
    _, note, _ = other.prepare()
    (br.public_folder / "checkpoint").write_bytes(note.encoded)
    with pytest.raises(Exception, match="two stories"):
        kh.follow("br", NOW)
    with TestClient(create_api(kh)) as api:
        [row] = api.get("/forks").json()["forks"]
        assert (row["origin"], row["smaller_size"], row["larger_size"]) == (br.origin, 301, 301)
        evidence = api.get(f"/forks/{row['sha256']}").content
        assert sha256(evidence).hex() == row["sha256"]
        assert fork_from_bytes(evidence).log_key == br.keyset.log_key.vkey
        [log] = [one for one in api.get("/logs").json()["logs"] if one["origin"] == br.origin]
        assert log["forked"] is True
        assert api.get("/forks/" + "0" * 64).status_code == 404
