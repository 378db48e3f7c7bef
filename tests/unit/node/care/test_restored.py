# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from tests.fakes.federation import Wire

from comity.errors import Conflict, NotFound, NotPermitted, PeerFailed
from comity.kernel.instant import Instant
from comity.ledger.statement import Statement
from comity.node.care.backup import back_up
from comity.node.care.fsck import check_node
from comity.node.care.restored import BREAK_TYPE, confirm, declare_break, restore
from comity.node.fetch.source import FolderSource
from comity.node.member.config import Peer
from comity.node.node import Node

Found = Callable[[str], Node]
Say = Callable[[int], Statement]
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


class Site(Wire):
    """A peer as it is over HTTP: its witness, its files and the mirrors it keeps."""

    is_cut = False
    mirrors = True

    def __init__(self, node: Node, now: Instant) -> None:
        super().__init__(node, lambda: now)
        self._mirrors = FolderSource(node.folder / "peers")

    def read(self, path: str, *, limit: int) -> bytes:
        """Return one of its public files, or of a mirror's."""
        if self.is_cut:
            raise PeerFailed("no way there", code="node.peer")
        if path.startswith("mirrors/") and not self.mirrors:
            raise NotFound("no mirrors here", code="node.file")
        if path.startswith("mirrors/"):
            return self._mirrors.read(path.removeprefix("mirrors/"), limit=limit)
        return super().read(path, limit=limit)

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Ask its witness."""
        if self.is_cut:
            raise PeerFailed("no way there", code="node.peer")
        return super().post(path, body, limit=limit)


class World:
    """A node, two peers that witness and mirror it, a backup of it, and what it said later."""

    def __init__(self, found: Found, folder: Path, now: Instant, stack: ExitStack) -> None:
        self.kh, self.br, self.sg = found("kh"), found("br"), found("sg")
        self.now, self._folder, self._stack = now, folder, stack
        self.sites = {node.member: Site(node, now) for node in (self.br, self.sg, self.kh)}
        for node in (self.br, self.sg, self.kh):
            node._connect = lambda peer: self.sites[peer.member]
            for peer in (self.br, self.sg, self.kh):
                if peer is not node:
                    node.add_peer(as_peer(peer))
            assert not node._sources

    def go_on(self, *statements: Statement) -> None:
        """Let the node say something that all peers witness and mirror."""
        self.kh.append(statements, self.now)
        assert len(self.kh.publish(self.now).tally.counted) == 2
        for peer in (self.br, self.sg):
            peer.follow("kh", self.now)

    def back_up(self) -> None:
        """Take a backup of the node."""
        back_up(self.kh.folder, self._folder / "backup", self.now)

    def put_back(self) -> Node:
        """Lose the node and restore it from the backup."""
        self.kh.close()
        restore(self._folder / "backup", self._folder / "again", self.now)
        node = Node.open(
            self._folder / "again", PASSPHRASE, connect=lambda peer: self.sites[peer.member]
        )
        return self._stack.enter_context(closing(node))


def as_peer(node: Node) -> Peer:
    """Return a node as others write it down."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=f"https://{node.keyset.name}.example",
        log_key=node.keyset.log_key,
        witness_key=node.keyset.witness_key,
    )


@pytest.fixture
def world(found: Found, tmp_path: Path, now: Instant, say: Say) -> Iterator[World]:
    """Return a federation of three of which one is backed up."""
    with ExitStack() as stack:
        made = World(found, tmp_path, now, stack)
        made.go_on(say(1), say(2))
        made.back_up()
        yield made


def test_a_restored_node_reads_and_signs_nothing(world: World, say: Say) -> None:
    """Its log, its vault and its view are there; append says what to do."""
    node = world.put_back()
    assert len(list(node.view().entries("note"))) == 2
    with pytest.raises(NotPermitted) as refused:
        node.append([say(3)], world.now)
    assert refused.value.code == "node.unconfirmed"
    assert "comity node confirm" in refused.value.hint
    assert node.log.size == 3
    assert check_node(node.folder).problems == ()


def test_its_witness_cosigns_nothing_either(world: World, say: Say) -> None:
    """What it cosigned after the backup it no longer knows."""
    node = world.put_back()
    world.sites[node.member] = Site(node, world.now)
    world.br._sources.clear()
    world.br.append([say(9)], world.now)
    missing = dict(world.br.publish(world.now).missing)
    assert "does not know the log" in missing[node.member]


