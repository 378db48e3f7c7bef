# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node`: found a node, write down peers, follow them, serve, check everything."""

import secrets
import socket
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from comity.cli.option import Json, print_json
from comity.cli.passphrase import read_passphrase
from comity.desk.node import Visit, follow_peers, introduce
from comity.errors import Conflict, PeerFailed, VerificationFailed
from comity.ledger.keyset import Keyset
from comity.node.config import Peer
from comity.node.fsck import check_node
from comity.node.node import Node
from comity.node.server import read_clock

app = App(name="node", help="Run one member's node: its log, its peers, its witness.")

PassphraseFile = Annotated[
    Path | None,
    Parameter(help="A file with the passphrase; else COMITY_PASSPHRASE, else you are asked."),
]


@app.command
def init(
    folder: Path,
    *,
    name: str,
    role: str,
    jurisdiction: str,
    origin: str,
    example: bool = False,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Found a node: draw its keys, seal them, log its keyset.

    Example: comity node init kh --name "AI Office" --role regulator --jurisdiction KHM
    --origin ai-office.example/log

    Args:
        folder: A new folder for everything the node keeps.
        name: What the member calls itself.
        role: regulator or provider.
        jurisdiction: ISO 3166-1 alpha-3 code, such as KHM.
        origin: The log's name, by custom its address without the scheme.
        example: Mark the member as an example; its keys are then sealed lightly.
    """
    node = Node.create(
        folder,
        name=name,
        role=role,
        jurisdiction=jurisdiction,
        origin=origin,
        passphrase=read_passphrase(passphrase_file, is_new=True),
        now=read_clock(),
        entropy=secrets.token_bytes,
        example=example,
    )
    _print_member(node, as_json=as_json)
    node.close()


@app.command
def show(
    folder: Path, *, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Print who the node is, for its peers to compare over another channel.

    Example: comity node show kh

    Args:
        folder: The node's folder.
    """
    node = Node.open(folder, read_passphrase(passphrase_file))
    _print_member(node, as_json=as_json)
    node.close()


@app.command
def peer(
    folder: Path,
    location: str,
    *,
    member: str | None = None,
    name: str | None = None,
    counts: bool = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a peer into node.toml, after reading its keys from its log.

    Example: comity node peer kh https://br.example --member 3f2a09c1d4e5b6a7

    Args:
        folder: The node's folder.
        location: The peer's http(s) address, or a folder with its log.
        member: The id its operator told you over another channel, or its first digits.
        name: What to call it here; otherwise as it calls itself.
        counts: Whether its cosignatures count for this node.
    """
    node = Node.open(folder, read_passphrase(passphrase_file))
    found, keyset = introduce(location, member=member, name=name, counts=counts)
    node.add_peer(found)
    node.close()
    _print_peer(found, keyset, is_compared=member is not None, as_json=as_json)


@app.command
def follow(
    folder: Path,
    *peers: str,
    seen: bool = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Read peers' logs, verify everything in them, and keep verified copies.

    Example: comity node follow kh

    Args:
        folder: The node's folder.
        peers: Names of peers; without any, all of them.
        seen: Also log which checkpoints this node has cosigned, where that is news.
    """
    node = Node.open(folder, read_passphrase(passphrase_file))
    console, now = Console(highlight=False), read_clock()
    visits = []
    for visit in follow_peers(node, peers, now):
        visits.append(visit)
        if not as_json:
            _print_visit(console, visit)
    if seen and node.record_seen(now) is not None:
        node.publish(now)
    node.close()
    if as_json:
        print_json([_visit_json(visit) for visit in visits])
    errors = [visit.error for visit in visits if visit.error is not None]
    if any(isinstance(error, VerificationFailed) for error in errors):
        return 1
    return 2 if errors else 0


@app.command
def fsck(folder: Path, *, as_json: Json = False) -> int:
    """Re-derive everything the node keeps and name the first wrong byte of each part.

    Needs no passphrase and changes nothing. Exit 1 when something does not follow.

    Example: comity node fsck kh

    Args:
        folder: The node's folder.
    """
    report = check_node(folder)
    if as_json:
        problems = [{"place": one.place, "message": one.message} for one in report.problems]
        print_json(
            {
                "entries": report.entries,
                "followed": report.followed,
                "blobs": report.blobs,
                "problems": problems,
            }
        )
        return 1 if report.problems else 0
    console = Console(highlight=False)
    console.print(
        f"{report.entries} entries, {report.followed} followed logs, {report.blobs} blobs"
    )
    for one in report.problems:
        console.print(f"{one.place}: {one.message}", markup=False, style="red", soft_wrap=True)
    if not report.problems:
        console.print("everything follows from the logs")
    return 1 if report.problems else 0


@app.command
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


def _print_member(node: Node, *, as_json: bool) -> None:
    keyset = node.keyset
    facts = {
        "member": node.member,
        "name": keyset.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "example": keyset.example,
        "origin": keyset.origin,
        "log": keyset.log_key.vkey,
        "witness": keyset.witness_key.vkey,
        "entries": node.log.size,
    }
    if as_json:
        print_json(facts)
        return
    console = Console(highlight=False)
    for label, fact in facts.items():
        console.print(f"{label:<13}{fact}", markup=False, soft_wrap=True)


def _print_peer(found: Peer, keyset: Keyset, *, is_compared: bool, as_json: bool) -> None:
    facts = {
        "member": found.member,
        "name": found.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "log": found.log_key.vkey,
        "compared": is_compared,
    }
    if as_json:
        print_json(facts)
        return
    console = Console(highlight=False)
    console.print(f"{found.name} ({keyset.role}, {keyset.jurisdiction}) is a peer now.")
    console.print(f"member {found.member}", soft_wrap=True)
    if not is_compared:
        console.print("Compare that id with its operator over another channel.", style="yellow")


def _print_visit(console: Console, visit: Visit) -> None:
    if visit.followed is None:
        kind = "unreachable" if isinstance(visit.error, PeerFailed) else "refused"
        said = f"{visit.peer.name}: {kind}: {visit.error}"
        console.print(said, markup=False, style="red", soft_wrap=True)
        return
    found = visit.followed
    counted = f"{len(found.tally.counted)} of {found.tally.needed} cosignatures"
    new = found.size - found.previous
    console.print(f"{visit.peer.name}: {new} new, {found.size} in all, {counted}", markup=False)


def _visit_json(visit: Visit) -> dict[str, object]:
    base: dict[str, object] = {"member": visit.peer.member, "name": visit.peer.name}
    if visit.followed is None:
        error = visit.error
        code = "" if error is None else error.code
        return {**base, "error": {"code": code, "message": str(error)}}
    return {
        **base,
        "previous": visit.followed.previous,
        "size": visit.followed.size,
        "cosigners": list(visit.followed.tally.members),
        "quorum_met": visit.followed.tally.is_met,
    }
