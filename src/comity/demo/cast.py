# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who takes part in the demonstration: three regulators and a provider, all examples."""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.demo.process import HOST, free_port, running
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_posix
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.witness.publication import Publication

REGISTER_PORT = 8080


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One role in the demonstration."""

    key: str
    name: str
    role: str
    jurisdiction: str


PARTS = (
    Part(key="khm", name="Example regulator, Cambodia", role="regulator", jurisdiction="KHM"),
    Part(key="bra", name="Example regulator, Brazil", role="regulator", jurisdiction="BRA"),
    Part(key="sgp", name="Example regulator, Singapore", role="regulator", jurisdiction="SGP"),
    Part(key="provider", name="Example provider", role="provider", jurisdiction="BRA"),
)
"""The first serves the register, the second tests, the third goes on with the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One member at work: its officers use the node's folder, everybody else its server."""

    part: Part
    node: Node
    url: str

    @property
    def member(self) -> MemberId:
        """Return the member's id."""
        return self.node.member

    @property
    def short(self) -> str:
        """Return the state's or the provider's name alone."""
        return self.part.name.removeprefix("Example regulator, ").replace(
            "Example provider", "Provider"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everyone, by key."""

    khm: Actor
    bra: Actor
    sgp: Actor
    provider: Actor

    @property
    def everyone(self) -> tuple[Actor, ...]:
        """Return all four."""
        return (self.khm, self.bra, self.sgp, self.provider)

    @property
    def regulators(self) -> tuple[Actor, ...]:
        """Return the three regulators."""
        return (self.khm, self.bra, self.sgp)

    def publish(self, *actors: Actor) -> tuple[Publication, ...]:
        """Let members have their newest checkpoints cosigned, then let all follow all."""
        published = tuple(actor.node.publish(read_clock()) for actor in actors)
        for reader in self.everyone:
            for actor in actors:
                if actor is not reader:
                    reader.node.follow(actor.member, read_clock())
        return published


def read_clock() -> Instant:
    """Return the present instant; the demonstration is an edge."""
    return from_posix(int(time.time()))


@contextmanager
def assembled(folder: Path) -> Iterator[Cast]:
    """Found four nodes with fresh keys, make them peers, and run each as a process."""
    passphrase = secrets.token_hex(16)
    kept = folder / "passphrase"
    kept.touch(mode=0o600)
    kept.write_text(f"{passphrase}\n", "utf-8")  # of example keys, to try more verbs with
    ports = [free_port(REGISTER_PORT), *(free_port() for _ in PARTS[1:])]
    actors = [
        _found(folder / part.key, part, port, passphrase)
        for part, port in zip(PARTS, ports, strict=True)
    ]
    _introduce(actors)
    with ExitStack() as stack:
        for actor, port in zip(actors, ports, strict=True):
            stack.callback(actor.node.close)
            stack.enter_context(
                running(
                    actor.part.name,
                    "comity.cli",
                    ["node", "serve", str(actor.node.folder), "--port", str(port)],
                    probe=f"{actor.url}/checkpoint",
                    log=folder / f"{actor.part.key}.log",
                    environment={"COMITY_PASSPHRASE": passphrase},
                )
            )
        yield Cast(**{actor.part.key: actor for actor in actors})


def _found(folder: Path, part: Part, port: int, passphrase: str) -> Actor:
    node = Node.create(
        folder,
        name=part.name,
        role=part.role,
        jurisdiction=part.jurisdiction,
        origin=f"{part.key}.example/log",
        passphrase=passphrase,
        now=read_clock(),
        entropy=secrets.token_bytes,
        example=True,
    )
    return Actor(part=part, node=node, url=f"http://{HOST}:{port}")


def _introduce(actors: Sequence[Actor]) -> None:
    for reader in actors:
        for actor in actors:
            if actor is reader:
                continue
            keyset = actor.node.keyset
            is_witness = actor.part.role == "regulator"
            reader.node.add_peer(
                Peer(
                    member=actor.member,
                    name=actor.part.name,
                    url=actor.url,
                    log_key=keyset.log_key,
                    witness_key=keyset.witness_key if is_witness else None,
                )
            )
