# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a log is read from: a web address or a folder. Nothing read is trusted here."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from comity.errors import NotFound, PeerFailed, StorageFailed
from comity.node.fetch.http import ANYBODY, DEFAULT_TIMEOUT_S, Asking, HttpSource

_Key = TypeVar("_Key")


class LogSource(Protocol):
    """The static files of one log, by the paths of tlog-tiles."""

    @property
    def name(self) -> str:
        """Return what an error message calls the source."""

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file of at most *limit* bytes.

        Raises:
            NotFound: The source has no such file.
            PeerFailed: The source cannot be reached, is too slow, or sends too much.
        """


class FolderSource:
    """A log in a folder: a mirror, a memory stick, another node's public folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = str(folder)  # a log is read file by file, and paths cost more

    @property
    def name(self) -> str:
        """Return the folder."""
        return str(self.folder)

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file of the folder."""
        try:
            content = _read(f"{self._root}/{path}", limit)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotFound(f"{self.name} has no {path}", code="node.source") from None
        except OSError as error:
            message = f"cannot read {self.folder / path}: {error.strerror}"
            raise StorageFailed(message, code="node.storage") from None
        if len(content) > limit:
            raise _failed(self.name, f"{path} is larger than {limit} bytes")
        return content


@contextmanager
def source_at(
    location: str, *, timeout_s: float = DEFAULT_TIMEOUT_S, asking: Asking = ANYBODY
) -> Iterator[LogSource]:
    """Open the source an operator named and close its connections at the end.

    Raises:
        InvalidDocument: An address of another kind.
        NotFound: The folder does not exist.
        NotPermitted: An address on no public network that the operator did not name.
    """
    source = open_source(location, timeout_s=timeout_s, asking=asking)
    try:
        yield source
    finally:
        close_source(source)


def opened_once(
    sources: dict[_Key, LogSource], key: _Key, opener: Callable[[_Key], LogSource]
) -> LogSource:
    """Return the source of a key; of two that threads opened at once, one stays open."""
    known = sources.get(key)
    if known is not None:
        return known
    opened = opener(key)
    kept = sources.setdefault(key, opened)
    if kept is not opened:
        close_source(opened)
    return kept


def close_source(source: LogSource) -> None:
    """Close a source's connections, if it has any."""
    if isinstance(source, HttpSource):
        source.close()


def open_source(
    location: str, *, timeout_s: float = DEFAULT_TIMEOUT_S, asking: Asking = ANYBODY
) -> LogSource:
    """Return the source an operator named: an http(s) address, or a folder.

    Raises:
        InvalidDocument: An address of another kind.
        NotFound: The folder does not exist.
        NotPermitted: An address on no public network that the operator did not name.
    """
    if "://" in location:
        return HttpSource(location, timeout_s=timeout_s, asking=asking)
    folder = Path(location)
    if not folder.is_dir():
        raise NotFound(
            f"no folder {location}",
            code="node.source",
            hint=f"give the folder that holds `checkpoint`, or an address{_near(location)}",
        )
    inner = folder / "public"
    return FolderSource(inner if (inner / "checkpoint").is_file() else folder)


def _read(place: str, limit: int) -> bytes:
    """Return the bytes of a file, of a longer one the first *limit* and one more."""
    handle = os.open(place, os.O_RDONLY)
    try:
        content = os.read(handle, min(os.fstat(handle).st_size, limit) + 1)
        while part := os.read(handle, limit + 1 - len(content)):
            content += part
    finally:
        os.close(handle)
    return content


def _failed(name: str, message: str) -> PeerFailed:
    return PeerFailed(
        f"{name}: {message}",
        code="node.peer",
        hint="nothing was changed; check the address in node.toml and try again",
        peer=name,
    )


def _near(location: str) -> str:
    """Return the address meant by what was typed without its scheme."""
    host = re.match(r"(localhost|[0-9.]+|[a-z0-9-]+(\.[a-z0-9-]+)+)(:[0-9]+)?(/|$)", location)
    if host is None:
        return " that begins with https://"
    scheme = "http" if host[1] == "localhost" or host[1].startswith("127.") else "https"
    return f" such as {scheme}://{location}"
