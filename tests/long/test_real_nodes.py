# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes as processes: killed at any moment under load; cut off for a while, and back again."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import permutations
from pathlib import Path

import httpx2
import pytest
from tests.fakes.harbour import MENDABLE
from tests.fakes.pair import NOW, PASSPHRASE, found, say
from tests.fakes.power import root_over
from tests.fakes.service import ENVIRONMENT, Network, Service, network, until
from tests.long.test_power_cuts import WRITER

from comity.desk.log.difference import differences
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.note import from_bytes
from comity.node.care.fsck import check_node
from comity.node.care.repair import repair
from comity.node.disk.storage import Disk
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.views.viewpoint import read_viewpoint

pytestmark = pytest.mark.long

KILLS = 6
NODES = 5
PORT = 8080
FRESHNESS = {"size", "counted"}


class Watcher:
    """Asks a node for its checkpoint as fast as it answers, and keeps every one it saw."""

    def __init__(self, url: str) -> None:
        self.seen: set[Checkpoint] = set()
        self._stop = threading.Event()
        self._url = url
        self._thread = threading.Thread(target=self._run)

    @contextmanager
    def watching(self) -> Iterator["Watcher"]:
        """Watch while the block runs."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()

    def _run(self) -> None:
        with httpx2.Client(timeout=5) as client:
            while not self._stop.wait(0.005):
                with suppress(httpx2.HTTPError):
                    said = client.get(f"{self._url}/checkpoint")
                    if said.status_code == 200:
                        self.seen.add(from_text(from_bytes(said.content).text))


def befriend(node: Node, other: Node, url: str) -> None:
    """Write a peer that is reached over HTTP, and whose cosignature counts."""
    node.add_peer(
        Peer(
            member=other.member,
            name=other.keyset.name,
            url=url,
            log_key=other.keyset.log_key,
            witness_key=other.keyset.witness_key,
        )
    )


def allow(folder: Path, hosts: list[str]) -> None:
    """Write into node.toml that these hosts may be asked."""
    with (folder / "node.toml").open("a", encoding="utf-8") as file:
        said = ", ".join(f'"{host}"' for host in hosts)
        file.write(f"\n[http]\nallow = [{said}]\nports = [{PORT}]\n")


def test_a_serving_node_killed_under_load_contradicts_nothing(
    tmp_path: Path, dice: random.Random
) -> None:
    """Another process appends, a peer asks for cosignatures and follows, a reader reads."""
    folder, shown = tmp_path / "kh", set[Checkpoint]()
    found(tmp_path, "kh").close()
    for _ in range(KILLS):
        service = Service(folder, "--port", "0", "--follow-every", "1s")
        command = [sys.executable, "-c", WRITER, str(folder), PASSPHRASE]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        with Watcher(service.url).watching() as watcher:
            threading.Event().wait(dice.uniform(0.2, 1.5))
            first, second = dice.sample([service.process, writer], 2)
            first.kill()
            threading.Event().wait(dice.uniform(0, 0.2))
            second.kill()
            writer.communicate()
            service.end(signal.SIGKILL)
        shown |= watcher.seen
        for problem in check_node(folder).problems:
            assert problem.message.endswith(MENDABLE), problem
    service = Service(folder, "--port", "0")
    assert service.end(signal.SIGTERM) == 0, service.said
    with _opened(folder) as node:
        node.publish(NOW)
        kept = list(node.log.entries())
    for problem in check_node(folder).problems:  # files a killed process was still writing
        assert problem.message.endswith(MENDABLE), problem
    repair(folder)
    assert check_node(folder).problems == ()
    assert len(shown) > KILLS
    for one in shown:
        assert root_over(kept[: one.size]) == one.root


@contextmanager
def _opened(folder: Path) -> Iterator[Node]:
    node = Node.open(folder, PASSPHRASE)
    try:
        yield node
    finally:
        node.close()


def test_five_nodes_of_which_one_was_cut_off_come_to_see_the_same(
    tmp_path: Path, dice: random.Random
) -> None:
    """In network namespaces where they may be made, else on loopback with one stopped."""
    names = [f"n{number}" for number in range(NODES)]
    with network(NODES) as net, ExitStack() as stack:
        _found_all(tmp_path, names, net)
        for name, host, within in zip(names, net.hosts, net.within, strict=True):
            options = ("--host", host, "--port", str(PORT), "--follow-every", "1s")
            service = Service(tmp_path / name, *options, within=within)
            net.services.append(service)
            stack.callback(service.end, signal.SIGKILL)
        lonely = dice.randrange(NODES)
        net.cut(lonely)
        _say_all(tmp_path, names)
        others = [name for name in names if name != names[lonely]]
        assert until(
            lambda: _reasons(tmp_path, others) <= FRESHNESS and _are_read(tmp_path, others)
        )
        assert not _are_read(tmp_path, names)
        net.heal(lonely)
        assert until(lambda: _are_read(tmp_path, names)), [one.said for one in net.services]
        until(lambda: not _reasons(tmp_path, names), within_s=4)
        assert _reasons(tmp_path, names) <= FRESHNESS
        assert [service.end(signal.SIGTERM) for service in net.services] == [0] * NODES
    for name in names:
        assert check_node(tmp_path / name).problems == ()


def _found_all(folder: Path, names: list[str], net: Network) -> None:
    nodes = [found(folder, name) for name in names]
    for node, host in zip(nodes, net.hosts, strict=True):
        for other in nodes:
            if other is not node:
                befriend(other, node, f"http://{host}:{PORT}")
    for node in nodes:
        allow(node.folder, net.hosts)
        node.log.publish(node.log.prepare()[1])
        node.close()


def _say_all(folder: Path, names: list[str]) -> None:
    """Let every member say something, also the one that is cut off."""
    for name in names:
        with _opened(folder / name) as node:
            say(node, "note", {"said": name})


def _reasons(folder: Path, names: list[str]) -> set[str]:
    """Return why any two of them see different things among their own logs."""
    views = {name: read_viewpoint(Disk(folder / name), NOW) for name in names}
    origins = {f"{name}.example/log" for name in names}
    return {
        why.kind
        for one, other in permutations(names, 2)
        for why in differences(views[one], views[other])
        if why.origin in origins
    }


def _are_read(folder: Path, names: list[str]) -> bool:
    """Tell whether each holds of each other at least what it had said."""
    views = [read_viewpoint(Disk(folder / name), NOW) for name in names]
    origins = {f"{name}.example/log" for name in names}
    return all(
        sum(sight.size >= 2 for sight in view.sights if sight.origin in origins) == len(names)
        for view in views
    )
