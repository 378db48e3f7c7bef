# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A peer that answers as it likes: nothing it sends costs more than was agreed."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from comity.errors import NotFound, NotPermitted, PeerFailed
from comity.node.fetch.http import ANYBODY, Asking, HttpSource, Outgoing
from comity.node.fetch.settings import HttpSettings

BOMB = gzip.compress(bytes(100_000_000), 9)


class Handler(BaseHTTPRequestHandler):
    """A peer that behaves as its path says."""

    stop = threading.Event()
    asked: list[dict[str, str]] = []  # noqa: RUF012 - the library makes the instances

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append({name.lower(): value for name, value in self.headers.items()})
        getattr(self, "_" + self.path.rsplit("/", 1)[-1].replace("-", "_"), self._missing)()

    def do_POST(self) -> None:
        """Echo."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(409, body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _good(self) -> None:
        self._answer(200, b"content")

    def _missing(self) -> None:
        self._answer(404, b"")

    def _broken(self) -> None:
        self._answer(500, b'{"detail": "the disk is full"}')

    def _rotated(self) -> None:
        if self.headers["X-Signed"] is None:
            self._answer(200, b"content")
        else:
            self._answer(401, b'{"code": "node.derived_key"}')

    def _late(self) -> None:
        self._answer(401, b'{"code": "node.signature", "detail": "its clock is off"}')

    def _large(self) -> None:
        self._answer(200, bytes(100_000))

    def _moved(self) -> None:
        self._answer(302, b"", Location="/good")

    def _packed(self) -> None:
        self._answer(200, gzip.compress(b"content"), Content_Encoding="gzip")

    def _bomb(self) -> None:
        self._answer(200, BOMB, Content_Encoding="gzip")

    def _cut(self) -> None:
        self._answer(200, gzip.compress(bytes(999))[:-8], Content_Encoding="gzip")

    def _lying(self) -> None:
        self._answer(200, b"not packed at all", Content_Encoding="gzip")

    def _brotli(self) -> None:
        self._answer(200, b"content", Content_Encoding="br")

    def _twice(self) -> None:
        twice = gzip.compress(gzip.compress(b"content"))
        self._answer(200, twice, Content_Encoding="gzip, gzip")

    def _silent(self) -> None:
        self.stop.wait(5)

    def _short(self) -> None:
        self._answer(200, b"x", Content_Length="100")

    def _long(self) -> None:
        self._answer(200, b"content and then some", Content_Length="7")

    def _lengths(self) -> None:
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\ncontent!"
        )

    def _negative(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\ncontent")

    def _garbage(self) -> None:
        self.wfile.write(b"\x00\x01 not HTTP at all\r\n\r\n")

    def _huge_header(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._forever(b"X-More: " + b"x" * 8000 + b"\r\n", 0)

    def _endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self._forever(bytes(8000), 0)

    def _chunks(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        self._forever(b"1\r\nx\r\n", 0)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        self._forever(b"x", 0.05)

    def _drip_header(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._forever(b"a", 0.05)

    def _early(self) -> None:
        self._forever(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _forever(self, part: bytes, wait_s: float) -> None:
        while not self.stop.wait(wait_s):
            try:
                self.wfile.write(part)
            except OSError:
                return


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Return the address of a peer that misbehaves on request."""
    Handler.stop.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Handler.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def source_of(url: str, timeout_s: float = 5, asking: Asking = ANYBODY) -> Iterator[HttpSource]:
    """Return a source that is closed at the end."""
    source = HttpSource(url, timeout_s=timeout_s, asking=asking)
    try:
        yield source
    finally:
        source.close()


def test_what_stands_there_is_read(url: str) -> None:
    """Over HTTP, with a trailing slash or without, again and again on one connection."""
    with source_of(url + "/") as source:
        assert [source.read("good", limit=7) for _ in range(3)] == [b"content"] * 3


def test_what_is_posted_is_answered(url: str) -> None:
    """Status and body both matter to a log asking its witness."""
    with source_of(url) as source:
        assert source.post("add-checkpoint", b"old 0\n", limit=100) == (409, b"old 0\n")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("large", "larger than 1000"),
        ("endless", "larger than 1000"),
        ("chunks", "larger than 1000"),
        ("moved", "status 302"),
        ("broken", "status 500.*the disk is full"),
        ("drip", "took longer than"),
        ("drip-header", "took longer than"),
        ("early", "took longer than|cannot be reached"),
        ("silent", "took longer than"),
        ("short", "cannot be reached"),
        ("lengths", "cannot be reached"),
        ("negative", "cannot be reached"),
        ("garbage", "cannot be reached"),
        ("huge-header", "cannot be reached"),
        ("bomb", "larger than 1000"),
        ("cut", "in the middle"),
        ("lying", "not packed as it says"),
        ("brotli", "not asked for"),
        ("twice", "not asked for"),
    ],
)
def test_a_peer_that_misbehaves_is_said_to(url: str, path: str, said: str) -> None:
    """Too much, elsewhere, broken, slow, silent, cut short, unpacking to much: never a hang."""
    with source_of(url, 0.4) as source, pytest.raises(PeerFailed, match=said) as refused:
        source.read(path, limit=1000)
    assert refused.value.peer == url


def test_no_more_is_read_than_was_announced(url: str) -> None:
    """What follows the announced length belongs to no answer."""
    with source_of(url) as source:
        assert source.read("long", limit=1000) == b"content"
        assert source.read("good", limit=1000) == b"content"


