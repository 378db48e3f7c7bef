# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Have a log's newest checkpoint cosigned by who can be reached, and make it public.

Witnesses are asked at the same time, each within its own limit, so that one that hangs costs
no other its turn.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from comity.errors import ComityError, StorageFailed
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.note import MAX_NOTE_BYTES, Note, NoteKey, is_signed_by
from comity.ledger.quorum import Quorum, Tally, rule_of, tally
from comity.ledger.split import strength_of
from comity.node.disk.logged import note_size
from comity.node.disk.storage import Storage
from comity.node.fetch.source import LogSource
from comity.node.logs.log import Log
from comity.node.member.config import Peer
from comity.node.views.memberlog import COUNTED, PUBLISHED_AT
from comity.node.witness.gather import Asked, Outcome, Request, ask

T = TypeVar("T")

MAX_AT_ONCE = 16
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What publishing came to.

    Args:
        tally: Whose cosignatures counted, by this node's own rule.
        missing: Why each other witness gave none, by member.
        outcomes: What came of asking each witness, by member, in the order of node.toml.
    """

    checkpoint: Checkpoint
    tally: Tally
    missing: tuple[tuple[MemberId, str], ...]
    outcomes: tuple[tuple[MemberId, Outcome], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes: the log's owner, the peers it asks and the rule it counts by.

    Args:
        keys_of: Return the witness keys a peer is known by.
        patience_s: How long all witnesses together may take.
    """

    owner: MemberId
    peers: tuple[Peer, ...]
    quorum: Quorum
    connect: Callable[[Peer], LogSource]
    keys_of: Callable[[Peer], tuple[NoteKey, ...]]
    patience_s: float = PATIENCE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What a peer shows of this node's own log: the newest checkpoint it holds of it."""

    peer: Peer
    checkpoint: Checkpoint


def publish(log: Log, storage: Storage, publisher: Publisher, now: Instant) -> Publication:
    """Publish a log as it is.

    Raises:
        StorageFailed: The public files could not be written; or its witnesses hold a larger
            checkpoint of this log (`node.restored`). The log is unharmed.
    """
    checkpoint, note, tree = log.prepare()
    request = Request(note=note, size=checkpoint.size, tree=tree)
    asked = _ask_all(publisher, request, log.find_published())
    _refuse_if_behind(log, publisher, checkpoint.size, asked)
    for _, one in asked:
        note = note.with_signatures(one.signatures)
    note = log.publish(note)
    counted = tally(note, publisher.quorum, owner=publisher.owner)
    if counted.is_met:
        storage.replace(COUNTED, note.encoded)
    storage.replace(PUBLISHED_AT, to_rfc3339(now).encode())
    note_size(storage, "log/", checkpoint.size, now)
    return Publication(
        checkpoint=checkpoint,
        tally=counted,
        missing=tuple((peer.member, one.reason) for peer, one in asked if one.reason),
        outcomes=tuple((peer.member, one.outcome) for peer, one in asked),
    )


def recall(log: Log, publisher: Publisher) -> tuple[Recalled, ...]:
    """Ask the peers which checkpoint of this log they hold, and see that it leads to ours.

    A peer that cannot be reached, or mirrors nothing of this log, says nothing.

    Raises:
        StorageFailed: One shows a checkpoint this log signed that is larger than the log, or
            beside it (`node.restored`): signing again would fork the log.
    """
    sources = {peer: _source(publisher, peer) for peer in publisher.peers}
    shown = _at_once(
        {
            peer: partial(_show, log, publisher.owner, source)
            for peer, source in sources.items()
            if not isinstance(source, str)
        },
        publisher.patience_s,
    )
    found = tuple(
        Recalled(peer=peer, checkpoint=one) for peer, one in shown.items() if one is not None
    )
    if found:
        _check_recalled(log, found)
    return found


