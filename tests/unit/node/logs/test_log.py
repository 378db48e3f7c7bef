# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fakes.power import SIGNER, append_through_cuts

from comity.errors import Conflict, InvalidDocument, StorageFailed
from comity.kernel.digest import Digest
from comity.kernel.merkle import leaf_hash, root_of
from comity.ledger.checkpoint import open_checkpoint
from comity.node.disk.journal import read_frames
from comity.node.disk.record import Record
from comity.node.disk.storage import Disk
from comity.node.logs.log import CHECKPOINT, JOURNAL, LAST, LOCK, PUBLIC, Log
from comity.node.logs.tiles import TileFolder


def entries(count: int, start: int = 0) -> list[bytes]:
    """Return numbered entries."""
    return [b"entry %d" % number for number in range(start, start + count)]


def root(said: Sequence[bytes]) -> Digest:
    """Return the root over entries."""
    return root_of(map(leaf_hash, said))


def signed(storage: Disk, name: str = LAST) -> tuple[int, Digest]:
    """Return size and root of a checkpoint the log has signed."""
    encoded = Record(storage, LAST).read() if name == LAST else storage.read(name)
    assert encoded is not None
    checkpoint, _ = open_checkpoint(encoded, SIGNER.key)
    return checkpoint.size, checkpoint.root


def written(storage: Disk) -> bytes:
    """Return the journal without the room behind its last frame."""
    return storage.read(JOURNAL).rstrip(b"\0")


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Return storage in an empty folder."""
    return Disk(tmp_path / "node")


def test_an_append_is_signed_and_kept(disk: Disk) -> None:
    """What was appended is there again for whoever opens the log next."""
    log = Log(disk, SIGNER)
    assert log.append(entries(3)) == range(3)
    assert log.append(entries(700, 3)) == range(3, 703)
    again = Log(disk, SIGNER)
    assert list(again.entries()) == entries(703)
    assert signed(disk) == (703, root(entries(703)))


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1), (255, 257), (256, 512), (3, 3), (690, 900)]
)
def test_any_stretch_can_be_read(disk: Disk, start: int, stop: int) -> None:
    """Across groups and bundles alike."""
    log = Log(disk, SIGNER)
    for count in (3, 250, 1, 300, 149):
        log.append(entries(count, log.size))
    assert list(log.entries(start, stop)) == entries(703)[start:stop]


@pytest.mark.parametrize("sizes", [[1], [255, 1, 1], [256], [300, 1, 700]])
def test_published_files_are_the_log(disk: Disk, sizes: list[int]) -> None:
    """Tiles and bundles written step by step equal those of the whole."""
    log = Log(disk, SIGNER)
    for count in sizes:
        log.append(entries(count, log.size))
        checkpoint, note, tree = log.prepare()
        log.publish(note)
        assert tree.root() == checkpoint.root == root(entries(log.size))
    files = TileFolder(disk, PUBLIC)
    total = sum(sizes)
    found: list[bytes] = []
    for start in range(0, total, 256):
        found.extend(files.read_bundle(start // 256, min(256, total - start)))
    assert found == entries(total)
    assert files.tree(total).root() == root(entries(total))
    assert not list(disk.path(PUBLIC).rglob(".*"))


def test_partial_tiles_go_once_the_full_one_is_there(disk: Disk) -> None:
    """C2SP tlog-tiles lets them go; a log of many small appends must not fill the disk."""
    log = Log(disk, SIGNER)
    for _ in range(3):
        log.append(entries(100, log.size))
        log.publish(log.prepare()[1])
    names = list(disk.names(PUBLIC + "tile/entries"))
    assert names == ["public/tile/entries/000", "public/tile/entries/001.p/44"]


def test_nothing_is_public_before_it_is_published(disk: Disk) -> None:
    """Witnesses see a checkpoint before followers do."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    assert log.find_published() is None
    log.publish(log.prepare()[1])
    log.append(entries(2, 2))
    assert signed(disk, CHECKPOINT)[0] == 2
    assert signed(disk)[0] == 4


