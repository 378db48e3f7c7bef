# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A log read over HTTP: bounded in place, size and time, whatever the other side does.

No redirect is followed, no proxy of the environment is used, no name is resolved twice for
one connection, and nothing is unpacked beyond what was asked for.
"""

import json
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

import httpcore2

from comity.errors import NotFound, PeerFailed
from comity.node.fetch import reach
from comity.node.fetch.reach import Place, Resolve, check_place, resolve, to_place
from comity.node.fetch.settings import DEFAULT, Address, HttpSettings

DEFAULT_TIMEOUT_S = 10.0
_SLOWEST_BYTES_PER_S = 16 * 1024
_GZIP = 31
_PACKING_BYTES = 1024
"""By so much gzip may make small things larger."""
_PACKED = "tile/entries/"
_REFUSAL_BYTES = 4096
_UNKNOWN_KEY = b'"node.derived_key"'
"""What a peer answers that has not read of this node's newest keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request before it is sent."""

    method: str
    url: str
    body: bytes


Sign: TypeAlias = Callable[[Outgoing], Mapping[str, str]]
"""Return the fields that say which member asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a node asks others.

    Args:
        settings: Where it may connect to.
        sign: Says which member asks; None to ask as anybody.
        resolve: Looks names up.
    """

    settings: HttpSettings = DEFAULT
    sign: Sign | None = None
    resolve: Resolve = reach.look_up


ANYBODY = Asking()


class HttpSource:
    """A log served over HTTP.

    Args:
        timeout_s: For the connection and the first bytes; what follows may take longer, but
            not less than 16 KiB in every second.
    """

    def __init__(
        self, url: str, *, timeout_s: float = DEFAULT_TIMEOUT_S, asking: Asking = ANYBODY
    ) -> None:
        self.url = url.rstrip("/")
        self._place = to_place(url)
        check_place(self._place, asking.settings)
        self._timeout_s = timeout_s
        self._asking = asking
        self._deadline = _Deadline()
        self._pool: httpcore2.ConnectionPool | None = None

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
            raise self._failed(f"GET /{path} answered with status {status}{_said(content)}")
        return content

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Send a body and return the status and the answer.

        Raises:
            PeerFailed: The source cannot be reached, is too slow, or sends too much.
        """
        return self._ask("POST", path, body, limit)

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _ask(self, method: str, path: str, body: bytes, limit: int) -> tuple[int, bytes]:
        """Ask under the node's signature; as anybody where the peer knows older keys only.

        What is public stays open after a rotation, or two members that both rotated could never
        read of it from each other.
        """
        place, sign = self._place, self._asking.sign
        asked = Outgoing(
            method=method,
            url=f"{place.scheme}://{place.authority}{place.path}/{path}",
            body=body,
        )
        status, content = self._send(asked, path, limit, sign)
        if status == 401 and sign is not None and _UNKNOWN_KEY in content:
            return self._send(asked, path, limit, None)
        return status, content

    def _send(
        self, asked: Outgoing, path: str, limit: int, sign: Sign | None
    ) -> tuple[int, bytes]:
        self._deadline.start(self._timeout_s)
        place = self._place
        url = httpcore2.URL(
            scheme=place.scheme,
            host=place.host,
            port=place.port,
            target=f"{place.path}/{path}",
        )
        headers = self._headers(asked, path, sign)
        try:
            with self._open().stream(
                asked.method, url, headers=headers, content=asked.body or None
            ) as answer:
                room = limit if answer.status == 200 else max(limit, _REFUSAL_BYTES)
                return answer.status, b"".join(self._parts(answer, path, room))
        except httpcore2.TimeoutException:
            raise self._slow() from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise self._failed(f"cannot be reached: {error}") from None

    def _headers(self, asked: Outgoing, path: str, sign: Sign | None) -> list[tuple[str, str]]:
        return [
            ("Host", self._place.authority),
            ("User-Agent", "comity"),
            ("Accept-Encoding", "gzip" if path.startswith(_PACKED) else "identity"),
            *([("Content-Length", str(len(asked.body)))] if asked.body else []),
            *({} if sign is None else sign(asked)).items(),
        ]

    def _parts(self, answer: httpcore2.Response, path: str, limit: int) -> Iterator[bytes]:
        coding = _coding(answer.headers)
        if coding not in {"", "identity", "gzip"}:
            raise self._failed(f"/{path} is packed by {coding!r}, which was not asked for")
        inflate = zlib.decompressobj(_GZIP) if coding == "gzip" else None
        sent = made = 0
        for part in answer.iter_stream():
            sent += len(part)
            self._deadline.earn(len(part))
            content = part if inflate is None else self._inflate(inflate, part, limit - made)
            made += len(content)
            if made > limit or sent > limit + _PACKING_BYTES:
                raise self._failed(f"/{path} is larger than {limit} bytes")
            yield content
        if inflate is not None and not inflate.eof:
            raise self._failed(f"/{path} ends in the middle of what was packed")

    def _inflate(self, inflate: "zlib._Decompress", part: bytes, room: int) -> bytes:
        try:
            return inflate.decompress(part, room + 1)
        except zlib.error:
            raise self._failed("it sends what is not packed as it says") from None

    def _open(self) -> httpcore2.ConnectionPool:
        if self._pool is None:
            backend = _Pinned(self._place, self._asking, self._deadline)
            is_https = self._place.scheme == "https"  # reading the roots costs 50 ms
            self._pool = httpcore2.ConnectionPool(
                ssl_context=httpcore2.default_ssl_context() if is_https else None,
                max_connections=8,
                keepalive_expiry=30.0,
                # The library asks for its own base class; what it calls is all here.
                network_backend=cast("httpcore2.NetworkBackend", backend),
            )
        return self._pool

    def _slow(self) -> PeerFailed:
        return PeerFailed(
            f"{self.name} took longer than {self._timeout_s:g} seconds",
            code="node.peer_slow",
            hint="nothing was changed; try again later",
            peer=self.name,
        )

    def _failed(self, message: str) -> PeerFailed:
        return PeerFailed(
            f"{self.name}: {message}",
            code="node.peer",
            hint="nothing was changed; check the address in node.toml and try again",
            peer=self.name,
        )


class _Deadline:
    """When one request must be over; every thread asks its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def start(self, timeout_s: float) -> None:
        """Begin a request."""
        self._own.at = time.monotonic() + timeout_s

    def earn(self, count: int) -> None:
        """Give time for bytes that came."""
        self._own.at += count / _SLOWEST_BYTES_PER_S

    def left_s(self) -> float:
        """Return the seconds left.

        Raises:
            TimeoutException: None are.
        """
        left: float = self._own.at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole answer takes too long")
        return left