def _check_recalled(log: Log, found: Iterable[Recalled]) -> None:
    log.refresh()
    for one in found:
        if one.checkpoint.size > log.size:
            said = f"{one.peer.name} shows its checkpoint of size {one.checkpoint.size}"
            raise _restored(said, log.size)
    own, _, tree = log.prepare()
    for one in found:
        shown, name = one.checkpoint, one.peer.name
        if tree.root(shown.size) != shown.root:
            raise _restored(f"{name} shows another root of size {shown.size}", own.size)


def _show(log: Log, owner: MemberId, source: LogSource) -> Checkpoint | None:
    """Return the checkpoint a peer serves of this log, if this log did sign it."""
    try:
        encoded = source.read(f"mirrors/{owner}/checkpoint", limit=MAX_NOTE_BYTES)
        return log.open_signed(encoded)
    except ComityError:
        return None


def _ask_all(
    publisher: Publisher, request: Request, published: tuple[Checkpoint, Note] | None
) -> list[tuple[Peer, Asked]]:
    witnesses = [peer for peer in publisher.peers if peer.witness_key is not None]
    found: dict[Peer, Asked] = {}
    tasks: dict[Peer, Callable[[], Asked]] = {}
    for peer in witnesses:
        source, keys = _source(publisher, peer), publisher.keys_of(peer)
        if isinstance(source, str):
            found[peer] = Asked(outcome=Outcome.UNABLE, reason=source)
            continue
        old_size = _last_cosigned(keys, published, request.size)
        tasks[peer] = partial(ask, source, keys, request, old_size=old_size)
    found.update(_at_once(tasks, publisher.patience_s))
    late = Asked(
        outcome=Outcome.SILENT,
        reason=f"it did not answer within {publisher.patience_s:g} seconds",
    )
    return [(peer, found.get(peer, late)) for peer in witnesses]


def _source(publisher: Publisher, peer: Peer) -> LogSource | str:
    """Return where a peer is read, or why it cannot be."""
    try:
        return publisher.connect(peer)
    except ComityError as error:
        return " ".join(str(error).split())


def _last_cosigned(
    keys: Iterable[NoteKey], published: tuple[Checkpoint, Note] | None, size: int
) -> int:
    """Return the size a witness is likely to know, which spares it one question."""
    if published is None or published[0].size > size:
        return 0
    checkpoint, note = published
    return checkpoint.size if any(is_signed_by(note, key) for key in keys) else 0


def _at_once(tasks: Mapping[Peer, Callable[[], T]], patience_s: float) -> dict[Peer, T]:
    """Do several things at the same time and return what was done in time."""
    if not tasks:
        return {}
    pool = ThreadPoolExecutor(max_workers=min(MAX_AT_ONCE, len(tasks)))
    try:
        futures = {peer: pool.submit(task) for peer, task in tasks.items()}
        wait(futures.values(), timeout=patience_s)
        return {peer: one.result() for peer, one in futures.items() if one.done()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _refuse_if_behind(
    log: Log, publisher: Publisher, size: int, asked: Iterable[tuple[Peer, Asked]]
) -> None:
    """Stop where witnesses hold a larger checkpoint of this log than the log is.

    One that shows it, signed by this log, is proof. Those that only say so are believed when
    they are more than may lie by the node's own rule; else one liar could silence it.
    """
    ahead = [(peer, one.ahead) for peer, one in asked if one.outcome is Outcome.AHEAD]
    if not ahead:
        return
    recall(log, publisher)
    rule = rule_of(publisher.quorum, owner=publisher.owner)
    if len(ahead) > max(0, strength_of(rule).both):
        names = ", ".join(peer.name for peer, _ in ahead)
        largest = max(known for _, known in ahead)
        raise _restored(f"it has cosigned size {largest}, {names} says", size)


def _restored(said: str, size: int) -> StorageFailed:
    return StorageFailed(
        f"{said}, and this log has {size} entries: it was restored from an old copy, or "
        "another writer has its key; to go on would fork it",
        code="node.restored",
        hint="stop every other writer; fetch the missing entries back from a peer's mirror "
        "(comity node confirm), or start a new log",
    )
