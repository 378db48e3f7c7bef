# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes over HTTP, the guard between them: who is known gets what is meant for it."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from comity.errors import NotFound, NotPermitted, PeerFailed
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.commitment import Access, AccessClass
from comity.ledger.identity import Identity
from comity.node.clock import read_clock
from comity.node.fetch.http import HttpSource
from comity.node.fetch.settings import HttpSettings
from comity.node.fetch.signature import RequestChecker
from comity.node.following.asking import typed
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.serving.guard import Guard, Rules, Seen
from comity.node.serving.server import log_routes

Found = Callable[[str], Node]


class Served:
    """A guarded node on loopback, and who came."""

    def __init__(self, node: Node, clock: Callable[[], Instant]) -> None:
        self.seen: list[Seen] = []

        def find(member: MemberId) -> Identity | None:
            logs = node.view().members()
            return next((log.identity for log in logs if log.member == member), None)

        rules = Rules(
            settings=HttpSettings(),
            origin=node.origin,
            checker=RequestChecker(find, clock=clock),
            note=self.seen.append,
        )
        app = Guard(Starlette(routes=log_routes(node, read_clock)), rules)
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
        self._bound = config.bind_socket()
        self._bound.listen()
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=[[self._bound]])
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._bound.getsockname()[1]}"

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join()


Serve = Callable[[Node], Served]


@pytest.fixture
def clock() -> list[timedelta]:
    """Return how far the servers' clocks are off."""
    return [timedelta()]


@pytest.fixture
def serve(clock: list[timedelta]) -> Iterator[Serve]:
    """Return a function that serves a node; all are stopped at the end."""
    running: list[Served] = []

    def start(node: Node) -> Served:
        running.append(Served(node, lambda: Instant(read_clock() + clock[0])))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def peer_of(node: Node, url: str) -> Peer:
    """Write a node down as a peer."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=url,
        log_key=node.keyset.log_key,
        witness_key=node.keyset.witness_key,
    )


def acquainted(found: Found, serve: Serve, now: Instant) -> tuple[Node, Node, Served]:
    """Return two nodes that follow each other; the second is served."""
    kh, br = found("kh"), found("br")
    served = serve(br)
    kh.add_peer(peer_of(br, served.url))
    br.add_peer(peer_of(kh, str(kh.public_folder)))
    br.follow("kh", now)
    return kh, br, served


def test_every_request_of_a_node_says_who_asks(
    found: Found, serve: Serve, now: Instant
) -> None:
    """Reading, asking for a cosignature: all of it under the member's name."""
    kh, _, served = acquainted(found, serve, now)
    kh.follow("br", now)
    assert kh.publish(now).tally.is_met
    served.stop()
    assert served.seen
    assert {one.member for one in served.seen} == {kh.member}
    assert {one.status for one in served.seen} == {200}


def test_a_node_may_be_told_not_to_say(found: Found, serve: Serve, now: Instant) -> None:
    """The operator decides."""
    kh, _, served = acquainted(found, serve, now)
    with (kh.folder / "node.toml").open("a") as file:
        file.write("[http]\nsign = false\n")
    kh.follow("br", now)
    assert {one.member for one in served.seen} == {None}


def test_what_is_meant_for_members_is_served_to_them_alone(
    found: Found, serve: Serve, now: Instant
) -> None:
    """A stranger learns no more than that nothing is there."""
    kh, br, served = acquainted(found, serve, now)
    access = Access(kind=AccessClass.MEMBERS)
    kept = br.blobs.kept.keep(b"for members", salt=bytes(16), media="text/plain", access=access)
    path = f"blob/{kept.sha256.hex()}"
    stranger = HttpSource(served.url)
    with pytest.raises(NotFound):
        stranger.read(path, limit=10_000)
    stranger.close()
    assert b"for members" in kh.connect("br").read(path, limit=10_000)
    public = br.blobs.put(b"for everybody")
    answer = httpx2.get(f"{served.url}/blob/{public.hex()}")
    assert "immutable" in answer.headers["cache-control"]
    served.stop()  # a request is noted after its answer has gone
    assert [(one.member, one.status) for one in served.seen] == [
        (None, 404),
        (kh.member, 200),
        (None, 200),
    ]


def test_a_clock_that_is_off_is_said_to_the_asker(
    found: Found, serve: Serve, now: Instant, clock: list[timedelta]
) -> None:
    """In its own error, with the number of seconds."""
    kh, _, served = acquainted(found, serve, now)
    clock[0] = timedelta(minutes=20)
    with pytest.raises(PeerFailed, match=r"status 401.*made 1[12]..? seconds ago"):
        kh.follow("br", now)
    assert httpx2.get(f"{served.url}/checkpoint").status_code == 200


def test_a_private_address_in_node_toml_needs_the_operators_word(
    found: Found, now: Instant
) -> None:
    """A peer is written down quickly; where it leads is looked at before it is asked."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br, "https://10.0.0.1"))
    with pytest.raises(NotPermitted, match="not public") as refused:
        kh.follow("br", now)
    assert 'allow = ["10.0.0.1"]' in refused.value.hint


def test_an_address_typed_just_now_is_meant() -> None:
    """`comity verify http://10.0.0.7:8080` asks that very place, not a name leading there."""
    assert typed("http://10.0.0.7:8080").settings.allow == ("10.0.0.7",)
    HttpSource("http://10.0.0.7:8080", asking=typed("http://10.0.0.7:8080"))
    assert typed("http://[::1").settings.allow == ("",)
