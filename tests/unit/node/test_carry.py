# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Logs, requests and answers on a memory stick."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import NotFound, StorageFailed
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant
from comity.ledger.statement import Statement
from comity.node.care.audit import verify_log
from comity.node.carry import Loading, load
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.following import Following, Mode
from comity.node.logs.mirror import Mirror
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.rotation import Theft, log_draft, prepare_compromise
from comity.node.unload import unload

Say = Callable[[int], Statement]


@pytest.fixture
def stick(tmp_path: Path) -> Disk:
    """Return an empty stick."""
    return Disk(tmp_path / "stick")


@pytest.fixture
def author(found: Callable[[str], Node], say: Say, now: Instant) -> Node:
    """Return a node with 300 entries that no network reaches."""
    node = found("kh")
    node.append([say(number) for number in range(299)], now)
    node.publish(now)
    return node


@pytest.fixture
def witness(found: Callable[[str], Node], author: Node) -> Node:
    """Return a node that knows the author, and whom the author asks to cosign."""
    node = found("br")
    befriend(author, node)
    befriend(node, author)
    return node


def befriend(reader: Node, other: Node, following: Following | None = None) -> None:
    """Write a peer into node.toml whose address leads nowhere."""
    reader.add_peer(
        Peer(
            member=other.member,
            name=other.keyset.name,
            url=str(reader.folder / "nowhere"),
            log_key=other.keyset.log_key,
            witness_key=other.keyset.witness_key,
            following=following or Following(),
        )
    )


def test_a_log_on_a_stick_is_a_log_anyone_verifies(
    author: Node, stick: Disk, now: Instant
) -> None:
    """Static files, whole, with nothing of Comity needed to read them."""
    author.blobs.put(b"a public blob")
    load(author, stick, Loading(), now)
    folder = stick.path(f"logs/{author.member}")
    assert verify_log(FolderSource(folder)).size == 300
    assert (folder / "blob" / sha256(b"a public blob").hex()).read_bytes() == b"a public blob"


def test_only_what_the_stick_lacks_is_written(
    author: Node, stick: Disk, say: Say, now: Instant
) -> None:
    """A second visit costs the news."""
    assert load(author, stick, Loading(), now).cargo[0].files > 3
    assert load(author, stick, Loading(), now).cargo[0].files == 0
    author.append([say(7)], now)
    author.publish(now)
    (again,) = load(author, stick, Loading(), now).cargo
    assert (again.size, again.files) == (301, 2)
    names = list(stick.names(f"logs/{author.member}/tile/entries"))
    assert [name.partition("entries/")[2] for name in names] == ["000", "001.p/45"]
    assert verify_log(FolderSource(stick.path(f"logs/{author.member}"))).size == 301


def test_full_bundles_below_an_index_stay_away(
    author: Node, stick: Disk, say: Say, now: Instant
) -> None:
    """Whoever has them verifies the rest; the first, which names the member, always goes."""
    author.append([say(number) for number in range(400)], now)
    author.publish(now)
    load(author, stick, Loading(since=600), now)
    names = list(stick.names(f"logs/{author.member}/tile/entries"))
    assert [name.partition("entries/")[2] for name in names] == ["000", "002.p/188"]


def test_a_newer_copy_on_the_stick_is_left_alone(
    author: Node, stick: Disk, say: Say, now: Instant
) -> None:
    """Somebody else's export may have been there before."""
    stale = Disk(stick.path("stale"))
    load(author, stale, Loading(), now)
    author.append([say(7)], now)
    author.publish(now)
    load(author, stick, Loading(), now)
    checkpoint = stick.read(f"logs/{author.member}/checkpoint")
    stale.replace(f"logs/{author.member}/checkpoint", checkpoint)
    assert load(author, stale, Loading(), now).cargo[0].size == 301
    text = checkpoint.replace(b"\n301\n", b"\n999\n")
    stick.replace(f"logs/{author.member}/checkpoint", text)
    (left,) = load(author, stick, Loading(), now).cargo
    assert (left.is_older, left.files, left.size) == (True, 0, 999)
    assert load(author, stick, Loading(is_afresh=True), now).cargo[0].size == 301


