# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest
from tests.fakes.twostories import meet
from tests.unit.node.conftest import Found

from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.statement import Statement
from comity.node.node import Node
from comity.node.views.seen import SEEN_TYPE, sights_of, suspicions, to_statement

Say = Callable[[int], Statement]
ONE = Checkpoint(origin=Origin("kh.example/log"), size=3, root=sha256(b"x"))


def test_what_was_seen_comes_back() -> None:
    """Origin, size and root; the log's signature does not stand with them."""
    (sight,) = sights_of(to_statement([ONE]))
    assert (sight.origin, sight.size, sight.root) == (ONE.origin, ONE.size, ONE.root)


@pytest.mark.parametrize(
    "checkpoints",
    [
        None,
        "x",
        [1],
        [{"origin": "a", "size": 1}],
        [{"origin": "a", "size": "1", "root": "0" * 64}],
        [{"origin": "a", "size": 1, "root": "x"}],
    ],
)
def test_what_is_malformed_is_passed_over(checkpoints: Json) -> None:
    """Somebody else's mistake blocks nothing."""
    statement = Statement(predicate_type=SEEN_TYPE, predicate={"checkpoints": checkpoints})
    assert list(sights_of(statement)) == []


def grown(found: Found, now: Instant, say: Say) -> tuple[Node, Node]:
    """Return a log of three entries, and a node that follows it."""
    kh, br = found("kh"), found("br")
    kh.append([say(1), say(2)], now)
    kh.publish(now)
    br.follow(meet(br, kh), now)
    return kh, br


def test_another_root_than_the_one_verified_is_a_suspicion(
    found: Found, now: Instant, say: Say
) -> None:
    """With who said so and where, and what is held here; it convicts nobody."""
    kh, br = grown(found, now, say)
    liar = found("id")
    said = liar.append([to_statement([ONE])], now)
    liar.publish(now)
    br.follow(meet(br, liar), now)
    (found_one,) = suspicions(br.view())
    assert (found_one.by, found_one.said_at) == (liar.member, said[0])
    assert found_one.held == kh.log.prepare()[0].root
    assert found_one.sight.root == ONE.root
    assert list(br.evidence.exhibits()) == []


@pytest.mark.parametrize(
    "sight",
    [
        Checkpoint(origin=Origin("kh.example/log"), size=9, root=sha256(b"later")),
        Checkpoint(origin=Origin("kh.example/log"), size=0, root=sha256()),
        Checkpoint(origin=Origin("unknown.example/log"), size=3, root=sha256(b"x")),
    ],
)
def test_what_cannot_be_compared_is_no_suspicion(
    found: Found, now: Instant, say: Say, sight: Checkpoint
) -> None:
    """A size not reached yet, no size, a log not followed."""
    _, br = grown(found, now, say)
    br.append([to_statement([sight])], now)
    assert suspicions(br.view()) == ()


def test_the_same_root_is_no_suspicion(found: Found, now: Instant, say: Say) -> None:
    """Two who saw the same agree, at the newest size and at an earlier one."""
    kh, br = grown(found, now, say)
    newest = kh.log.prepare()[0]
    kh.append([say(3)], now)
    kh.publish(now)
    br.append([to_statement([newest])], now)
    br.follow(br.get_peer("kh"), now)
    assert suspicions(br.view()) == ()
