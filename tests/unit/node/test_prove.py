# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A proof stands under a checkpoint that counts, and goes on standing while logs grow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.federation import Federation, Stages, play

from comity.desk.log.record import record
from comity.errors import Conflict, NotFound, VerificationFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.reference import Reference
from comity.ledger.proof import from_bytes, verify_proof
from comity.node.node import Node
from comity.node.prove import prove


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Return one test at each of its stages."""
    return play(tmp_path_factory.mktemp("federation"))


@pytest.fixture
def tested(stages: Stages, tmp_path: Path) -> Iterator[Federation]:
    """Return the federation where the finding is counted."""
    with stages.tested.copied(tmp_path / "members") as federation:
        yield federation


def grow(federation: Federation, node: Node, count: int) -> list[Reference]:
    """Let a member log statements."""
    return [
        record(node, "note", {"n": n}, subject=sha256(b"x"), now=federation.now())
        for n in range(count)
    ]


def publish_alone(node: Node) -> None:
    """Publish a checkpoint nobody cosigned."""
    _, note, _ = node.log.prepare()
    node.log.publish(note)


def test_anybody_checks_a_proof_with_the_logs_key_alone(tested: Federation) -> None:
    """Of one's own log and of a followed one alike."""
    for holder in (tested.kh, tested.br):
        exhibit = prove(holder, tested.bank)

        proof = from_bytes(exhibit.proof.encoded)
        checkpoint, note = verify_proof(proof, exhibit.entry, tested.kh.keyset.log_key)

        assert checkpoint.size > tested.bank.index
        cosigners = {f"{node.origin}/witness" for node in (tested.br, tested.sg)}
        assert {one.name for one in note.signatures} >= {tested.kh.origin, *cosigners}


def test_a_proof_fits_no_other_entry(tested: Federation) -> None:
    """Not even the one beside it."""
    exhibit = prove(tested.br, tested.bank)

    with pytest.raises(VerificationFailed):
        verify_proof(exhibit.proof, exhibit.entry + b" ", tested.kh.keyset.log_key)


def test_an_entry_beyond_the_counted_checkpoint_is_not_proven(tested: Federation) -> None:
    """Published or not, as long as too few cosigned."""
    (entry,) = grow(tested, tested.kh, 1)

    with pytest.raises(Conflict, match="enough cosignatures"):
        prove(tested.kh, entry)
    publish_alone(tested.kh)
    tested.br.follow(tested.kh.member, tested.now())
    with pytest.raises(Conflict, match="enough cosignatures"):
        prove(tested.br, entry)


def test_old_entries_are_proven_while_the_log_grows_uncounted(tested: Federation) -> None:
    """Over a tile's edge and beyond: the counted checkpoint still has its tree."""
    for count in (3, 260):
        grow(tested, tested.kh, count)
        publish_alone(tested.kh)
        tested.br.follow(tested.kh.member, tested.now())
        for holder in (tested.kh, tested.br):
            exhibit = prove(holder, tested.bank)
            verify_proof(exhibit.proof, exhibit.entry, tested.kh.keyset.log_key)


def test_what_a_node_does_not_hold_it_does_not_prove(
    tested: Federation, stages: Stages
) -> None:
    """A reference to nothing, or to another entry."""
    plan = stages.tested.plan
    beyond = Reference(log=plan.log, index=999, sha256=plan.sha256)
    other = Reference(log=plan.log, index=plan.index, sha256=Digest(bytes(32)))

    with pytest.raises(NotFound):
        prove(tested.br, beyond)
    with pytest.raises(VerificationFailed):
        prove(tested.br, other)


def test_an_entry_nobody_published_counts_for_nobody(tested: Federation) -> None:
    """Its author could still take it back, and so must not act on it."""
    (entry,) = grow(tested, tested.kh, 1)

    held = tested.kh.view().get(entry)

    assert not held.provenance.quorum_met
    assert held.provenance.cosigners == ()
