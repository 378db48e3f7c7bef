# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Well, not quite well, or unable to do its work; and the figures behind it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client import generate_latest

from comity.errors import Conflict
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.identity import Identity
from comity.ledger.statement import Statement
from comity.node.following.follow import Followed
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.serving import health
from comity.node.serving.guard import Seen
from comity.node.serving.health import health_of
from comity.node.serving.metrics import Metrics, exposed
from comity.node.serving.round import PublishedAgain, Visited
from comity.node.views.view import View

Found = Callable[[str], Node]
Say = Callable[[int], Statement]


def peer_of(node: Node) -> Peer:
    """Write a node down as a peer in a folder."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=str(node.public_folder),
        log_key=node.keyset.log_key,
    )


def test_what_a_node_lacks_is_said(found: Found, say: Say, now: Instant) -> None:
    """Entries not public, peers never read or not for long."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br))
    kh.append([say(1)], now)
    is_well, said = health_of(kh, now)
    assert is_well
    assert said["status"] == "degraded"
    assert said["log"] == {
        "writable": True,
        "entries": 2,
        "public": 1,
        "counted": 0,
        "published": None,
    }
    assert said["peers"] == {"followed": 0, "stale": [], "never_read": [br.member]}
    assert said["why"] == [
        "1 entry is not public: comity publish",
        "the public checkpoint lacks cosignatures",
        f"never read: {br.member[:16]}",
    ]
    kh.publish(now)
    kh.follow("br", now)
    _, said = health_of(kh, Instant(now + timedelta(hours=23)))
    assert said["peers"] == {"followed": 1, "stale": [], "never_read": []}
    _, said = health_of(kh, Instant(now + timedelta(hours=25)))
    assert said["peers"]["stale"] == [{"member": br.member, "checked": "2026-11-21T19:19:24Z"}]  # type: ignore[index, call-overload]  # an object


def test_a_server_that_holds_old_keys_says_so(
    found: Found, now: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a rotation elsewhere it would go on cosigning by a key nobody counts."""
    node = found("kh")
    later = replace(node.keyset.witness_key, public=bytes(range(32)))
    renewed = replace(node.keyset, witness_key=later, witness_key_mldsa=None)
    own = replace(node.view().members()[0], identity=Identity.of(renewed))
    monkeypatch.setattr(View, "members", lambda _view: (own,))

    _, said = health_of(node, now)

    assert isinstance(said["why"], list)
    assert said["why"][0] == "the keys were rotated since this server started: restart it"


def test_a_full_disk_is_failing(
    found: Found, now: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches must know before an officer does."""
    monkeypatch.setattr(health, "_NEEDED_BYTES", 2**62)
    is_well, said = health_of(found("kh"), now)
    assert not is_well
    assert said["status"] == "failing"


def test_settings_with_faults_are_failing(found: Found, now: Instant) -> None:
    """No traceback where an operator looks for words."""
    kh = found("kh")
    (kh.folder / "node.toml").write_text("colour = 1\n")
    is_well, said = health_of(kh, now)
    assert not is_well
    assert "settings" in str(said["reason"])


def test_figures_say_what_happened_and_nothing_of_whom(found: Found, now: Instant) -> None:
    """Requests by area, visits by peer, logs by name; no address anywhere."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br))
    followed = kh.follow("br", now)
    metrics = Metrics(kh)
    seen = Seen(
        method="BREW",
        area="tile",
        path="/tile/0/000",
        status=200,
        duration_s=0.002,
        sent_bytes=7,
        member=MemberId("a" * 64),
        address="192.0.2.7",
    )
    metrics.note_request(seen)
    metrics.note_round(Visited(peer=peer_of(br), followed=followed, error="", failures=0))
    metrics.note_round(Visited(peer=peer_of(br), followed=None, error="gone", failures=1))
    metrics.note_round(PublishedAgain(publication=None, error="full"))
    text = generate_latest(metrics.registry).decode()
    for line in (
        'comity_requests_total{area="tile",method="other",status="2xx"} 1.0',
        'comity_sent_bytes_total{area="tile"} 7.0',
        "comity_signed_requests_total 1.0",
        'comity_peer_visits_total{outcome="failed",peer="br"} 1.0',
        'comity_publications_total{outcome="failed"} 1.0',
        'comity_peer_paused{peer="br"} 0.0',
        'comity_log_entries{log="br.example/log"} 1.0',
        "comity_fork_evidence 0.0",
    ):
        assert f"\n{line}\n" in text
    assert "192.0.2.7" not in text
    assert "a" * 64 not in text
    assert isinstance(followed, Followed)


def test_figures_are_served_on_loopback_and_the_port_is_given_back(
    found: Found, tmp_path: Path
) -> None:
    """On a port of their own; a second server there is refused in words."""
    assert tmp_path.is_dir()
    metrics = Metrics(found("kh"))
    with exposed(metrics, 0) as port:
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
        assert "comity_journal_bytes" in text
        with pytest.raises(Conflict, match="cannot serve metrics"), exposed(metrics, port):
            pass
    with exposed(metrics, port) as again:
        assert again == port