def test_one_that_is_not_behind_is_confirmed_and_goes_on(world: World, say: Say) -> None:
    """Both witnesses know nothing it does not have."""
    node = world.put_back()
    found = confirm(node, world.now)
    assert (found.is_confirmed, found.taken_in, found.size) == (True, 0, 3)
    assert [one.name for one in found.asked] == ["br", "sg"]
    node.append([say(3)], world.now)
    assert node.publish(world.now).tally.is_met


def test_what_was_lost_comes_back_from_a_mirror(world: World, say: Say) -> None:
    """Entry by entry the same bytes, under the checkpoint it signed itself."""
    world.go_on(say(3))
    world.go_on(say(4), say(5))
    lost = list(world.kh.log.entries())
    node = world.put_back()
    assert node.log.size == 3
    found = confirm(node, world.now)
    assert (found.is_confirmed, found.taken_in, found.size) == (True, 3, 6)
    assert list(node.log.entries()) == lost
    node.append([say(6)], world.now)
    assert node.publish(world.now).tally.is_met
    for peer in (world.br, world.sg):
        peer._sources.clear()
        world.sites[node.member] = Site(node, world.now)
        assert peer.follow("kh", world.now).size == 7
        assert not list(peer.evidence.exhibits())
    assert check_node(node.folder).problems == ()


def test_one_that_is_behind_stays_silent(world: World, say: Say) -> None:
    """The witnesses saw more, and no mirror gives it back."""
    world.go_on(say(3))
    for site in world.sites.values():
        site.mirrors = False
    node = world.put_back()
    with pytest.raises(Exception, match="restored from an old copy") as refused:
        confirm(node, world.now)
    assert getattr(refused.value, "code", "") == "node.restored"
    with pytest.raises(NotPermitted):
        node.append([say(3)], world.now)


def test_a_witness_that_is_away_may_be_the_one_that_saw_more(world: World, say: Say) -> None:
    """So the others do not suffice; asked again when it is back, they do."""
    node = world.put_back()
    world.sites[world.sg.member].is_cut = True
    found = confirm(node, world.now)
    assert not found.is_confirmed
    assert [(one.name, one.is_confirming) for one in found.asked] == [
        ("br", True),
        ("sg", False),
    ]
    with pytest.raises(NotPermitted):
        node.append([say(3)], world.now)
    world.sites[world.sg.member].is_cut = False
    assert confirm(node, world.now).is_confirmed


def test_a_break_is_declared_with_its_reason_and_logged(world: World, say: Say) -> None:
    """The operator's own word, for everybody to read, as the next entry."""
    node = world.put_back()
    for site in world.sites.values():
        site.is_cut = True
    asked = confirm(node, world.now).asked
    with pytest.raises(NotPermitted):
        declare_break(node, " ", asked, world.now)
    declare_break(node, "the site burnt down", asked, world.now)
    (said,) = node.view().entries(BREAK_TYPE)
    assert said.statement is not None
    predicate = said.statement.predicate
    assert (predicate["size"], predicate["reason"]) == (3, "the site burnt down")
    assert said.reference.index == 3
    node.append([say(3)], world.now)
    with pytest.raises(Conflict):
        declare_break(node, "again", asked, world.now)


def test_its_witness_learns_what_it_may_have_cosigned(world: World, say: Say) -> None:
    """A peer's log went on; the restored witness does not go back behind it."""
    world.br.append([say(7)], world.now)
    world.br.publish(world.now)
    size = world.br.log.size
    node = world.put_back()
    assert max([one.size for one in node.witness.seen()], default=0) < size
    assert confirm(node, world.now).is_confirmed
    assert size in {one.size for one in node.witness.seen()}


def test_restoring_needs_a_free_folder_and_leaves_none_half_made(
    world: World, tmp_path: Path
) -> None:
    """Not over a node, and a changed piece stops it before anything stands there."""
    with pytest.raises(Conflict):
        restore(tmp_path / "backup", tmp_path / "br", world.now)
    pieces = [path for path in (tmp_path / "backup" / "objects").rglob("*") if path.is_file()]
    pieces[0].write_bytes(b"changed")
    with pytest.raises(Exception, match="changed piece"):
        restore(tmp_path / "backup", tmp_path / "again", world.now)
    assert not (tmp_path / "again").exists()
    assert not (tmp_path / ".again.new").exists()
