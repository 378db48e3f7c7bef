# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.fakes.twostories import Town

from comity.errors import NotFound
from comity.ledger.checkpoint import sign_checkpoint
from comity.ledger.fork import judge_fork
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey
from comity.node.inquiry import inquire, report


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Return a log with two stories and who follows each."""
    with closing(Town(tmp_path)) as made:
        yield made


def test_what_another_holds_turns_a_suspicion_into_proof(town: Town) -> None:
    """The log's own signatures on both stories, and how far they agree."""
    town.tell()
    town.listen()
    # the size it saw is larger than ours: nothing to compare until the first grows
    assert inquire(town.first).taken == ()
    town.grow()
    (exhibit,) = inquire(town.first).taken
    assert exhibit.origin == town.liar.origin
    assert exhibit.found.shared == 3
    (log,) = [one for one in town.first.view().members() if one.member == town.liar.member]
    assert log.forked is not None
    assert log.forked.shared == 3


def test_a_suspicion_that_nothing_proves_stays_open(town: Town) -> None:
    """Who says so shows nothing: it is told, and convicts nobody."""
    town.tell()
    shutil.rmtree(town.second.public_folder / "mirrors")
    town.listen()
    town.grow()
    found = inquire(town.first)
    assert found.taken == ()
    (one,) = found.open
    assert one.by == town.second.member


def test_evidence_that_a_peer_names_is_fetched(town: Town) -> None:
    """One holds it, says so, and everybody who follows it knows."""
    exhibit, said = report(town.second, town.fork, town.now)
    assert said is not None
    town.second.publish(town.now)
    assert report(town.second, town.fork, town.now) == (exhibit, None)
    town.listen()
    (taken,) = inquire(town.first).taken
    assert taken.digest == exhibit.digest
    assert inquire(town.first).taken == ()


def test_a_fork_statement_without_evidence_is_passed_over(town: Town) -> None:
    """The blob is gone, or is something else."""
    exhibit, _ = report(town.second, town.fork, town.now)
    town.second.publish(town.now)
    blob = town.second.public_folder / "blob" / exhibit.digest.hex()
    town.listen()
    blob.write_bytes(b"something else")
    assert inquire(town.first).taken == ()
    blob.unlink()
    assert inquire(town.first).taken == ()


def test_evidence_under_a_key_nobody_knows_convicts_nobody(town: Town) -> None:
    """Anyone can sign two stories in another's name with a key of their own."""
    stranger = NoteSigner.of(town.liar.origin, ED25519, SigningKey.from_seed(bytes(range(32))))
    made_up = [
        sign_checkpoint(node.log.prepare()[0], stranger).encoded
        for node in (town.liar, town.twin)
    ]
    fork = dataclasses.replace(
        town.fork, log_key=stranger.key.vkey, smaller=made_up[0], larger=made_up[1]
    )
    assert judge_fork(fork).smaller.origin == town.liar.origin
    with pytest.raises(NotFound, match="follows no log"):
        report(town.first, fork, town.now)
    assert list(town.first.evidence.exhibits()) == []


def test_what_rests_on_a_forked_log_counts_only_as_far_as_both_agree(town: Town) -> None:
    """The entries are read on, each says from where it is not shared."""
    report(town.first, town.fork, town.now)
    entries = [one for one in town.first.view().entries() if one.member == town.liar.member]
    assert {one.provenance.forked_from for one in entries} == {0}
    assert not any(one.provenance.quorum_met for one in entries)
