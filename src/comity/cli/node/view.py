# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity view`: what a node sees, and why two nodes see different things."""

import json
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.cli.option import Json, minute_of, print_json
from comity.desk.log.difference import Difference, differences
from comity.errors import Fault, InvalidDocument, NotFound
from comity.kernel.instant import to_rfc3339
from comity.kernel.noun import counted
from comity.node.clock import read_clock
from comity.node.disk.storage import Disk
from comity.node.fetch.source import source_at
from comity.node.logs.following import Mode
from comity.node.member.absent import no_node
from comity.node.views.viewpoint import Sight, Viewpoint, from_json, read_viewpoint, to_json

_MAX_BYTES = 16 * 2**20

app = App(name="view", help="Show what a node sees, and why two nodes see different things.")


@app.command
def show(node: str, *, as_json: Json = False) -> None:
    """Show each log a node sees: size, root, who cosigned, up to where it counts, how old.

    Needs no passphrase. With --json the view can be saved and compared later, or elsewhere.

    Example: comity view show kh

    Example: comity view show https://br.example

    Args:
        node: The node's folder, the address of a running node, or a saved view.
    """
    view = _read(node)
    if as_json:
        print_json(to_json(view))
        return
    console = Console(highlight=False)
    console.print(f"{view.name} at {to_rfc3339(view.at)}", markup=False, style="bold")
    table = Table("log", "size", "root", "cosigned", "counts to", "read", box=None)
    for one in view.sights:
        table.add_row(
            escape(f"{one.name} ({one.origin})"),
            str(one.size),
            one.root[:12],
            f"{len(one.cosigners)} of {one.needed}",
            str(one.counted_size),
            minute_of(one.checked_at),
        )
    console.print(table)
    for one in view.sights:
        _print_gaps(console, one)


@app.command
def diff(one: str, other: str, *, as_json: Json = False) -> int:
    """Say why two nodes see different things, in plain sentences.

    Each side is a node's folder, the address of a running node, or a file saved by `comity view
    show --json`. Exit 0 where nothing differs, 1 where something does.

    Example: comity view diff kh https://br.example

    Example: comity view diff monday.json kh

    Args:
        one: The first node.
        other: The second node.
    """
    first, second = _read(one), _read(other)
    found = differences(first, second)
    if as_json:
        print_json(_as_json(first, second, found))
        return 1 if found else 0
    console = Console(highlight=False)
    if not found:
        console.print(f"{first.name} and {second.name} see the same.", markup=False)
        return 0
    for reason in found:
        console.print(f"{reason.origin}: {reason.text}", markup=False, soft_wrap=True)
    return 1


def _read(place: str) -> Viewpoint:
    if "://" in place:
        with source_at(place) as source:
            content = source.read("view", limit=_MAX_BYTES)
        return _parsed(content, place)
    path = Path(place)
    if path.is_dir():
        return read_viewpoint(Disk(path), read_clock())
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            f"no node and no file {place}",
            code="cli.view",
            hint=f"{no_node(path).hint}; an address and a saved view do as well",
        ) from None
    return _parsed(content, place)


def _parsed(content: bytes, place: str) -> Viewpoint:
    try:
        value: object = json.loads(content[:_MAX_BYTES])
    except (ValueError, RecursionError):
        raise InvalidDocument(
            "not a node's view",
            code="node.view",
            hint="write one with `comity view show NODE --json`",
            source=place,
            faults=[Fault(message="not JSON")],
        ) from None
    return from_json(value, source=place)


def _print_gaps(console: Console, one: Sight) -> None:
    if one.forked_from is not None:
        said = f"{one.name}: told two stories from entry {one.forked_from} on"
        console.print(said, markup=False, style="red", soft_wrap=True)
    if one.held < one.size:
        mode = "" if one.mode is Mode.FULL else f", followed as {one.mode.value}"
        missing = one.size - one.held
        verb = "is" if missing == 1 else "are"
        said = f"{one.name}: {counted(missing, 'entry', 'entries')} {verb} not held here{mode}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
        if one.mode is Mode.HASHES:
            said = f"{one.name}: what it says of rotated or stolen keys is not read here"
            console.print(said, markup=False, style="yellow", soft_wrap=True)
    if one.unreadable:
        places = ", ".join(map(str, one.unreadable[:10]))
        said = f"{one.name}: cannot be read: entries {places}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def _as_json(
    first: Viewpoint, second: Viewpoint, found: tuple[Difference, ...]
) -> dict[str, object]:
    return {
        "views": [
            {"member": view.member, "name": view.name, "at": to_rfc3339(view.at)}
            for view in (first, second)
        ],
        "differences": [
            {"kind": one.kind, "log": one.origin, "text": one.text} for one in found
        ],
    }
