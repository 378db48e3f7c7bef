# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One file held open, for who reads and writes it several times over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, Self

from comity.errors import NotFound, StorageFailed

_SMALL_READ = 64 * 1024

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Of a file read whole; what may be longer, such as a journal, is read by stretches."""


class File(Protocol):
    """A file of some storage, held open."""

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes from *start* to *end*."""

    def write(self, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write over bytes in place; a power cut or an error may leave any mix of both."""


class Handle:
    """A file on the disk, closed at the end of the block that uses it.

    Args:
        number: What the operating system calls it by.
        place: Its path, for messages.
    """

    __slots__ = ("number", "place")

    def __init__(self, number: int, place: str) -> None:
        self.number = number
        self.place = place

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        os.close(self.number)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes from *start* to *end*, in one call where they are few."""
        try:
            if end is not None and end - start <= _SMALL_READ:
                return os.pread(self.number, max(0, end - start), start)
            return self._read_long(start, end)
        except IsADirectoryError:
            raise missing(self.place) from None
        except OSError as error:
            raise failed(self.place, "read", error) from None

    def write(self, at: int, content: bytes, *, durable: bool = True) -> None:
        """Write over bytes in place, and sync them."""
        try:
            write_whole(self.number, at, content)
            if durable:
                os.fdatasync(self.number)
        except OSError as error:
            raise failed(self.place, "write", error) from error

    def _read_long(self, start: int, end: int | None) -> bytes:
        with os.fdopen(os.dup(self.number), "rb") as file:
            file.seek(start)
            if end is not None:
                return file.read(max(0, end - start))
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise StorageFailed(
                f"{self.place} is larger than any file that is read whole here",
                code="node.file_size",
                hint="see who put it there; `comity node fsck` says whether the rest is sound",
            )
        return content


def write_whole(number: int, at: int, content: bytes) -> None:
    """Write all of a content, in as many calls as that takes."""
    count = os.pwrite(number, content, at)
    while count < len(content):
        count += os.pwrite(number, memoryview(content)[count:], at + count)


@contextmanager
def reporting(path: object, verb: str) -> Iterator[None]:
    """Turn what the operating system refuses into StorageFailed."""
    try:
        yield
    except OSError as error:
        raise failed(path, verb, error) from error


def missing(place: str) -> NotFound:
    """Say that there is no such file."""
    return NotFound(f"no file {place}", code="node.file")


def failed(path: object, verb: str, error: OSError) -> StorageFailed:
    """Say what the operating system refused."""
    return StorageFailed(
        f"cannot {verb} {path}: {error.strerror or error}",
        code="node.storage",
        hint="free space or repair the disk, then run the same command again",
    )
