# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What happens to a node, its followers and its witnesses when keys change."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.fakes.dynasty import pair, root_of, saying
from tests.unit.node.conftest import PASSPHRASE, entropy_of

from comity.errors import InvalidDocument, NotPermitted, StorageFailed, VerificationFailed
from comity.kernel.instant import from_posix, to_posix
from comity.ledger.checkpoint import from_text
from comity.ledger.envelope import keyid_of
from comity.ledger.note import from_bytes, is_signed_by
from comity.ledger.quorum import Quorum
from comity.node.care.audit import Policy, read_identity, verify_log
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.draft import asked_of, draft_of, sign_draft
from comity.node.draft import from_bytes as draft_from_bytes
from comity.node.fetch.source import FolderSource
from comity.node.following.follow import Trust, follow
from comity.node.logs.following import DEFAULT, Following, Mode
from comity.node.logs.mirror import Mirror
from comity.node.member.founding import KEYS
from comity.node.node import Node
from comity.node.rotation import (
    Change,
    Theft,
    log_draft,
    prepare_compromise,
    prepare_rotation,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant

    Found = Callable[[str], Node]

draws = entropy_of("rotations")


def rotate(node: Node, now: Instant, change: Change | None = None) -> None:
    """Rotate a node whose statement keys are its root."""
    log_draft(node, prepare_rotation(node, change or Change(), PASSPHRASE, now, draws))


def reopened(node: Node) -> Node:
    """Open a node's folder anew."""
    return Node.open(node.folder, PASSPHRASE)


def trust(node: Node, following: Following = DEFAULT) -> Trust:
    """Return what an operator wrote down of a node before any rotation."""
    return Trust(
        member=node.member,
        log_key=node.identity.first.log_key,
        quorum=Quorum(witnesses=()),
        following=following,
    )


def later(now: Instant, days: int) -> Instant:
    """Return an instant some days on."""
    return from_posix(to_posix(now) + days * 86_400)


@pytest.fixture
def kh(found: Found, now: Instant) -> Node:
    """Return a node with one entry beside its keyset."""
    node = found("kh")
    node.append([saying(1)], now)
    node.publish(now)
    return node


def test_a_rotated_node_goes_on_under_its_new_keys(kh: Node, now: Instant) -> None:
    """Same id, same log, other keys; in this process and in the next."""
    member, before = kh.member, kh.keyset
    rotate(kh, now)
    kh.append([saying(3)], now)
    kh.publish(now)
    assert (kh.member, kh.keyset.sequence) == (member, 1)
    assert kh.keyset.log_key != before.log_key
    with closing(reopened(kh)) as again:
        again.append([saying(4)], now)
        assert again.keyset == kh.keyset
        assert [one.fault for one in again.view().entries()] == [""] * 5
    assert not check_node(kh.folder).problems


def test_any_number_of_rotations_is_followed_from_the_first_pinned_key(
    kh: Node, tmp_path: Path, now: Instant
) -> None:
    """By one who follows each, and by one who comes at the end and sees only the last key."""
    mirror, late = (Mirror(Disk(tmp_path / name), kh.member) for name in ("each", "end"))
    source = FolderSource(kh.public_folder)
    for number in range(3):
        with closing(reopened(kh)) as node:
            rotate(node, later(now, number))
            node.append([saying(at) for at in range(300)], later(now, number))
            node.publish(now)
        assert follow(source, mirror, trust(kh), now).size == 2 + 301 * (number + 1)
        assert mirror.read_identity().keyset.sequence == number + 1
    note = from_bytes((kh.public_folder / "checkpoint").read_bytes())
    assert not is_signed_by(note, kh.identity.first.log_key)
    follow(source, late, trust(kh), now)
    assert late.read_identity() == mirror.read_identity()
    assert verify_log(source, Policy(log_key=trust(kh).log_key)).keyset.sequence == 3
    assert read_identity(source).keyset.sequence == 3


@pytest.mark.parametrize("mode", Mode)
def test_a_reader_that_keeps_little_still_learns_of_every_rotation(
    kh: Node, tmp_path: Path, now: Instant, mode: Mode
) -> None:
    """Hashes alone, some kinds, or all: the keys are followed, and told from."""
    mirror = Mirror(Disk(tmp_path / mode.value), kh.member)
    source = FolderSource(kh.public_folder)
    kept = Following(mode=mode, kinds=("policy",) if mode is Mode.SELECTED else ())
    for number in range(1, 3):
        with closing(reopened(kh)) as node:
            rotate(node, later(now, number))
            node.publish(now)
            follow(source, mirror, trust(kh, kept), now)
            node.append([saying(at) for at in range(600)], later(now, number))
            node.publish(now)
        follow(source, mirror, trust(kh, kept), now)
        assert mirror.read_identity().keyset.sequence == number


def test_the_first_checkpoints_after_a_rotation_carry_both_signatures(
    kh: Node, now: Instant
) -> None:
    """Who has not read of the rotation yet still knows the log."""
    old = kh.keyset.log_key
    rotate(kh, now)
    kh.publish(now)
    note = from_bytes((kh.public_folder / "checkpoint").read_bytes())
    assert is_signed_by(note, old)
    assert is_signed_by(note, kh.keyset.log_key)


def test_a_checkpoint_by_the_old_key_alone_is_refused_over_a_rotation(
    kh: Node, tmp_path: Path, now: Instant
) -> None:
    """A thief of the retired key cannot go on with the log."""
    rotate(kh, now)
    kh.publish(now)
    path = kh.public_folder / "checkpoint"
    note = from_bytes(path.read_bytes())
    kept = [one for one in note.signatures if one.key_id == trust(kh).log_key.key_id]
    path.write_bytes(type(note)(text=note.text, signatures=tuple(kept)).encoded)
    mirror = Mirror(Disk(tmp_path / "reader"), kh.member)
    with pytest.raises(VerificationFailed, match="did not sign this checkpoint"):
        follow(FolderSource(kh.public_folder), mirror, trust(kh), now)
    assert not mirror.size
    with pytest.raises(VerificationFailed, match="did not sign this checkpoint"):
        verify_log(FolderSource(kh.public_folder))


def test_what_was_sealed_before_a_rotation_still_opens(
    kh: Node, found: Found, now: Instant
) -> None:
    """The key file keeps the secrets of every keyset."""
    for_old = kh.seal(kh.member, b"a bank")
    kh.vault.put("nonce", b"a nonce")
    rotate(kh, now)
    with closing(reopened(kh)) as node:
        for_new = node.seal(node.member, b"another")
        assert (node.unseal(for_old), node.unseal(for_new)) == (b"a bank", b"another")
        assert node.vault.get("nonce") == b"a nonce"
    with pytest.raises(NotPermitted):
        found("th").unseal(for_old)


def test_a_rotation_that_was_only_prepared_changes_nothing(kh: Node, now: Instant) -> None:
    """The key file is written first; whichever draft is logged at last, its keys are there."""
    drafts = [prepare_rotation(kh, Change(), PASSPHRASE, now, draws) for _ in range(3)]
    with closing(reopened(kh)) as node:
        node.append([saying(2)], now)
        assert node.keyset.sequence == 0
        log_draft(node, drafts[1])
    with closing(reopened(kh)) as node:
        rotate(node, now)
        assert node.keyset.sequence == 2
        with pytest.raises(VerificationFailed) as refused:
            log_draft(node, drafts[0])
        assert refused.value.code == "ledger.keyset_sequence"


def test_an_old_copy_of_the_key_file_goes_on_but_cannot_rotate(kh: Node, now: Instant) -> None:
    """It has the keys in use, and not those announced after them."""
    copy = (kh.folder / KEYS).read_bytes()
    rotate(kh, now)
    (kh.folder / KEYS).write_bytes(copy)
    with closing(reopened(kh)) as node:
        node.append([saying(3)], now)
        with pytest.raises(NotPermitted) as refused:
            rotate(node, now)
        assert refused.value.code == "node.keys_following"
    (kh.folder / KEYS).write_bytes(copy)


def test_a_key_file_of_before_two_rotations_opens_nothing(kh: Node, now: Instant) -> None:
    """It has none of the keys in force."""
    copy = (kh.folder / KEYS).read_bytes()
    rotate(kh, now)
    with closing(reopened(kh)) as node:
        rotate(node, now)
    (kh.folder / KEYS).write_bytes(copy)
    with pytest.raises(NotPermitted) as refused:
        reopened(kh)
    assert refused.value.code == "node.keys_other"


def test_the_key_file_is_for_its_owner_alone(kh: Node, now: Instant) -> None:
    """After a rotation as before."""
    rotate(kh, now)
    assert (kh.folder / KEYS).stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotPermitted):
        prepare_rotation(kh, Change(), "wrong", now, draws)