class _Pinned:
    """Connects to addresses that were judged, and nowhere else."""

    def __init__(self, place: Place, asking: Asking, deadline: _Deadline) -> None:
        self._place = place
        self._asking = asking
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, **_options: object) -> "_Stream":
        """Connect to the peer, trying its addresses in turn."""
        assert (host, port) == (self._place.host, self._place.port)  # noqa: S101 - no redirects
        addresses = resolve(self._place, self._asking.settings, self._asking.resolve)
        for address in addresses[:-1]:
            try:
                return self._connect(address)
            except (httpcore2.NetworkError, httpcore2.ConnectTimeout):
                continue
        return self._connect(addresses[-1])

    def connect_unix_socket(self, *_parts: object, **_options: object) -> "_Stream":
        """Refuse: no peer stands there."""
        raise httpcore2.ConnectError("no peer is reached through a file")

    def sleep(self, seconds: float) -> None:
        """Wait before another attempt; none is made."""
        time.sleep(seconds)

    def _connect(self, address: Address) -> "_Stream":
        left = self._deadline.left_s()
        stream = self._sockets.connect_tcp(str(address), self._place.port, timeout=left)
        return _Stream(stream, self._deadline)


class _Stream:
    """A connection whose every step is bounded by the whole request's deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - one deadline counts
        """Receive."""
        return self._inner.read(max_bytes, timeout=self._deadline.left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - one deadline counts
        """Send."""
        self._inner.write(buffer, timeout=self._deadline.left_s())

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, **_rest: object
    ) -> "_Stream":
        """Go on under TLS; the certificate must name the host that was asked for."""
        left = self._deadline.left_s()
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout=left)
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        """Say what the connection knows of itself."""
        return self._inner.get_extra_info(info)


def _coding(headers: Iterable[tuple[bytes, bytes]]) -> str:
    values = [value for name, value in headers if name.lower() == b"content-encoding"]
    return b",".join(values).decode("latin-1").strip().lower()


def _said(content: bytes) -> str:
    text = said_in(content)
    return f": {text}" if text else ""


def said_in(content: bytes) -> str:
    """Return what an answer says in plain words, at most 300 characters; empty for a page.

    Source:
        RFC 9457, section 3.1.4: `detail` is what is meant for people.
    """
    try:
        problem: object = json.loads(content)
    except (ValueError, RecursionError):
        problem = None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    text = detail if isinstance(detail, str) else content[:300].decode("utf-8", "replace")
    said = " ".join(text.split())[:300]
    return "" if said.startswith("<") else said
