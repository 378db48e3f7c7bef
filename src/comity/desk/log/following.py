# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Follow peers by name, or at a place named for once; say how each one stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.desk.log.trusting import reader_at
from comity.errors import ComityError, Fault, InvalidDocument, NotFound
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.quorum import Quorum, tally
from comity.node.care.audit import read_identity
from comity.node.disk.storage import Disk
from comity.node.fetch.source import LogSource, source_at
from comity.node.following.follow import Followed, Manner
from comity.node.following.quota import Meter, Pause, find_pauses
from comity.node.following.visit import Setback, find_setback
from comity.node.logs.evidence import Evidence, Forked
from comity.node.logs.following import Following, Mode
from comity.node.logs.mirror import Mirror
from comity.node.member.absent import read_config
from comity.node.member.config import Peer
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of following one peer: the news, or why there is none."""

    peer: Peer
    followed: Followed | None
    error: ComityError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the mirror of one peer stands.

    Args:
        size: Entries of its verified log.
        held: How many of them are here.
        is_whole: Whether all are, so that this node says so under its own key.
        cosigned: How many cosignatures counted on the newest checkpoint.
        needed: How many had to.
        stale_since: When it was last read with success; None before the first time.
        statements_today: Entries taken in within 24 hours.
        bytes_today: Bytes fetched within 24 hours.
        pause: When a quota last kept something out, where something is still out.
        setback: Why the last attempt failed, or None where it did not.
        forked: What convicts the log of two stories; None where nothing does.
    """

    peer: Peer
    size: int
    held: int
    is_whole: bool
    cosigned: int
    needed: int
    is_counted: bool
    stale_since: Instant | None
    statements_today: int
    bytes_today: int
    pause: Pause | None
    setback: Setback | None
    forked: Forked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    peer: Peer
    further: tuple[LogSource, ...] = ()


def to_following(mode: str, select: Sequence[str], mirrors: Sequence[str]) -> Following:
    """Return an operator's settings as typed.

    Args:
        select: Kinds of statements, and indexes in decimal.

    Raises:
        InvalidDocument: A selection without its mode, or the mode without one.
    """
    chosen = Mode(mode)
    if (chosen is Mode.SELECTED) != bool(select):
        message = '--select and --mode selected go together, such as --select "finding,12"'
        raise InvalidDocument(message, code="desk.select", faults=[Fault(message=message)])
    return Following(
        mode=chosen,
        kinds=tuple(one for one in select if not one.isdecimal()),
        places=tuple(int(one) for one in select if one.isdecimal()),
        mirrors=tuple(one if "://" in one else str(Path(one).resolve()) for one in mirrors),
    )


def follow_peers(
    node: Node,
    names: Sequence[str],
    now: Instant,
    manner_of: Callable[[Peer], Manner] = lambda _peer: Manner(),
) -> Iterator[Visit]:
    """Follow the named peers, or all of them; one that fails keeps no other from being read.

    Args:
        names: Peers by name, id or origin; or places, each with the log of a peer.

    Raises:
        NotFound: No peer has one of the names, or the log of none stands at a place; nothing
            was followed.
    """
    targets = [_target(node, name) for name in names]
    for target in targets or [_Target(peer=peer) for peer in node.config.peers]:
        peer = target.peer
        try:
            followed = node.follow(peer, now, manner_of(peer), target.further)
            yield Visit(peer=peer, followed=followed, error=None)
        except ComityError as error:
            yield Visit(peer=peer, followed=None, error=error)


def standings(folder: Path, now: Instant) -> tuple[Standing, ...]:
    """Return how the mirror of each peer stands, in the order of node.toml; needs no key.

    Raises:
        NotFound: The folder holds no node.
        InvalidDocument: Its settings or its policy have faults, all of them listed.
    """
    storage = Disk(folder.absolute())
    peers = read_config(storage).peers
    quorum = reader_at(folder).quorum
    return tuple(_standing(Mirror(storage, peer.member), peer, quorum, now) for peer in peers)


def _standing(mirror: Mirror, peer: Peer, quorum: Quorum, now: Instant) -> Standing:
    found = mirror.find_checkpoint()
    counted = None if found is None else tally(found.note, quorum, owner=peer.member)
    meter = Meter(
        storage=mirror.storage, folder=mirror.folder, following=peer.following, now=now
    )
    pauses = find_pauses(mirror.storage, mirror.folder)
    is_short = found is not None and mirror.holding.reach < found.checkpoint.size
    return Standing(
        peer=peer,
        size=mirror.size,
        held=mirror.count_held(),
        is_whole=found is not None and mirror.is_whole,
        cosigned=0 if counted is None else len(counted.counted),
        needed=0 if counted is None else counted.needed,
        is_counted=counted is not None and counted.is_met,
        stale_since=mirror.find_checked_at(),
        statements_today=meter.statements,
        bytes_today=meter.fetched_bytes,
        pause=pauses[-1] if pauses and (is_short or found is None) else None,
        setback=find_setback(mirror),
        forked=None if found is None else _against(mirror),
    )


def _against(mirror: Mirror) -> Forked | None:
    return Evidence(mirror.storage).against(mirror.read_identity())


def _target(node: Node, name: str) -> _Target:
    if node.config.find_peer(name) is None and _is_place(name):
        peer = node.config.find_peer(_member_at(node, name))
        if peer is None:
            raise NotFound(
                f"the log at {name} is of no peer of this node",
                code="desk.no_peer",
                hint="compare its id with its operator, then: comity node peer",
            )
        there = replace(peer, url=name, following=replace(peer.following, mirrors=()))
        return _Target(peer=peer, further=(node.connect(there),))
    return _Target(peer=node.get_peer(name))


def _is_place(name: str) -> bool:
    return "://" in name or Path(name).is_dir()


def _member_at(node: Node, place: str) -> MemberId:
    with source_at(place, asking=node.connector.asking()) as source:
        return read_identity(source).member
