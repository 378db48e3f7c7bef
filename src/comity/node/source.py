# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a log is read from: a web address or a folder. Nothing read is trusted here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import httpx2

from comity.errors import Fault, InvalidDocument, NotFound, PeerFailed, StorageFailed

DEFAULT_TIMEOUT_S = 10.0


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

    @property
    def name(self) -> str:
        """Return the folder."""
        return str(self.folder)

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file of the folder."""
        try:
            with (self.folder / path).open("rb") as file:
                content = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotFound(f"{self.name} has no {path}", code="node.source") from None
        except OSError as error:
            message = f"cannot read {self.folder / path}: {error.strerror}"
            raise StorageFailed(message, code="node.storage") from None
        if len(content) > limit:
            raise _failed(self.name, f"{path} is larger than {limit} bytes")
        return content


class HttpSource:
    """A log served over HTTP; redirects are refused, answers are bounded in size and time."""

    def __init__(self, url: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        self.url = url.rstrip("/")
        self._timeout_s = timeout_s
        is_https = url.startswith("https:")  # reading the system's roots costs 50 ms
        self._client = httpx2.Client(
            timeout=timeout_s, follow_redirects=False, trust_env=False, verify=is_https
        )

    @property
    def name(self) -> str:
        """Return the address."""
        return self.url

    def read(self, path: str, *, limit: int) -> bytes:
        """Return what stands at an address below the source's."""
        status, content = self._ask("GET", path, b"", limit)
        if status == 404:
            raise NotFound(f"{self.name} has no {path}", code="node.source")
        if status != 200:
            raise _failed(self.name, f"GET /{path} answered with status {status}")
        return content

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Send a body and return the status and the answer.

        Raises:
            PeerFailed: The source cannot be reached, is too slow, or sends too much.
        """
        return self._ask("POST", path, body, limit)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, path: str, body: bytes, limit: int) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout_s
        content = bytearray()
        try:
            with self._client.stream(
                method, f"{self.url}/{path}", content=body or None
            ) as answer:
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > limit:
                        raise _failed(self.name, f"/{path} is larger than {limit} bytes")
                    if time.monotonic() > deadline:
                        raise _slow(self.name, self._timeout_s)
        except httpx2.TimeoutException:
            raise _slow(self.name, self._timeout_s) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _failed(self.name, f"cannot be reached: {error}") from None
        return answer.status_code, bytes(content)


@contextmanager
def source_at(location: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Iterator[LogSource]:
    """Open the source an operator named and close its connections at the end.

    Raises:
        InvalidDocument: An address of another kind.
        NotFound: The folder does not exist.
    """
    source = open_source(location, timeout_s=timeout_s)
    try:
        yield source
    finally:
        close_source(source)


def close_source(source: LogSource) -> None:
    """Close a source's connections, if it has any."""
    if isinstance(source, HttpSource):
        source.close()


def open_source(location: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> LogSource:
    """Return the source an operator named: an http(s) address, or a folder.

    Raises:
        InvalidDocument: An address of another kind.
        NotFound: The folder does not exist.
    """
    if "://" in location:
        parts = urlsplit(location)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"{location[:100]!r} is neither an http(s) address nor a folder"
            raise InvalidDocument(message, code="node.address", faults=[Fault(message=message)])
        return HttpSource(location, timeout_s=timeout_s)
    folder = Path(location)
    if not folder.is_dir():
        raise NotFound(
            f"no folder {location}",
            code="node.source",
            hint="give the folder that holds `checkpoint`, or an http(s) address",
        )
    inner = folder / "public"
    return FolderSource(inner if (inner / "checkpoint").is_file() else folder)


def _slow(name: str, timeout_s: float) -> PeerFailed:
    return PeerFailed(
        f"{name} took longer than {timeout_s:g} seconds",
        code="node.peer_slow",
        hint="nothing was changed; try again later",
        peer=name,
    )


def _failed(name: str, message: str) -> PeerFailed:
    return PeerFailed(
        f"{name}: {message}",
        code="node.peer",
        hint="nothing was changed; check the address in node.toml and try again",
        peer=name,
    )
