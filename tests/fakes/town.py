# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Members on loopback HTTP, worked from the command line only, and a service to test."""

import contextlib
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from comity.cli.app import run
from comity.node.node import Node
from comity.node.serving.server import log_routes

PASSPHRASE = "example"  # noqa: S105 - it protects nothing
REGULATORS = {"kh": "KHM", "br": "BRA", "sg": "SGP"}
MEMBERS = (*REGULATORS, "maker")
TEMPLATE = '{"text": "{prompt}"}'

PROFILE = """
system = "relief"
version = "1.0"
provider = "Example provider"
example = true
roles = ["provider"]
markets = ["BRA", "KHM"]

[name]
en = "Relief"

[purpose]
en = "Repeats what it is told."

[facts]
is_ai_system = true
"""

CLAIM = """
slug = "flood"
scorer = "exact/1"
threshold = 0.5
goal = 0.9
risk = 0.05
power = 0.9
conducts = ["accuracy_fit_for_purpose"]
licence = "CC0-1.0"
limits = "Nothing else."

[claim]
en = "It repeats what it is told."

[categories]
medical = { en = "Health" }
rescue = { en = "Rescue" }
shelter = { en = "Shelters" }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one command did: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)

    @property
    def cited(self) -> str:
        """Return how the statement it logged is cited."""
        reference = self.json["reference"]
        return f"{reference['log']}#{reference['index']}"


def comity(*words: object) -> Ran:
    """Run one verb in this process, with the passphrase where a verb may need it."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        if words[0] != "verify":
            patch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(word) for word in words])
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())


@dataclass(slots=True)
class Town:
    """Four members that serve their logs, and the folder they live in."""

    folder: Path
    urls: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """Return a file or a node's folder."""
        return self.folder / name

    def follow(self, *readers: str) -> None:
        """Let members follow all others."""
        for reader in readers or MEMBERS:
            assert comity("node", "follow", self.path(reader), "--no-seen").code == 0

    def do(self, *words: object) -> Ran:
        """Run a verb that must succeed, in JSON, and let everybody follow."""
        ran = comity(*words, "--json")
        assert ran.code == 0, ran.err
        self.follow()
        return ran

    def run(self, member: str, plan: str, url: str, *more: object) -> Ran:
        """Run a test against a JSON endpoint."""
        return comity(
            "assess", "run", plan, "--node", self.path(member), "--kind", "json",
            "--endpoint", url, "--template", TEMPLATE, "--answer-path", "said", *more,
        )  # fmt: skip


@contextmanager
def settled(folder: Path) -> Iterator[Town]:
    """Found four members, serve them, and make everyone a peer of everyone."""
    town = Town(folder)
    (folder / "relief.toml").write_text(PROFILE, "utf-8")
    (folder / "flood.claim.toml").write_text(CLAIM, "utf-8")
    (folder / "model.bin").write_bytes(b"weights")
    rows = [
        {
            "category": name,
            "prompt": f"say of {name}: {n}",
            "reference": f"number {n}",
            "scorer": "exact/1",
        }
        for name in ("medical", "rescue", "shelter")
        for n in range(60)
    ]
    (folder / "bank.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with ExitStack() as stack:
        for name in MEMBERS:
            role = "regulator" if name in REGULATORS else "provider"
            ran = comity(
                "node", "init", folder / name, "--name", name, "--role", role,
                "--jurisdiction", REGULATORS.get(name, "BRA"),
                "--origin", f"{name}.example/log", "--example",
            )  # fmt: skip
            assert ran.code == 0, ran.err
            town.urls[name] = stack.enter_context(_served(folder / name))
        for name in MEMBERS:
            for other in MEMBERS:
                if other != name:
                    counts = "--counts" if other in REGULATORS else "--no-counts"
                    words = ("node", "peer", folder / name, town.urls[other], "--name", other)
                    assert comity(*words, counts).code == 0
        for name in MEMBERS:
            assert comity("publish", "--node", folder / name).code == 0
        town.follow()
        yield town


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    node = Node.open(folder, PASSPHRASE)
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Starlette(routes=log_routes(node)), log_level="error", lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        bound.close()
        node.close()


@contextmanager
def service(answer: Callable[[str], str]) -> Iterator[str]:
    """Serve a system under test: POST {"text": …} gives {"said": …}."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            text = json.loads(self.rfile.read(length))["text"]
            body = json.dumps({"said": answer(text)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of a client that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def last_word(text: str) -> str:
    """Answer as a system that is always right."""
    return f"number {text.rsplit(maxsplit=1)[-1]}"


def wrong_of_shelters(text: str) -> str:
    """Answer as a system that is always wrong of shelters."""
    return "wrong" if "of shelter:" in text else last_word(text)
