# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node export` and `import`: carry logs on a memory stick."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.node.follow import Telling, exit_code, print_visit, to_size, visit_json
from comity.cli.option import Json, print_json, words_of
from comity.cli.session import PassphraseFile, opened
from comity.desk.log.following import Visit
from comity.errors import Conflict
from comity.kernel.noun import counted
from comity.node.carry import Cargo, Loaded, Loading, load
from comity.node.clock import read_clock
from comity.node.disk.storage import Disk
from comity.node.following.follow import Manner
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.unload import Taken, Unloaded, unload

Blobs = Annotated[bool, Parameter(negative="--no-blobs", help="With blobs anyone may read.")]


def export(
    folder: Path,
    stick: Path,
    *,
    logs: str = "",
    since: int = 0,
    afresh: bool = False,
    blobs: Blobs = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write logs, and requests to cosign the node's own, onto a memory stick.

    Example: comity node export kh /mnt/stick

    Example: comity node export kh /mnt/stick --logs br,sg --since 5000

    Args:
        folder: The node's folder.
        stick: The folder to write to.
        logs: Whose logs, by name ("own" is the node's own); without any, all it has.
        since: Leave away bundles that end at or below this index, as they are there already.
        afresh: Write also what seems to be there, as the stick may be damaged.
    """
    console = Console(highlight=False, quiet=as_json)
    with opened(folder, passphrase_file) as node:
        _refuse_own_folder(node, stick)
        loading = Loading(
            peers=_chosen(node, words_of(logs)),
            since=since,
            is_own=_is_own_chosen(node, words_of(logs)),
            with_blobs=blobs,
            is_afresh=afresh,
            on_log=lambda one: console.print(_cargo_line(one), markup=False, soft_wrap=True),
        )
        loaded = load(node, Disk(stick.absolute()), loading, read_clock())
    _tell_requests(console, loaded)
    if as_json:
        print_json(_loaded_json(loaded))


def import_(
    folder: Path,
    stick: Path,
    *,
    beyond_quota: bool = False,
    blobs: Blobs = False,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Take in a memory stick: follow the logs of peers on it, cosign, collect answers.

    Nothing on the stick is trusted: every byte is verified as if it came over the network. Logs
    of nobody this node knows are named and left alone.

    Example: comity node import kh /mnt/stick

    Args:
        folder: The node's folder.
        stick: The folder that `comity node export` wrote.
        beyond_quota: Lift the quotas of node.toml this once.
    """
    console = Console(highlight=False, quiet=as_json)
    with opened(folder, passphrase_file) as node, Telling(console) as telling:

        def manner_of(peer: Peer) -> Manner:
            return Manner(is_beyond_quota=beyond_quota, on_progress=telling.of(peer))

        disk = Disk(stick.absolute())
        found = unload(node, disk, read_clock(), manner_of, with_blobs=blobs)
        telling.done()
    _print_unloaded(console, found)
    if as_json:
        print_json(_unloaded_json(found))
    return exit_code([_visit(one) for one in found.taken])


def _tell_requests(console: Console, loaded: Loaded) -> None:
    for peer in loaded.requests:
        console.print(f"asks {peer.name} to cosign", markup=False)


def _own_names(node: Node) -> set[str]:
    return {"own", node.keyset.name, node.member, node.origin}


def _is_own_chosen(node: Node, words: Sequence[str]) -> bool:
    return not words or any(word in _own_names(node) for word in words)


def _chosen(node: Node, words: Sequence[str]) -> list[Peer] | None:
    if not words:
        return None
    return [node.get_peer(word) for word in words if word not in _own_names(node)]


def _refuse_own_folder(node: Node, stick: Path) -> None:
    if stick.absolute().resolve().is_relative_to(node.folder.resolve()):
        raise Conflict(
            f"{stick} is inside the node's own folder",
            code="cli.stick",
            hint="name the folder of a stick, outside the node",
        )


def _cargo_line(one: Cargo) -> str:
    if one.is_older:
        return f"{one.name}: the stick holds a newer copy, of size {one.size}"
    written = f"{counted(one.files, 'file')}, {to_size(one.written_bytes)} written"
    said = counted(one.size, "entry", "entries")
    return f"{one.name}: {said}, {written if one.files else 'nothing new'}"


def _visit(one: Taken) -> Visit:
    return Visit(peer=one.peer, followed=one.followed, error=one.error)


def _print_unloaded(console: Console, found: Unloaded) -> None:
    for one in found.taken:
        if one.is_older:
            console.print(f"{one.peer.name}: the stick holds an older copy", markup=False)
        else:
            print_visit(console, _visit(one))
    for stranger in found.strangers:
        said = f"{stranger.origin}: of no peer, not read; it says it is {stranger.member}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    for request in found.cosigned:
        said = f"{request.member[:16]} at size {request.size}: "
        said += (
            f"not cosigned: {request.reason}" if request.reason else "cosigned, on the stick"
        )
        console.print(said, markup=False, soft_wrap=True)
    if found.published is not None:
        tally = found.published.tally
        said = f"own log: {len(tally.counted)} of {tally.needed} cosignatures"
        console.print(said, markup=False)
    if found.blobs:
        console.print(f"{found.blobs} blobs", markup=False)


def _loaded_json(loaded: Loaded) -> dict[str, object]:
    return {
        "logs": [
            {
                "member": one.member,
                "origin": one.origin,
                "name": one.name,
                "size": one.size,
                "files": one.files,
                "bytes": one.written_bytes,
                "older": one.is_older,
            }
            for one in loaded.cargo
        ],
        "requests": [peer.member for peer in loaded.requests],
    }


def _unloaded_json(found: Unloaded) -> dict[str, object]:
    published = found.published
    return {
        "followed": [{**visit_json(_visit(one)), "older": one.is_older} for one in found.taken],
        "strangers": [
            {"member": one.member, "origin": one.origin, "size": one.size}
            for one in found.strangers
        ],
        "cosigned": [
            {"member": one.member, "size": one.size, "reason": one.reason or None}
            for one in found.cosigned
        ],
        "published": None
        if published is None
        else {"size": published.checkpoint.size, "cosigners": list(published.tally.members)},
        "blobs": found.blobs,
    }
