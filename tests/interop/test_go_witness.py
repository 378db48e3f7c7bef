# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Our witness is asked by Go, and Go's witness is asked by us: tlog-witness both ways."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import Federation
from tests.interop.auditor import Auditor, raw
from tests.interop.cases import LOG, OTHER, accepts, checkpoint, flipped
from tests.interop.conftest import Serve

from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.ledger.checkpoint import sign_checkpoint
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.note import from_vkey
from comity.ledger.statement import Statement, to_predicate_type
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.witness.publication import Publication


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    """Return a place for members."""
    federation = Federation(tmp_path / "members")
    yield federation
    federation.close()


def say(federation: Federation, node: Node, count: int) -> Publication:
    """Let a member say something and publish."""
    kind = to_predicate_type("note")
    said = [Statement(predicate_type=kind, predicate={"number": n}) for n in range(count)]
    node.append(said, federation.now())
    return node.publish(federation.now())


def test_a_client_of_gos_is_cosigned_by_our_witness(
    federation: Federation, serve: Serve, auditor: Auditor
) -> None:
    """It proves growth with its own package, and finds our cosignature good."""
    kh = federation.found("kh", "regulator", "KHM")
    br = federation.found("br", "regulator", "BRA")
    br_asks = {"ask": "ask a witness", "url": serve(br, federation.now)}
    keys = {"key": kh.keyset.log_key.vkey, "witness": br.keyset.witness_key.vkey}
    # The publishing below asks nobody: br is reached over HTTP alone.
    (kh.folder / "node.toml").write_text(_without_peers(kh))
    folder = str(kh.public_folder)
    say(federation, kh, 4)
    first = auditor.ask(**br_asks, **keys, folder=folder, old=0)
    say(federation, kh, 300)
    grown = auditor.ask(**br_asks, **keys, folder=folder, old=5)
    again = auditor.ask(**br_asks, **keys, folder=folder, old=305)
    stale = auditor.ask(**br_asks, **keys, folder=folder, old=5)

    assert (first["ok"], grown["ok"], again["ok"]) == (True, True, True)
    assert (stale["status"], raw(stale, "body")) == (409, b"305\n")
    assert len(federation.br.witness.seen()) == 1


def _without_peers(node: Node) -> str:
    return (node.folder / "node.toml").read_text().split("[[peer]]")[0]


def test_our_witness_answers_gos_bad_requests_by_the_table(
    federation: Federation, serve: Serve, auditor: Auditor
) -> None:
    """Status by status, as tlog-witness v1.0.0 lists them."""
    br = federation.found("br", "regulator", "BRA")
    url = serve(br, federation.now)
    br.add_peer(
        Peer(
            member=MemberId(sha256(b"gopher").hex()),
            name="gopher",
            url=url,
            log_key=LOG.key,
        )
    )
    known = sign_checkpoint(checkpoint(7), LOG).encoded
    later = sign_checkpoint(checkpoint(8), LOG).encoded
    forged = sign_checkpoint(checkpoint(7), OTHER).encoded
    bodies = {
        "not a request": (b"hello", 400),
        "an old size with a zero": (b"old 00\n\n" + known, 400),
        "a proof of no hash": (b"old 0\nAAAA\n\n" + known, 400),
        "an old size beyond": (b"old 8\n\n" + known, 400),
        "another log": (b"old 0\n\n" + known.replace(b"kh.", b"us."), 404),
        "another key": (b"old 0\n\n" + forged, 403),
        "the first": (b"old 0\n\n" + known, 200),
        "an old size that is not the one held": (b"old 3\n\n" + later, 409),
        "growth without a proof": (b"old 7\n\n" + later, 422),
    }
    found = {}
    for name, (body, _) in bodies.items():
        asked = auditor.ask(
            ask="ask a witness",
            url=url,
            body=body,
            key=LOG.key.vkey,
            witness=br.keyset.witness_key.vkey,
        )
        found[name] = asked["status"]

    assert found == {name: status for name, (_, status) in bodies.items()}


def test_witnesses_of_gos_count_in_our_quorum(federation: Federation, auditor: Auditor) -> None:
    """Its cosignature is one more; a witness that does not know the log gives none."""
    kh = federation.found("kh", "regulator", "KHM")
    vkey = kh.keyset.log_key.vkey
    settings = kh.folder / "node.toml"
    with (
        auditor.witness("one.example/w", [vkey]) as one,
        auditor.witness("two.example/w", [vkey]) as two,
        auditor.witness("three.example/w", [LOG.key.vkey]) as three,
    ):
        text = settings.read_text().replace('counts_when = "all"', "counts_when = 2")
        settings.write_text(text)
        peers = [known(auditor, *witness) for witness in (one, two, three)]
        for peer in peers:
            kh.add_peer(peer)
        with closing(Node.open(kh.folder, "example")) as node:  # it connects by HTTP
            published = [say(federation, node, count) for count in (1, 3, 300)]
    encoded = (kh.public_folder / "checkpoint").read_bytes()
    said = [
        auditor.ask(ask="cosigned", note=encoded, key=vkey, witness=witness)["ok"]
        for _, witness in (one, two, three)
    ]

    assert [one.tally.members for one in published] == [(peers[0].member, peers[1].member)] * 3
    assert {one.tally.is_met for one in published} == {True}
    assert {member for one in published for member, _ in one.missing} == {peers[2].member}
    assert said == [True, True, False]


def test_a_witness_of_gos_cosigns_as_no_quantum_computer_can_forge(
    federation: Federation, auditor: Auditor
) -> None:
    """ML-DSA-44 of two libraries: what Go's signs, ours finds good, and nothing else."""
    kh = federation.found("kh", "regulator", "KHM")
    kh.publish(federation.now())
    key, folder = kh.keyset.log_key.vkey, str(kh.public_folder)
    with auditor.witness("q.example/w", [key], kind=6) as (url, vkey):
        asked = auditor.ask(
            ask="ask a witness", url=url, folder=folder, key=key, witness=vkey, old=0
        )
    note = note_from_bytes(raw(asked, "note"))
    found = find_cosignature(note, from_vkey(vkey))
    line = note.signatures[-1]
    wrong = replace(line, signature=flipped(line.signature, 99))

    assert asked["ok"], asked
    assert found is not None
    assert not accepts(lambda: find_cosignature(note.with_signatures([wrong]), from_vkey(vkey)))


def known(auditor: Auditor, url: str, vkey: str) -> Peer:
    """Write a witness of Go's down as a member whose cosignatures count."""
    name = vkey.split("+", maxsplit=1)[0]
    log = auditor.ask(name=f"{name}/log", ask="make key", kind=1)
    return Peer(
        member=MemberId(sha256(name.encode()).hex()),
        name=name,
        url=url,
        log_key=from_vkey(str(log["key"])),
        witness_key=from_vkey(vkey),
    )


def test_a_witness_of_gos_does_not_cosign_a_fork_of_ours(
    federation: Federation, auditor: Auditor
) -> None:
    """A member restored from a copy is found out by a stranger's program."""
    kh = federation.found("kh", "regulator", "KHM")
    with auditor.witness("one.example/w", [kh.keyset.log_key.vkey]) as (url, vkey):
        kh.add_peer(known(auditor, url, vkey))
        copy = federation.folder / "copy"
        shutil.copytree(kh.folder, copy)
        with (
            closing(Node.open(kh.folder, "example")) as first,
            closing(Node.open(copy, "example")) as second,
        ):
            assert say(federation, first, 3).missing == ()
            forked = say(federation, second, 7)

    (reason,) = [said for _, said in forked.missing]
    assert "422" in reason
    assert not forked.tally.is_met
