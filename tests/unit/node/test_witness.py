# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The status table of tlog-witness v1.0.0, clause by clause."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, Note, NoteSigner, from_lines
from comity.ledger.signature import SigningKey
from comity.node.witness import MAX_REQUEST_BYTES, SIZE_TYPE, Witness, to_request

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LOG = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
STRANGER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(32)))
SIGNER = NoteSigner.of("br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))
LEAVES = [leaf_hash(b"%d" % number) for number in range(20)]
OTHER = [*LEAVES[:2], leaf_hash(b"other"), *LEAVES[3:]]


def tree(size: int, leaves: list[bytes] | None = None) -> Tree:
    """Return the tree of the first leaves."""
    return Tree.of((leaves or LEAVES)[:size])  # type: ignore[arg-type]  # digests are bytes


def note(grown: Tree, signer: NoteSigner = LOG, origin: str = "kh.example/log") -> Note:
    """Return the signed checkpoint of a tree."""
    checkpoint = Checkpoint(origin=Origin(origin), size=grown.size, root=grown.root)
    return sign_checkpoint(checkpoint, signer)


def request(old: int, grown: Tree, signed: Note | None = None) -> bytes:
    """Return an honest request to cosign a tree."""
    return to_request(old, grown.consistency(old), signed or note(grown))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """Return a witness that knows one log."""
    keys = {LOG.key.name: LOG.key}
    with closing(Witness(tmp_path / "w.sqlite", SIGNER, keys.get)) as made:
        yield made


def test_growth_is_cosigned(witness: Witness) -> None:
    """200, with one line the log can put under its checkpoint."""
    for old, size in ((0, 3), (3, 3), (3, 7), (7, 20)):
        answer = witness.add_checkpoint(request(old, tree(size)), NOW)
        assert answer.status == 200
        signed = note(tree(size)).with_signatures(from_lines(answer.body.decode()))
        found = find_cosignature(signed, SIGNER.key)
        assert found is not None
        assert found.at == NOW
    (seen,) = witness.seen()
    assert (seen.size, seen.root) == (20, tree(20).root)


def test_what_was_cosigned_is_remembered(witness: Witness, tmp_path: Path) -> None:
    """Across a restart; otherwise a log could be told two stories a day apart."""
    witness.add_checkpoint(request(0, tree(7)), NOW)
    witness.close()
    with closing(Witness(tmp_path / "w.sqlite", SIGNER, lambda _: LOG.key)) as again:
        assert again.add_checkpoint(request(0, tree(3)), NOW).body == b"7\n"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda raw: raw.replace(b"old 0", b"old 00"),
        lambda raw: raw.replace(b"old 0", b"old -1"),
        lambda raw: raw.replace(b"old 0", b"new 0"),
        lambda raw: raw.replace(b"old 0", b"old 4"),
        lambda raw: raw.replace(b"\n\n", b"\nAAAA\n\n", 1),
        lambda raw: raw.replace(b"\n\n", b"\n!\n\n", 1),
        lambda raw: raw.replace(b"\n\n", b"\n" + b"A" * 43 + b"=\n\n" * 1, 1)[:30],
        lambda raw: raw.replace(b"kh.example", b"\x00", 1),
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"\n\n", b"\n" + (b"A" * 43 + b"=\n") * 64 + b"\n", 1),
        lambda raw: raw + bytes(MAX_REQUEST_BYTES),
    ],
)
def test_a_malformed_request_is_400(witness: Witness, spoil: Callable[[bytes], bytes]) -> None:
    """Whatever is wrong with its form, and an old size beyond the new one."""
    assert witness.add_checkpoint(spoil(request(0, tree(3))), NOW).status == 400
    assert witness.seen() == ()


def test_an_unknown_log_is_404(witness: Witness) -> None:
    """A witness signs for the logs its operator named."""
    signer = NoteSigner.of("xx.example/log", ED25519, LOG.secret)
    signed = note(tree(3), signer, "xx.example/log")
    assert witness.add_checkpoint(request(0, tree(3), signed), NOW).status == 404


def test_an_unknown_key_is_403(witness: Witness) -> None:
    """The right name with a stranger's key."""
    signed = note(tree(3), STRANGER)
    assert witness.add_checkpoint(request(0, tree(3), signed), NOW).status == 403


@pytest.mark.parametrize(("old", "size"), [(0, 9), (4, 9), (9, 9), (3, 3)])
def test_another_old_size_is_409_and_names_the_right_one(
    witness: Witness, old: int, size: int
) -> None:
    """So that the log can try again with the proof that is needed."""
    witness.add_checkpoint(request(0, tree(7)), NOW)
    answer = witness.add_checkpoint(request(old, tree(size)), NOW)
    assert (answer.status, answer.body, answer.media_type) == (409, b"7\n", SIZE_TYPE)


def test_another_root_at_the_same_size_is_409(witness: Witness) -> None:
    """As v1.0.0 says; a fork of the same size is never cosigned."""
    witness.add_checkpoint(request(0, tree(7)), NOW)
    forked = Tree.of(OTHER[:7])
    assert witness.add_checkpoint(request(7, forked), NOW).status == 409
    assert witness.seen()[0].root == tree(7).root


def test_growth_that_is_not_proven_is_422(witness: Witness) -> None:
    """A changed past, a missing proof, a proof where none may be."""
    witness.add_checkpoint(request(0, tree(7)), NOW)
    forked = Tree.of(OTHER[:9])
    honest = tree(9)
    for body in (
        request(7, forked),
        to_request(7, (), note(honest)),
        to_request(7, (*honest.consistency(7), sha256()), note(honest)),
    ):
        assert witness.add_checkpoint(body, NOW).status == 422
    assert witness.seen()[0].size == 7


def test_a_first_checkpoint_has_no_proof(witness: Witness) -> None:
    """From nothing, the proof must be empty."""
    body = to_request(0, tree(3).consistency(2), note(tree(3)))
    assert witness.add_checkpoint(body, NOW).status == 422


def test_a_log_of_nothing_has_the_root_of_nothing(witness: Witness) -> None:
    """Size 0 with another root would be a lie that costs nothing."""
    empty = Checkpoint(origin=Origin("kh.example/log"), size=0, root=sha256(b"x"))
    body = to_request(0, (), sign_checkpoint(empty, LOG))
    assert witness.add_checkpoint(body, NOW).status == 422


def test_two_updates_at_once_never_go_back(witness: Witness) -> None:
    """Exactly one of two racing updates from the same size is cosigned."""
    witness.add_checkpoint(request(0, tree(2)), NOW)
    bodies = [request(2, tree(size)) for size in range(3, 11)]
    statuses: list[int] = []
    start = Barrier(len(bodies))

    def race(body: bytes) -> None:
        start.wait()
        statuses.append(witness.add_checkpoint(body, NOW).status)

    threads = [Thread(target=race, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7
