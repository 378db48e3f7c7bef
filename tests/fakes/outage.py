# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A power cut over real files: what was not synced is gone, torn, or there by chance.

Between two calls of the operating system the power fails. A file's bytes are safe once it was
synced, its name once its folder was; all else may be as before, as after, or a mix of both.
New folders are taken to be there, as every journalling file system has it, and databases to be
as they were left: SQLite syncs for itself and is tested by its makers.
"""

import io
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import pytest
from tests.fakes.power import PowerCut

from comity.node.disk.barrier import Barrier

SECTOR_BYTES = 16
"""Far less than a real one, so that a small write is torn as often as a large one."""

Key = tuple[int, int]


@dataclass(slots=True)
class _Tree:
    """Names and bytes below a folder: for each folder what name means which file."""

    names: dict[str, dict[str, Key]] = field(default_factory=dict)
    content: dict[Key, bytes] = field(default_factory=dict)
    modes: dict[Key, int] = field(default_factory=dict)


def _look(folder: Path) -> _Tree:
    tree = _Tree()
    for place, _, files in os.walk(folder):
        names = tree.names.setdefault(place, {})
        for name in files:
            path = Path(place, name)
            found = path.stat()
            key = (found.st_dev, found.st_ino)
            names[name] = key
            tree.content[key] = path.read_bytes()
            tree.modes[key] = found.st_mode & 0o777
    return tree


class Outage:
    """The power of a folder, which fails at one step of what is done there.

    Args:
        at: The step at which it fails; every call from then on fails too.
        dice: Decide what of the unsynced reached the medium.
    """

    def __init__(self, folder: Path, at: int, dice: random.Random) -> None:
        self.steps = 0
        self._folder = folder
        self._at = at
        self._dice = dice
        self._safe = _look(folder)
        self._held = [_hold(path) for path in folder.rglob("*") if path.is_file()]

    @property
    def is_over(self) -> bool:
        """Tell whether the power has failed."""
        return self.steps >= self._at

    def step(self) -> None:
        """Do one more thing, or find the power gone."""
        if not self.is_over:
            self.steps += 1
        if self.is_over:
            raise PowerCut

    def synced(self, handle: int) -> None:
        """Note that a file, or the names in a folder, are safe now."""
        place = str(_place_of(handle))
        if Path(place).is_dir():
            self._safe.names[place] = dict(_names(place))
            return
        found = os.fstat(handle)
        key = (found.st_dev, found.st_ino)
        self._safe.content[key] = _READ(place)
        self._safe.modes[key] = found.st_mode & 0o777

    def synced_all(self) -> None:
        """Note that everything is safe now."""
        self._safe = _look(self._folder)

    def losing(self, path: Path) -> None:
        """Note that a name will mean another file, whose number must not be given anew."""
        if path.is_file():
            self._held.append(_hold(path))

    def moving(self, old: Path, new: Path) -> None:
        """Note that a folder has another name now, which is taken to be safe."""
        for place in [one for one in self._safe.names if Path(one).is_relative_to(old)]:
            name = str(new / Path(place).relative_to(old))
            self._safe.names[name] = self._safe.names.pop(place)

    def restart(self) -> None:
        """Leave in the folder what a power cut leaves."""
        now = _look(self._folder)
        for place, names in now.names.items():
            before = self._safe.names.get(place, {})
            for name in {*names, *before}:
                self._settle(Path(place, name), before.get(name), names.get(name), now)
        while self._held:
            os.close(self._held.pop())

    def _settle(self, path: Path, old: Key | None, new: Key | None, now: _Tree) -> None:
        if ".sqlite" in path.name:
            return
        chosen = new if old == new else self._dice.choice([old, new])
        if chosen is None:
            path.unlink(missing_ok=True)
            return
        content = self._content(chosen, now)
        if path.is_file() and _key(path) == new == chosen and path.read_bytes() == content:
            return
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        path.chmod(now.modes.get(chosen, self._safe.modes.get(chosen, 0o644)))

    def _content(self, key: Key, now: _Tree) -> bytes:
        """Return a file's bytes: any sector written since the last sync may be old or new."""
        old = self._safe.content.get(key, b"")
        new = now.content.get(key, old)
        if old == new:
            return new
        length = self._dice.choice([len(old), len(new)])
        before, after = old.ljust(length, b"\0"), new.ljust(length, b"\0")
        sectors = range(0, length, SECTOR_BYTES)
        mixed = (self._dice.choice([before, after])[at : at + SECTOR_BYTES] for at in sectors)
        return b"".join(mixed)[:length]


def _names(place: str) -> Iterator[tuple[str, Key]]:
    for entry in os.scandir(place):
        if entry.is_file(follow_symlinks=False):
            found = entry.stat(follow_symlinks=False)
            yield entry.name, (found.st_dev, found.st_ino)


def _place_of(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def _hold(path: Path) -> int:
    return os.open(path, os.O_RDONLY)


def _key(path: Path) -> Key:
    found = path.stat()
    return found.st_dev, found.st_ino


def _READ(place: str) -> bytes:  # noqa: N802 - beside the calls it goes around
    with _OPEN(place, "rb") as file:
        return file.read()


_OPEN = io.open
_STEPS = ("pwrite", "ftruncate", "mkdir", "rmdir", "fchmod", "chmod")
_LOSES = ("rename", "unlink")
_SYNCS = ("fsync", "fdatasync")


@contextmanager
def powered(outage: Outage) -> Iterator[None]:  # noqa: C901 - a stand-in for each way to write
    """Let the power of this process's files fail as an outage has it."""

    def stepping(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **kwargs: object) -> object:
            outage.step()
            return call(*args, **kwargs)

        return counted

    def losing(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*names: str | Path, dir_fd: int | None = None) -> object:
            outage.step()
            above = Path() if dir_fd is None else _place_of(dir_fd)
            outage.losing(above / names[-1])
            if Path(names[0]).is_dir():
                outage.moving(Path(names[0]), Path(names[-1]))
            return call(*names) if dir_fd is None else call(*names, dir_fd=dir_fd)

        return counted

    def syncing(call: Callable[[int], None]) -> Callable[[int], None]:
        def counted(handle: int) -> None:
            outage.step()
            call(handle)
            outage.synced(handle)

        return counted

    def sync_all(_barrier: Barrier) -> None:
        outage.step()
        outage.synced_all()

    def opening(file: object, mode: str = "r", *rest: object, **named: object) -> object:
        opened = _OPEN(file, mode, *rest, **named)  # type: ignore[call-overload] # as it came
        return opened if mode in {"rb", "r"} else _Stepping(opened, outage)

    with pytest.MonkeyPatch.context() as patch:
        for name in _STEPS:
            patch.setattr(os, name, stepping(getattr(os, name)))
        for name in _LOSES:
            patch.setattr(os, name, losing(getattr(os, name)))
        for name in _SYNCS:
            patch.setattr(os, name, syncing(getattr(os, name)))
        patch.setattr(Barrier, "sync", sync_all)
        patch.setattr(io, "open", opening)
        yield


class _Stepping:
    """A file open for writing, each write a step."""

    def __init__(self, file: IO[bytes], outage: Outage) -> None:
        self._file = file
        self._outage = outage

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        self._outage.step()
        return self._file.write(content)