def test_only_bundles_are_asked_for_packed(url: str) -> None:
    """Hashes do not pack, and what is packed costs the reader."""
    with source_of(url) as source:
        assert source.read("tile/entries/packed", limit=7) == b"content"
        assert Handler.asked[-1]["accept-encoding"] == "gzip"
        source.read("good", limit=7)
        assert Handler.asked[-1]["accept-encoding"] == "identity"


def test_a_slow_but_honest_peer_is_read_to_its_end() -> None:
    """The deadline grows with what came: a large blob over a thin line is no fault."""
    steps = 6

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (steps * 8192))
        for _ in range(steps):
            connection.sendall(bytes(8192))
            time.sleep(0.25)

    with answering(serve) as port, source_of(f"http://127.0.0.1:{port}", 1.0) as source:
        assert len(source.read("blob", limit=1_000_000)) == steps * 8192


def test_a_missing_file_is_not_a_failed_peer(url: str) -> None:
    """A log may lack a partial tile and still be well."""
    with source_of(url) as source, pytest.raises(NotFound):
        source.read("missing", limit=10)


def test_nobody_listening_is_said() -> None:
    """The commonest failure has clear words."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with (
            source_of(f"http://127.0.0.1:{port}", 1) as source,
            pytest.raises(PeerFailed, match="cannot be reached"),
        ):
            source.read("checkpoint", limit=10)


def test_a_name_that_turns_is_judged_at_every_connection(url: str) -> None:
    """DNS rebinding: public when looked at, inward when connected to. There is one look."""
    looked: list[str] = []

    def turning(host: str, _port: int) -> Iterable[str]:
        looked.append(host)
        return ["::1"] if len(looked) == 1 else ["127.0.0.1"]

    port = int(url.rpartition(":")[2])
    asking = Asking(settings=HttpSettings(allow=("peer.example", "::1")), resolve=turning)
    with source_of(f"http://peer.example:{port}", 0.2, asking) as source:
        with pytest.raises(PeerFailed):  # nobody listens there
            source.read("good", limit=10)
        assert looked == ["peer.example"]
        with pytest.raises(NotPermitted, match=r"127\.0\.0\.1"):
            source.read("good", limit=10)


def test_the_connection_goes_to_the_judged_address(url: str) -> None:
    """The name is in the request, the address is the one that was looked at."""
    port = int(url.rpartition(":")[2])
    settings = HttpSettings(allow=("peer.example", "127.0.0.1"))
    asking = Asking(settings=settings, resolve=lambda *_: ["127.0.0.1"])
    with source_of(f"http://peer.example:{port}", 5, asking) as source:
        assert source.read("good", limit=10) == b"content"
    assert Handler.asked[-1]["host"] == f"peer.example:{port}"


def test_a_second_address_is_tried_where_the_first_is_dead(url: str) -> None:
    """A peer with IPv6 and IPv4 is reached though one of them is cut."""
    port = int(url.rpartition(":")[2])
    settings = HttpSettings(allow=("peer.example", "127.0.0.1", "::1"))
    asking = Asking(settings=settings, resolve=lambda *_: ["::1", "127.0.0.1"])
    with source_of(f"http://peer.example:{port}", 5, asking) as source:
        assert source.read("good", limit=10) == b"content"


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    """No packet leaves for it."""
    with (
        source_of("https://10.0.0.1") as source,
        pytest.raises(NotPermitted, match="not public"),
    ):
        source.read("checkpoint", limit=10)
    with pytest.raises(NotPermitted, match="without TLS"):
        HttpSource("http://peer.example")


def test_the_environments_proxy_is_not_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the address that was judged is not the one that is asked."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with source_of(url) as source:
        assert source.read("good", limit=7) == b"content"


def test_what_signs_sees_the_request_as_it_is_sent(url: str) -> None:
    """Method, whole address and body; what it returns goes along."""
    seen: list[Outgoing] = []

    def sign(asked: Outgoing) -> dict[str, str]:
        seen.append(asked)
        return {"X-Signed": "yes"}

    with source_of(f"{url}/below", asking=Asking(sign=sign)) as source:
        source.read("good", limit=7)
        source.post("x", b"body", limit=9)
    assert seen == [
        Outgoing(method="GET", url=f"{url}/below/good", body=b""),
        Outgoing(method="POST", url=f"{url}/below/x", body=b"body"),
    ]
    assert Handler.asked[-1]["x-signed"] == "yes"


def test_a_peer_that_knows_older_keys_is_asked_as_anybody(url: str) -> None:
    """After a rotation what is public must stay open, or nobody would ever read of it."""
    asking = Asking(sign=lambda _asked: {"X-Signed": "yes"})
    with source_of(url, asking=asking) as source:
        assert source.read("rotated", limit=7) == b"content"
        assert "x-signed" not in Handler.asked[-1]


def test_a_refused_signature_of_another_kind_is_not_left_out(url: str) -> None:
    """A clock that is off is to be mended, not hidden; and it is said in plain words."""
    asking = Asking(sign=lambda _asked: {"X-Signed": "yes"})
    with (
        source_of(url, asking=asking) as source,
        pytest.raises(PeerFailed, match=r"status 401: its clock is off"),
    ):
        source.read("late", limit=7000)


@contextmanager
def answering(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Let a function answer one connection and return its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