def test_what_one_process_appends_another_publishes_whole(disk: Disk) -> None:
    """A process may end between signing and publishing; no full bundle is left out."""
    log = Log(disk, SIGNER)
    log.append(entries(100))
    log.publish(log.prepare()[1])
    log.append(entries(500, 100))
    again = Log(disk, SIGNER)
    again.publish(again.prepare()[1])
    files = TileFolder(disk, PUBLIC)
    found = [*files.read_bundle(0, 256), *files.read_bundle(1, 256), *files.read_bundle(2, 88)]
    assert found == entries(600)
    assert files.tree(600).root() == root(entries(600))


def test_a_smaller_checkpoint_never_replaces_a_larger(disk: Disk) -> None:
    """Two publishers at once must not make the public log shrink."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    small = log.prepare()[1]
    log.append(entries(2, 2))
    log.publish(log.prepare()[1])
    with pytest.raises(Conflict):
        log.publish(small)


def test_two_writers_in_turn_make_one_log(disk: Disk) -> None:
    """A server and a command line may write to one log, one after the other."""
    one, other = Log(disk, SIGNER), Log(disk, SIGNER)
    one.append(entries(2))
    assert other.append(entries(300, 2)) == range(2, 302)
    assert one.append(entries(1, 302)) == range(302, 303)
    other.refresh()
    assert list(other.entries()) == list(one.entries()) == entries(303)


def test_writers_in_many_threads_make_one_log(disk: Disk) -> None:
    """No entry is lost, none is signed twice, the root is that of the whole."""
    logs = [Log(disk, SIGNER, wait_s=60) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda log=log: [log.append([b"x"]) for _ in range(25)])
        for log in logs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = Log(disk, SIGNER)
    assert again.size == 100
    assert signed(disk) == (100, root([b"x"] * 100))


def test_threads_that_append_at_once_share_a_sync(disk: Disk) -> None:
    """While one group is on its way the others gather, and go together as one frame."""
    log = Log(disk, SIGNER, wait_s=60)
    log.append([b"first"])
    with ThreadPoolExecutor(9) as threads, Disk(disk.folder).lock(LOCK, 1):
        got = [threads.submit(log.append, [b"%d" % n, b"%d!" % n]) for n in range(9)]
        while log.waiting < 8:
            time.sleep(0.001)
    kept = list(log.entries())
    for number, places in enumerate(one.result() for one in got):
        assert [kept[at] for at in places] == [b"%d" % number, b"%d!" % number]
    assert len(list(read_frames(disk, JOURNAL, 0))) == 3


def test_a_group_that_is_refused_spoils_no_other(disk: Disk) -> None:
    """An entry too large is its caller's fault alone."""
    log = Log(disk, SIGNER)
    for wrong in ([], [bytes(65_536)]):
        with pytest.raises(InvalidDocument):
            log.append(wrong)
    assert log.append([b"x"]) == range(1)


def test_a_writer_past_a_lost_lock_is_told_before_it_signs(disk: Disk) -> None:
    """Somebody removed the lock file, or the file system keeps no locks."""
    log = Log(disk, SIGNER)
    log.append(entries(2))

    class Unlocked(Disk):
        """A disk on which another writer slips in behind the lock."""

        def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
            """Let the other one write first."""
            if name == JOURNAL and disk.folder not in seen:
                seen.add(disk.folder)
                disk.remove(LOCK)
                log.append(entries(1, 2))
            super().write(name, at, content, durable=durable)

    seen: set[Path] = set()
    with pytest.raises(Conflict) as refused:
        Log(Unlocked(disk.folder), SIGNER).append([b"another story"])
    assert refused.value.code == "node.second_writer"
    assert signed(disk) == (3, root(entries(3)))


def test_a_second_writer_is_told_so(disk: Disk) -> None:
    """It waits a bounded time and leaves the log alone."""
    log = Log(disk, SIGNER, wait_s=0.05)
    log.append(entries(1))
    with Disk(disk.folder).lock(LOCK, 1), pytest.raises(Conflict) as refused:
        log.append(entries(1, 1))
    assert refused.value.code == "node.second_writer"
    assert log.append(entries(1, 1)) == range(1, 2)


