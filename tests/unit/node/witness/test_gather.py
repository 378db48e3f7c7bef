# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest

from comity.errors import PeerFailed
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteSignature, NoteSigner
from comity.ledger.signature import SigningKey
from comity.ledger.tree import Edge, StoredTree
from comity.node.witness.gather import Outcome, Request, ask

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LOG = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
WITNESS = NoteSigner.of("br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))
OTHER = NoteSigner.of("xx.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))

EDGE = Edge()
EDGE.extend(leaf_hash(b"%d" % number) for number in range(9))
NOTE = sign_checkpoint(Checkpoint(origin=Origin("kh.example/log"), size=9, root=EDGE.root), LOG)
REQUEST = Request(
    note=NOTE,
    size=9,
    tree=StoredTree(9, dict(EDGE.partial_tiles()).__getitem__),
)


FORGED = NoteSignature(
    name=WITNESS.key.name, key_id=WITNESS.key.key_id, signature=bytes(8) + bytes(64)
)


class Box:
    """A witness that answers from a list."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers = list(answers)
        self.bodies: list[bytes] = []

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Answer the next one."""
        assert path == "add-checkpoint"
        assert limit > 0
        self.bodies.append(body)
        return self.answers.pop(0)


def line(signer: NoteSigner = WITNESS) -> bytes:
    """Return a cosignature's line."""
    return cosign(NOTE, signer, NOW).line.encode()


def test_a_cosignature_is_taken_from_among_others() -> None:
    """tlog-witness: signatures by unknown keys are ignored."""
    asked = ask(Box((200, line(OTHER) + line())), [WITNESS.key], REQUEST)
    assert asked.signatures == (cosign(NOTE, WITNESS, NOW),)
    assert asked.outcome is Outcome.COSIGNED


def test_each_known_key_of_a_witness_is_taken() -> None:
    """A witness with two keys answers with two lines."""
    both = [WITNESS.key, OTHER.key]
    asked = ask(Box((200, line(OTHER) + line())), both, REQUEST)
    assert {one.name for one in asked.signatures} == {key.name for key in both}


def test_a_witness_is_asked_from_what_it_probably_knows() -> None:
    """One question less, where it is right; where it is not, it says what it knows."""
    box = Box((200, line()))
    assert ask(box, [WITNESS.key], REQUEST, old_size=4).signatures
    assert box.bodies[0].startswith(b"old 4\n")
    again = Box((409, b"0\n"), (200, line()))
    assert ask(again, [WITNESS.key], REQUEST, old_size=4).signatures


def test_one_that_knows_more_of_a_log_than_its_owner_says_so() -> None:
    """The log was restored from an old copy, or another writer has its key."""
    asked = ask(Box((409, b"10\n")), [WITNESS.key], REQUEST)
    assert (asked.outcome, asked.ahead) == (Outcome.AHEAD, 10)
    assert "larger than 9" in asked.reason


def test_a_witness_that_knows_an_older_size_is_given_its_proof() -> None:
    """The first try from nothing, the second from what it said."""
    box = Box((409, b"4\n"), (200, line()))
    assert ask(box, [WITNESS.key], REQUEST).signatures
    assert [body.split(b"\n")[0] for body in box.bodies] == [b"old 0", b"old 4"]
    proof = box.bodies[1].split(b"\n\n")[0].split(b"\n")[1:]
    assert len(proof) == len(REQUEST.tree.consistency(4))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(404, b"unknown log\n")], "404: unknown log"),
        ([(409, b"")], "without the size"),
        ([(409, b"04\n")], "without the size"),
        ([(409, b"10\n")], "larger than 9"),
        ([(409, b"4\n"), (409, b"5\n")], "answered 409"),
        ([(409, b"4\n"), (422, b"\xff")], "answered 422"),
        ([(200, b"")], "signature lines"),
        ([(200, b"\xff\n")], "signature line"),
        ([(200, line(OTHER))], "did not sign with the key"),
        ([(200, FORGED.line.encode())], "does not verify"),
    ],
)
def test_every_other_answer_is_a_reason(answers: list[tuple[int, bytes]], said: str) -> None:
    """A witness that errs or lies is named with what it did; nothing is raised."""
    asked = ask(Box(*answers), [WITNESS.key], REQUEST)
    assert asked.signatures == ()
    assert asked.outcome is not Outcome.COSIGNED
    assert said in asked.reason


def test_one_that_cannot_be_reached_is_a_reason() -> None:
    """The others are asked all the same."""

    class Cut:
        def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
            message = f"no way to {path} with {len(body)} of {limit}"
            raise PeerFailed(message, code="node.peer")

    assert "no way" in ask(Cut(), [WITNESS.key], REQUEST).reason


@pytest.mark.parametrize("make", [object, dict])
def test_a_folder_cannot_cosign(make: Callable[[], object]) -> None:
    """And says so."""
    assert "folder" in ask(make(), [WITNESS.key], REQUEST).reason
