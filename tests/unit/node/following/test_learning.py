# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who keeps hashes alone learns whose keys count, from whoever says where that stands."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.fakes.dynasty import Dynasty, saying, signed

from comity.errors import NotFound, PeerFailed
from comity.kernel.instant import Instant
from comity.ledger.quorum import Quorum
from comity.ledger.revocation import Compromise, to_statement
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource, LogSource
from comity.node.following.follow import Followed, Trust, follow
from comity.node.keys.signatory import Signatory
from comity.node.logs import history
from comity.node.logs.following import Following, Mode
from comity.node.logs.log import Log
from comity.node.logs.mirror import Mirror
from comity.node.member.config import Peer
from comity.node.views.trust import TrustKeeper

KH = Dynasty()
HASHES = Following(mode=Mode.HASHES)


def notes(count: int) -> list[bytes]:
    """Return statements of no consequence."""
    return [signed(saying(at), KH.statement(0)) for at in range(count)]


def stolen(at: int, now: Instant) -> bytes:
    """Return the entry, at an index, that says the first witness key was stolen."""
    said = Compromise(
        entry=at,
        sequence=0,
        keys=frozenset({KH.witness(0).key.vkey}),
        last_good=at - 1,
        reason="it was copied",
        issued=now,
    )
    return signed(to_statement(said, KH.keyset(0)), KH.statement(0))


class Place:
    """A log's folder that may say something else about where keys changed."""

    def __init__(self, folder: Path, told: bytes | None = None) -> None:
        self._inner = FolderSource(folder)
        self._told = told
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        """Return the folder."""
        return self._inner.name

    def read(self, path: str, *, limit: int) -> bytes:
        """Read a file, or what is told in its stead; nothing told is no file."""
        self.asked.append(path)
        if path != history.FILE or self._told is None:
            return self._inner.read(path, limit=limit)
        if not self._told:
            raise NotFound("no such file", code="node.source")
        return self._told

    @property
    def bundles(self) -> int:
        """Count the bundles that were read, but for the first."""
        return sum("entries/" in path and "entries/000" not in path for path in self.asked)


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """Return an empty mirror."""
    return Mirror(Disk(tmp_path / "reader"), KH.identity().member)


def published(folder: Path, entries: Sequence[bytes]) -> Path:
    """Publish a log of some entries, and return where it stands."""
    log = Log(Disk(folder), Signatory(KH.log(0)))
    log.append(entries)
    log.publish(log.prepare()[1])
    return folder / "public"


def keep(mirror: Mirror, now: Instant, *places: LogSource, how: Following = HASHES) -> Followed:
    """Follow the log at some places."""
    trust = Trust(
        member=mirror.member,
        log_key=KH.log(0).key,
        quorum=Quorum(witnesses=()),
        following=how,
    )
    return follow(places, mirror, trust, now)


@pytest.mark.parametrize("how", [HASHES, Following(mode=Mode.SELECTED, places=(3,))])
def test_a_compromise_is_learnt_by_who_keeps_hashes(
    tmp_path: Path, mirror: Mirror, now: Instant, how: Following
) -> None:
    """A stolen key must not count on where nobody reads the entries."""
    entries = [KH.first(), *notes(699), stolen(700, now), *notes(300)]
    place = Place(published(tmp_path / "log", entries))
    followed = keep(mirror, now, place, how=how)
    assert (followed.size, followed.is_refilled, place.bundles) == (1001, True, 1)
    assert [one.entry for one in mirror.read_identity().compromises] == [700]
    place.asked.clear()
    assert not keep(mirror, now, place, how=how).is_refilled
    assert place.bundles == 0


def test_what_was_slept_through_is_learnt_at_the_next_visit(
    tmp_path: Path, mirror: Mirror, now: Instant
) -> None:
    """As from a copy whose keeper did not say, or ran an older program."""
    entries = [KH.first(), *notes(299), stolen(300, now)]
    folder = published(tmp_path / "log", entries)
    keep(mirror, now, Place(folder, told=b""))
    assert not mirror.read_identity().compromises
    keeper = TrustKeeper(mirror.storage)
    known = Peer(
        member=mirror.member, name="kh", url="", log_key=KH.log(0).key, witness_key=None
    )
    assert KH.witness(0).key in keeper.keys_of(known)
    assert keep(mirror, now, Place(folder)).is_refilled
    assert KH.witness(0).key not in keeper.keys_of(known)


