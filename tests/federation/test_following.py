# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A log whose site is down lives on: through two mirrors over HTTP, and on a stick."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from comity.desk.log.difference import differences
from comity.errors import PeerFailed, VerificationFailed
from comity.kernel.digest import sha256
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import from_bytes, from_vkey
from comity.node.disk.storage import Disk
from comity.node.fetch.http import HttpSource
from comity.node.fetch.source import FolderSource
from comity.node.logs.following import Following, Mode
from comity.node.serving.server import log_routes
from comity.node.views.viewpoint import from_json, read_viewpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.federation.conftest import Federation

    from comity.node.fetch.source import LogSource
    from comity.node.node import Node


@contextmanager
def served(node: Node, federation: Federation) -> Iterator[str]:
    """Serve a node on loopback as long as the block runs, and say where."""
    app = Starlette(routes=log_routes(node, lambda: federation.now))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
    bound = config.bind_socket()
    bound.listen()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def connected(federation: Federation, reader: str, mirrors: dict[str, LogSource]) -> Node:
    """Open a node whose peers are read by the federation's links, or at mirrors by address."""
    node = federation.nodes.pop(reader)
    node.close()
    opened = type(node).open(
        federation.folder / reader,
        "for tests only",
        connect=lambda peer: mirrors.get(peer.url) or federation.links[reader, peer.name],
    )
    federation.nodes[reader] = opened
    return opened


def test_a_log_lives_on_through_two_mirrors(federation: Federation) -> None:
    """Its site is gone; one mirror is behind, the other has all, and everything verifies."""
    federation.say("ada", *range(300))
    bo, cem = federation.nodes["bo"], federation.nodes["cem"]
    bo.follow("ada", federation.now)
    federation.say("ada", 300)
    cem.follow("ada", federation.now)
    ada = federation.nodes["ada"]
    federation.links["pro", "ada"].is_cut = True
    with served(bo, federation) as one, served(cem, federation) as two:
        urls = tuple(f"{url}/mirrors/{ada.member}" for url in (one, two))
        mirrors: dict[str, LogSource] = {url: HttpSource(url) for url in urls}
        reader = connected(federation, "pro", mirrors)
        peer = replace(reader.get_peer("ada"), following=Following(mirrors=urls))
        followed = reader.follow(peer, federation.now)
        assert followed.size == ada.log.size
        assert followed.source == urls[1]
        assert followed.trouble == ("the link is cut",)
        assert followed.tally.is_met
        assert federation.numbers("pro", "ada") == list(range(301))
        for source in mirrors.values():
            source.close()  # type: ignore[attr-defined]  # all are HttpSource


def test_a_mirror_serves_its_word_that_it_holds_all(federation: Federation) -> None:
    """Under a key of its own name, also below the hash of the log's name."""
    federation.say("ada", 1, 2)
    bo, ada = federation.nodes["bo"], federation.nodes["ada"]
    bo.follow("ada", federation.now)
    peer = bo.get_peer("cem")
    bo.follow(replace(peer, following=Following(mode=Mode.HASHES)), federation.now)
    with served(bo, federation) as url:
        listed = httpx2.get(f"{url}/mirrors").json()
        assert listed["mirrors"] == [ada.member]
        assert listed["partial"] == [federation.nodes["cem"].member]
        key = from_vkey(listed["key"])
        assert key.name == "bo.example/log/mirror"
        checkpoint = httpx2.get(f"{url}/mirrors/{ada.member}/checkpoint").content
        assert find_cosignature(from_bytes(checkpoint), key) is not None
        light = httpx2.get(f"{url}/mirrors/{peer.member}/checkpoint").content
        assert find_cosignature(from_bytes(light), key) is None
        by_origin = sha256(ada.origin.encode()).hex()
        assert httpx2.get(f"{url}/mirrors/{by_origin}/checkpoint").content == checkpoint


def test_a_mirror_that_tells_another_story_convicts_the_log(federation: Federation) -> None:
    """Both were signed by the owner: whoever compares two sources holds the evidence."""
    federation.say("ada", 1)
    twin = federation.twin("ada")
    federation.say("ada", 2, 3)
    federation.say("ada-twin", 4)
    reader = connected(federation, "bo", {"mirror": FolderSource(twin.public_folder)})
    peer = replace(reader.get_peer("ada"), following=Following(mirrors=("mirror",)))
    with pytest.raises(VerificationFailed) as refused:
        reader.follow(peer, federation.now)
    assert refused.value.code == "ledger.fork"
    assert len(tuple(reader.evidence.exhibits())) == 1
    assert federation.numbers("bo", "ada") == [1, 2, 3]


def test_a_lying_mirror_is_passed_over(federation: Federation, tmp_path: Path) -> None:
    """It cannot sign for the owner, so what it changed is refused and read elsewhere."""
    federation.say("ada", 1, 2)
    liar = federation.twin("ada", "liar").public_folder
    (path,) = liar.rglob("entries/000.p/3")
    path.write_bytes(path.read_bytes()[:-9] + bytes(9))
    reader = connected(federation, "bo", {"liar": FolderSource(liar)})
    federation.links["bo", "ada"].is_cut = True
    peer = replace(reader.get_peer("ada"), following=Following(mirrors=("liar",)))
    with pytest.raises((VerificationFailed, PeerFailed)):
        reader.follow(peer, federation.now)
    assert federation.numbers("bo", "ada") == []
    federation.links["bo", "ada"].is_cut = False
    assert reader.follow(peer, federation.now).size == 3
    assert federation.numbers("bo", "ada") == [1, 2]
    assert tmp_path.exists()


def test_two_nodes_learn_why_they_see_different_things(federation: Federation) -> None:
    """Read from a folder on one side and over HTTP on the other."""
    federation.say("ada", 1)
    bo, cem = federation.nodes["bo"], federation.nodes["cem"]
    for node in (bo, cem):
        node.publish(federation.now)
    bo.follow("ada", federation.now)
    federation.say("ada", 2)
    cem.follow("ada", federation.now)
    with served(cem, federation) as url:
        there = from_json(httpx2.get(f"{url}/view").json(), source=url)
    here = read_viewpoint(Disk(bo.folder), federation.now)
    found = {one.origin: one for one in differences(here, there)}
    assert found[bo.origin].kind == "followed"
    assert found[cem.origin].kind == "followed"
    ours = [one.text for one in differences(here, there) if one.origin == "ada.example/log"]
    assert any("lacks the last 1 until it follows again" in text for text in ours)