def test_a_torn_group_is_cut_off_as_a_whole(disk: Disk) -> None:
    """A group is all there or not at all, whatever byte the power failed at."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    before = written(disk)
    log.append(entries(3, 2))
    whole = written(disk)
    last = disk.read(LAST)
    for cut in range(len(before), len(whole)):
        disk.replace(JOURNAL, whole[:cut])
        disk.replace(LAST, last)
        with pytest.raises(StorageFailed, match="signing again would fork"):
            Log(disk, SIGNER)
        disk.remove(LAST)
        assert Log(disk, SIGNER).append(entries(1, 2)) == range(2, 3)
        assert list(Log(disk, SIGNER).entries()) == entries(3)


def test_a_tail_of_zeros_is_torn_not_damaged(disk: Disk) -> None:
    """Some file systems extend a file before its bytes arrive."""
    Log(disk, SIGNER).append(entries(2))
    with disk.path(JOURNAL).open("ab") as file:
        file.write(bytes(500))
    assert Log(disk, SIGNER).append(entries(1, 2)) == range(2, 3)


def test_damage_in_the_middle_is_named_and_never_cut_off(disk: Disk) -> None:
    """Cutting there would silently drop entries that others have seen."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    first = len(written(disk))
    log.append(entries(2, 2))
    log.append(entries(2, 4))
    content = bytearray(disk.read(JOURNAL))
    content[first + 20] ^= 1
    disk.replace(JOURNAL, bytes(content))
    with pytest.raises(StorageFailed, match=f"damaged at byte {first}"):
        Log(disk, SIGNER)
    assert len(disk.read(JOURNAL)) == len(content)


@pytest.mark.parametrize("kept", [LAST, CHECKPOINT])
def test_a_restored_backup_refuses_to_sign(disk: Disk, tmp_path: Path, kept: str) -> None:
    """Either record suffices: what was signed, and what was published."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    log.publish(log.prepare()[1])
    shutil.copytree(disk.folder, tmp_path / "backup")
    log.append(entries(1, 2))
    log.publish(log.prepare()[1])
    newest = disk.read(kept)
    shutil.rmtree(disk.folder)
    shutil.copytree(tmp_path / "backup", disk.folder)
    disk.replace(kept, newest)
    with pytest.raises(StorageFailed) as refused:
        Log(disk, SIGNER)
    assert refused.value.code == "node.rolled_back"


def test_a_replaced_journal_refuses_to_sign(disk: Disk, tmp_path: Path) -> None:
    """As long as before, but another story."""
    Log(disk, SIGNER).append(entries(3))
    other = Disk(tmp_path / "other")
    Log(other, SIGNER).append(entries(3, 50))
    disk.replace(JOURNAL, other.read(JOURNAL))
    with pytest.raises(StorageFailed, match="signing again would fork"):
        Log(disk, SIGNER)


@contextmanager
def full_at(length: int) -> Iterator[None]:
    """Let no file grow beyond a length; the kernel then writes a part and fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 1, 11, 12, 60, 300])
def test_a_full_disk_leaves_nothing_half_written(disk: Disk, room: int) -> None:
    """The kernel itself refuses in the middle of the write; the same append then succeeds."""
    log = Log(disk, SIGNER)
    log.append(entries(40))
    before = written(disk), disk.read(LAST)
    disk.truncate(JOURNAL, len(before[0]))
    with full_at(len(before[0]) + room), pytest.raises(StorageFailed) as refused:
        log.append(entries(40, 40))
    assert refused.value.code == "node.storage"
    assert (disk.read(JOURNAL), disk.read(LAST)) == before
    assert log.append(entries(40, 40)) == range(40, 80)
    assert list(Log(disk, SIGNER).entries()) == entries(80)


def test_a_record_that_cannot_be_written_takes_the_entries_back(disk: Disk) -> None:
    """The journal had room, the signed record had not: nothing was appended."""
    log = Log(disk, SIGNER)
    log.append([b"x"])
    before = written(disk)
    disk.truncate(JOURNAL, len(before))
    with full_at(len(before) + 40), pytest.raises(StorageFailed):
        log.append([b"y"])
    assert written(disk) == before
    assert log.size == 1