def test_a_stick_brings_a_log_and_takes_cosignatures_home(
    author: Node, witness: Node, stick: Disk, now: Instant
) -> None:
    """The way of an air-gapped log: out, cosigned, and back."""
    (asked,) = load(author, stick, Loading(), now).requests
    assert asked.member == witness.member
    brought = unload(witness, stick, now)
    assert [one.followed.size for one in brought.taken if one.followed] == [300]
    assert [(one.size, one.reason) for one in brought.cosigned] == [(300, "")]
    assert brought.published is None

    home = unload(author, stick, now)
    assert home.published is not None
    assert home.published.tally.members == (witness.member,)
    assert home.published.tally.is_met
    assert load(author, stick, Loading(), now).requests == ()


def test_an_answer_for_an_older_size_cosigns_nothing_newer(
    author: Node, witness: Node, stick: Disk, say: Say, now: Instant
) -> None:
    """The log moved on while the stick was away; another one goes out."""
    load(author, stick, Loading(), now)
    unload(witness, stick, now)
    author.append([say(7)], now)
    author.publish(now)
    home = unload(author, stick, now)
    assert home.published is not None
    assert home.published.tally.members == ()
    assert "another size" in home.published.missing[0][1]
    load(author, stick, Loading(), now)
    unload(witness, stick, now)
    final = unload(author, stick, now).published
    assert final is not None
    assert final.tally.is_met


def test_a_forged_answer_is_no_cosignature(
    author: Node, witness: Node, stick: Disk, now: Instant
) -> None:
    """What came on a stick is believed no more than what came by wire."""
    load(author, stick, Loading(), now)
    unload(witness, stick, now)
    name = f"answers/{author.member}/{witness.member}"
    text, _, lines = stick.read(name).partition(b"\n\n")
    forged = b"".join(line[:-20] + b"A" * 19 + b"=\n" for line in lines.splitlines())
    stick.replace(name, text + b"\n\n" + forged)
    home = unload(author, stick, now)
    assert home.published is not None
    assert home.published.tally.members == ()


def test_logs_of_strangers_are_named_and_left_alone(
    author: Node, found: Callable[[str], Node], stick: Disk, now: Instant
) -> None:
    """A stick never adds a peer."""
    load(author, stick, Loading(), now)
    reader = found("sg")
    brought = unload(reader, stick, now)
    assert brought.taken == ()
    assert [(one.origin, one.size) for one in brought.strangers] == [("kh.example/log", 300)]
    assert not (reader.folder / "peers").exists()
    assert brought.cosigned == ()


def test_a_request_for_a_stranger_s_log_is_declined(
    author: Node, witness: Node, found: Callable[[str], Node], stick: Disk, now: Instant
) -> None:
    """A witness cosigns only what its operator has it follow."""
    load(author, stick, Loading(), now)
    other = found("sg")
    name = f"requests/{author.member}/{witness.member}"
    stick.replace(f"requests/{author.member}/{other.member}", stick.read(name))
    (declined,) = unload(other, stick, now).cosigned
    assert "no peer" in declined.reason


def test_an_older_copy_is_no_accusation(
    author: Node, witness: Node, stick: Disk, say: Say, now: Instant
) -> None:
    """Sticks travel slowly."""
    load(author, stick, Loading(), now)
    newer = Disk(stick.path("newer"))
    author.append([say(7)], now)
    author.publish(now)
    load(author, newer, Loading(), now)
    unload(witness, newer, now)
    (taken,) = unload(witness, stick, now).taken
    assert (taken.is_older, taken.error) == (True, None)


