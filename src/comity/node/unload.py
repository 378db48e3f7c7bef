# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Take in what came on a memory stick: follow the logs of peers, cosign, collect answers.

Nothing on the stick is trusted. A log of nobody known is named and left alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from comity.errors import ComityError, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.digest import from_hex, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.note import MAX_NOTE_BYTES, Note, from_bytes
from comity.node.carry import ANSWERS, LOGS, REQUESTS
from comity.node.disk.storage import Disk
from comity.node.fetch.source import LogSource
from comity.node.following.follow import Followed, Manner
from comity.node.logs.mirror import Mirror
from comity.node.member.config import Peer
from comity.node.node import Node
from comity.node.secrets.blob import MAX_BLOB_BYTES
from comity.node.witness.publication import Publication
from comity.node.witness.witness import to_request

_MEMBER = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A log on the stick that no peer of this node owns; nothing of it was checked."""

    member: MemberId
    origin: Origin
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of one peer's log.

    Args:
        followed: What came in; None where nothing could.
        is_older: The stick holds less of it than this node does.
    """

    peer: Peer
    followed: Followed | None = None
    error: ComityError | None = None
    is_older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A request to cosign, and what came of it.

    Args:
        reason: Why it was declined; empty where it was cosigned.
    """

    member: MemberId
    size: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloaded:
    """What a stick brought.

    Args:
        published: The node's own checkpoint with the answers that came, or None.
        blobs: Blobs taken in.
    """

    taken: tuple[Taken, ...]
    strangers: tuple[Stranger, ...]
    cosigned: tuple[Cosigned, ...]
    published: Publication | None
    blobs: int


def unload(
    node: Node,
    stick: Disk,
    now: Instant,
    manner_of: Callable[[Peer], Manner] = lambda _peer: Manner(),
    *,
    with_blobs: bool = False,
) -> Unloaded:
    """Follow every log of a peer on a stick; cosign what is asked; collect what was answered.

    Raises:
        NotFound: It is no stick.
        StorageFailed: An answer could not be written onto the stick.
    """
    members = _members(stick, LOGS)
    if not members:
        raise NotFound(
            f"no log stands on {stick.folder}",
            code="node.no_stick",
            hint="give the folder that `comity node export` wrote",
        )
    peers = {peer.member: peer for peer in node.config.peers}
    known = [peers[member] for member in members if member in peers]
    taken = tuple(_take(node, stick, peer, now, manner_of(peer)) for peer in known)
    others = (member for member in members if member not in {*peers, node.member})
    cosigned = tuple(_answer_requests(node, stick, peers, now))
    blobs = sum(_take_blobs(node, stick, peer) for peer in known) if with_blobs else 0
    return Unloaded(
        taken=taken,
        strangers=tuple(_stranger(stick, member) for member in others),
        cosigned=cosigned,
        published=_collect(node, stick, now),
        blobs=blobs,
    )


def _members(stick: Disk, folder: str) -> tuple[MemberId, ...]:
    try:
        names = sorted(path.name for path in stick.path(folder).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(MemberId(name) for name in names if _MEMBER.fullmatch(name))


def _take(node: Node, stick: Disk, peer: Peer, now: Instant, manner: Manner) -> Taken:
    place = str(stick.path(f"{LOGS}{peer.member}"))
    there = replace(peer, url=place, following=replace(peer.following, mirrors=()))
    try:
        return Taken(peer=peer, followed=node.follow(there, now, manner))
    except ComityError as error:
        is_older = isinstance(error, VerificationFailed) and error.code == "ledger.rollback"
        return Taken(peer=peer, error=None if is_older else error, is_older=is_older)


def _stranger(stick: Disk, member: MemberId) -> Stranger:
    try:
        checkpoint = _checkpoint(stick.read(f"{LOGS}{member}/checkpoint"))
    except (NotFound, InvalidDocument):
        return Stranger(member=member, origin=Origin("?"), size=0)
    return Stranger(member=member, origin=checkpoint.origin, size=checkpoint.size)


def _checkpoint(encoded: bytes) -> Checkpoint:
    return from_text(from_bytes(encoded).text)


def _answer_requests(
    node: Node, stick: Disk, peers: dict[MemberId, Peer], now: Instant
) -> Iterator[Cosigned]:
    for member in _members(stick, REQUESTS):
        name = f"{REQUESTS}{member}/{node.member}"
        if not stick.length(name):
            continue
        try:
            note = from_bytes(stick.read(name, 0, MAX_NOTE_BYTES))
            size = from_text(note.text).size
        except InvalidDocument as error:
            reason = f"the request is garbage: {' '.join(str(error).split())}"
            yield Cosigned(member=member, size=0, reason=reason)
            continue
        if member not in peers:
            yield Cosigned(member=member, size=size, reason="its log is no peer's")
            continue
        lines, reason = _cosign(node, Mirror(Disk(node.folder), member), note, now)
        if lines:
            content = note.text.encode() + b"\n" + lines
            stick.replace(f"{ANSWERS}{member}/{node.member}", content)
            stick.remove(name)
        yield Cosigned(member=member, size=size, reason=reason)


def _cosign(node: Node, mirror: Mirror, note: Note, now: Instant) -> tuple[bytes, str]:
    """Ask this node's own witness, with a proof from the mirror it has just verified."""
    size = from_text(note.text).size
    if size > mirror.size:
        return b"", f"this node knows that log only up to {mirror.size}"
    tree = mirror.tiles.tree(mirror.size)
    old = 0
    for _ in range(2):
        body = to_request(old, tree.consistency(old, size), note)
        answer = node.witness.add_checkpoint(body, now)
        if answer.status == 200:
            return answer.body, ""
        known = answer.body.strip()
        if answer.status != 409 or not known.isdigit() or int(known) > size:
            break
        old = int(known)
    said = answer.body[:200].decode("utf-8", errors="replace").strip()
    return b"", f"its witness answered {answer.status}: {said}"