def test_officers_far_from_the_node_rotate_together(kh: Node, now: Instant) -> None:
    """Two of three root keys, each signing the same small file on a machine of its own."""
    a, b, c = map(pair, "abc")
    draft = prepare_rotation(kh, Change(root=root_of(2, a, b, c)), PASSPHRASE, now, draws)
    with pytest.raises(NotPermitted, match="0 of the 2 signatures of the new root"):
        log_draft(kh, draft)
    carried = draft_from_bytes(sign_draft(draft_from_bytes(draft.encoded), a).encoded + b"\n")
    assert [(one.who, one.signed) for one in asked_of(carried, kh.identity)] == [
        ("old root", 1),
        ("new root", 1),
    ]
    log_draft(kh, sign_draft(carried, c))
    assert kh.keyset.stated_root == root_of(2, a, b, c)
    with closing(reopened(kh)) as node:
        second = prepare_rotation(node, Change(), PASSPHRASE, now, draws)
        with pytest.raises(NotPermitted, match="0 of the 2 signatures of the old root"):
            log_draft(node, second)
        log_draft(node, sign_draft(second, b, c))
        assert node.keyset.stated_root == root_of(2, a, b, c)


def test_lost_statement_keys_are_replaced_by_the_root_alone(kh: Node, now: Instant) -> None:
    """Without a root of its own the member is lost with them, and is told so."""
    with pytest.raises(NotPermitted) as refused:
        prepare_rotation(kh, Change(is_lost=True), PASSPHRASE, now, draws)
    assert refused.value.code == "node.root_lost"
    root = root_of(1, pair("safe"))
    draft = prepare_rotation(kh, Change(root=root), PASSPHRASE, now, draws)
    log_draft(kh, sign_draft(draft, pair("safe")))
    with closing(reopened(kh)) as node:
        old = keyid_of(next(iter(node.keyset.statement_keys.values())))
        lost = prepare_rotation(node, Change(is_lost=True), PASSPHRASE, now, draws)
        assert old not in {one.keyid for one in lost.envelope.signatures}
        log_draft(node, sign_draft(lost, pair("safe")))
        assert node.keyset.sequence == 2


