# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound, PeerFailed
from comity.node.http_source import HttpSource
from comity.node.source import FolderSource, open_source


class Handler(BaseHTTPRequestHandler):
    """A peer that behaves as its path says."""

    stop = threading.Event()

    def do_GET(self) -> None:
        """Answer."""
        match self.path:
            case "/good":
                self._answer(200, b"content")
            case "/large":
                self._answer(200, bytes(100_000))
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/good")
                self.end_headers()
            case "/drip":
                self._drip()
            case "/silent":
                self.stop.wait(5)
            case "/short":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"x")
            case "/garbage":
                self.wfile.write(b"\x00\x01 not HTTP at all\r\n\r\n")
            case _:
                self._answer(404 if self.path == "/missing" else 500, b"")

    def do_POST(self) -> None:
        """Echo."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(409, body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        while not self.stop.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return


@contextmanager
def closing_source(url: str, timeout_s: float) -> Iterator[HttpSource]:
    """Return a source that is closed at the end."""
    source = HttpSource(url, timeout_s=timeout_s)
    try:
        yield source
    finally:
        source.close()


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


def test_what_stands_there_is_read(url: str) -> None:
    """Over HTTP, with a trailing slash or without."""
    with closing_source(url + "/", 5) as source:
        assert source.read("good", limit=7) == b"content"


def test_what_is_posted_is_answered(url: str) -> None:
    """Status and body both matter to a log asking its witness."""
    with closing_source(url, 5) as source:
        assert source.post("add-checkpoint", b"old 0\n", limit=100) == (409, b"old 0\n")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("large", "larger than 1000"),
        ("moved", "status 302"),
        ("broken", "status 500"),
        ("drip", "took longer than"),
        ("silent", "took longer than"),
        ("short", "cannot be reached"),
        ("garbage", "cannot be reached"),
    ],
)
def test_a_peer_that_misbehaves_is_said_to(url: str, path: str, said: str) -> None:
    """Too much, elsewhere, broken, slow, silent, cut short or no HTTP: never a hang."""
    with closing_source(url, 0.4) as source, pytest.raises(PeerFailed, match=said) as refused:
        source.read(path, limit=1000)
    assert refused.value.peer == url


def test_a_missing_file_is_not_a_failed_peer(url: str) -> None:
    """A log may lack a partial tile and still be well."""
    with closing_source(url, 5) as source, pytest.raises(NotFound):
        source.read("missing", limit=10)


def test_nobody_listening_is_said() -> None:
    """The commonest failure has clear words."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with (
            closing_source(f"http://127.0.0.1:{port}", 1) as source,
            pytest.raises(PeerFailed, match="cannot be reached"),
        ):
            source.read("checkpoint", limit=10)


def test_a_folder_is_a_source(tmp_path: Path) -> None:
    """A memory stick, a mirror, another node's public files."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "checkpoint").write_bytes(b"note")
    for location in (tmp_path, tmp_path / "public"):
        source = open_source(str(location))
        assert source.read("checkpoint", limit=4) == b"note"
        with pytest.raises(PeerFailed, match="larger"):
            source.read("checkpoint", limit=3)
        with pytest.raises(NotFound):
            source.read("tile", limit=3)


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("ftp://x.example", InvalidDocument),
        ("file:///etc", InvalidDocument),
        ("http://", InvalidDocument),
        ("no such folder", NotFound),
    ],
)
def test_no_other_address_is_a_source(
    location: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what an operator may mean."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        open_source(location)


def test_a_source_has_a_name_for_messages(tmp_path: Path) -> None:
    """Every refusal says where it was read."""
    assert FolderSource(tmp_path).name == str(tmp_path)
