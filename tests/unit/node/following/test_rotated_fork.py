# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rotation between two stories hides neither from who follows, and the evidence says so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.dynasty import ORIGIN, Dynasty, saying, signed

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.instant import Instant
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.fork import Fork, from_bytes, judge_fork
from comity.ledger.identity import BOTH_SIGN, MAX_KEYSETS
from comity.ledger.keyset import to_statement
from comity.ledger.note import NoteKey
from comity.ledger.quorum import Quorum
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.following.follow import Trust, follow
from comity.node.keys.signatory import Signatory
from comity.node.logs.evidence import Evidence
from comity.node.logs.following import Following, Mode
from comity.node.logs.log import Log
from comity.node.logs.mirror import Mirror
from comity.node.witness.witness import Witness, to_request

KH = Dynasty()
TOLD = [KH.first(), *(signed(saying(number), KH.statement(0)) for number in range(9))]
LATER = [KH.rotation(1), *(signed(saying(number), KH.statement(1)) for number in range(300))]
MODES = (Mode.FULL, Mode.HASHES)


def published(folder: Path, entries: Sequence[bytes]) -> FolderSource:
    """Publish a log of some entries."""
    log = Log(Disk(folder), Signatory(KH.log(0), KH.log(1)))
    log.append(entries)
    log.publish(log.prepare()[1])
    return FolderSource(folder / "public")


def trust(mode: Mode) -> Trust:
    """Return what an operator wrote down before any rotation."""
    return Trust(
        member=KH.identity().member,
        log_key=KH.log(0).key,
        quorum=Quorum(witnesses=()),
        following=Following(mode=mode),
    )


def changed(at: int) -> list[bytes]:
    """Return the first story with another entry at one place."""
    other = signed(saying(1000), KH.statement(0))
    return [*TOLD[:at], other, *TOLD[at + 1 :]]


@pytest.mark.parametrize("mode", MODES)
def test_another_past_under_the_next_key_is_refused_with_evidence(
    tmp_path: Path, now: Instant, mode: Mode
) -> None:
    """The keys before and after signed one story each; keysets say they are one member's."""
    mirror = Mirror(Disk(tmp_path / "mirror"), KH.identity().member)
    honest = published(tmp_path / "one", TOLD)
    assert follow((honest,), mirror, trust(mode), now).size == len(TOLD)
    liar = published(tmp_path / "other", [*changed(4), *LATER])
    with pytest.raises(VerificationFailed) as refused:
        follow((liar,), mirror, trust(mode), now)
    assert refused.value.code == "ledger.fork"
    assert mirror.size == len(TOLD)
    (name,) = Disk(tmp_path / "mirror").names("evidence")
    found = judge_fork(from_bytes((tmp_path / "mirror" / name).read_bytes()))
    assert (found.member, found.shared) == (KH.identity().member, 4)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("length", [10, 300])
def test_a_rotation_hidden_in_the_other_past_is_found_there(
    tmp_path: Path, now: Instant, mode: Mode, length: int
) -> None:
    """The key that signs the other story is named only in entries of which others are held."""
    mirror = Mirror(Disk(tmp_path / "mirror"), KH.identity().member)
    told = [KH.first(), *(signed(saying(at), KH.statement(0)) for at in range(length - 1))]
    follow((published(tmp_path / "one", told),), mirror, trust(mode), now)
    rest = [signed(saying(number), KH.statement(1)) for number in range(2 * length + 300)]
    liar = published(tmp_path / "other", [*told[:4], KH.rotation(1), *rest])
    with pytest.raises(VerificationFailed) as refused:
        follow((liar,), mirror, trust(mode), now)
    assert refused.value.code == "ledger.fork"
    assert (mirror.size, mirror.read_identity().keyset.sequence) == (length, 0)
    (name,) = Disk(tmp_path / "mirror").names("evidence")
    found = judge_fork(from_bytes((tmp_path / "mirror" / name).read_bytes()))
    assert (found.member, found.shared) == (KH.identity().member, 4)


@pytest.mark.parametrize("mode", MODES)
def test_an_honest_log_is_followed_over_its_rotation(
    tmp_path: Path, now: Instant, mode: Mode
) -> None:
    """What makes no two stories convicts nobody."""
    mirror = Mirror(Disk(tmp_path / "mirror"), KH.identity().member)
    follow((published(tmp_path / "one", TOLD),), mirror, trust(mode), now)
    longer = published(tmp_path / "two", [*TOLD, *LATER])
    assert follow((longer,), mirror, trust(mode), now).size == len(TOLD) + len(LATER)
    assert not list(Disk(tmp_path / "mirror").names("evidence"))


