# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Storage in memory whose power may fail, and a log that is appended to through the cuts."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from comity.errors import ComityError, NotFound
from comity.kernel.digest import Digest
from comity.kernel.merkle import leaf_hash, root_of
from comity.ledger.checkpoint import open_checkpoint
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey
from comity.node.disk.handle import File
from comity.node.disk.storage import Storage
from comity.node.logs.log import CHECKPOINT, JOURNAL, LAST, PUBLIC, Log
from comity.node.logs.tiles import TileFolder

SIGNER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
FOR_EVER = 10**12
SECTOR_BYTES = 16
"""Far less than a real one, so that a small write is torn as often as a large one."""


class PowerCut(Exception):
    """The power failed."""


class Medium:
    """Storage whose unsynced writes a power cut may lose, in part or whole.

    Args:
        dice: Decides when the power fails and what of the page cache reached the medium.
        syncs_every: 1 is honest storage; more is storage that answers before it has synced.
        steps_left: Steps until the power fails; `start` throws for them.
    """

    def __init__(
        self, dice: random.Random, *, syncs_every: int = 1, steps_left: int = 0
    ) -> None:
        self.dice = dice
        self.kept: dict[str, bytes] = {}
        self.cached: dict[str, bytes] = {}
        self.renamed: set[str] = set()
        self.moved: set[str] = set()
        self.staged: dict[str, bytes] = {}
        self.steps_left = steps_left
        self._syncs_every = syncs_every
        self._writes = 0

    def start(self) -> None:
        """Switch the power on: only what reached the medium is there."""
        for name, new in self.cached.items():
            old = self.kept.get(name, b"")
            if name in self.moved:
                if self.dice.random() < 0.5:
                    self.kept[name] = new
            elif name in self.renamed:
                torn = new[: self.dice.randint(0, len(new))]
                self.kept[name] = self.dice.choice([old, new, torn])
            else:
                self.kept[name] = self._mixed(old, new)
        self.renamed.clear()
        self.moved.clear()
        self.staged.clear()
        self.cached = dict(self.kept)
        self.steps_left = self.dice.randint(1, 60)

    def _mixed(self, old: bytes, new: bytes) -> bytes:
        """Return a file written in place: any of its sectors may be old, any new."""
        length = self.dice.randint(*sorted((len(old), len(new))))
        sectors = range(0, length, SECTOR_BYTES)
        before, after = old.ljust(length, b"\0"), new.ljust(length, b"\0")
        chosen = (self.dice.choice([before, after])[at : at + SECTOR_BYTES] for at in sectors)
        return b"".join(chosen)[:length] if old != new else new

    def _step(self) -> None:
        self.steps_left -= 1
        if self.steps_left <= 0:
            raise PowerCut

    def _sync(self, name: str) -> None:
        self._writes += 1
        if self._writes % self._syncs_every == 0:
            self.kept[name] = self.cached[name]
            self.renamed.discard(name)
            folder = name.rpartition("/")[0]
            self.settle([one for one in self.moved if one.rpartition("/")[0] == folder])

    def length(self, name: str) -> int:
        """Return the size a running process sees."""
        return len(self.cached.get(name, b""))

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return what a running process sees."""
        if name not in self.cached:
            raise NotFound(name, code="test.file")
        return self.cached[name][start:end]

    def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write in place, then sync, with the power failing before, between or after."""
        self._step()
        held = self.cached.get(name, b"").ljust(at, b"\0")
        self.cached[name] = held[:at] + content + held[at + len(content) :]
        if durable:
            self._step()
            self._sync(name)
        self._step()

    def reserve(self, name: str, length: int) -> None:
        """Extend by zeros and sync."""
        self._step()
        self.cached[name] = self.cached.get(name, b"").ljust(length, b"\0")
        self._step()
        self._sync(name)

    def truncate(self, name: str, length: int) -> None:
        """Cut and sync."""
        self._step()
        self.cached[name] = self.cached[name][:length]
        self.kept[name] = self.cached[name]

    def replace(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Put the new content there at once; unsynced, it may be torn."""
        self._step()
        self.cached[name] = content
        self.renamed.add(name)
        if durable:
            self._sync(name)
        self._step()

    def stage(self, name: str, content: bytes) -> None:
        """Write beside: nobody sees it yet, and a power cut may leave none of it."""
        self._step()
        self.staged[name] = content

    def commit(self, names: Sequence[str]) -> None:
        """Sync what was staged and put it in place, one after the other."""
        for name in names:
            self.replace(name, self.staged.pop(name))

    def move(self, name: str, new_name: str) -> None:
        """Rename: until that is settled, either file may stand under the new name."""
        self._step()
        if self.kept.get(name) == self.cached[name]:
            self.moved.add(new_name)
        self.cached[new_name] = self.cached.pop(name)
        self._step()

    def merge(self, folder: str, into: str) -> list[str]:
        """Rename all below a folder, one by one."""
        found = list(self.names(folder))
        targets = [into + name.removeprefix(folder) for name in found]
        for name, target in zip(found, targets, strict=True):
            self.move(name, target)
        return targets

    def settle(self, names: Iterable[str]) -> None:
        """Sync the names of moved files."""
        self._step()
        for name in self.moved & set(names):
            self.kept[name] = self.cached[name]
            self.moved.discard(name)

    def sync(self, names: Iterable[str]) -> None:
        """Sync files that were written without."""
        for name in names:
            self._step()
            self._sync(name)

    def remove(self, name: str) -> None:
        """Remove a file or a folder; a power cut may bring it back."""
        for found in [one for one in self.cached if one == name or one.startswith(f"{name}/")]:
            del self.cached[found]

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names below a folder."""
        yield from sorted(name for name in self.cached if name.startswith(folder))

    @contextmanager
    def opened(self, name: str) -> Iterator[File]:
        """Open a file."""
        self.read(name)
        yield _Opened(self, name)

    @contextmanager
    def lock(self, name: str, wait_s: float) -> Iterator[File]:  # noqa: ARG002 - one writer
        """Let the only writer in."""
        yield _Opened(self, name)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file held open, of which a process sees what it sees by its name."""

    storage: Storage
    name: str

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes; a file that is only locked so far has none."""
        try:
            return self.storage.read(self.name, start, end)
        except NotFound:
            return b""

    def write(self, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write in place."""
        self.storage.write(self.name, at, content, durable=durable)


class SigningFirst:
    """The undefended twin: what is signed goes to the medium before what it covers.

    Entries are readable at once, as from a page cache, and are written out only when the
    checkpoint over them is public.
    """

    def __init__(self, medium: Medium) -> None:
        self._medium = medium
        self._held: list[tuple[int, bytes]] = []

    def length(self, name: str) -> int:
        """Return the size a running process sees."""
        if name != JOURNAL:
            return self._medium.length(name)
        return max([self._medium.length(name), *(at + len(one) for at, one in self._held)])

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return what a running process sees."""
        if name != JOURNAL:
            return self._medium.read(name, start, end)
        content = self._medium.read(name) if self._medium.length(name) else b""
        for at, one in self._held:
            content = content[:at].ljust(at, b"\0") + one + content[at + len(one) :]
        return content[start:end]

    def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
        """Keep entries back, and sync what is signed."""
        if name == JOURNAL:
            self._held.append((at, content))
        else:
            self._medium.write(name, at, content, durable=durable or name == LAST)

    def reserve(self, name: str, length: int) -> None:
        """Extend."""
        self._medium.reserve(name, length)

    def replace(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Write; behind a public checkpoint, write the entries too."""
        self._medium.replace(name, content, durable=durable)
        if name == CHECKPOINT and self._held:
            held, self._held = self._held, []
            for at, one in held:
                self._medium.write(JOURNAL, at, one)

    def stage(self, name: str, content: bytes) -> None:
        """Write beside."""
        self._medium.stage(name, content)

    def commit(self, names: Sequence[str]) -> None:
        """Put in place."""
        self._medium.commit(names)

    def truncate(self, name: str, length: int) -> None:
        """Cut."""
        self._medium.truncate(name, length)

    def move(self, name: str, new_name: str) -> None:
        """Rename."""
        self._medium.move(name, new_name)

    def merge(self, folder: str, into: str) -> list[str]:
        """Rename all below a folder."""
        return self._medium.merge(folder, into)

    def settle(self, names: Iterable[str]) -> None:
        """Sync the names of moved files."""
        self._medium.settle(names)

    def sync(self, names: Iterable[str]) -> None:
        """Sync files."""
        self._medium.sync(names)

    def remove(self, name: str) -> None:
        """Remove."""
        self._medium.remove(name)

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names below a folder."""
        return self._medium.names(folder)

    @contextmanager
    def opened(self, name: str) -> Iterator[File]:
        """Open a file."""
        with self._medium.opened(name):
            yield _Opened(self, name)

    @contextmanager
    def lock(self, name: str, wait_s: float) -> Iterator[File]:
        """Let the only writer in."""
        with self._medium.lock(name, wait_s):
            yield _Opened(self, name)


@dataclass(slots=True)
class Story:
    """What a log said through power cuts, and how much of it did not stay true.

    Args:
        cuts: How often the power failed.
        lost: Acknowledged entries that are gone.
        contradicted: Checkpoints shown that the log no longer leads to, or cannot open.
        unreadable: Public checkpoints whose tiles or entries are not there.
    """

    cuts: int = 0
    lost: int = 0
    contradicted: int = 0
    unreadable: int = 0

    @property
    def broken(self) -> int:
        """Count every promise that was not kept."""
        return self.lost + self.contradicted + self.unreadable


def append_through_cuts(
    seed: int,
    *,
    cuts: int = 3,
    syncs_every: int = 1,
    largest_group: int = 5,
    over: Callable[[Medium], Storage] = lambda medium: medium,
) -> Story:
    """Append, show and publish until the power has failed so many times; then look back.

    Args:
        over: What the log stands on, on top of the medium.
    """
    dice = random.Random(seed)  # noqa: S311 - replayable, not secret
    medium = Medium(dice, syncs_every=syncs_every)
    promised: dict[int, bytes] = {}
    shown: dict[int, Digest] = {}
    story = Story()
    for _ in range(cuts):
        medium.start()
        story.unreadable += not _is_readable(medium)
        with suppress(PowerCut):
            try:
                log = Log(over(medium), SIGNER)
            except ComityError:
                story.contradicted += 1
                return story
            while True:
                group = [dice.randbytes(9) for _ in range(dice.randint(1, largest_group))]
                promised.update(zip(log.append(group), group, strict=True))
                checkpoint, note, _ = log.prepare()
                kept = shown.setdefault(checkpoint.size, checkpoint.root)
                story.contradicted += kept != checkpoint.root
                log.publish(note)
        story.cuts += 1
    medium.start()
    medium.steps_left = FOR_EVER
    _look_back(story, medium, promised, shown)
    return story


def root_over(entries: list[bytes]) -> Digest:
    """Return the root over entries."""
    return root_of(map(leaf_hash, entries))


def _look_back(
    story: Story, medium: Medium, promised: dict[int, bytes], shown: dict[int, Digest]
) -> None:
    story.unreadable += not _is_readable(medium)
    try:
        kept = list(Log(medium, SIGNER).entries())
    except ComityError:
        story.contradicted += 1
        return
    story.lost += sum(kept[index : index + 1] != [entry] for index, entry in promised.items())
    story.contradicted += sum(
        size > len(kept) or root_over(kept[:size]) != at for size, at in shown.items()
    )


def _is_readable(medium: Medium) -> bool:
    """Tell whether a follower finds everything under the public checkpoint, if there is one."""
    if CHECKPOINT not in medium.cached:
        return True
    files = TileFolder(medium, PUBLIC)
    found: list[bytes] = []
    try:
        checkpoint, _ = open_checkpoint(medium.read(CHECKPOINT), SIGNER.key)
        size = checkpoint.size
        for start in range(0, size, 256):
            found.extend(files.read_bundle(start // 256, min(256, size - start)))
        return files.tree(size).root() == root_over(found) == checkpoint.root
    except ComityError:
        return False
