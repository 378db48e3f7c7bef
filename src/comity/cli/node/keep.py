# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node backup|restore|confirm|reindex`: keep a node alive through disasters."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from comity.cli.option import Json, print_json
from comity.cli.passphrase import read_passphrase
from comity.cli.session import PassphraseFile, looked_at
from comity.kernel.instant import to_rfc3339
from comity.kernel.noun import counted
from comity.node.care.backup import Backup, back_up
from comity.node.care.fsck import check_node
from comity.node.care.restored import Confirmation
from comity.node.care.restored import confirm as confirm_node
from comity.node.care.restored import declare_break as declare
from comity.node.care.restored import restore as restore_node
from comity.node.clock import read_clock
from comity.node.node import Node

Reason = Annotated[str, Parameter(name="--declare-break")]


def backup(folder: Path, target: Path, *, as_json: Json = False) -> None:
    """Copy a node to another disk, while it serves; again and again into the same place.

    Writes only what changed since the last run, never follows a symbolic link, and leaves the
    copy before whole if it is interrupted. Needs no passphrase: keys are copied sealed.

    Example: comity node backup kh /mnt/other-disk/kh

    Args:
        folder: The node's folder.
        target: A new folder, or one that holds a backup of this node.
    """
    with _progress("copying", as_json=as_json) as told:
        made = back_up(folder, target, read_clock(), told)
    if as_json:
        print_json(_backup_json(made))
        return
    console, manifest = Console(highlight=False), made.manifest
    console.print(
        f"{manifest.origin}: {counted(manifest.size, 'entry', 'entries')}, "
        f"{counted(len(manifest.files), 'file')}; {made.written_bytes:,} new bytes",
        soft_wrap=True,
    )
    for one in made.skipped:
        console.print(f"left out: {one}", markup=False, style="yellow", soft_wrap=True)


def restore(backup: Path, folder: Path, *, as_json: Json = False) -> int:
    """Put a node back from a backup; it signs nothing until `comity node confirm`.

    What the node signed after the backup was taken, others may hold; signing again would tell
    a second story. Exit 1 when something of the backup does not verify.

    Example: comity node restore /mnt/other-disk/kh kh

    Args:
        backup: What `comity node backup` wrote.
        folder: A new folder for the node.
    """
    with _progress("putting back", as_json=as_json) as told:
        manifest = restore_node(backup, folder, read_clock(), told)
    problems = check_node(folder).problems
    if as_json:
        found = [{"place": one.place, "message": one.message} for one in problems]
        taken = to_rfc3339(manifest.taken)
        print_json({"entries": manifest.size, "taken": taken, "problems": found})
        return 1 if problems else 0
    console = Console(highlight=False)
    console.print(
        f"{manifest.origin} with {counted(manifest.size, 'entry', 'entries')}, "
        f"as of {to_rfc3339(manifest.taken)}",
        soft_wrap=True,
    )
    for one in problems:
        console.print(f"{one.place}: {one.message}", markup=False, style="red", soft_wrap=True)
    console.print(f"It signs nothing yet. Next: comity node confirm {folder}", soft_wrap=True)
    return 1 if problems else 0


def confirm(
    folder: Path,
    *,
    declare_break: Reason = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Ask mirrors and witnesses whether a restored node is behind; if not, it signs again.

    Entries that were lost are taken back from a peer's mirror, byte by byte. Every witness
    must answer, for one that is away may be the one that saw more. Where that cannot be, the
    operator may say so in the log itself: whoever holds later entries will then hold proof of
    two stories. Exit 1 while the node may not sign.

    Example: comity node confirm kh

    Args:
        folder: The node's folder.
        declare_break: Sign without confirmation, and log this reason for everyone to read.
    """
    with closing(Node.open(folder, read_passphrase(passphrase_file))) as node:
        with Console(stderr=True).status("asking mirrors and witnesses ..."):
            found = confirm_node(node, read_clock())
        is_declared = bool(declare_break) and not found.is_confirmed
        if is_declared:
            declare(node, declare_break, found.asked, read_clock())
    may_sign = found.is_confirmed or is_declared
    if as_json:
        print_json({**_confirmation_json(found), "declared": is_declared, "signs": may_sign})
    else:
        _print_confirmation(found, is_declared=is_declared)
    return 0 if may_sign else 1


def reindex(
    folder: Path, *, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Rebuild the index from the logs, in the database node.toml names.

    The index is rebuilt by itself where it is broken or of an older program; this is for an
    index nobody trusts any more, or a new database.

    Example: comity node reindex kh

    Args:
        folder: The node's folder.
    """
    with looked_at(folder, passphrase_file) as node:
        with Console(stderr=True).status("reading every log ..."):
            node.index.clear()
            node.view()
        sizes = node.index.sizes()
    if as_json:
        print_json({"indexed": sizes})
        return
    console = Console(highlight=False)
    for origin, size in sizes.items():
        said = f"{origin}: {counted(size, 'entry', 'entries')}"
        console.print(said, markup=False, soft_wrap=True)


@contextmanager
def _progress(what: str, *, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far a run is, on the error stream; nothing where JSON was asked for."""
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as shown:
        task = shown.add_task(what, total=None)

        def told(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield told


def _backup_json(made: Backup) -> dict[str, object]:
    manifest = made.manifest
    return {
        "origin": manifest.origin,
        "entries": manifest.size,
        "root": manifest.root.hex(),
        "taken": to_rfc3339(manifest.taken),
        "files": len(manifest.files),
        "written_bytes": made.written_bytes,
        "skipped": list(made.skipped),
    }


def _confirmation_json(found: Confirmation) -> dict[str, object]:
    return {
        "entries": found.size,
        "taken_in": found.taken_in,
        "confirmed": found.is_confirmed,
        "asked": [
            {"member": one.member, "confirms": one.is_confirming, "said": one.said}
            for one in found.asked
        ],
    }


def _print_confirmation(found: Confirmation, *, is_declared: bool) -> None:
    console = Console(highlight=False)
    if found.taken_in:
        lost = counted(found.taken_in, "lost entry", "lost entries")
        console.print(f"{lost} came back from a mirror")
    for one in found.asked:
        style = "green" if one.is_confirming else "yellow"
        console.print(f"{one.name}: {one.said}", markup=False, style=style, soft_wrap=True)
    if found.is_confirmed:
        said = counted(found.size, "entry", "entries")
        console.print(f"Confirmed at {said}: the node signs again.")
    elif is_declared:
        console.print("The break is logged; the node signs again. Publish it.", style="yellow")
    elif not found.asked:
        console.print("No witness is named in node.toml: nobody can confirm.", style="yellow")
    else:
        console.print("Not every witness confirms; the node signs nothing. Ask again later.")
