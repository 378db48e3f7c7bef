# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Follow one peer by its operator's settings, and remember what went wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from comity.errors import ComityError, InvalidDocument, NotFound, PeerFailed
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.instant import Instant, from_rfc3339, to_rfc3339
from comity.ledger.mldsa import seed_from
from comity.ledger.note import COSIGNATURE_ED25519, NoteSigner
from comity.ledger.quorum import Quorum
from comity.ledger.signature import SigningKey
from comity.node.disk.storage import Storage
from comity.node.disk.sweep import sweep_staged
from comity.node.fetch.source import LogSource
from comity.node.following.follow import Followed, Manner, Trust, follow
from comity.node.keys.keys import Keys
from comity.node.logs.mirror import Mirror
from comity.node.member.config import Peer

MIRROR_PURPOSE = "comity/mirror/ed25519/v1"
_WAIT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who follows: where it keeps mirrors, by which rule it counts, how it connects."""

    storage: Storage
    quorum: Quorum
    connect: Callable[[Peer], LogSource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """Why a peer could not be followed the last time."""

    at: Instant
    code: str
    message: str


def visit(
    visitor: Visitor,
    peer: Peer,
    now: Instant,
    manner: Manner,
    further: Sequence[LogSource] = (),
) -> Followed:
    """Bring the mirror of one peer up to date from all the places it may be read at.

    Args:
        further: Places named for this run alone, such as a memory stick.

    Raises:
        Conflict: Another process follows the same peer now.
        PeerFailed: No place can be reached.
        VerificationFailed: The log does not verify; nothing was taken in.
    """
    mirror = Mirror(visitor.storage, peer.member)
    trust = Trust(
        member=peer.member,
        log_key=peer.log_key,
        quorum=visitor.quorum,
        following=peer.following,
    )
    name = f"{mirror.folder}setback"
    with visitor.storage.lock(f"{mirror.folder}lock", wait_s=_WAIT_S):
        sweep_staged(visitor.storage, mirror.incoming.folder)
        try:
            followed = follow((*further, *_places(visitor, peer)), mirror, trust, now, manner)
        except ComityError as error:
            said = " ".join(str(error).split())
            value = {"at": to_rfc3339(now), "code": error.code, "message": said[:1000]}
            visitor.storage.replace(name, to_canonical(value), durable=False)
            raise
        visitor.storage.remove(name)
        return followed


def find_setback(mirror: Mirror) -> Setback | None:
    """Return why the last following of a peer failed, or None where it did not."""
    try:
        value = from_canonical(mirror.storage.read(f"{mirror.folder}setback"))
    except (NotFound, InvalidDocument):
        return None
    match value:
        case {"at": str(at), "code": str(code), "message": str(message)}:
            return Setback(at=from_rfc3339(at), code=code, message=message)
    return None


def mirror_signer_of(keys: Keys) -> NoteSigner:
    """Return the key by which a member says that it holds the whole of a log.

    Derived from the witness's secret, so that a key file of any age has it.

    Source:
        C2SP tlog-mirror: a mirror is a distinct cosigner with a distinct name.
    """
    seed = seed_from(keys.current.witness, MIRROR_PURPOSE)
    name = f"{keys.origin}/mirror"
    return NoteSigner.of(name, COSIGNATURE_ED25519, SigningKey.from_seed(seed))


def _places(visitor: Visitor, peer: Peer) -> tuple[LogSource, ...]:
    """Open the owner's place and the mirrors; with mirrors, one that is gone is no end."""
    mirrors = peer.following.mirrors
    if not mirrors:
        return (visitor.connect(peer),)
    alone = replace(peer.following, mirrors=())
    return tuple(
        _opened(visitor, replace(peer, url=url, following=alone))
        for url in (peer.url, *mirrors)
    )


def _opened(visitor: Visitor, peer: Peer) -> LogSource:
    try:
        return visitor.connect(peer)
    except ComityError as error:
        return _Gone(name=peer.url, reason=error.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    """A place that could not be opened."""

    name: str
    reason: str

    def read(self, path: str, *, limit: int) -> bytes:  # noqa: ARG002 - the protocol's
        """Say so again."""
        raise PeerFailed(self.reason, code="node.peer", peer=self.name)
