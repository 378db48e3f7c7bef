# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Three regulators and a provider as real nodes in folders, connected inside one process."""

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from comity.assess.run.runner import Manner
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Subject
from comity.desk.assessment.keeping import Prospectus, commit_bank
from comity.desk.assessment.planning import Ask, plan_test
from comity.desk.assessment.testing import apply_for_test, report, reveal_nonce, run_test
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import Publication, find_bank, gather
from comity.desk.log.record import record
from comity.desk.log.shelf import ViewShelf
from comity.evidence.bank import Item
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import Instant, from_posix
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference
from comity.node.fetch.source import FolderSource
from comity.node.member.config import Peer
from comity.node.node import Node

PASSPHRASE = "example"  # noqa: S105 - it protects nothing
CATEGORIES: tuple[str, ...] = ("medical", "rescue", "shelter")
PER_CATEGORY = 60
VERSION = sha256(b"weights of version 1")
ASK = Ask(threshold=Fraction(1, 2), goal=Fraction(9, 10))

MEMBERS = {
    "kh": ("regulator", "KHM"),
    "br": ("regulator", "BRA"),
    "sg": ("regulator", "SGP"),
    "maker": ("provider", "BRA"),
}

THRIFTY = Manner(least=1)
"""Nothing is on its way when a verdict falls, so another tester has all the rest to ask."""


class Wire:
    """What one node is to another inside this process: its public files and its witness."""

    def __init__(self, node: Node, clock: Callable[[], Instant]) -> None:
        self._node = node
        self._clock = clock
        self._files = FolderSource(node.public_folder)

    @property
    def name(self) -> str:
        """Return who answers."""
        return self._node.keyset.name

    def read(self, path: str, *, limit: int) -> bytes:
        """Return one of its public files."""
        return self._files.read(path, limit=limit)

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Ask its witness."""
        assert path == "add-checkpoint"
        assert limit
        answer = self._node.witness.add_checkpoint(body, self._clock())
        return answer.status, answer.body


@dataclass(slots=True)
class Federation:
    """Four members that follow each other; only regulators' cosignatures count."""

    folder: Path
    nodes: dict[str, Node] = field(default_factory=dict)
    seconds: int = 1_795_000_000
    dice: random.Random = field(default_factory=lambda: _dice(7))

    @property
    def kh(self) -> Node:
        """Return the first tester."""
        return self.nodes["kh"]

    @property
    def br(self) -> Node:
        """Return the regulator that goes on with tests."""
        return self.nodes["br"]

    @property
    def sg(self) -> Node:
        """Return the third regulator."""
        return self.nodes["sg"]

    @property
    def maker(self) -> Node:
        """Return the provider."""
        return self.nodes["maker"]

    @property
    def bank(self) -> Reference:
        """Return the newest bank the first tester committed to."""
        banks = ViewShelf(self.kh.view()).of_kind("bank")
        return [said.reference for said in banks if said.member == self.kh.member][-1]

    def now(self) -> Instant:
        """Return an instant, each a second after the one before."""
        self.seconds += 1
        return from_posix(self.seconds)

    def entropy(self, size: int) -> bytes:
        """Return bytes that are the same on every run."""
        return self.dice.randbytes(size)

    def connect(self, peer: Peer) -> Wire:
        """Return the wire to a peer."""
        node = next(one for one in self.nodes.values() if one.member == peer.member)
        return Wire(node, self.now)

    def found(self, name: str, role: str, jurisdiction: str) -> Node:
        """Found one more member and make it and the others peers."""
        origin = f"{name}.example/log"
        Node.create(
            self.folder / name,
            name=name,
            role=role,
            jurisdiction=jurisdiction,
            origin=origin,
            passphrase=PASSPHRASE,
            now=self.now(),
            entropy=self.entropy,
            example=True,
        ).close()
        node = Node.open(self.folder / name, PASSPHRASE, connect=self.connect)
        for other in self.nodes.values():
            other.add_peer(_peer(node))
            node.add_peer(_peer(other))
        self.nodes[name] = node
        return node

    def publish(self, *nodes: Node) -> None:
        """Let members publish with everyone's cosignatures, then let everyone follow them."""
        for node in nodes:
            node.publish(self.now())
        for reader in self.nodes.values():
            for node in nodes:
                if node is not reader:
                    reader.follow(node.member, self.now())

    def register(self, system: str = "relief", version: Digest = VERSION) -> Digest:
        """Let the provider register a version of a system."""
        predicate: dict[str, Json] = {
            "system": system,
            "name": {"en": system},
            "version": version.hex()[:4],
            "purpose": {"en": "to try"},
            "identity": {"method": "m/1", "sha256": version.hex(), "what": "nothing"},
            "facts": {},
            "markets": ["KHM"],
            "materials": [],
            "example": True,
        }
        record(self.maker, "system", predicate, subject=version, now=self.now())
        self.publish(self.maker)
        return version

    def commit(self, keeper: Node | None = None, name: str = "flood") -> Reference:
        """Let a regulator commit to a bank."""
        keeper = keeper or self.kh
        reference = commit_bank(
            keeper, list(items()), prospectus(name), now=self.now(), entropy=self.entropy
        )
        self.publish(keeper)
        return reference

    def apply(self, bank: Reference, version: Digest = VERSION) -> Reference:
        """Let the provider apply to a bank's keeper."""
        said = ViewShelf(self.maker.view()).find(bank)
        assert said is not None
        kept = find_bank(ViewShelf(self.maker.view()), said.subject, said.member)
        reference = apply_for_test(
            self.maker, kept, version, now=self.now(), entropy=self.entropy
        )
        self.publish(self.maker)
        return reference

    def plan(self, application: Reference, tester: Node | None = None) -> Reference:
        """Let a tester plan."""
        tester = tester or self.kh
        reference = plan_test(tester, application, ASK, now=self.now(), entropy=self.entropy)
        self.publish(tester)
        return reference

    def reveal(self, plan: Reference, tester: Node | None = None) -> None:
        """Let both reveal, the provider first."""
        for node in (self.maker, tester or self.kh):
            reveal_nonce(node, plan, now=self.now())
            self.publish(node)

    def planned(self) -> Reference:
        """Come as far as a counted plan."""
        self.register()
        return self.plan(self.apply(self.commit()))

    def test(
        self, plan: Reference, subject: Subject | None = None, tester: Node | None = None
    ) -> Reference:
        """Let a tester run a plan and report."""
        tester = tester or self.kh
        result = run_test(tester, plan, subject or perfect(), manner=THRIFTY)
        finding = report(tester, plan, result, now=self.now())
        self.publish(tester)
        return finding

    def gathered(self, reader: Node, finding: Reference) -> Publication:
        """Gather a finding as one member sees it."""
        return gather(ViewShelf(reader.view()), finding, bundles_of(reader))

    def close(self) -> None:
        """Close every node."""
        for node in self.nodes.values():
            node.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A federation as it stood at one moment, to be copied and gone on with."""

    folder: Path
    seconds: int
    plan: Reference
    finding: Reference | None = None

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Federation]:
        """Copy every node's folder and open them all."""
        shutil.copytree(self.folder, folder)
        federation = Federation(folder, seconds=self.seconds, dice=_dice(self.seconds))
        for name in MEMBERS:
            node = Node.open(folder / name, PASSPHRASE, connect=federation.connect)
            federation.nodes[name] = node
        try:
            yield federation
        finally:
            federation.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """One test, as it stood when it was planned, revealed and reported.

    The system tested is always wrong of shelters, and right of all else.
    """

    planned: Stage
    revealed: Stage
    tested: Stage