def test_two_officers_sign_policies_once_both_are_announced(kh: Node, now: Instant) -> None:
    """Announced by one rotation, in force by the next; then one signature is refused here."""
    maria = pair("maria")
    rotate(kh, now, Change(following=(maria.public,)))
    with closing(reopened(kh)) as node:
        rotate(node, now, Change(officers={"policy": 2}))
    with closing(reopened(kh)) as node:
        assert maria.public in node.keyset.statement_keys.values()
        node.append([saying(1)], now)
        with pytest.raises(NotPermitted) as refused:
            node.append([saying(2, "policy")], now)
        assert refused.value.code == "node.officers"
        draft = sign_draft(draft_of(saying(2, "policy")), *node.secrets())
        with pytest.raises(NotPermitted, match="1 of the 2 signatures of the officers"):
            log_draft(node, draft)
        log_draft(node, sign_draft(draft, maria))
        assert next(node.view().entries("policy")).fault == ""
        rotate(node, now)
        assert maria.public in node.keyset.statement_keys.values()


def test_officers_beyond_the_statement_keys_are_refused(kh: Node, now: Instant) -> None:
    """Two must sign and one key there is; nothing was written."""
    before = (kh.folder / KEYS).read_bytes()
    with pytest.raises(InvalidDocument, match="1 statement keys"):
        rotate(kh, now, Change(officers={"policy": 2, "keyset": 1}))
    assert (kh.folder / KEYS).read_bytes() == before


def test_a_member_says_which_keys_were_stolen(kh: Node, now: Instant) -> None:
    """By the word for their purpose or by their ids; the entries after are disputed."""
    kh.append([saying(2), saying(3)], now)
    theft = Theft(keys=("statement",), last_good=1, reason="a laptop was stolen")
    log_draft(kh, prepare_compromise(kh, theft, now))
    rotate(kh, now)
    (said,) = kh.identity.compromises
    signer = next(iter(kh.identity.first.statement_keys))
    assert said.keys == {signer}
    assert [bool(kh.identity.disputes(at, [signer])) for at in range(6)] == [
        *[False] * 2,
        *[True] * 2,
        *[False] * 2,
    ]
    by_id = Theft(keys=(signer[:12],), last_good=1, reason="found since", sequence=None)
    draft = prepare_compromise(kh, by_id, now)
    assert draft.statement.predicate["sequence"] == 0


@pytest.mark.parametrize(
    ("theft", "said"),
    [
        (Theft(keys=("nonsense",), last_good=0, reason="x"), "no key 'nonsense'"),
        (Theft(keys=(), last_good=0, reason="x"), "name the keys"),
        (Theft(keys=("root",), last_good=0, reason="x"), "no key 'root'"),
        (Theft(keys=("statement",), last_good=2, reason="x"), "from 0 to 1"),
        (Theft(keys=("statement",), last_good=-1, reason="x"), "from 0 to 1"),
        (Theft(keys=("statement",), last_good=0, reason="x", sequence=4), "number 4"),
    ],
)
def test_a_theft_of_nothing_is_refused(kh: Node, now: Instant, theft: Theft, said: str) -> None:
    """Each with the reason."""
    with pytest.raises(InvalidDocument, match=said):
        prepare_compromise(kh, theft, now)


def test_a_log_restored_without_its_rotation_refuses_to_sign(kh: Node, now: Instant) -> None:
    """The signed record names more than the journal has."""
    journal = (kh.folder / "log" / "journal").read_bytes()
    rotate(kh, now)
    kh.publish(now)
    kh.close()
    (kh.folder / "log" / "journal").write_bytes(journal)
    with pytest.raises(StorageFailed) as refused:
        reopened(kh)
    assert refused.value.code == "node.rolled_back"


def test_the_size_of_the_public_checkpoint_covers_the_rotation(kh: Node, now: Instant) -> None:
    """A publication after a rotation shows it."""
    rotate(kh, now)
    kh.publish(now)
    text = from_bytes((kh.public_folder / "checkpoint").read_bytes()).text
    assert from_text(text).size == 3
