# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Following in full, by hashes and selected; pausing at a quota; several places."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from comity.errors import NotFound, PeerFailed, StorageFailed, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.ledger.cosignature import find_cosignature
from comity.ledger.note import NoteKey
from comity.ledger.quorum import Quorum
from comity.ledger.statement import Statement, to_predicate_type
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource, LogSource
from comity.node.following.follow import Followed, Manner, follow
from comity.node.following.intake import Progress
from comity.node.following.quota import find_pauses
from comity.node.following.sync import Trust
from comity.node.following.visit import mirror_signer_of
from comity.node.keys.keys import generate
from comity.node.logs.following import DEFAULT, Following, Mode
from comity.node.logs.mirror import Mirror
from comity.node.member.config import Peer
from comity.node.node import Node

Say = Callable[[int], Statement]
KEYS = generate(Origin("br.example/log"), lambda size: hashlib.shake_256(b"br").digest(size))
HASHES = Following(mode=Mode.HASHES)
RARE = Following(mode=Mode.SELECTED, kinds=("rare",))


class Watched:
    """An author's public folder that counts and may refuse."""

    def __init__(self, folder: Path, *, fails_after: int = 10**9) -> None:
        self._inner = FolderSource(folder)
        self.asked: list[str] = []
        self.size = 0
        self.fails_after = fails_after

    @property
    def name(self) -> str:
        """Return the folder."""
        return self._inner.name

    def read(self, path: str, *, limit: int) -> bytes:
        """Read a file, or fail as a connection does that dies."""
        self.asked.append(path)
        if len(self.asked) > self.fails_after:
            raise PeerFailed("the connection died", code="node.peer", peer=self.name)
        content = self._inner.read(path, limit=limit)
        self.size += len(content)
        return content

    @property
    def bundles(self) -> int:
        """Count the bundles that were asked for."""
        return sum("entries" in path for path in self.asked)


@pytest.fixture
def author(found: Callable[[str], Node], say: Say, now: Instant) -> Node:
    """Return a node whose log holds 1000 statements, one of them rare, at 600."""
    node = found("kh")
    rare = Statement(predicate_type=to_predicate_type("rare"), predicate={"number": 1})
    node.append([*map(say, range(599)), rare, *map(say, range(400))], now)
    node.publish(now)
    assert node.log.size == 1001
    return node


@pytest.fixture
def mirror(tmp_path: Path, author: Node) -> Mirror:
    """Return an empty mirror of the author."""
    return Mirror(Disk(tmp_path / "reader"), author.member)


@pytest.fixture
def keep(author: Node, mirror: Mirror, now: Instant) -> Callable[..., Followed]:
    """Return a function that follows the author."""

    def run(
        following: Following = DEFAULT,
        *sources: LogSource,
        at: Instant = now,
        manner: Manner | None = None,
    ) -> Followed:
        trust = Trust(
            member=author.member,
            log_key=author.keyset.log_key,
            quorum=Quorum(witnesses=()),
            following=following,
        )
        return follow(sources or FolderSource(author.public_folder), mirror, trust, at, manner)

    return run


Keep = Callable[..., Followed]


