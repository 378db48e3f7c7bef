# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from comity.kernel.digest import sha256
from comity.ledger.identity import Identity
from comity.ledger.note import from_vkey
from comity.node.care.audit import Policy, verify_log
from comity.node.fetch.http import HttpSource
from comity.node.fetch.key import Purpose, open_key_document
from comity.node.member.config import Peer
from comity.node.rotation import Theft, log_draft, prepare_compromise
from comity.node.serving.server import log_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement
    from comity.node.node import Node

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]
    Serve = Callable[[Node], str]


@pytest.fixture
def serve(now: Instant) -> Iterator[Serve]:
    """Return a function that serves a node on loopback and says where."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(node: Node) -> str:
        app = Starlette(routes=log_routes(node, lambda: now))
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
        bound = config.bind_socket()
        bound.listen()
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{bound.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


def peer_of(node: Node, url: str) -> Peer:
    """Write a node down as a peer whose cosignatures count."""
    keyset = node.keyset
    return Peer(
        member=node.member,
        name=keyset.name,
        url=url,
        log_key=keyset.log_key,
        witness_key=keyset.witness_key,
    )


def test_two_nodes_cosign_and_follow_over_http(
    found: Found, say: Say, now: Instant, serve: Serve
) -> None:
    """The whole protocol over real sockets."""
    kh, br = found("kh"), found("br")
    kh.add_peer(peer_of(br, serve(br)))
    br.add_peer(peer_of(kh, serve(kh)))
    kh.append([say(number) for number in range(300)], now)
    assert kh.publish(now).tally.is_met
    followed = br.follow("kh", now)
    assert followed.size == 301
    assert followed.tally.is_met
    entries = list(br.view().entries("note"))
    assert [entry.statement and entry.statement.predicate["number"] for entry in entries] == [
        *range(300)
    ]
    digest = kh.blobs.put(b"evidence")
    assert br.blobs.fetch(br.connect("kh"), digest) == b"evidence"


def test_a_stranger_verifies_over_http_without_a_node(
    found: Found, say: Say, now: Instant, serve: Serve
) -> None:
    """Anyone may, with nothing but the address and the member's id."""
    node = found("kh")
    node.append([say(1)], now)
    node.publish(now)
    source = HttpSource(serve(node), timeout_s=5)
    assert verify_log(source, Policy(member=node.member)).size == 2
    source.close()


def test_what_is_served_has_the_right_types_and_lifetimes(found: Found, serve: Serve) -> None:
    """C2SP tlog-tiles: a checkpoint is fresh text, tiles are immutable bytes."""
    node = found("kh")
    blob = node.blobs.put(b"x")
    url = serve(node)
    with httpx2.Client(base_url=url) as client:
        checkpoint = client.get("/checkpoint")
        assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
        assert checkpoint.headers["cache-control"] == "no-cache"
        for path in ("/tile/0/000.p/1", "/tile/entries/000.p/1", f"/blob/{blob.hex()}"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/octet-stream"
            assert "immutable" in answer.headers["cache-control"]
        assert client.get("/history").status_code == 404  # no key ever changed
        keyset = client.get("/keyset")
        assert sha256(keyset.content).hex() == node.member
        assert from_vkey(keyset.json()["log_key"]) == node.keyset.log_key


def test_a_node_and_its_mirror_serve_where_keys_changed(
    found: Found, now: Instant, serve: Serve
) -> None:
    """Who keeps hashes alone asks for those entries and no others."""
    kh, br = found("kh"), found("br")
    theft = Theft(keys=("witness",), last_good=0, reason="a laptop was stolen")
    log_draft(kh, prepare_compromise(kh, theft, now))
    kh.publish(now)
    url = serve(kh)
    br.add_peer(peer_of(kh, url))
    br.follow("kh", now)
    for place in (f"{url}/history", f"{serve(br)}/mirrors/{kh.member}/history"):
        answer = httpx2.get(place)
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == {"entries": [1], "size": 2}


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/001",
        "/tile/../../keys.sealed",
        "/tile/%2e%2e/%2e%2e/keys.sealed",
        "/tile/entries/..%2f..%2f..%2fkeys.sealed",
        "/blob/" + "0" * 64,
        "/blob/" + "0" * 63 + "G",
        "/blob/..%2fcheckpoint",
        "/keys.sealed",
        "/log/journal",
    ],
)
def test_nothing_else_is_served(found: Found, serve: Serve, path: str) -> None:
    """Secrets stand in the same folder tree as what is public."""
    with httpx2.Client(base_url=serve(found("kh"))) as client:
        assert client.get(path).status_code == 404


def test_derived_keys_are_vouched_for_where_anyone_can_ask(
    found: Found, serve: Serve, now: Instant
) -> None:
    """A stranger needs the keyset and nothing else to believe them; a day's answer is one."""
    node = found("kh")
    identity = Identity.of(node.keyset)
    with httpx2.Client(base_url=serve(node)) as client:
        for purpose in Purpose:
            answer = client.get(f"/{purpose.value}-key")
            key = open_key_document(answer.content, identity, purpose, now)
            assert key.public == node.derived_key(purpose, now)[0].public
            assert client.get(f"/{purpose.value}-key").content == answer.content
        assert client.get("/health").json()["log"]["entries"] == 1


def test_a_reader_fetches_what_is_new_and_what_is_missing(
    found: Found, say: Say, now: Instant, serve: Serve
) -> None:
    """With the tools it has: tags, dates, parts, gzip."""
    node = found("kh")
    node.append([say(number) for number in range(255)], now)
    node.publish(now)
    with httpx2.Client(base_url=serve(node)) as client:
        tag = client.get("/checkpoint").headers["etag"]
        assert client.get("/checkpoint", headers={"if-none-match": tag}).status_code == 304
        bundle = client.get("/tile/entries/000", headers={"accept-encoding": "gzip"})
        assert bundle.headers["content-encoding"] == "gzip"
        part = client.get("/tile/entries/000", headers={"range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, bundle.content[100:200])
        node.append([say(255)], now)
        node.publish(now)
        assert client.get("/checkpoint", headers={"if-none-match": tag}).status_code == 200


def test_a_damaged_blob_is_not_served(found: Found, serve: Serve) -> None:
    """A reader asked for a digest, not for a file."""
    node = found("kh")
    digest = node.blobs.put(b"evidence")
    (node.public_folder / "blob" / digest.hex()).write_bytes(b"evidencE")
    with httpx2.Client(base_url=serve(node)) as client:
        assert client.get(f"/blob/{digest.hex()}").status_code == 404


def test_a_huge_request_is_cut_off(found: Found, serve: Serve) -> None:
    """A witness reads at most what a request can be."""
    with httpx2.Client(base_url=serve(found("kh"))) as client:
        assert client.post("/add-checkpoint", content=bytes(200_000)).status_code == 413
        assert client.post("/add-checkpoint", content=b"").status_code == 400
        assert client.get("/add-checkpoint").status_code == 405