def test_a_spoilt_stick_changes_nothing(
    author: Node, witness: Node, stick: Disk, now: Instant
) -> None:
    """One flipped byte in any bundle is refused, and a fresh export mends the stick."""
    load(author, stick, Loading(), now)
    path = stick.path(f"logs/{author.member}/tile/entries/000")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    (taken,) = unload(witness, stick, now).taken
    assert taken.error is not None
    assert taken.error.code == "ledger.log"
    assert Mirror(Disk(witness.folder), author.member).size == 0
    load(author, stick, Loading(is_afresh=True), now)
    (taken,) = unload(witness, stick, now).taken
    assert taken.error is None


def test_what_a_node_mirrors_travels_on(
    author: Node, witness: Node, found: Callable[[str], Node], stick: Disk, now: Instant
) -> None:
    """A log reaches who never met its owner, and blobs go where they are wanted."""
    author.blobs.put(b"a public blob")
    load(author, stick, Loading(), now)
    assert unload(witness, stick, now, with_blobs=True).blobs == 1
    witness.publish(now)
    onward = Disk(stick.path("onward"))
    loaded = load(witness, onward, Loading(), now)
    assert {one.member for one in loaded.cargo} == {witness.member, author.member}
    reader = found("sg")
    befriend(reader, author)
    (taken,) = unload(reader, onward, now).taken
    assert taken.followed is not None
    assert taken.followed.size == 300


def test_a_stick_says_where_keys_changed(
    author: Node, witness: Node, found: Callable[[str], Node], stick: Disk, now: Instant
) -> None:
    """Who keeps hashes alone learns of a theft, also from a stick that a mirror filled."""
    theft = Theft(keys=("witness",), last_good=10, reason="a laptop was stolen")
    log_draft(author, prepare_compromise(author, theft, now))
    author.publish(now)
    onward = Disk(stick.path("onward"))
    load(author, stick, Loading(), now)
    unload(witness, stick, now)
    witness.publish(now)
    load(witness, onward, Loading(), now)
    for name, brought in (("sg", stick), ("fr", onward)):
        reader = found(name)
        befriend(reader, author, Following(mode=Mode.HASHES))
        unload(reader, brought, now)
        identity = Mirror(Disk(reader.folder), author.member).read_identity()
        assert [one.last_good for one in identity.compromises] == [10]


def test_a_mirror_of_hashes_carries_hashes(
    author: Node, found: Callable[[str], Node], stick: Disk, now: Instant
) -> None:
    """It passes on what it has, and a full reader finds that entries are missing."""
    light = found("br")
    befriend(light, author, Following(mode=Mode.HASHES))
    load(author, stick, Loading(), now)
    unload(light, stick, now)
    onward = Disk(stick.path("onward"))
    light.publish(now)
    load(light, onward, Loading(), now)
    reader = found("sg")
    befriend(reader, author)
    (taken,) = unload(reader, onward, now).taken
    assert taken.error is not None
    assert "has no tile/entries/001" in str(taken.error)


def test_a_full_stick_says_so_and_goes_on_later(
    author: Node, witness: Node, stick: Disk, now: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No checkpoint is written over files that are not there."""
    plain, left = Disk.stage, [2]

    def stage(self: Disk, name: str, content: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StorageFailed("No space left on device", code="node.storage")
        plain(self, name, content)

    monkeypatch.setattr(Disk, "stage", stage)
    with pytest.raises(StorageFailed):
        load(author, stick, Loading(), now)
    monkeypatch.setattr(Disk, "stage", plain)
    assert not stick.length(f"logs/{author.member}/checkpoint")
    load(author, stick, Loading(), now)
    (taken,) = unload(witness, stick, now).taken
    assert taken.error is None


def test_a_folder_without_logs_is_no_stick(author: Node, tmp_path: Path, now: Instant) -> None:
    """A mistyped path is named."""
    with pytest.raises(NotFound) as refused:
        unload(author, Disk(tmp_path), now)
    assert refused.value.code == "node.no_stick"
