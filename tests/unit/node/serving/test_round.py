# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rounds: everybody in turn, nobody kept waiting by another, an end when it is asked for."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.statement import Statement
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.serving.round import LONGEST_S, PublishedAgain, Rounds, Schedule, Visited

Found = Callable[[str], Node]
Say = Callable[[int], Statement]

A, B = MemberId("a" * 64), MemberId("b" * 64)


def test_everybody_is_asked_at_once_and_then_in_time() -> None:
    """A node that starts does not know how old its copies are."""
    schedule = Schedule(every_s=600, dice=lambda: 0.5)
    assert schedule.due([A, B], 0.0) == [A, B]
    for member in (A, B):
        schedule.settle(member, 0.0, went_well=True)
    assert schedule.due([A, B], 599.0) == []
    assert schedule.wait_s([A, B], 599.0) == pytest.approx(1.0)
    assert schedule.due([A, B], 600.0) == [A, B]


def test_who_fails_is_asked_less_and_less_often() -> None:
    """Twice as long each time, up to four hours; one success forgets it all."""
    schedule = Schedule(every_s=600, dice=lambda: 0.5)
    waits = []
    for failures in range(1, 8):
        assert schedule.settle(A, 0.0, went_well=False) == failures
        waits.append(schedule._turns[A].due_s)
    assert waits == [1200.0, 2400.0, 4800.0, 9600.0, LONGEST_S, LONGEST_S, LONGEST_S]
    assert schedule.settle(A, 0.0, went_well=True) == 0
    assert schedule._turns[A].due_s == 600.0


@given(every_s=st.floats(1, 1e6), failures=st.integers(0, 3000), dice=st.floats(0, 0.999))
def test_no_wait_is_shorter_or_much_longer_than_settled(
    every_s: float, failures: int, dice: float
) -> None:
    """Spread by a tenth, never beyond the longest."""
    schedule = Schedule(every_s=every_s, dice=lambda: dice)
    schedule.due([A], 0.0)
    schedule._turns[A].failures = failures
    schedule.settle(A, 0.0, went_well=False)
    wait = schedule._turns[A].due_s
    assert 0.9 * every_s * 0.999 <= wait <= 1.1 * max(every_s, LONGEST_S)


def peer_of(node: Node, url: Path | str | None = None) -> Peer:
    """Write a node down as a peer that cannot cosign: it is a folder."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=str(url or node.public_folder),
        log_key=node.keyset.log_key,
    )


def rounds_of(node: Node, now: Instant) -> tuple[Rounds, list[Visited | PublishedAgain]]:
    """Return a node's rounds and what they tell."""
    told: list[Visited | PublishedAgain] = []
    schedule = Schedule(every_s=600, dice=lambda: 0.5)
    elapsed = iter(range(0, 10**9, 100_000))
    rounds = Rounds(
        node, schedule, told.append, clock=lambda: now, elapsed=lambda: next(elapsed)
    )
    return rounds, told


def test_one_failing_peer_keeps_no_other_from_being_read(
    found: Found, now: Instant, tmp_path: Path
) -> None:
    """A missing stick, a folder of something else, and one that is well."""
    kh, br, cd, de = (found(name) for name in ("kh", "br", "cd", "de"))
    (tmp_path / "empty").mkdir()
    kh.add_peer(peer_of(br, tmp_path / "gone"))
    kh.add_peer(peer_of(cd, tmp_path / "empty"))
    kh.add_peer(peer_of(de))
    rounds, told = rounds_of(kh, now)
    rounds.go(threading.Event())
    visits = [one for one in told if isinstance(one, Visited)]
    assert [(one.peer.name, one.followed is not None) for one in visits] == [
        ("br", False),
        ("cd", False),
        ("de", True),
    ]
    assert all(one.error for one in visits[:2])
    rounds.go(threading.Event())
    assert [one.failures for one in told if isinstance(one, Visited)] == [1, 1, 0, 2, 2, 0]


def test_a_defect_in_one_visit_is_told_and_goes_no_further(found: Found, now: Instant) -> None:
    """The thread is an edge: even an error nobody foresaw must not end the rounds."""
    kh, br, cd = found("kh"), found("br"), found("cd")
    kh.add_peer(peer_of(br))
    kh.add_peer(peer_of(cd))
    rounds, told = rounds_of(kh, now)
    follow = kh.follow

    def failing(peer: Peer | str, *rest: object) -> object:
        if isinstance(peer, Peer) and peer.name == "br":
            raise ZeroDivisionError("nobody foresaw this")
        return follow(peer, *rest)  # type: ignore[arg-type]  # passed on as it came

    kh.follow = failing  # type: ignore[method-assign, assignment]  # a defect, put there
    rounds.go(threading.Event())
    visits = [one for one in told if isinstance(one, Visited)]
    assert "ZeroDivisionError" in visits[0].error
    assert visits[1].followed is not None


def test_what_is_not_public_is_published_in_the_round(
    found: Found, say: Say, now: Instant
) -> None:
    """And nothing is published again where nothing is new."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br))
    kh.append([say(1)], now)
    rounds, told = rounds_of(kh, now)
    rounds.go(threading.Event())
    published = [one for one in told if isinstance(one, PublishedAgain)]
    assert [one.publication and one.publication.checkpoint.size for one in published] == [2]
    before = len(told)
    rounds.go(threading.Event())
    assert not any(isinstance(one, PublishedAgain) for one in told[before:])


def test_rounds_stop_between_two_peers(found: Found, now: Instant) -> None:
    """An operator who stops the node waits for one visit at most."""
    kh, br, cd = found("kh"), found("br"), found("cd")
    kh.add_peer(peer_of(br))
    kh.add_peer(peer_of(cd))
    stop = threading.Event()
    told: list[Visited | PublishedAgain] = []

    def listen(event: Visited | PublishedAgain) -> None:
        told.append(event)
        stop.set()

    schedule = Schedule(every_s=600, dice=lambda: 0.5)
    Rounds(kh, schedule, listen, clock=lambda: now).run(stop)
    assert len(told) == 1


def test_settings_being_edited_end_nothing(found: Found, now: Instant) -> None:
    """A half-written node.toml is said, and read again at the next turn."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br))
    path = kh.folder / "node.toml"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    rounds, told = rounds_of(kh, now)
    rounds.go(threading.Event())
    assert all(isinstance(one, PublishedAgain) and one.error for one in told)
    path.write_bytes(whole)
    rounds.go(threading.Event())
    assert any(isinstance(one, Visited) and one.followed for one in told)
    assert dataclasses.is_dataclass(told[-1])
