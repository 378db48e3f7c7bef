# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest
from tests.fakes.twostories import meet
from tests.unit.node.conftest import Found
from tests.unit.node.test_rotation import rotate

from comity.errors import InvalidDocument, NotFound
from comity.kernel.instant import Instant
from comity.ledger.gate import Gate
from comity.ledger.note import ED25519, NoteKey
from comity.ledger.quorum import rule_of
from comity.ledger.statement import Statement
from comity.node.member.config import FILE
from comity.node.node import Node


def state(node: Node, policy: str) -> None:
    """Give a node a policy file and name it in its settings."""
    (node.folder / "trust.policy").write_text(policy, encoding="utf-8")
    settings = node.folder / FILE
    text = settings.read_text(encoding="utf-8")
    if "policy =" not in text:
        settings.write_text(f'policy = "trust.policy"\n{text}', encoding="utf-8")


def lines(**nodes: Node) -> str:
    """Return the first key of each node as a witness."""
    keys = {name: node.keyset.witness_key.vkey for name, node in nodes.items()}
    return "".join(f"witness {name} {vkey}\n" for name, vkey in keys.items())


def test_a_second_key_is_learned_from_the_member_s_own_log(found: Found, now: Instant) -> None:
    """The operator named the member; its log says which keys are its."""
    kh, br = found("kh"), found("br")
    peer = meet(kh, br)
    assert kh.trust.keys_of(peer) == (br.keyset.witness_key,)
    kh.follow(peer, now)
    assert kh.trust.keys_of(peer) == br.keyset.witness_keys
    own = next(one for one in kh.quorum.witnesses if one.member == kh.member)
    assert own.keys == kh.keyset.witness_keys


def test_a_policy_decides_instead_of_the_settings(found: Found, now: Instant) -> None:
    """Peers that it leaves out are asked and do not count."""
    kh, br, id_ = found("kh"), found("br"), found("id")
    for other in (br, id_):
        kh.follow(meet(kh, other), now)
    state(kh, lines(kh=kh, br=br) + "group both 2 kh br\nquorum both\n")
    assert rule_of(kh.quorum) == Gate(needed=2, parts=(kh.member, br.member))
    assert [one.member for one in kh.quorum.witnesses] == [kh.member, br.member]
    assert rule_of(kh.quorum, owner=br.member) == Gate(needed=2, parts=(kh.member,))


def test_a_rotation_needs_no_new_policy(found: Found, now: Instant) -> None:
    """A policy names members by a key; the keys that follow it stand in their own logs."""
    kh, br = found("kh"), found("br")
    peer = meet(kh, br)
    kh.follow(peer, now)
    state(kh, lines(kh=kh, br=br) + "group both 2 kh br\nquorum both\n")
    before = {one.member: one.keys for one in kh.quorum.witnesses}
    for node in (br, kh):
        rotate(node, now)
        node.publish(now)
    kh.follow(peer, now)
    after = {one.member: one.keys for one in kh.quorum.witnesses}
    for node in (br, kh):
        assert {*before[node.member], *node.keyset.witness_keys} <= {*after[node.member]}
    assert rule_of(kh.quorum) == Gate(needed=2, parts=(kh.member, br.member))


def test_both_keys_of_a_member_are_one_voice(found: Found, now: Instant) -> None:
    """Two lines of one member never make two of a number."""
    kh, br = found("kh"), found("br")
    kh.follow(meet(kh, br), now)
    second = br.keyset.witness_keys[1].vkey
    text = f"witness pq {second}\ngroup two 2 br pq\nquorum two\n"
    state(kh, lines(br=br) + text)
    assert rule_of(kh.quorum) == Gate(needed=2, parts=(br.member,))
    (witness,) = kh.quorum.witnesses
    assert witness.keys == br.keyset.witness_keys


def test_a_peer_that_does_not_count_is_still_no_witness_of_its_own_log(
    found: Found, now: Instant
) -> None:
    """Its key is known from its log, whatever the settings say."""
    kh, br = found("kh"), found("br")
    kh.follow(meet(kh, br, counts=False), now)
    state(kh, lines(other=br) + "quorum other\n")
    assert rule_of(kh.quorum, owner=br.member) is None


def test_a_stranger_counts_under_the_name_of_its_key(found: Found) -> None:
    """A public witness that is no member may be trusted too."""
    kh = found("kh")
    stranger = found("zz").keyset.witness_key
    state(kh, f"witness far {stranger.vkey}\nquorum far\n")
    assert rule_of(kh.quorum) == stranger.name


def test_the_policy_is_read_again_when_it_changes(found: Found) -> None:
    """No restart is needed."""
    kh = found("kh")
    state(kh, "quorum none\n")
    assert kh.quorum.policy is not None
    assert rule_of(kh.quorum) is None
    state(kh, lines(kh=kh) + "quorum kh\n")
    assert rule_of(kh.quorum) == kh.member


def test_a_policy_that_is_not_there_is_named(found: Found) -> None:
    """With what to do."""
    kh = found("kh")
    state(kh, "")
    (kh.folder / "trust.policy").unlink()
    with pytest.raises(NotFound, match=r"trust\.policy") as caught:
        _ = kh.quorum
    assert "comity trust policy" in caught.value.hint


def test_faults_of_a_policy_name_its_file(found: Found) -> None:
    """All of them, each with its line."""
    kh = found("kh")
    state(kh, "witness a b\nquorum c\n")
    with pytest.raises(InvalidDocument) as caught:
        _ = kh.quorum
    assert caught.value.source == "trust.policy"
    assert [fault.line for fault in caught.value.faults] == [1, 2, 2][
        : len(caught.value.faults)
    ]


def test_a_log_by_another_key_is_refused(found: Found, now: Instant) -> None:
    """Two files of one operator must not disagree whose log it is."""
    kh, br = found("kh"), found("br")
    kh.follow(meet(kh, br), now)
    right = br.keyset.log_key
    state(kh, f"log {right.vkey}\nquorum none\n")
    policy = kh.quorum.policy
    assert policy is not None
    assert policy.origins == frozenset((br.origin,))
    wrong = NoteKey(name=right.name, kind=ED25519, public=kh.keyset.log_key.public)
    state(kh, f"log {wrong.vkey}\nquorum none\n")
    with pytest.raises(InvalidDocument, match="another key"):
        _ = kh.quorum


def test_a_witness_knows_only_logs_its_operator_named(
    found: Found, now: Instant, say: Callable[[int], Statement]
) -> None:
    """By the key of the settings before the log is read, by the log's own after."""
    kh, br = found("kh"), found("br")
    assert kh.trust.log_keys(kh.config, br.origin, 1) == ()
    peer = meet(kh, br)
    assert kh.trust.log_keys(kh.config, br.origin, 1) == (br.keyset.log_key,)
    br.append([say(1)], now)
    br.publish(now)
    kh.follow(peer, now)
    assert kh.trust.log_keys(kh.config, br.origin, 2) == (br.keyset.log_key,)
