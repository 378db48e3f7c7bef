# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node serve`: the node's log, its witness and the register over HTTP."""

import socket
from pathlib import Path

from comity.cli.passphrase import read_passphrase
from comity.cli.session import PassphraseFile
from comity.errors import Conflict
from comity.node.node import Node


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Serve the node's log, its witness and the register over HTTP.

    Example: comity node serve kh --port 8081

    Args:
        folder: The node's folder.
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
    """
    node = Node.open(folder, read_passphrase(passphrase_file))
    bound = _bind(host, port)
    try:
        _serve(node, bound)
    finally:
        bound.close()
        node.close()


def _serve(node: Node, bound: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415 - only this verb pays for the server

    from comity.api.app import create_api  # noqa: PLC0415 - only this verb pays for the API
    from comity.web.app import create_app  # noqa: PLC0415 - only this verb pays for the pages

    address, port = bound.getsockname()[:2]
    site = create_app(node, api=create_api(node))
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning"))
    print(f"{node.keyset.name}: http://{address}:{port}", flush=True)  # noqa: T201 - where it is
    server.run(sockets=[bound])


def _bind(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()
    except (OSError, OverflowError) as error:
        bound.close()
        raise Conflict(
            f"cannot listen on {host}:{port}: {error}",
            code="cli.port",
            hint="another program listens there; choose another --port",
        ) from None
    return bound
