# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node follow`: read peers' logs, verify everything, keep copies."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from comity.cli.option import Json, print_json
from comity.cli.session import PassphraseFile, opened
from comity.desk.log.following import Visit, follow_peers
from comity.errors import PeerFailed, VerificationFailed
from comity.node.clock import read_clock
from comity.node.following.follow import Manner
from comity.node.following.intake import Progress as Coming
from comity.node.inquiry import inquire
from comity.node.logs.following import Mode
from comity.node.member.config import Peer
from comity.node.node import Node

_EVERY_ENTRIES = 65_536
NO_PEER = "No peer yet: write one down with comity node peer"

BeyondQuota = Annotated[
    bool,
    Parameter(negative="", help="Lift the quotas of node.toml this once; it is still counted."),
]


def follow(
    folder: Path,
    *peers: str,
    seen: bool = True,
    beyond_quota: BeyondQuota = False,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Read peers' logs, verify everything in them, and keep verified copies.

    How much is kept, how fast and from where stands in node.toml. Stopped half-way, the same
    command goes on. Exit 1 where something does not verify, 2 where a peer cannot be reached.

    Example: comity node follow kh

    Example: comity node follow kh br /mnt/stick/logs/sg

    Args:
        folder: The node's folder.
        peers: Names of peers, or places (an address, a folder, a stick) that hold the log of
            one; without any, all peers.
        seen: Also log which checkpoints this node has cosigned, where that is news.
    """
    console, now = Console(highlight=False, quiet=as_json), read_clock()
    visits = []
    with opened(folder, passphrase_file) as node, Telling(console) as telling:

        def manner_of(peer: Peer) -> Manner:
            return Manner(is_beyond_quota=beyond_quota, on_progress=telling.of(peer))

        for visit in follow_peers(node, peers, now, manner_of):
            visits.append(visit)
            telling.done()
            print_visit(console, visit)
        _tell_inquiry(console, node)
        if seen and node.record_seen(now) is not None:
            node.publish(now)
    if as_json:
        print_json([visit_json(visit) for visit in visits])
    return exit_code(visits)


def _tell_inquiry(console: Console, node: Node) -> None:
    """Look into what peers say of other logs; say what convicts one and what does not."""
    if not node.config.peers:
        console.print(NO_PEER, style="yellow")
    found = inquire(node)
    for exhibit in found.taken:
        said = f"{exhibit.origin} told two stories: {exhibit.name}"
        console.print(said, markup=False, style="bold red", soft_wrap=True)
    for one in found.open:
        said = (
            f"{one.by[:16]} says it saw another tree of {one.sight.origin} at size "
            f"{one.sight.size} (its entry {one.said_at.index}); nothing proves it"
        )
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def exit_code(visits: list[Visit]) -> int:
    """Return 1 where a log lied, 2 where one could not be read, else 0."""
    errors = [visit.error for visit in visits if visit.error is not None]
    if any(isinstance(error, VerificationFailed) for error in errors):
        return 1
    return 2 if errors else 0


class Telling:
    """How far each log has come in: a bar on a terminal, now and then a line elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} entries"),
            TextColumn("{task.fields[more]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=console.quiet or not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def of(self, peer: Peer) -> Callable[[Coming], None]:
        """Return what is told as the log of one peer comes in."""
        task = self._bar.add_task(peer.name, total=1, more="", visible=False)
        told = 0

        def tell(coming: Coming) -> None:
            nonlocal told
            speed = self._bar.tasks[-1].speed or 0
            size = to_size(coming.fetched_bytes)
            self._bar.update(
                task,
                total=coming.total,
                completed=coming.entries,
                more=f"{size}, {speed:,.0f} a second",
                visible=True,
            )
            if self._bar.disable and coming.entries - told >= _EVERY_ENTRIES:
                told = coming.entries
                line = f"{peer.name}: {told:,} of {coming.total:,} entries, {size}"
                self._console.print(line, markup=False)

        return tell

    def done(self) -> None:
        """Forget the bars of logs that are through."""
        for task in self._bar.task_ids:
            self._bar.remove_task(task)


def to_size(size: int) -> str:
    """Write a count of bytes as people read it."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 1000)):
        if size >= one:
            return f"{size / one:,.1f} {unit}"
    return f"{size} bytes"


def print_visit(console: Console, visit: Visit) -> None:
    """Say in a few lines what came of following one peer."""
    name = visit.peer.name
    found = visit.followed
    if found is None:
        kind = "unreachable" if isinstance(visit.error, PeerFailed) else "refused"
        said = f"{name}: {kind}: {visit.error}"
        console.print(said, markup=False, style="red", soft_wrap=True)
        return
    counted = f"{len(found.tally.counted)} of {found.tally.needed} cosignatures"
    new = found.size - found.previous
    mode = visit.peer.following.mode
    held = "" if mode is Mode.FULL else f", kept as {mode.value}"
    line = f"{name}: {new} new, {found.size} in all{held}, {counted}"
    console.print(line, markup=False, soft_wrap=True)
    if found.paused:
        said = f"{name}: paused: {found.paused}; the rest comes later, or with --beyond-quota"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    for trouble in found.trouble:
        console.print(f"{name}: {trouble}", markup=False, style="yellow", soft_wrap=True)


def visit_json(visit: Visit) -> dict[str, object]:
    """Write what came of following one peer."""
    base: dict[str, object] = {"member": visit.peer.member, "name": visit.peer.name}
    found = visit.followed
    if found is None:
        if visit.error is None:
            return base
        return {**base, "error": {"code": visit.error.code, "message": str(visit.error)}}
    return {
        **base,
        "previous": found.previous,
        "size": found.size,
        "mode": visit.peer.following.mode.value,
        "source": found.source,
        "cosigners": list(found.tally.members),
        "quorum_met": found.tally.is_met,
        "paused": found.paused or None,
        "trouble": list(found.trouble),
    }
