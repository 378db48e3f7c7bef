# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one node sees, in short: each log with its size, root, quorum, age and gaps.

Read from the node's folder alone, without its keys; written so that another node, or another
day, can be compared with it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

from comity.errors import ComityError, Fault, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339, to_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.identity import Identity, open_identity
from comity.ledger.note import Note, from_bytes
from comity.ledger.quorum import Quorum, eligible, tally
from comity.ledger.tile import TILE_WIDTH
from comity.node.disk.storage import Disk
from comity.node.logs.evidence import Evidence
from comity.node.logs.following import Mode
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder
from comity.node.member import config as settings
from comity.node.member.absent import no_node
from comity.node.views.memberlog import COUNTED, PUBLISHED_AT
from comity.node.views.trust import TrustKeeper

VIEW_TYPE = "comity-view/1"
MAX_UNREADABLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One log as a node sees it.

    Args:
        size: Of the newest verified checkpoint.
        root: Its root, in hex.
        counted_size: Up to where entries count by the node's own rule.
        needed: How many cosignatures the rule asks for on this log, at the least.
        witnesses: Who may count for it.
        checked_at: When it was last read, or published where it is the node's own.
        held: How many of its entries are here.
        forked_from: From which entry on evidence makes it doubtful; None without evidence.
        evidence: Digests of that evidence, in hex.
        unreadable: Indexes of entries that cannot be read, the first hundred; None where the
            node has no index to tell.
    """

    origin: Origin
    member: MemberId
    name: str
    is_own: bool
    size: int
    root: str
    counted_size: int
    cosigners: tuple[MemberId, ...]
    needed: int
    witnesses: tuple[MemberId, ...]
    checked_at: Instant | None
    mode: Mode
    chosen: tuple[str, ...]
    held: int
    forked_from: int | None
    evidence: tuple[str, ...]
    unreadable: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """Everything one node sees at one moment."""

    member: MemberId
    name: str
    at: Instant
    sights: tuple[Sight, ...]

    def find(self, origin: Origin) -> Sight | None:
        """Return the log of a name, or None where the node does not see it."""
        return next((one for one in self.sights if one.origin == origin), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    identity: Identity
    is_own: bool
    newest: Note
    counted: Note | None
    checked_at: Instant | None
    mode: Mode
    chosen: tuple[str, ...]
    held: int


def read_viewpoint(disk: Disk, now: Instant) -> Viewpoint:
    """Return what the node in a folder sees; no key is needed.

    Raises:
        NotFound: The folder holds no node, or one that has published nothing.
    """
    try:
        config = settings.from_toml(disk.read(settings.FILE))
    except NotFound:
        raise no_node(disk.folder) from None
    own = _own(disk)
    keyset = own.identity.keyset
    quorum = TrustKeeper(disk).quorum(config, own.identity, keyset.witness_keys)
    unreadable = _unreadable(disk)
    logs = [own, *_mirrored(disk, config)]
    return Viewpoint(
        member=own.identity.member,
        name=keyset.name,
        at=now,
        sights=tuple(_sight(disk, log, quorum, unreadable) for log in logs),
    )


def _own(disk: Disk) -> _Log:
    newest = _find_note(disk, "public/checkpoint")
    if newest is None:
        raise NotFound(
            f"the node in {disk.folder} has published nothing yet",
            code="node.unpublished",
            hint="run `comity publish` first",
        )
    size = from_text(newest.text).size
    tiles = TileFolder(disk, "public/")
    identity = open_identity(tiles.read_bundle(0, min(size, TILE_WIDTH))[0])
    for start in range(0, size, TILE_WIDTH):
        entries = tiles.read_bundle(start // TILE_WIDTH, min(TILE_WIDTH, size - start))
        identity = identity.extended(start, entries)
    return _Log(
        identity=identity,
        is_own=True,
        newest=newest,
        counted=_find_note(disk, COUNTED),
        checked_at=_find_instant(disk, PUBLISHED_AT),
        mode=Mode.FULL,
        chosen=(),
        held=size,
    )


def _mirrored(disk: Disk, config: settings.Config) -> Iterator[_Log]:
    for peer in config.peers:
        mirror = Mirror(disk, peer.member)
        newest, counted = mirror.find_checkpoint(), mirror.find_counted()
        if newest is None:
            continue
        following = peer.following
        yield _Log(
            identity=mirror.read_identity(),
            is_own=False,
            newest=newest.note,
            counted=None if counted is None else counted.note,
            checked_at=mirror.find_checked_at(),
            mode=following.mode,
            chosen=tuple(map(str, (*following.kinds, *following.places))),
            held=mirror.count_held(),
        )


def _sight(
    disk: Disk, log: _Log, quorum: Quorum, unreadable: Mapping[str, list[int]] | None
) -> Sight:
    checkpoint, identity = from_text(log.newest.text), log.identity
    forked = Evidence(disk).against(identity)
    members, needed, is_met = _tally(log.newest, quorum, identity.member)
    counted_size = checkpoint.size if is_met else 0
    if log.counted is not None and _tally(log.counted, quorum, identity.member)[2]:
        counted_size = max(counted_size, from_text(log.counted.text).size)
    if forked is not None:
        counted_size = min(counted_size, forked.shared)
    wrong = None if unreadable is None else tuple(unreadable.get(checkpoint.origin, ()))
    return Sight(
        origin=checkpoint.origin,
        member=identity.member,
        name=identity.keyset.name,
        is_own=log.is_own,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        counted_size=counted_size,
        cosigners=members,
        needed=needed,
        witnesses=tuple(one.member for one in eligible(quorum, owner=identity.member)),
        checked_at=log.checked_at,
        mode=log.mode,
        chosen=log.chosen,
        held=log.held,
        forked_from=None if forked is None else forked.shared,
        evidence=() if forked is None else tuple(one.hex() for one in forked.evidence),
        unreadable=wrong,
    )


def _tally(
    note: Note, quorum: Quorum, owner: MemberId
) -> tuple[tuple[MemberId, ...], int, bool]:
    try:
        found = tally(note, quorum, owner=owner)
    except VerificationFailed:  # its witness became known after the note was taken in
        return (), 0, False
    return found.members, found.needed, found.is_met


def _unreadable(disk: Disk) -> Mapping[str, list[int]] | None:
    """Return which entries the node's own index calls unreadable; None without an index."""
    path = disk.path("index.sqlite")
    query = (
        "select origin, position from entry join log on log.id = entry.log "
        "where fault != '' order by origin, position"
    )
    found: dict[str, list[int]] = {}
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
            for origin, position in database.execute(query):
                places = found.setdefault(str(origin), [])
                if len(places) < MAX_UNREADABLE:
                    places.append(int(position))
    except sqlite3.Error:
        return None
    return found


