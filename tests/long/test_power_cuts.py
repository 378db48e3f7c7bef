# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A log whose power, disk and process fail at any moment never contradicts what it showed."""

import errno
import io
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self, cast

import pytest
from tests.fakes.power import SIGNER, SigningFirst, append_through_cuts, root_over

from comity.errors import StorageFailed
from comity.kernel.digest import Digest
from comity.kernel.instant import from_rfc3339
from comity.ledger.checkpoint import open_checkpoint
from comity.node.care.fsck import check_node
from comity.node.care.repair import repair
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.following.follow import Trust, follow
from comity.node.logs.log import CHECKPOINT, PUBLIC, Log
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder
from comity.node.node import Node

pytestmark = pytest.mark.long

CUTS = 10_000
KILLS = 60
NOW = from_rfc3339("2026-11-21T19:19:24Z")
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


def test_ten_thousand_power_cuts_contradict_no_checkpoint(dice: random.Random) -> None:
    """At any step of an append, a signing, a publication: kept, true, and readable."""
    cuts = groups = 0
    while cuts < CUTS:
        seed = dice.getrandbits(32)
        story = append_through_cuts(seed, cuts=4)
        assert story.broken == 0, f"{story} of append_through_cuts({seed}, cuts=4)"
        cuts += story.cuts
        groups += 1
    assert groups == CUTS // 4


def test_power_cuts_between_full_tiles_contradict_nothing_either(dice: random.Random) -> None:
    """Groups of hundreds of entries, so that bundles fill and partial ones go."""
    for _ in range(150):
        seed = dice.getrandbits(32)
        story = append_through_cuts(seed, cuts=4, largest_group=300)
        assert story.broken == 0, f"{story} of {seed}"


def test_the_twin_that_signs_first_contradicts_itself(dice: random.Random) -> None:
    """Entries written behind the checkpoint over them: what was shown is lost to a cut."""
    seeds = [dice.getrandbits(32) for _ in range(300)]
    stories = [append_through_cuts(seed, over=SigningFirst) for seed in seeds]
    assert sum(story.contradicted > 0 for story in stories) > 100


