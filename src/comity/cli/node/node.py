# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node`: found a node, write down peers, follow them, serve, check everything."""

import secrets
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from comity.cli.node.carry import export, import_
from comity.cli.node.follow import follow
from comity.cli.node.founding import check_founding
from comity.cli.node.fsck import fsck
from comity.cli.node.keep import backup, confirm, reindex, restore
from comity.cli.node.peer import peer
from comity.cli.node.peers import peers
from comity.cli.node.redact import redact
from comity.cli.node.serve import serve
from comity.cli.option import Json, print_json
from comity.cli.passphrase import read_passphrase
from comity.node.clock import read_clock
from comity.node.disk.storage import Disk
from comity.node.member.founding import refuse_taken
from comity.node.member.glance import Glance, read_glance
from comity.node.node import Node

app = App(name="node", help="Run one member's node: its log, its peers, its witness.")
app.command(export)
app.command(follow)
app.command(fsck)
app.command(import_, name="import")
app.command(peer)
app.command(peers)
app.command(redact)
app.command(serve)
app.command(backup)
app.command(restore)
app.command(confirm)
app.command(reindex)

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
        origin: The log's name for ever: by custom its address without the scheme.
        example: Mark the member as an example; its keys are then sealed lightly.
    """
    check_founding(name=name, role=role, jurisdiction=jurisdiction, origin=origin)
    refuse_taken(folder)
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
    node.close()
    _print_member(read_glance(Disk(folder.absolute())), as_json=as_json)


@app.command
def show(folder: Path, *, as_json: Json = False) -> None:
    """Print who the node is, for its peers to compare over another channel.

    Needs no passphrase: all of it is public.

    Example: comity node show kh

    Args:
        folder: The node's folder.
    """
    _print_member(read_glance(Disk(folder.absolute())), as_json=as_json)


def _print_member(found: Glance, *, as_json: bool) -> None:
    keyset = found.identity.keyset
    facts = {
        "member": found.identity.member,
        "name": keyset.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "example": keyset.example,
        "origin": keyset.origin,
        "log": keyset.log_key.vkey,
        "witness": keyset.witness_key.vkey,
        "entries": found.size,
    }
    if as_json:
        print_json(facts)
        return
    console = Console(highlight=False)
    for label, fact in facts.items():
        console.print(f"{label:<13}{fact}", markup=False, soft_wrap=True)