def held(mirror: Mirror) -> list[int]:
    """Return the numbers of the bundles a mirror holds."""
    return [n for n in range(-(-mirror.size // 256)) if mirror.read_bundle(n)]


def is_whole(mirror: Mirror) -> bool:
    """Tell whether a mirror holds every entry."""
    return mirror.is_whole


def later(now: Instant, hours: int) -> Instant:
    """Return an instant some hours on."""
    return from_posix(to_posix(now) + 3600 * hours)


def test_a_hash_only_mirror_costs_32_bytes_a_statement(
    author: Node, mirror: Mirror, keep: Keep
) -> None:
    """And the first bundle once, which says who the member is."""
    source = Watched(author.public_folder)
    assert keep(HASHES, source).size == 1001
    first = len(FolderSource(author.public_folder).read("tile/entries/000", limit=10**7))
    checkpoint = len(FolderSource(author.public_folder).read("checkpoint", limit=10**4))
    assert source.size == first + checkpoint + 32 * (1001 - 256)
    assert held(mirror) == [0]
    assert mirror.tiles.tree(1001).root() == author.log.prepare()[0].root
    assert not is_whole(mirror)


def test_hashes_that_lead_elsewhere_are_refused(
    author: Node, mirror: Mirror, keep: Keep
) -> None:
    """A light follower is lied to no more easily than a full one."""
    path = author.public_folder / "tile/0/002"
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(VerificationFailed, match="do not lead to the signed root"):
        keep(HASHES)
    assert mirror.find_checkpoint() is None


def test_a_selection_keeps_the_bundles_that_hold_what_was_chosen(
    mirror: Mirror, keep: Keep
) -> None:
    """The first bundle is always among them; the others stay as hashes."""
    keep(RARE)
    assert held(mirror) == [0, 2]
    assert not is_whole(mirror)


def test_chosen_indexes_are_fetched_alone(author: Node, mirror: Mirror, keep: Keep) -> None:
    """Nothing is read that is not wanted, as the place is known."""
    source = Watched(author.public_folder)
    keep(Following(mode=Mode.SELECTED, places=(999,)), source)
    assert held(mirror) == [0, 3]
    assert source.bundles == 2


def test_a_wrong_entry_in_a_chosen_bundle_is_refused(
    author: Node, mirror: Mirror, keep: Keep
) -> None:
    """Also where the tree was taken in before by its hashes alone."""
    keep(HASHES)
    path = author.public_folder / "tile/entries/002"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(VerificationFailed, match="entry 767"):
        keep(RARE)
    assert held(mirror) == [0, 1] or held(mirror) == [0]


@pytest.mark.parametrize("first", [HASHES, RARE])
def test_what_was_left_out_comes_in_when_the_mode_changes(
    author: Node, mirror: Mirror, keep: Keep, first: Following
) -> None:
    """Changing one's mind costs what is missing and no more."""
    keep(first)
    before = len(held(mirror))
    source = Watched(author.public_folder)
    followed = keep(DEFAULT, source)
    assert followed.is_refilled
    assert source.bundles == 4 - before
    assert is_whole(mirror)
    entries = [entry for n in range(4) for entry in mirror.read_bundle(n)]
    assert entries == list(author.log.entries())
    again = Watched(author.public_folder)
    assert not keep(DEFAULT, again).is_refilled
    assert again.asked == ["checkpoint"]


def test_a_log_grows_in_a_mode_as_it_began(
    author: Node, mirror: Mirror, keep: Keep, say: Say, now: Instant
) -> None:
    """A full past stays; of what is new only the hashes come."""
    keep(DEFAULT)
    author.append([say(number) for number in range(300)], now)
    author.publish(now)
    source = Watched(author.public_folder)
    assert keep(HASHES, source).size == 1301
    assert source.bundles == 0
    assert held(mirror) == [0, 1, 2, 3]
    assert len(mirror.read_bundle(3)) == 1001 - 768
    assert not is_whole(mirror)
    assert keep(DEFAULT).is_refilled
    assert is_whole(mirror)


def test_a_dead_connection_costs_only_what_it_had_not_brought(
    author: Node, mirror: Mirror, keep: Keep
) -> None:
    """The same command goes on where the last one was cut off."""
    with pytest.raises(PeerFailed, match="died"):
        keep(DEFAULT, Watched(author.public_folder, fails_after=3))
    assert mirror.find_checkpoint() is None
    source = Watched(author.public_folder)
    assert keep(DEFAULT, source).size == 1001
    assert source.bundles == 2


def test_an_interrupt_leaves_a_mirror_that_goes_on(
    author: Node, mirror: Mirror, keep: Keep
) -> None:
    """Control-C is no fault."""

    def interrupt(progress: Progress) -> None:
        if progress.entries > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(DEFAULT, manner=Manner(on_progress=interrupt))
    assert mirror.size == 0
    source = Watched(author.public_folder)
    assert keep(DEFAULT, source).size == 1001
    assert source.bundles == 2


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let a disk take so many files and no more."""
    plain, staging = Disk.replace, Disk.stage
    left = [room]

    def take_room() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StorageFailed("No space left on device", code="node.storage")

    def replace(self: Disk, name: str, content: bytes, *, durable: bool = True) -> None:
        take_room()
        plain(self, name, content, durable=durable)

    def stage(self: Disk, name: str, content: bytes) -> None:
        take_room()
        staging(self, name, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Disk, "replace", replace)
        patch.setattr(Disk, "stage", stage)
        yield


@pytest.mark.parametrize("room", range(9))
def test_a_full_disk_leaves_the_mirror_as_it_was(
    author: Node, mirror: Mirror, keep: Keep, room: int
) -> None:
    """Whichever file finds no room."""
    with full_disk(room), pytest.raises(StorageFailed):
        keep(DEFAULT)
    assert keep(DEFAULT).size == 1001
    entries = [entry for n in range(4) for entry in mirror.read_bundle(n)]
    assert entries == list(author.log.entries())


def test_progress_tells_entries_and_bytes(keep: Keep) -> None:
    """The last word is the whole log."""
    told: list[Progress] = []
    keep(DEFAULT, manner=Manner(on_progress=told.append))
    assert [one.entries for one in told] == [256, 512, 768, 1001]
    assert {one.total for one in told} == {1001}
    assert told[-1].fetched_bytes > told[0].fetched_bytes > 0


def test_a_quota_of_statements_pauses_and_drops_nothing(
    mirror: Mirror, keep: Keep, now: Instant
) -> None:
    """The whole tree is verified at once; its entries come a day at a time."""
    slow = Following(statements_a_day=300)
    first = keep(slow)
    assert first.size == 1001
    assert "quota of 300" in first.paused
    assert held(mirror) == [0, 1]
    assert not is_whole(mirror)
    assert keep(slow, at=later(now, 23)).paused
    assert held(mirror) == [0, 1]
    assert keep(slow, at=later(now, 25)).paused == ""
    assert is_whole(mirror)
    assert len(find_pauses(mirror.storage, mirror.folder)) == 2


def test_a_quota_can_be_lifted_once(mirror: Mirror, keep: Keep) -> None:
    """What came in counts all the same."""
    slow = Following(statements_a_day=300)
    keep(slow)
    assert keep(slow, manner=Manner(is_beyond_quota=True)).paused == ""
    assert is_whole(mirror)
    assert keep(slow).paused == ""


def test_a_quota_of_bytes_keeps_what_came_in(
    author: Node, mirror: Mirror, keep: Keep, now: Instant
) -> None:
    """Not even hashes are fetched beyond it; the next day goes on."""
    size = (author.public_folder / "tile/entries/000").stat().st_size
    slow = Following(bytes_a_day=size + 1)
    followed = keep(slow)
    assert (followed.size, held(mirror)) == (0, [])
    assert "bytes within a day" in followed.paused
    source = Watched(author.public_folder)
    assert keep(DEFAULT, source, at=later(now, 30)).size == 1001
    assert source.bundles == 2


def test_a_mirror_goes_on_where_the_owner_s_site_fails(
    author: Node, keep: Keep, tmp_path: Path
) -> None:
    """The largest checkpoint anybody shows is taken, and its entries from whoever has them."""
    copy = _copied(author, tmp_path)
    down = Watched(author.public_folder, fails_after=0)
    followed = keep(DEFAULT, down, FolderSource(copy))
    assert followed.size == 1001
    assert followed.source == str(copy)
    assert any("died" in said for said in followed.trouble)


def test_an_owner_who_withholds_is_read_at_a_mirror(
    author: Node, keep: Keep, tmp_path: Path
) -> None:
    """Its checkpoint and its entries need not come from one place."""
    copy = _copied(author, tmp_path)
    (author.public_folder / "tile/entries/002").unlink()
    followed = keep(DEFAULT, FolderSource(author.public_folder), FolderSource(copy))
    assert followed.size == 1001
    assert any("has no tile/entries/002" in said for said in followed.trouble)


def test_the_largest_checkpoint_wins_and_an_old_one_is_no_trouble(
    author: Node, keep: Keep, say: Say, now: Instant, tmp_path: Path
) -> None:
    """A mirror is often a little behind."""
    copy = _copied(author, tmp_path)
    author.append([say(7)], now)
    author.publish(now)
    followed = keep(DEFAULT, FolderSource(copy), FolderSource(author.public_folder))
    assert (followed.size, followed.trouble) == (1002, ())


def test_only_mirrors_that_are_behind_do_not_accuse_the_owner(
    author: Node, keep: Keep, say: Say, now: Instant, tmp_path: Path
) -> None:
    """The owner's own failure is what the operator hears."""
    copy = _copied(author, tmp_path)
    author.append([say(7)], now)
    author.publish(now)
    keep(DEFAULT)
    down = Watched(author.public_folder, fails_after=0)
    with pytest.raises(PeerFailed, match="died"):
        keep(DEFAULT, down, FolderSource(copy))


def test_a_mirror_signs_only_what_it_holds_whole(mirror: Mirror, keep: Keep) -> None:
    """A witness saw it grow; a mirror has it all."""
    signer = mirror_signer_of(KEYS)
    for following, is_signed in ((HASHES, False), (RARE, False), (DEFAULT, True)):
        keep(following, manner=Manner(mirror_signer=signer))
        assert _is_cosigned(mirror, signer.key) is is_signed


def test_one_s_mirror_key_is_not_one_s_witness_key() -> None:
    """One key has one purpose, and a mirror is a cosigner of its own name."""
    signer = mirror_signer_of(KEYS)
    assert signer.key.name == "br.example/log/mirror"
    assert signer.key.public != KEYS.witness.key.public


def test_a_view_says_what_it_does_not_hold(
    author: Node, found: Callable[[str], Node], now: Instant
) -> None:
    """Not held here is no word about whether it exists."""
    reader = found("br")
    _befriend(reader, author, RARE)
    reader.follow("kh", now)
    view = reader.view()
    (rare,) = view.entries("rare")
    assert rare.reference.index == 600
    missing = author.log.entries(300, 301)
    reference = type(rare.reference)(
        log=author.origin, index=300, sha256=sha256(next(iter(missing)))
    )
    assert view.find(reference) is None
    with pytest.raises(NotFound, match="not held here") as refused:
        view.get(reference)
    assert refused.value.code == "node.not_held"


def test_an_index_grows_with_what_comes_in_later(
    author: Node, found: Callable[[str], Node], now: Instant
) -> None:
    """Nothing that was left out at first is forgotten for ever."""
    reader = found("br")
    _befriend(reader, author, Following(statements_a_day=300))
    reader.follow("kh", now)
    assert len(list(reader.view().entries("note"))) < 600
    reader.follow("kh", now, Manner(is_beyond_quota=True))
    assert len(list(reader.view().entries("note"))) == 999


def _copied(author: Node, folder: Path) -> Path:
    target = folder / "copy"
    shutil.copytree(author.public_folder, target)
    return target


def _befriend(reader: Node, author: Node, following: Following) -> None:
    reader.add_peer(
        Peer(
            member=author.member,
            name="kh",
            url=str(author.public_folder),
            log_key=author.keyset.log_key,
            following=following,
        )
    )


def _is_cosigned(mirror: Mirror, key: NoteKey) -> bool:
    found = mirror.find_checkpoint()
    assert found is not None
    return find_cosignature(found.note, key) is not None


def test_fsck_checks_what_a_light_mirror_holds(
    author: Node, found: Callable[[str], Node], now: Instant
) -> None:
    """Its hashes to the root, its entries to its hashes, and each flipped byte is named."""
    reader = found("br")
    _befriend(reader, author, RARE)
    reader.publish(now)
    reader.follow("kh", now)
    assert check_node(reader.folder).problems == ()
    folder = reader.folder / "peers" / author.member / "tile"
    for path, said in (
        ("entries/002", "tile/entries/002, entry 767"),
        ("0/001", "tile/1/000.p/3"),
        ("1/000.p/3", "tile/1/000.p/3"),
    ):
        content = (folder / path).read_bytes()
        (folder / path).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        (problem,) = check_node(reader.folder).problems
        assert problem.place.endswith(said)
        (folder / path).write_bytes(content)
