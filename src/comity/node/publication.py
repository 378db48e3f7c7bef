# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Have a log's newest checkpoint cosigned by who can be reached, and make it public."""

from collections.abc import Callable
from dataclasses import dataclass

from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.quorum import Quorum, Tally, tally
from comity.node.config import Peer
from comity.node.gather import Request, ask
from comity.node.log import Log
from comity.node.memberlog import COUNTED, PUBLISHED_AT
from comity.node.source import LogSource
from comity.node.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What publishing came to.

    Args:
        tally: Whose cosignatures counted, by this node's own rule.
        missing: Why each other witness gave none, by member.
    """

    checkpoint: Checkpoint
    tally: Tally
    missing: tuple[tuple[MemberId, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes: the log's owner, the peers it asks and the rule it counts by."""

    owner: MemberId
    peers: tuple[Peer, ...]
    quorum: Quorum
    connect: Callable[[Peer], LogSource]


def publish(log: Log, storage: Storage, publisher: Publisher, now: Instant) -> Publication:
    """Publish a log as it is.

    Raises:
        StorageFailed: The public files could not be written; the log is unharmed.
    """
    checkpoint, note, tree = log.prepare()
    request = Request(note=note, size=checkpoint.size, tree=tree)
    missing: list[tuple[MemberId, str]] = []
    for peer in publisher.peers:
        if peer.witness_key is None:
            continue
        asked = ask(publisher.connect(peer), peer.witness_key, request)
        if asked.signature is None:
            missing.append((peer.member, asked.reason))
        else:
            note = note.with_signatures([asked.signature])
    note = log.publish(note)
    counted = tally(note, publisher.quorum, owner=publisher.owner)
    if counted.is_met:
        storage.replace(COUNTED, note.encoded)
    storage.replace(PUBLISHED_AT, to_rfc3339(now).encode())
    return Publication(checkpoint=checkpoint, tally=counted, missing=tuple(missing))