class Refusing:
    """An operating system that refuses a write: the one with a number, and perhaps all after.

    What is refused is half done: half of the bytes are there.
    """

    def __init__(self, code: int, number: int, *, for_good: bool) -> None:
        self.left = number
        self.refused = 0
        self._code = code
        self._for_good = for_good

    def is_due(self) -> bool:
        """Count one call and tell whether it is to be refused."""
        self.left -= 1
        due = self.left == 0 or (self._for_good and self.left < 0)
        self.refused += due
        return due

    def error(self) -> OSError:
        """Return the refusal."""
        return OSError(self._code, os.strerror(self._code))

    def wrapped(self, call: Callable[..., object]) -> Callable[..., object]:
        """Refuse a call that does nothing by halves."""

        def refusing(*args: object, **kwargs: object) -> object:
            if self.is_due():
                raise self.error()
            return call(*args, **kwargs)

        return refusing

    def pwrite(self, handle: int, content: bytes, at: int) -> int:
        """Write in place, or half of it."""
        if self.is_due():
            _PWRITE(handle, content[: len(content) // 2], at)
            raise self.error()
        return _PWRITE(handle, content, at)

    def open(self, file: object, mode: str = "r", *rest: object, **named: object) -> object:
        """Open a file; one that is written to may refuse."""
        opened = cast("IO[bytes]", _OPEN(file, mode, *rest, **named))  # type: ignore[call-overload] # as it came
        return opened if mode == "rb" else _Writer(opened, self)


class _Writer:
    """A file open for writing whose operating system refuses."""

    def __init__(self, file: IO[bytes], refusing: Refusing) -> None:
        self._file = file
        self._refusing = refusing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        if self._refusing.is_due():
            self._file.write(content[: len(content) // 2])
            self._file.flush()
            raise self._refusing.error()
        return self._file.write(content)

    def truncate(self, length: int) -> int:
        if self._refusing.is_due():
            raise self._refusing.error()
        return self._file.truncate(length)

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


_PWRITE, _OPEN = os.pwrite, io.open
REFUSABLE = ("fdatasync", "fsync", "ftruncate", "rename", "mkdir", "unlink")


@contextmanager
def refusing(code: int, number: int, *, for_good: bool) -> Iterator[Refusing]:
    """Let the operating system refuse one write of this process, or all from one on."""
    system = Refusing(code, number, for_good=for_good)
    with pytest.MonkeyPatch.context() as patch:
        for name in REFUSABLE:
            patch.setattr(os, name, system.wrapped(getattr(os, name)))
        patch.setattr(os, "pwrite", system.pwrite)
        patch.setattr(io, "open", system.open)
        yield system


def numbered(count: int, start: int = 0) -> list[bytes]:
    """Return numbered entries."""
    return [b"entry %d" % number for number in range(start, start + count)]


def publish(log: Log, shown: dict[int, Digest]) -> None:
    """Publish, remembering what witnesses were shown."""
    checkpoint, note, _ = log.prepare()
    shown[checkpoint.size] = checkpoint.root
    log.publish(note)


def check_kept(disk: Disk, before: list[bytes], group: list[bytes]) -> list[bytes]:
    """Return what a log holds: all from before, and each group whole or not at all."""
    kept = list(Log(disk, SIGNER).entries())
    assert kept[: len(before)] == before
    rest = kept[len(before) :]
    assert rest == group * (len(rest) // len(group))
    return kept


def check_shown(disk: Disk, kept: list[bytes], shown: dict[int, Digest]) -> None:
    """Check that everything shown is still so, the public files with it."""
    for size, root in shown.items():
        assert root_over(kept[:size]) == root
    checkpoint, _ = open_checkpoint(disk.read(CHECKPOINT), SIGNER.key)
    files = TileFolder(disk, PUBLIC)
    assert files.tree(checkpoint.size).root() == checkpoint.root
    assert root_over(kept[: checkpoint.size]) == checkpoint.root
    width = checkpoint.size % 256
    assert (
        list(files.read_bundle(checkpoint.size // 256, width))
        == kept[: checkpoint.size][-width:]
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return the folder of a log of 250 entries, published."""
    log = Log(Disk(tmp_path / "base"), SIGNER)
    log.append(numbered(250))
    publish(log, {})
    return tmp_path / "base"


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_that_refuses_any_write_leaves_a_true_log(
    base: Path, code: int, *, for_good: bool
) -> None:
    """Every single call of an append and a publication is refused in turn.

    The same process goes on, then another one; a bundle is filled on the way. What an append
    that raised left behind is never there twice.
    """
    before, group = numbered(250), numbered(9, 250)
    number = refused = 0
    while True:
        number += 1
        disk = Disk(base.with_name(f"copy-{number}"))
        shutil.copytree(base, disk.folder)
        log, shown, added = Log(disk, SIGNER), dict[int, Digest](), 1
        with refusing(code, number, for_good=for_good) as system, suppress(StorageFailed):
            log.append(group)
            added += 1
            publish(log, shown)
        check_shown(disk, check_kept(disk, before, group), shown)
        log.append(group)
        publish(log, shown)
        kept = check_kept(disk, before, group)
        assert len(kept) == 250 + added * len(group)
        check_shown(disk, kept, shown)
        shutil.rmtree(disk.folder)
        refused += bool(system.refused)
        if not system.refused:
            break
    assert refused >= 20


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_that_refuses_the_first_append_leaves_none(tmp_path: Path, code: int) -> None:
    """A journal that is not there yet: its folder and its name are refused in turn, too."""
    group, number = numbered(9), 0
    while True:
        number += 1
        disk = Disk(tmp_path / f"new-{number}")
        log, shown = Log(disk, SIGNER), dict[int, Digest]()
        with refusing(code, number, for_good=False) as system, suppress(StorageFailed):
            log.append(group)
            publish(log, shown)
        check_kept(disk, [], group)
        log.append(group)
        publish(log, shown)
        check_shown(disk, check_kept(disk, [], group), shown)
        if not system.refused:
            break
    assert number > 20


WRITER = """
import sys
from pathlib import Path
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node

node = Node.open(Path(sys.argv[1]), sys.argv[2])
now = from_rfc3339("2026-11-21T19:19:24Z")
print("open", flush=True)
while True:
    for group in (1, 3, 40):
        node.append(
            [
                Statement(
                    predicate_type=to_predicate_type("note"),
                    predicate={"number": number},
                    subjects=(Subject.of(sha256(b"%d" % number)),),
                )
                for number in range(node.log.size, node.log.size + group)
            ],
            now,
        )
        checkpoint = node.publish(now).checkpoint
        print(checkpoint.size, checkpoint.root.hex(), flush=True)
"""


def killed(folder: Path, after_s: float) -> list[str]:
    """Let a process append and publish, kill it after a while, and return what it said."""
    command = [sys.executable, "-c", WRITER, str(folder), PASSPHRASE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        assert said == ["open\n"]
        time.sleep(after_s)
        writer.kill()
        return [line for line in writer.stdout if line.endswith("\n")]


def test_a_node_killed_again_and_again_checks_out_whole(
    tmp_path: Path, dice: random.Random
) -> None:
    """Kill -9 at any moment of a busy node: nothing shown is taken back, nobody sees a fork.

    A follower reads after each kill what the dead process left public.
    """
    folder = tmp_path / "node"
    Node.create(
        folder, name="busy", role="regulator", jurisdiction="KHM", origin="busy.example/log",
        passphrase=PASSPHRASE, now=NOW, entropy=dice.randbytes, example=True,
    ).close()  # fmt: skip
    node = Node.open(folder, PASSPHRASE)
    trust = Trust(member=node.member, log_key=node.keyset.log_key, quorum=node.quorum)
    node.close()
    mirror = Mirror(Disk(tmp_path / "follower"), node.member)
    shown: dict[int, str] = {}
    for _ in range(KILLS):
        for line in killed(folder, dice.uniform(0, 0.2)):
            size, root = line.split()
            assert shown.setdefault(int(size), root) == root
        follow(FolderSource(folder / "public"), mirror, trust, NOW)
    node = Node.open(folder, PASSPHRASE)
    node.publish(NOW)
    kept = list(node.log.entries())
    node.close()
    found = {problem.message for problem in check_node(folder).problems}
    assert found <= {"was left half-written by a killed process"}
    repair(folder)
    assert check_node(folder).problems == ()
    assert follow(FolderSource(folder / "public"), mirror, trust, NOW).size == len(kept)
    assert len(shown) > KILLS
    for count, root in shown.items():
        assert root_over(kept[:count]).hex() == root