def play(folder: Path) -> Stages:
    """Found a federation, let it make one test, and keep a picture of each stage."""
    federation = Federation(folder / "now")
    for name, (role, jurisdiction) in MEMBERS.items():
        federation.found(name, role, jurisdiction)
    federation.publish(*federation.nodes.values())
    plan = federation.planned()
    planned = _picture(federation, folder / "planned", plan)
    federation.reveal(plan)
    revealed = _picture(federation, folder / "revealed", plan)
    finding = federation.test(plan, failing("shelter"))
    for reader in federation.nodes.values():
        federation.gathered(reader, finding)
    tested = _picture(federation, folder / "tested", plan, finding)
    federation.close()
    return Stages(planned=planned, revealed=revealed, tested=tested)


def _picture(
    federation: Federation, folder: Path, plan: Reference, finding: Reference | None = None
) -> Stage:
    shutil.copytree(federation.folder, folder)
    return Stage(folder=folder, seconds=federation.seconds, plan=plan, finding=finding)


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same on every run


def items() -> Iterable[Item]:
    """Yield a bank of three categories; the right answer is the last word."""
    for position in range(len(CATEGORIES) * PER_CATEGORY):
        category = CATEGORIES[position // PER_CATEGORY]
        yield Item(
            position=position,
            category=category,
            prompt=f"say of {category}: {position}",
            reference=str(position),
            scorer="exact/1",
        )


def prospectus(name: str = "flood") -> Prospectus:
    """Return what is published of the bank besides its root."""
    return Prospectus(
        bank=name,
        claim=LocalText(by_tag={"en": "It repeats what it is told."}),
        scorer="exact/1",
        templates=3,
        near_duplicates=0,
        conducts=("accuracy_fit_for_purpose",),
        limits="Nothing else.",
        licence="CC0-1.0",
    )


def perfect() -> Subject:
    """Return a system that is always right."""
    return Function(call=lambda prompt: prompt.split()[-1])


def failing(*categories: str) -> Subject:
    """Return a system that is always wrong in some categories."""

    def answer(prompt: str) -> str:
        wrong = any(f"of {name}:" in prompt for name in categories)
        return "wrong" if wrong else prompt.rsplit(maxsplit=1)[-1]

    return Function(call=answer)


def _peer(node: Node) -> Peer:
    keyset = node.keyset
    counts = keyset.role == "regulator"
    return Peer(
        member=node.member,
        name=keyset.name,
        url=f"http://{keyset.name}.example",
        log_key=keyset.log_key,
        witness_key=keyset.witness_key if counts else None,
    )