def test_an_interrupted_append_is_found_by_the_next(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control-C between the entry and its signature: the entry is there, and is signed over."""
    log = Log(disk, SIGNER)
    log.append(entries(2))
    with monkeypatch.context() as patch:

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(Record, "swap", interrupt)
        with pytest.raises(KeyboardInterrupt):
            log.append(entries(1, 2))
    assert log.append(entries(1, 3)) == range(3, 4)
    assert list(log.entries()) == list(Log(disk, SIGNER).entries()) == entries(4)
    assert signed(disk) == (4, root(entries(4)))


class Failing(Disk):
    """A disk that refuses for a while, after it has done what it was asked."""

    fails = False

    def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write, and perhaps say that it failed."""
        super().write(name, at, content, durable=durable)
        if self.fails and name == JOURNAL:
            raise StorageFailed("Input/output error", code="node.storage")

    def truncate(self, name: str, length: int) -> None:
        """Cut, or refuse."""
        if self.fails:
            raise StorageFailed("Input/output error", code="node.storage")
        super().truncate(name, length)


def test_an_append_that_failed_twice_over_is_not_there_twice(disk: Disk) -> None:
    """The write failed and so did taking it back, yet the group is whole on the disk."""
    failing = Failing(disk.folder)
    log = Log(failing, SIGNER)
    log.append(entries(2))
    failing.fails = True
    for _ in range(2):
        with pytest.raises(StorageFailed):
            log.append(entries(3, 2))
    log.refresh()
    assert log.size == 2
    failing.fails = False
    assert log.append(entries(3, 2)) == range(2, 5)
    assert list(Log(disk, SIGNER).entries()) == entries(5)


def test_what_another_process_built_on_is_never_cut_off(disk: Disk) -> None:
    """It found the group whole, took it in and signed over it: so it was appended."""
    failing = Failing(disk.folder)
    log = Log(failing, SIGNER)
    log.append(entries(2))
    failing.fails = True
    with pytest.raises(StorageFailed):
        log.append(entries(1, 2))
    Log(disk, SIGNER).append(entries(1, 3))
    failing.fails = False
    assert log.append(entries(1, 4)) == range(4, 5)
    assert list(Log(disk, SIGNER).entries()) == entries(5)


def test_a_log_of_an_older_program_opens_and_goes_on(disk: Disk) -> None:
    """Its record is a plain note and its journal ends with its last frame."""
    log = Log(disk, SIGNER)
    log.append(entries(3))
    note = Record(disk, LAST).read()
    assert note is not None
    disk.replace(LAST, note)
    disk.truncate(JOURNAL, len(written(disk)))
    assert Log(disk, SIGNER).append(entries(2, 3)) == range(3, 5)
    assert signed(disk) == (5, root(entries(5)))


def test_no_power_cut_makes_the_log_contradict_itself() -> None:
    """600 cuts at any step: what was acknowledged is there, what was signed is true."""
    assert [append_through_cuts(seed).broken for seed in range(200)] == [0] * 200


def test_its_twin_that_signs_before_syncing_breaks() -> None:
    """The simulation has teeth: the same log on storage that syncs later breaks often."""
    broken = [append_through_cuts(seed, syncs_every=8).broken > 0 for seed in range(100)]
    assert sum(broken) > 25


WRITER = """
import sys
from pathlib import Path
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey
from comity.node.logs.log import LAST, Log
from comity.node.disk.storage import Disk

disk = Disk(Path(sys.argv[1]))
signer = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
log = Log(disk, signer)
while True:
    log.append([b"entry %d" % (log.size + at) for at in range(7)])
    checkpoint, note, _ = log.prepare()
    log.publish(note)
    sys.stdout.write(f"{checkpoint.size} {checkpoint.root.hex()}\\n")
    sys.stdout.flush()
"""


def test_a_writer_killed_at_any_moment_leaves_a_true_log(disk: Disk) -> None:
    """Kill -9 of a real process, three times over; every checkpoint it showed stays true."""
    shown: list[str] = []
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(disk.folder)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            shown.extend(writer.stdout.readline() for _ in range(20))
            writer.kill()
            shown.extend(line for line in writer.stdout if line.endswith("\n"))
    kept = list(Log(disk, SIGNER).entries())
    assert kept == entries(len(kept))
    assert len(shown) >= 60
    for line in shown:
        size, at = line.split()
        assert root(kept[: int(size)]).hex() == at
