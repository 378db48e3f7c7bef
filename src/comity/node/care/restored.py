# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node put back from a backup: it signs nothing until others confirm it is not behind.

What a log signed after the backup was taken, others may hold. Signing again would tell a second
story, and convict the member for ever. So the mirrors are asked for what is missing, the
witnesses what they cosigned, and only their answers, or the operator's explicit word, let the
log go on.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError, Conflict, NotPermitted, PeerFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.note import MAX_NOTE_BYTES, from_bytes
from comity.ledger.statement import Statement, to_predicate_type
from comity.ledger.tile import TILE_WIDTH, bundle_path
from comity.node.care.backup import Progress, put_back, read_manifest
from comity.node.care.manifest import Manifest
from comity.node.disk.handle import reporting
from comity.node.disk.storage import Disk, Storage, sync_folder
from comity.node.fetch.source import LogSource
from comity.node.logs.log import RESTORED
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import fetch_bundle
from comity.node.member.founding import refuse_taken
from comity.node.node import Node
from comity.node.witness.gather import Outcome
from comity.node.witness.witness import to_request

BREAK_TYPE = to_predicate_type("break")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one peer said of this log.

    Args:
        is_confirming: Whether it knows of nothing this log does not have.
    """

    member: MemberId
    name: str
    is_confirming: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What asking came to.

    Args:
        taken_in: How many lost entries a mirror gave back.
        asked: Each peer that witnesses this log, with its answer.
        is_confirmed: Whether the log may sign again.
    """

    size: int
    taken_in: int
    asked: tuple[Asked, ...]
    is_confirmed: bool


def restore(
    backup: Path, folder: Path, now: Instant, progress: Progress = lambda _done, _all: None
) -> Manifest:
    """Put a node back from a backup, marked so that it signs nothing yet; all or nothing.

    Raises:
        Conflict: Something stands in the folder already.
        InvalidDocument: The backup's manifest is malformed.
        NotFound: There is no backup.
        StorageFailed: The disk refuses.
        VerificationFailed: A piece of the backup is missing or was changed.
    """
    folder = folder.absolute()
    refuse_taken(folder)
    manifest = read_manifest(backup)
    disk = Disk(folder.with_name(f".{folder.name}.new"))
    disk.remove("")
    try:
        with reporting(folder, "create"):
            disk.folder.mkdir(parents=True, mode=0o700)
        put_back(backup, manifest, disk, progress)
        taken, restored = to_rfc3339(manifest.taken), to_rfc3339(now)
        mark: dict[str, Json] = {"size": manifest.size, "taken": taken, "restored": restored}
        disk.replace(RESTORED, to_canonical(mark))
        with reporting(folder, "create"):
            disk.folder.chmod(0o755)
            disk.folder.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        disk.remove("")
        raise
    return manifest


def is_unconfirmed(storage: Storage) -> bool:
    """Tell whether a node was restored and nobody has confirmed it yet."""
    return bool(storage.length(RESTORED))


def confirm(node: Node, now: Instant) -> Confirmation:
    """Ask mirrors for what is missing and witnesses what they know; sign again if all agree.

    Every witness must answer: one that is away may be the one that saw more.

    Raises:
        StorageFailed: A peer shows another story of this log (`node.restored`).
        VerificationFailed: What a mirror gave does not verify; nothing was taken in.
    """
    disk = Disk(node.folder)
    taken_in = sum(_take_in(node, peer.name) for peer in node.config.peers)
    asked = _ask(node, now)
    is_confirmed = bool(asked) and all(one.is_confirming for one in asked)
    if is_confirmed and is_unconfirmed(disk):
        _release(node, disk, now)
    return Confirmation(
        size=node.log.size, taken_in=taken_in, asked=asked, is_confirmed=is_confirmed
    )


def declare_break(node: Node, reason: str, asked: Sequence[Asked], now: Instant) -> None:
    """Sign again although nobody confirms; the log says so itself, in its next entry.

    Raises:
        Conflict: The node was not restored, or somebody shows that it is behind.
        NotPermitted: No reason is given.
    """
    disk = Disk(node.folder)
    if not reason.strip():
        raise NotPermitted(
            "a break is declared with its reason",
            code="node.break",
            hint='such as --declare-break "the site burnt down; no witness can be reached"',
        )
    if not is_unconfirmed(disk):
        message = "this node was not restored from a backup, or is confirmed already"
        raise Conflict(message, code="node.break", hint="there is no break to declare")
    mark = disk.read(RESTORED)
    checkpoint, _, _ = node.log.prepare()
    statement = Statement(
        predicate_type=BREAK_TYPE,
        predicate={
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "backup": from_canonical(mark),
            "reason": reason,
            "asked": [{"member": one.member, "said": one.said[:300]} for one in asked],
        },
        subjects=(),
    )
    disk.remove(RESTORED)
    try:
        node.append([statement], now)
    except BaseException:
        disk.replace(RESTORED, mark)
        raise


def _take_in(node: Node, peer: str) -> int:
    """Fetch back what a peer's mirror has of this log beyond its end."""
    log, start = node.log, node.log.size
    try:
        source = node.connect(peer)
        base = f"mirrors/{node.member}/"
        note = from_bytes(source.read(f"{base}checkpoint", limit=MAX_NOTE_BYTES))
        checkpoint = log.open_signed(note.encoded)
    except ComityError:  # it mirrors nothing of this log, or cannot be reached
        return 0
    if checkpoint.size <= start:
        return 0
    entries = _entries(source, base, start, from_text(note.text).size)
    log.take_in(note, entries)
    return log.size - start


def _entries(source: LogSource, base: str, start: int, size: int) -> list[bytes]:
    found: list[bytes] = []
    for first in range(start // TILE_WIDTH * TILE_WIDTH, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        path = base + bundle_path(first // TILE_WIDTH, width)
        _, bundle = fetch_bundle(source, path)
        found.extend(bundle[max(0, start - first) : width])
    return found


def _ask(node: Node, now: Instant) -> tuple[Asked, ...]:
    publication = node.publish(now)
    names = {peer.member: peer.name for peer in node.config.peers}
    missing = dict(publication.missing)
    return tuple(
        Asked(
            member=member,
            name=names[member],
            is_confirming=outcome is Outcome.COSIGNED,
            said=missing.get(member, f"it cosigned size {publication.checkpoint.size}"),
        )
        for member, outcome in publication.outcomes
    )


def _release(node: Node, disk: Disk, now: Instant) -> None:
    """Let the log sign, and its witness with what it may have cosigned meanwhile."""
    for peer in node.config.peers:
        with suppress(PeerFailed):  # a stick that is not plugged in; its log waits
            node.follow(peer, now)
    disk.remove(RESTORED)
    known = {one.origin: one.size for one in node.witness.seen()}
    for peer in node.config.peers:
        mirror = Mirror(disk, peer.member)
        held = mirror.find_checkpoint()
        if held is None or held.checkpoint.size <= known.get(held.checkpoint.origin, 0):
            continue
        start = known.get(held.checkpoint.origin, 0)
        proof = mirror.tiles.tree(held.checkpoint.size).consistency(start)
        node.witness.add_checkpoint(to_request(start, proof, held.note), now)
