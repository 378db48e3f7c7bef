# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Files a node keeps, with what each write promises about a power cut."""

import itertools
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

from comity.node.disk.barrier import Barrier
from comity.node.disk.folder import files_in, is_left_over, merged
from comity.node.disk.handle import File, Handle, failed, missing, reporting, write_whole
from comity.node.disk.lock import wait_for

_ROOM_BYTES = 64 * 1024
"""Zeros written at once: of more, the page cache makes pieces that cost more at each sync."""
_STAGED = 0
_numbers = itertools.count(_STAGED + 1)


class Storage(Protocol):
    """Named files below one folder; names use forward slashes."""

    def length(self, name: str) -> int:
        """Return the size of a file in bytes, 0 where there is none."""

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of a file from *start* to *end*.

        Raises:
            NotFound: There is no such file.
        """

    def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write over bytes in place; a power cut or an error may leave any mix of both."""

    def reserve(self, name: str, length: int) -> None:
        """Make a file at least that long with zeros; durable, all or nothing."""

    def truncate(self, name: str, length: int) -> None:
        """Cut a file to a length; durable when this returns."""

    def replace(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Put a whole new content in place at once; nobody sees half of it."""

    def move(self, name: str, new_name: str) -> None:
        """Rename a file, replacing what stands there."""

    def merge(self, folder: str, into: str) -> Sequence[str]:
        """Move all below a folder to below another, where it replaces what stands there.

        Returns:
            What was moved as one, a file or a whole folder, by its new name.
        """

    def settle(self, names: Iterable[str]) -> None:
        """Make durable that files stand where they were moved to."""

    def stage(self, name: str, content: bytes) -> None:
        """Write a new content beside a file, for `commit`; a power cut may leave any of it."""

    def commit(self, names: Sequence[str]) -> None:
        """Put what was staged in place, each at once and whole; durable when this returns."""

    def sync(self, names: Iterable[str]) -> None:
        """Make durable what was put into files without, and that they stand there."""

    def remove(self, name: str) -> None:
        """Remove a file or a whole folder, if it is there."""

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names of all files below a folder, sorted."""

    def opened(self, name: str) -> AbstractContextManager[File]:
        """Hold a file open that is read several times over.

        Raises:
            NotFound: There is no such file.
        """

    def lock(self, name: str, wait_s: float) -> AbstractContextManager[File]:
        """Hold a file's lock against every other holder, in this process or another.

        Raises:
            Conflict: Somebody else held it for longer than *wait_s*.
        """


class Disk:
    """Storage in a real folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = str(folder)

    def path(self, name: str) -> Path:
        """Return where a file stands."""
        return self.folder / name

    def _place(self, name: str) -> str:
        """Return the same as a text: an append asks a dozen times, and paths cost more."""
        return f"{self._root}/{name}"

    def length(self, name: str) -> int:
        """Return the size of a file in bytes, 0 where there is none."""
        try:
            return os.stat(self._place(name)).st_size  # noqa: PTH116 - see `_place`
        except FileNotFoundError:
            return 0

    def opened(self, name: str) -> Handle:
        """Open a file to read it."""
        place = self._place(name)
        try:
            return Handle(os.open(place, os.O_RDONLY), place)
        except (FileNotFoundError, NotADirectoryError):
            raise missing(place) from None
        except OSError as error:
            raise failed(place, "read", error) from None

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of a file from *start* to *end*."""
        with self.opened(name) as file:
            return file.read(start, end)

    def write(self, name: str, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write over bytes in place, and sync them."""
        place = self._place(name)
        try:
            number = _opened(place)
        except OSError as error:
            raise failed(place, "write", error) from error
        with Handle(number, place) as file:
            file.write(at, content, durable=durable)

    def reserve(self, name: str, length: int) -> None:
        """Write zeros, not only a promise of room: what is there already syncs fastest."""
        place = self._place(name)
        with reporting(place, "write"):
            handle = _opened(place)
            before = os.fstat(handle).st_size
            try:
                for start in range(before, length, _ROOM_BYTES):
                    write_whole(handle, start, bytes(min(_ROOM_BYTES, length - start)))
                os.fdatasync(handle)
            except OSError:
                with suppress(OSError):  # zeros beyond the end mean nothing
                    os.ftruncate(handle, before)
                raise
            finally:
                os.close(handle)

    def truncate(self, name: str, length: int) -> None:
        """Cut a file to a length and sync it."""
        path = self.path(name)
        with reporting(path, "cut"), path.open("r+b") as file:
            file.truncate(length)
            os.fdatasync(file.fileno())

    def replace(
        self, name: str, content: bytes, *, durable: bool = True, is_private: bool = False
    ) -> None:
        """Write beside, then rename over; what is private nobody else may ever read."""
        place = self._place(name)
        beside = _beside(place, next(_numbers))
        with reporting(place, "write"):
            handle = _created(beside, 0o600 if is_private else 0o666)
            try:
                try:
                    if is_private:
                        os.fchmod(handle, 0o600)
                    write_whole(handle, 0, content)
                    if durable:
                        os.fdatasync(handle)
                finally:
                    os.close(handle)
                os.rename(beside, place)  # noqa: PTH104 - see `_place`
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(beside)  # noqa: PTH108 - see `_place`
                raise
            if durable:
                sync_folder(place.rpartition("/")[0])

    def stage(self, name: str, content: bytes) -> None:
        """Write to a name beside that only this process uses."""
        place = self._place(name)
        with reporting(place, "write"):
            handle = _created(_beside(place, _STAGED), 0o666)
            try:
                write_whole(handle, 0, content)
            finally:
                os.close(handle)

    def commit(self, names: Sequence[str], barrier: Barrier | None = None) -> None:
        """Sync each, then rename each over its file, then sync their folders.

        Args:
            barrier: Syncs them all at once; opened before the first of them was staged.
        """
        places = list(map(self._place, names))
        if barrier is not None:
            with reporting(self.folder, "sync"):
                barrier.sync()
        for place in places if barrier is None else ():
            _sync(_beside(place, _STAGED))
        for place in places:
            with reporting(place, "write"):
                os.rename(_beside(place, _STAGED), place)  # noqa: PTH104 - see `_place`
        self.settle(names)

    def move(self, name: str, new_name: str) -> None:
        """Rename a file, replacing what stands there."""
        place, new_place = self._place(name), self._place(new_name)
        with reporting(new_place, "move"):
            try:
                os.rename(place, new_place)  # noqa: PTH104 - see `_place`
            except FileNotFoundError:
                _make_room(Path(new_place))
                os.rename(place, new_place)  # noqa: PTH104 - as above

    def merge(self, folder: str, into: str) -> Sequence[str]:
        """Rename whole folders where nothing stands yet, else file by file."""
        place, new_place = self._place(folder.rstrip("/")), self._place(into.rstrip("/"))
        with reporting(new_place, "move"):
            moved = list(merged(place, new_place))
        return [one.removeprefix(f"{self._root}/") for one in moved]

    def settle(self, names: Iterable[str]) -> None:
        """Sync the folders that files were moved to, each once."""
        for folder in sorted({self._place(name).rpartition("/")[0] for name in names}):
            with reporting(folder, "sync"):
                sync_folder(folder)

    def sync(self, names: Iterable[str]) -> None:
        """Sync files that were written without, then their folders, each once."""
        known = tuple(names)
        for place in map(self._place, known):
            _sync(place)
        self.settle(known)

    def remove(self, name: str) -> None:
        """Remove a file or a whole folder, if it is there."""
        place = self._place(name)
        with reporting(place, "remove"):
            try:
                os.unlink(place)  # noqa: PTH108 - see `_place`
            except FileNotFoundError:
                return
            except (IsADirectoryError, PermissionError):  # POSIX allows either of a folder
                if not Path(place).is_dir():
                    raise
                shutil.rmtree(place)

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names of all files below a folder, sorted; of half-written ones none."""
        inside = folder.rstrip("/")
        found = files_in(self._place(inside), f"{inside}/" if inside else "")
        yield from sorted(found, key=lambda name: name.split("/"))

    def sweep(self, *, tiles: bool = False) -> tuple[str, ...]:
        """Remove what a killed process left half-written beside, and return the names.

        Args:
            tiles: Look among tiles and mirrors too, which may be millions of files.
        """
        found = tuple(self.left_over(tiles=tiles))
        for name in found:
            self.path(name).unlink(missing_ok=True)
        return found

    def left_over(self, *, tiles: bool) -> Iterator[str]:
        """Yield the names of what a killed process left half-written."""
        for place, folders, names in os.walk(self.folder):
            kept = folders if tiles else set(folders) - {"tile", "blob"}
            folders[:] = sorted(kept)
            for name in sorted(names):
                path = Path(place, name)
                if is_left_over(path):
                    yield path.relative_to(self.folder).as_posix()

    def lock(self, name: str, wait_s: float) -> Handle:
        """Take a lock through flock, which ends with the handle or the process that has it."""
        place = self._place(name)
        try:
            number = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            with reporting(place, "lock"):
                _make_room(Path(place))
                number = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise failed(place, "lock", error) from error
        try:
            wait_for(number, place, wait_s)
        except BaseException:
            os.close(number)
            raise
        return Handle(number, place)


def _beside(place: str, number: int) -> str:
    """Return where the new content of a file is written first."""
    folder, _, last = place.rpartition("/")
    return f"{folder}/.{last}.{os.getpid()}.{number}.new"


def _sync(place: str) -> None:
    with reporting(place, "sync"):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)


def _make_room(path: Path) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)


def _created(place: str, mode: int) -> int:
    """Create a file, with the folders above it where they are missing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        return os.open(place, flags, mode)
    except FileNotFoundError:
        _make_room(Path(place))
        return os.open(place, flags, mode)


def _opened(place: str) -> int:
    """Open a file for writing; one that is new has its name synced."""
    try:
        return os.open(place, os.O_WRONLY)
    except FileNotFoundError:
        path = Path(place)
        _make_room(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:  # or a power cut may lose the name of what is synced later
        sync_folder(path.parent)
    except OSError:
        os.close(handle)
        path.unlink()
        raise
    return handle


def sync_folder(folder: Path | str) -> None:
    """Make durable which names stand in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