def _collect(node: Node, stick: Disk, now: Instant) -> Publication | None:
    """Publish the node's own checkpoint with the cosignatures that came on the stick."""
    folder = f"{ANSWERS}{node.member}/"
    if not any(stick.names(folder)):
        return None

    def connect(peer: Peer) -> LogSource:
        return _Answers(stick, f"{folder}{peer.member}")

    return node.publish(now, connect)


class _Answers:
    """A witness whose answer, if it gave one, is on the stick."""

    def __init__(self, stick: Disk, file: str) -> None:
        self._stick = stick
        self._file = file

    @property
    def name(self) -> str:
        """Return where the answer would be."""
        return str(self._stick.path(self._file))

    def read(self, path: str, *, limit: int) -> bytes:
        """Hold no log: only an answer is here."""
        raise NotFound(f"{self.name} holds no {path} of {limit} bytes", code="node.source")

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Answer a request to cosign exactly the checkpoint that was carried."""
        if path != "add-checkpoint" or not self._stick.length(self._file):
            return 404, b"no answer came on this stick"
        text, _, lines = self._stick.read(self._file, 0, limit).partition(b"\n\n")
        if text + b"\n\n" not in body:
            return 404, b"the answer on this stick is for another size of the log"
        return 200, lines


def _take_blobs(node: Node, stick: Disk, peer: Peer) -> int:
    taken = 0
    for name in list(stick.names(f"{LOGS}{peer.member}/blob")):
        hexed = name.rpartition("/")[2]
        if not _MEMBER.fullmatch(hexed) or node.blobs.find(from_hex(hexed)) is not None:
            continue
        content = stick.read(name, 0, MAX_BLOB_BYTES + 1)
        if sha256(content) == from_hex(hexed) and len(content) <= MAX_BLOB_BYTES:
            node.blobs.put(content)
            taken += 1
    return taken