def test_a_witness_keeps_both_keys_of_two_stories(tmp_path: Path, now: Instant) -> None:
    """It is asked under the new key to extend what it cosigned under the one before."""
    told, other = Tree.of(map(leaf_hash, TOLD)), Tree.of(map(leaf_hash, [*changed(4), *LATER]))
    kept: list[Fork] = []

    def keys(_: str, size: int) -> tuple[NoteKey, ...]:
        return (KH.log(1 if size > len(TOLD) else 0).key,)

    witness = Witness(tmp_path / "witness.sqlite", [KH.witness(3)], keys, kept.append)
    try:
        for number, tree, proof in ((0, told, ()), (1, other, other.consistency(len(TOLD)))):
            checkpoint = Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root)
            note = sign_checkpoint(checkpoint, KH.log(number))
            answer = witness.add_checkpoint(to_request(len(TOLD) * number, proof, note), now)
    finally:
        witness.close()
    assert answer.status == 422
    (fork,) = kept
    assert fork.log_keys == (KH.log(0).key.vkey, KH.log(1).key.vkey)


def test_no_number_of_rotations_hides_two_stories(tmp_path: Path, now: Instant) -> None:
    """A log may change its keys as often as is read; the file then shows every keyset of it."""
    mirror = Mirror(Disk(tmp_path / "mirror"), KH.identity().member)
    follow((published(tmp_path / "one", TOLD),), mirror, trust(Mode.FULL), now)
    last = MAX_KEYSETS - 1
    changes = [KH.rotation(number) for number in range(1, MAX_KEYSETS)]
    rest = [signed(saying(number), KH.statement(last)) for number in range(BOTH_SIGN)]
    log = Log(Disk(tmp_path / "other"), Signatory(KH.log(last)))
    log.append([*changed(4), *changes, *rest])
    log.publish(log.prepare()[1])
    with pytest.raises(VerificationFailed) as refused:
        follow((FolderSource(tmp_path / "other/public"),), mirror, trust(Mode.FULL), now)
    assert refused.value.code == "ledger.fork"
    (exhibit,) = Evidence(Disk(tmp_path / "mirror")).exhibits()
    assert (exhibit.found.member, exhibit.found.shared) == (KH.identity().member, 4)
    assert len(exhibit.fork.keysets) == MAX_KEYSETS


def test_what_is_kept_is_judged_as_the_file_that_others_read(tmp_path: Path) -> None:
    """An object may convict that no file can say; kept so, it would convict nobody."""
    one, other = Tree.of(map(leaf_hash, TOLD)), Tree.of(map(leaf_hash, changed(4)))
    notes = [
        sign_checkpoint(Checkpoint(origin=ORIGIN, size=10, root=tree.root), KH.log(0)).encoded
        for tree in (one, other)
    ]
    keysets = (KH.first(), *(KH.rotation(number) for number in range(1, MAX_KEYSETS + 1)))
    fork = Fork(
        log_key=KH.log(0).key.vkey,
        smaller=notes[0],
        larger=notes[1],
        larger_key=KH.log(0).key.vkey,
        keysets=keysets,
    )
    with pytest.raises(InvalidDocument, match="holds more than"):
        Evidence(Disk(tmp_path)).keep(fork)
    assert not list(Disk(tmp_path).names("evidence"))


@pytest.mark.parametrize("mode", MODES)
def test_two_lines_of_keysets_are_refused_though_no_file_can_say_so(
    tmp_path: Path, now: Instant, mode: Mode
) -> None:
    """A root that announces two keysets after one parts the keys; nothing of it is taken in."""
    other = Dynasty(name="other")
    parted = replace(other.keyset(2), name="kh")
    first = replace(KH.keyset(1), next_digest=parted.keys_digest)
    line = [
        signed(to_statement(first), KH.statement(0), KH.statement(1)),
        signed(to_statement(parted), KH.statement(1), other.statement(2)),
    ]
    assert KH.identity().extended(1, line).keyset.sequence == 2
    told = [KH.first(), KH.rotation(1), KH.rotation(2)]
    told += [signed(saying(number), KH.statement(2)) for number in range(BOTH_SIGN)]
    rest = [signed(saying(number), other.statement(2)) for number in range(2 * BOTH_SIGN)]
    sources = []
    for name, entries, key in (
        ("one", told, KH.log(2)),
        ("other", [KH.first(), *line, *rest], other.log(2)),
    ):
        log = Log(Disk(tmp_path / name), Signatory(KH.log(0), KH.log(1), key))
        log.append(entries)
        log.publish(log.prepare()[1])
        sources.append(FolderSource(tmp_path / name / "public"))
    mirror = Mirror(Disk(tmp_path / "mirror"), KH.identity().member)
    follow((sources[0],), mirror, trust(mode), now)
    with pytest.raises(VerificationFailed):
        follow((sources[1],), mirror, trust(mode), now)
    assert (mirror.size, mirror.read_identity().keyset) == (len(told), KH.keyset(2))