def test_one_place_that_tells_is_enough(tmp_path: Path, mirror: Mirror, now: Instant) -> None:
    """Whoever serves a log can leave a change out, and no change can be made up."""
    entries = [KH.first(), *notes(299), stolen(300, now)]
    folder = published(tmp_path / "log", entries)
    silent, telling = Place(folder, told=b""), Place(folder)
    keep(mirror, now, silent, telling)
    assert mirror.read_identity().compromises


def test_a_mirror_passes_on_where_keys_changed(
    tmp_path: Path, mirror: Mirror, now: Instant
) -> None:
    """What a mirror remembers for itself is the file that others read."""
    entries = [KH.first(), *notes(299), stolen(300, now)]
    whole = Mirror(Disk(tmp_path / "whole"), mirror.member)
    keep(whole, now, Place(published(tmp_path / "log", entries)), how=Following())
    keep(mirror, now, Place(tmp_path / "whole" / "peers" / mirror.member))
    assert mirror.read_identity().compromises


@pytest.mark.parametrize("told", [b"", b"{", b"[]", history.to_bytes(9000, [8000])])
def test_a_file_that_says_nothing_true_changes_nothing(
    tmp_path: Path, mirror: Mirror, now: Instant, told: bytes
) -> None:
    """It is a hint and no statement."""
    place = Place(published(tmp_path / "log", [KH.first(), *notes(299)]), told=told)
    followed = keep(mirror, now, place)
    assert (followed.size, followed.is_refilled, place.bundles) == (300, False, 0)


def test_a_file_that_names_every_entry_costs_sixteen_bundles(
    tmp_path: Path, mirror: Mirror, now: Instant
) -> None:
    """And none of them is kept, as no key changed in any."""
    entries = [KH.first(), *notes(1) * (256 * 20 - 1)]
    told = history.to_bytes(len(entries), range(1, len(entries), 256))
    place = Place(published(tmp_path / "log", entries), told=told)
    assert not keep(mirror, now, place).is_refilled
    assert place.bundles == 16
    assert not mirror.holds(1, 256)


def test_an_entry_that_does_not_stand_in_the_tree_teaches_nothing(
    tmp_path: Path, mirror: Mirror, now: Instant
) -> None:
    """What the file names is held against the verified tree, and the log goes on."""
    folder = published(tmp_path / "log", [KH.first(), *notes(599)])
    lying = published(tmp_path / "other", [KH.first(), *notes(299), stolen(300, now)])
    (bundle,) = (lying / "tile" / "entries").glob("001.p/*")
    target = folder / "tile" / "entries" / "001"
    content = bundle.read_bytes()
    target.write_bytes(content + target.read_bytes()[len(content) :])
    followed = keep(mirror, now, Place(folder, told=history.to_bytes(600, [300])))
    assert (followed.size, followed.is_refilled) == (600, False)
    assert not mirror.read_identity().compromises


def test_a_bundle_that_is_not_served_stops_nothing(
    tmp_path: Path, mirror: Mirror, now: Instant
) -> None:
    """A copy of hashes alone knows of changes whose entries it does not hold."""
    folder = published(tmp_path / "log", [KH.first(), *notes(599)])
    (folder / "tile" / "entries" / "001").unlink()
    place = Place(folder, told=history.to_bytes(600, [300]))
    with pytest.raises(PeerFailed):
        keep(Mirror(mirror.storage, mirror.member), now, place, how=Following())
    assert keep(mirror, now, place).size == 600


def test_a_log_whose_keys_never_changed_says_nothing(tmp_path: Path) -> None:
    """A folder of static files has no file more than it needs."""
    folder = published(tmp_path / "log", [KH.first(), *notes(9)])
    assert not (folder / history.FILE).exists()