def _find_note(disk: Disk, name: str) -> Note | None:
    try:
        return from_bytes(disk.read(name))
    except NotFound:
        return None


def _find_instant(disk: Disk, name: str) -> Instant | None:
    try:
        return from_rfc3339(disk.read(name).decode())
    except ComityError:
        return None


def to_json(view: Viewpoint) -> dict[str, Json]:
    """Write a view as a file others can compare theirs with."""
    logs: list[Json] = [_sight_json(one) for one in view.sights]
    return {
        "type": VIEW_TYPE,
        "member": view.member,
        "name": view.name,
        "at": to_rfc3339(view.at),
        "logs": logs,
    }


def _sight_json(one: Sight) -> dict[str, Json]:
    return {
        "origin": one.origin,
        "member": one.member,
        "name": one.name,
        "own": one.is_own,
        "size": one.size,
        "root": one.root,
        "counted_size": one.counted_size,
        "cosigners": list(one.cosigners),
        "needed": one.needed,
        "witnesses": list(one.witnesses),
        "checked_at": None if one.checked_at is None else to_rfc3339(one.checked_at),
        "mode": one.mode.value,
        "select": list(one.chosen),
        "held": one.held,
        "forked_from": one.forked_from,
        "evidence": list(one.evidence),
        "unreadable": None if one.unreadable is None else list(one.unreadable),
    }


def from_json(value: object, *, source: str) -> Viewpoint:
    """Read a view somebody saved, listing every fault; nothing in it is verified.

    Raises:
        InvalidDocument: Not a view.
    """
    faults: list[Fault] = []
    fields = Fields(value, faults=faults)
    fields.choice("type", (VIEW_TYPE,))
    view = Viewpoint(
        member=MemberId(fields.text("member")),
        name=fields.text("name"),
        at=fields.instant("at"),
        sights=tuple(map(_to_sight, fields.rows("logs"))),
    )
    if faults:
        raise InvalidDocument(
            "not a node's view",
            code="node.view",
            hint="write one with `comity view show NODE --json`",
            source=source,
            faults=faults,
        )
    return view


def _to_sight(row: Fields) -> Sight:
    mode = row.choice("mode", [one.value for one in Mode])
    return Sight(
        origin=Origin(row.text("origin")),
        member=MemberId(row.text("member")),
        name=row.text("name"),
        is_own=row.flag("own"),
        size=row.integer("size"),
        root=row.digest("root").hex(),
        counted_size=row.integer("counted_size"),
        cosigners=tuple(map(MemberId, row.texts("cosigners"))),
        needed=row.integer("needed"),
        witnesses=tuple(map(MemberId, row.texts("witnesses"))),
        checked_at=row.optional("checked_at", row.instant),
        mode=Mode(mode) if mode in {one.value for one in Mode} else Mode.FULL,
        chosen=row.texts("select"),
        held=row.integer("held"),
        forked_from=row.optional("forked_from", row.integer),
        evidence=row.texts("evidence"),
        unreadable=row.optional("unreadable", row.integers),
    )
