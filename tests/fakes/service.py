# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes that serve as processes of their own, and networks between them that can be cut."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.pair import PASSPHRASE

_WHERE = re.compile(r"^\w+: (https?://\S+)$", re.MULTILINE)
ENVIRONMENT = {**os.environ, "COMITY_PASSPHRASE": PASSPHRASE}


class Service:
    """One `comity node serve`.

    Args:
        within: What the command line begins with, such as to enter a network namespace.
    """

    def __init__(self, folder: Path, *options: str, within: Sequence[str] = ()) -> None:
        self._said = folder.with_name(f"{folder.name}.said")
        command = [*within, sys.executable, "-m", "comity.cli", "node", "serve", str(folder)]
        with self._said.open("wb") as file:
            self.process = subprocess.Popen(
                [*command, *options], stdout=file, stderr=file, env=ENVIRONMENT
            )
        until(lambda: _WHERE.search(self.said) is not None or self.process.poll() is not None)
        found = _WHERE.search(self.said)
        assert found is not None, self.said
        self.url = found[1]

    @property
    def said(self) -> str:
        """Return all it has printed."""
        return self._said.read_text("utf-8", "replace")

    def end(self, by: signal.Signals) -> int:
        """End it and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(40)


def until(holds: Callable[[], bool], *, within_s: float = 60.0) -> bool:
    """Wait until something holds; tell whether it did."""
    for _ in range(int(within_s * 10)):
        if holds():
            return True
        time.sleep(0.1)
    return holds()


@dataclass(slots=True, kw_only=True)
class Network:
    """Places for nodes, of which each can be cut off.

    Args:
        hosts: Each one's address.
    """

    hosts: list[str]
    within: list[list[str]]
    links: list[tuple[str, str]] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)

    def cut(self, number: int) -> None:
        """Cut one off: its cable, or where there is none, its process."""
        self._set(number, "down", signal.SIGSTOP)

    def heal(self, number: int) -> None:
        """Join it to the others again."""
        self._set(number, "up", signal.SIGCONT)

    def _set(self, number: int, state: str, otherwise: signal.Signals) -> None:
        if self.links:
            place, link = self.links[number]
            _ip("-n", place, "link", "set", link, state)
        else:
            self.services[number].process.send_signal(otherwise)


@contextmanager
def network(size: int) -> Iterator[Network]:
    """Lay cables between network namespaces where the machine allows it, else use loopback."""
    name = f"cx{os.getpid()}"
    spaces = [f"{name}-{number}" for number in range(size)]
    try:
        yield _laid(name, spaces)
    except (OSError, subprocess.CalledProcessError) as refused:
        if not isinstance(refused, _Refused | FileNotFoundError):
            raise
        within: list[list[str]] = [[] for _ in spaces]
        yield Network(hosts=[f"127.0.0.{number + 2}" for number in range(size)], within=within)
    finally:
        for space in (f"{name}-hub", *spaces):
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)


class _Refused(subprocess.CalledProcessError):
    """This machine lays no cables."""


def _ip(*words: str) -> None:
    ran = subprocess.run(["ip", *words], capture_output=True, check=False)
    if ran.returncode:
        raise _Refused(ran.returncode, words, stderr=ran.stderr)


def _laid(name: str, spaces: Sequence[str]) -> Network:
    hub = f"{name}-hub"
    for space in (hub, *spaces):
        _ip("netns", "add", space)
    _ip("-n", hub, "link", "add", "hub", "type", "bridge")
    _ip("-n", hub, "link", "set", "hub", "up")
    links = []
    for number, space in enumerate(spaces):
        cable = f"c{number}"
        _ip("-n", hub, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns",
            space)  # fmt: skip
        _ip("-n", hub, "link", "set", cable, "master", "hub", "up")
        _ip("-n", space, "addr", "add", f"10.77.0.{number + 1}/24", "dev", "eth0")
        for link in ("eth0", "lo"):
            _ip("-n", space, "link", "set", link, "up")
        links.append((hub, cable))
    return Network(
        hosts=[f"10.77.0.{number + 1}" for number in range(len(spaces))],
        within=[["ip", "netns", "exec", space] for space in spaces],
        links=links,
    )
