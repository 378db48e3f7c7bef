# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity blob`: keep content outside the log, show it to some, erase it in the open."""

import secrets
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.blob.disclose import conceal, disclose
from comity.cli.blob.erase import consent, erase, erasures
from comity.cli.session import Json, NodeFolder, PassphraseFile, Telling, looked_at, opened
from comity.desk.log.erasure import find_blob_target, get_entry
from comity.desk.log.secret import (
    commitments_in,
    fetch_blob,
    is_file,
    keep_blob,
    open_file,
    open_held,
    reading,
    seal_file,
)
from comity.errors import Fault, InvalidDocument, NotFound
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.ledger.commitment import Access, AccessClass, Commitment
from comity.node.node import Node
from comity.node.secrets.kept import MAX_KEPT_BYTES

app = App(name="blob", help="Keep content outside the log, show it to some, erase it openly.")
for _verb in (conceal, consent, disclose, erase, erasures):
    app.command(_verb)

To = Annotated[
    tuple[str, ...],
    Parameter(
        name="--to",
        consume_multiple=True,
        negative="",
        help="Members, by their names in node.toml.",
    ),
]


@app.command
def keep(
    file: Path,
    *,
    node: NodeFolder,
    access: str = "named",
    to: To = (),
    media: str = "application/octet-stream",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Keep a file in the node and print the commitment that a statement carries for it.

    The commitment tells nothing of the content but its size to the next power of two. Strangers
    are never served it.

    Example: comity blob keep report.pdf --to br --media application/pdf --node kh

    Example: comity blob keep report.pdf --access sealed --to br sg --node kh

    Args:
        file: What to keep; at most 64 MiB.
        access: public, members, named, or sealed (encrypted for its readers as well).
        media: Its media type.
    """
    telling = Telling(as_json=as_json)
    kind = _access(access)
    with opened(node, passphrase_file) as own, reading(file) as source:
        readers = frozenset(own.get_peer(name).member for name in to)
        given = Access(kind=kind, readers=readers)
        content = source.read(MAX_KEPT_BYTES + 1)
        with telling.working(f"keeping {file}"):
            made = keep_blob(own, content, media=media, access=given, salts=secrets.token_bytes)
    telling.say(f"kept: blob {made.sha256.hex()}", style="bold")
    telling.say("put this into a statement, as the details of an incident for example:")
    telling.say(_shown(made))
    telling.print_json(made.to_json())


@app.command
def seal(
    file: Path,
    *,
    to: To,
    node: NodeFolder,
    out: Path | None = None,
    about: str | None = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Encrypt a file of any size for members, and for oneself; nothing is logged.

    Each of them opens it with its own key; the file names none of them. It can travel by mail
    or on a stick.

    Example: comity blob seal evidence.tar --to br sg --about kh.example/log#9 --node kh

    Args:
        file: What to encrypt.
        out: The new file; by default FILE.sealed.
        about: The statement it belongs to, bound into it.
    """
    telling = Telling(as_json=as_json)
    target = out or file.with_name(f"{file.name}.sealed")
    with opened(node, passphrase_file) as own:
        reference = None if about is None else get_entry(own, about).reference
        readers = [own.get_peer(name).member for name in to]
        with telling.working(f"sealing {file}"):
            size = seal_file(own, file, target, readers, reference)
    telling.say(f"sealed for {', '.join(to)} and this member: {target}, {size} bytes")
    telling.print_json({"file": str(target), "bytes": size, "to": list(readers)})


@app.command(name="open")
def open_(
    target: str,
    *,
    out: Path,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Open a sealed file, or a blob that this node keeps.

    Exit 1 where it was changed, 2 where it was sealed for others; nothing is written then.

    Example: comity blob open evidence.tar.sealed --out evidence.tar --node br

    Args:
        target: A sealed file, the digits of a blob, or a statement that speaks of one.
        out: The new file.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own, telling.working(f"opening {target}"):
        about = open_file(own, Path(target), out).about if is_file(target) else None
        if not is_file(target):
            found = find_blob_target(own, target).blob
            if found is None:
                raise NotFound(f"no blob {target}", code="desk.blob")
            open_held(own, own.blobs.kept.get(found), out)
    place = None if about is None else f"{about.log}#{about.index}"
    telling.say(f"opened: {out}")
    if place is not None:
        telling.say(f"it was sealed about {place}")
    telling.print_json({"file": str(out), "about": place})


@app.command
def fetch(
    statement: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Fetch the blobs a statement speaks of from its author, and keep them for oneself.

    No more bytes are taken than the statement declares, and none that it does not commit to.

    Example: comity blob fetch kh.example/log#7 --node br

    Args:
        statement: Its place.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        entry = get_entry(own, statement)
        said = {} if entry.statement is None else dict(entry.statement.predicate)
        found = list(commitments_in(said))
        for one in found:
            with telling.working(f"fetching {one.sha256.hex()[:16]}"):
                fetch_blob(own, entry.member, one)
            telling.say(f"held here: blob {one.sha256.hex()}")
        if not found:
            telling.say("that statement speaks of no blob")
    telling.print_json([one.to_json() for one in found])


@app.command(name="list")
def list_(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """List the blobs this node keeps, with their sizes and who may read them.

    Example: comity blob list --node kh
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        rows = [_row(own, name) for name in own.blobs.kept.names()]
    for row in rows:
        readers = " ".join(str(row["readers"]).split())
        telling.say(f"{row['sha256']}  {row['bytes']} bytes  {row['access']}  {readers}")
    if not rows:
        telling.say("no blob is kept here")
    telling.print_json(rows)


def _row(node: Node, name: Digest) -> dict[str, object]:
    held = node.blobs.kept.get(name)
    names = {peer.member: peer.name for peer in node.config.peers}
    readers: list[MemberId] = sorted(held.access.readers)
    return {
        "sha256": name.hex(),
        "bytes": len(held.content),
        "access": held.access.kind.value,
        "readers": ", ".join(names.get(one, one[:16]) for one in readers),
    }


def _access(text: str) -> AccessClass:
    known = [one.value for one in AccessClass]
    if text not in known:
        message = f"--access {text!r} is not one of: {', '.join(known)}"
        raise InvalidDocument(message, code="cli.access", faults=[Fault(message=message)])
    return AccessClass(text)


def _shown(made: Commitment) -> str:
    parts = (f'"{name}": {_literal(value)}' for name, value in made.to_json().items())
    return "{" + ", ".join(parts) + "}"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
