# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
from collections.abc import Callable
from threading import Event, Lock

import pytest
from tests.unit.node.conftest import Found

from comity.errors import NotFound, PeerFailed, StorageFailed
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.cosignature import cosign
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey, NoteSigner, from_bytes
from comity.ledger.quorum import Quorum, Witness
from comity.ledger.signature import SigningKey
from comity.ledger.statement import Statement
from comity.node.disk.storage import Disk
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.witness.gather import Outcome
from comity.node.witness.publication import Publication, Publisher, publish

Answer = Callable[[bytes], tuple[int, bytes]]


def signer(name: str) -> NoteSigner:
    """Return the key of a witness of one letter."""
    secret = SigningKey.from_seed(name.encode() * 32)
    return NoteSigner.of(f"{name}.example/w", COSIGNATURE_ED25519, secret)


def peer(name: str) -> Peer:
    """Return a witness of one letter as a peer."""
    log = NoteKey(name=f"{name}.example/log", kind=ED25519, public=name.encode() * 32)
    return Peer(
        member=MemberId(name * 64), name=name, url="", log_key=log,
        witness_key=signer(name).key,
    )  # fmt: skip


class Box:
    """A witness that answers by a function, and shows no log."""

    def __init__(self, answer: Answer) -> None:
        self.name = "box"
        self.answer = answer
        self.bodies: list[bytes] = []

    def read(self, path: str, *, limit: int) -> bytes:
        """Have nothing."""
        raise NotFound(f"no {path} of {limit}", code="node.source")

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Answer."""
        assert path
        assert limit
        self.bodies.append(body)
        return self.answer(body)


def honest(name: str, now: Instant) -> Answer:
    """Return what a witness of one letter answers: its cosignature."""

    def answer(body: bytes) -> tuple[int, bytes]:
        note = from_bytes(body.partition(b"\n\n")[2])
        return 200, cosign(note, signer(name), now).line.encode()

    return answer


def publisher(node: Node, boxes: dict[str, Box], counts: int) -> Publisher:
    """Return a publisher that asks boxes, and counts so many of them."""
    peers = tuple(map(peer, boxes))
    keys = [(one.member, one.witness_key) for one in peers]
    witnesses = tuple(Witness(member=name, key=key) for name, key in keys if key is not None)
    return Publisher(
        owner=node.member,
        peers=peers,
        quorum=Quorum(witnesses=witnesses, counts_when=counts),
        connect=lambda one: boxes[one.name],
        keys_of=lambda one: () if one.witness_key is None else (one.witness_key,),
        patience_s=5.0,
    )


@pytest.fixture
def run(found: Found, now: Instant) -> Callable[..., Publication]:
    """Return a function that publishes one node's log to boxes."""
    node = found("kh")

    def go(boxes: dict[str, Box], counts: int = 3, patience_s: float = 5.0) -> Publication:
        asked = publisher(node, boxes, counts)
        asked = dataclasses.replace(asked, patience_s=patience_s)
        return publish(node.log, Disk(node.folder), asked, now)

    return go


Run = Callable[..., Publication]


def test_all_witnesses_are_asked_at_once(run: Run, now: Instant) -> None:
    """Each waits until every other was asked: in turn, none would ever answer."""
    lock, everyone = Lock(), Event()
    count = 0

    def waiting(name: str) -> Answer:
        def answer(body: bytes) -> tuple[int, bytes]:
            nonlocal count
            with lock:
                count += 1
                if count == 4:
                    everyone.set()
            assert everyone.wait(10)
            return honest(name, now)(body)

        return answer

    found = run({name: Box(waiting(name)) for name in "abcd"}, patience_s=20.0)
    assert {outcome for _, outcome in found.outcomes} == {Outcome.COSIGNED}
    assert found.tally.is_met


def test_one_that_hangs_costs_no_other_its_turn(run: Run, now: Instant) -> None:
    """It is named with how long it was waited for; what the others signed is published."""
    freed = Event()

    def hang(_body: bytes) -> tuple[int, bytes]:
        freed.wait(30)
        return 500, b""

    boxes = {name: Box(honest(name, now)) for name in "abc"} | {"d": Box(hang)}
    try:
        found = run(boxes, patience_s=0.5)
    finally:
        freed.set()
    assert dict(found.outcomes)[MemberId("d" * 64)] is Outcome.SILENT
    assert dict(found.missing)[MemberId("d" * 64)] == "it did not answer within 0.5 seconds"
    assert found.tally.is_met


def test_each_outcome_is_told_apart(run: Run, now: Instant) -> None:
    """For whoever reads it, and for whoever counts it."""

    def cut(_body: bytes) -> tuple[int, bytes]:
        message = "no way there"
        raise PeerFailed(message, code="node.peer")

    boxes = {
        "a": Box(honest("a", now)),
        "b": Box(lambda _: (404, b"unknown\n")),
        "c": Box(cut),
        "d": Box(honest("a", now)),
    }
    found = run(boxes)
    outcomes = [outcome for _, outcome in found.outcomes]
    assert outcomes == [
        Outcome.COSIGNED, Outcome.REFUSED, Outcome.SILENT, Outcome.REFUSED,
    ]  # fmt: skip
    assert [member[0] for member, _ in found.missing] == ["b", "c", "d"]


def test_one_that_cannot_be_opened_is_a_reason(found: Found, now: Instant) -> None:
    """A peer whose folder is gone keeps nobody from publishing."""
    node = found("kh")

    def connect(_peer: Peer) -> Box:
        message = "no such folder"
        raise NotFound(message, code="node.source")

    asked = dataclasses.replace(publisher(node, {}, 1), peers=(peer("a"),), connect=connect)
    done = publish(node.log, Disk(node.folder), asked, now)
    assert done.missing == ((MemberId("a" * 64), "no such folder"),)


def test_a_witness_that_cosigned_before_is_asked_from_there(
    found: Found, now: Instant, say: Callable[[int], Statement]
) -> None:
    """One question instead of two."""
    node = found("kh")
    box = Box(honest("a", now))
    for _ in range(2):
        publish(node.log, Disk(node.folder), publisher(node, {"a": box}, 1), now)
        node.append([say(1)], now)
    publish(node.log, Disk(node.folder), publisher(node, {"a": box}, 1), now)
    assert [body.split(b"\n")[0] for body in box.bodies] == [b"old 0", b"old 1", b"old 2"]


def ahead(_body: bytes) -> tuple[int, bytes]:
    """Say that the log was larger once."""
    return 409, b"99\n"


def test_one_liar_cannot_keep_a_member_from_publishing(run: Run, now: Instant) -> None:
    """Of four witnesses of whom one may lie, one alone says that it knows more."""
    boxes = {name: Box(honest(name, now)) for name in "abc"} | {"d": Box(ahead)}
    found = run(boxes)
    assert found.tally.is_met
    assert dict(found.outcomes)[MemberId("d" * 64)] is Outcome.AHEAD


def test_more_than_may_lie_stop_a_log_that_went_back(run: Run, now: Instant) -> None:
    """Two of the four: at least one of them is honest, and the log was restored."""
    boxes = {name: Box(honest(name, now)) for name in "ab"}
    with pytest.raises(StorageFailed, match="99, c, d says") as refused:
        run(boxes | {"c": Box(ahead), "d": Box(ahead)})
    assert refused.value.code == "node.restored"
    assert "mirror" in refused.value.hint
