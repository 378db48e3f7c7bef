# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node serve`: the node's log, its witness and the register over HTTP."""

import errno
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from comity.cli.passphrase import read_passphrase
from comity.cli.session import PassphraseFile
from comity.errors import ComityError, Conflict, Fault, InvalidDocument
from comity.node.node import Node
from comity.node.serving.tenure import Tenure
from comity.node.witness.publication import recall

if TYPE_CHECKING:
    import uvicorn

    from comity.cli.node.serving import Serving

GRACE_S = 10
"""How long requests being answered, and a round under way, may take once it is to stop."""

CHECK_S = 2.0
"""How often it is seen whether the keys were rotated."""

_ROTATED = "the keys were rotated: going on with the new ones"
_EVERY = re.compile(r"([0-9]{1,5})(s|m|h)")
_UNITS_S = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the operator asked to have served."""

    folder: Path
    passphrase: str = field(repr=False)
    every_s: int
    metrics_port: int | None
    access_log: bool


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    follow_every: str = "",
    metrics_port: int | None = None,
    access_log: bool = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Serve the node's log, its witness and the register over HTTP until it is told to stop.

    Example: comity node serve kh --port 8081 --follow-every 10m --metrics-port 9464

    Ctrl-C or SIGTERM ends it: requests being answered are finished first. After a rotation it
    goes on with the new keys by itself. Certificates, limits and the names it answers to stand
    under [http] in node.toml.

    Args:
        folder: The node's folder.
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
        follow_every: Also follow all peers and publish, each so often: 30s, 10m, 6h.
        metrics_port: Serve figures for Prometheus on this port of 127.0.0.1; 0 finds one.
        access_log: Print each request as a line of JSON, without visitors' addresses.
    """
    every_s = seconds_of(follow_every)
    order = _Order(
        folder=folder,
        passphrase=read_passphrase(passphrase_file),
        every_s=every_s,
        metrics_port=metrics_port,
        access_log=access_log,
    )
    _serve_on(order, host, port)


def _serve_on(order: _Order, host: str, port: int) -> None:
    """Serve until told to stop, with the keys in use at any time."""
    goes_on = True
    with closing(_bind(host, port)) as bound:
        while goes_on:
            with closing(Node.open(order.folder, order.passphrase)) as node:
                goes_on = _serve_while_keys_last(order, bound, node)
            if goes_on:
                print(_ROTATED, file=sys.stderr, flush=True)  # noqa: T201 - the service's journal


def _serve_while_keys_last(order: _Order, bound: socket.socket, node: Node) -> bool:
    """Serve until told to stop; True where it must go on with keys that were rotated in."""
    with ExitStack() as stack:
        serving, server = _put_together(node, has_access_log=order.access_log)
        if order.metrics_port is not None:
            at = stack.enter_context(serving.figures(order.metrics_port))
            print(f"metrics: http://127.0.0.1:{at}/metrics", flush=True)  # noqa: T201 - where they are
        if order.every_s:  # a node of its own for the rounds
            own = stack.enter_context(closing(Node.open(order.folder, order.passphrase)))
            stack.enter_context(_going_round(serving, own, order.every_s))
        _ask_once(node)
        print(f"{node.keyset.name}: {serving.scheme}://{_shown(bound)}", flush=True)  # noqa: T201 - where it is
        return _run(server, bound, Tenure(node))


def _ask_once(node: Node) -> None:
    """Ask the peers beside the server what they hold of this log, where one is a witness."""
    if any(peer.witness_key is not None for peer in node.config.peers):
        asking = threading.Thread(target=_recall, args=[node], name="recall", daemon=True)
        asking.start()


def _recall(node: Node) -> None:
    """Say at once what publishing would refuse: peers know more of this log than this node."""
    try:
        recall(node.log, node.publisher())
    except ComityError as error:
        said = " ".join(str(error).split())
        print(f"peers were asked for this log: {said}", file=sys.stderr, flush=True)  # noqa: T201 - the service's journal


def _put_together(node: Node, *, has_access_log: bool) -> "tuple[Serving, uvicorn.Server]":
    from comity.cli.node.serving import Serving  # noqa: PLC0415 - only this verb pays for it

    serving = Serving(node, has_access_log=has_access_log)
    return serving, serving.server(GRACE_S)


def _shown(bound: socket.socket) -> str:
    address, number = bound.getsockname()[:2]
    return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"


def seconds_of(text: str) -> int:
    """Read 30s, 10m or 6h; nothing gives 0.

    Raises:
        InvalidDocument: It is no such time, or no time at all.
    """
    if not text:
        return 0
    found = _EVERY.fullmatch(text.strip())
    if found is None or not int(found[1]):
        message = f"{text!r} is no time between two visits"
        raise InvalidDocument(
            message,
            code="cli.every",
            hint="write seconds, minutes or hours: 30s, 10m, 6h",
            faults=[Fault(message=message)],
        )
    return int(found[1]) * _UNITS_S[found[2]]


def _run(server: "uvicorn.Server", bound: socket.socket, tenure: Tenure) -> bool:
    """Answer requests until a signal comes; a second one ends everything at once.

    Returns:
        Whether it ended because the keys were rotated; *bound* then still listens.
    """
    stop = threading.Event()
    listening = bound.dup()  # the server closes what it is given

    def answer() -> None:
        try:
            server.run(sockets=[listening])
        finally:
            stop.set()

    thread = threading.Thread(target=answer, name="http", daemon=True)
    with _until_signal(stop):
        thread.start()
        is_over = False
        while not is_over and not stop.wait(CHECK_S):
            is_over = tenure.is_over()
    server.should_exit = True
    thread.join(GRACE_S + 5)
    return is_over


@contextmanager
def _until_signal(stop: threading.Event) -> Iterator[None]:
    """Set *stop* at the first SIGTERM or SIGINT; what follows acts as it did before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _going_round(serving: "Serving", node: Node, every_s: int) -> Iterator[None]:
    """Follow and publish in the background; a round under way is finished or given up.

    Whenever it is given up, what was logged is durable and what was not signed never counts.
    """
    stop = threading.Event()
    rounds = serving.rounds(node, every_s)
    thread = threading.Thread(target=rounds.run, args=[stop], name="rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GRACE_S)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: only then does asyncio send small answers at once, not 40 ms later.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()
    except (OSError, OverflowError) as error:
        bound.close()
        is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        taken = "another program listens there; choose another --port"
        raise Conflict(
            f"cannot listen on {host}:{port}: {error}",
            code="cli.port",
            hint=taken if is_taken else "choose an address of this machine and a port to 65535",
        ) from None
    return bound
