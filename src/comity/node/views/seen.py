# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a witness saw, as a statement in its own log, so that a split view shows later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from comity.errors import ComityError, InvalidDocument
from comity.kernel.digest import Digest, from_hex, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.ledger.tree import StoredTree
from comity.node.views.index import Index
from comity.node.views.view import Entry, MemberLog, View

SEEN_TYPE = to_predicate_type("seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A checkpoint as a statement names it; the log's own signature does not stand with it."""

    origin: Origin
    size: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A member says it saw another tree than this node verified. One of them was misled.

    It is no proof: the log's signature is not in a `seen` statement, and who wrote it may
    err or lie.

    Args:
        by: Who said so, and where.
        held: The root this node verified at that size.
    """

    sight: Sight
    by: MemberId
    said_at: Reference
    held: Digest


def to_statement(checkpoints: Iterable[Checkpoint]) -> Statement:
    """State the checkpoints a member has cosigned."""
    seen = tuple(checkpoints)
    return Statement(
        predicate_type=SEEN_TYPE,
        predicate={
            "checkpoints": [
                {"origin": one.origin, "size": one.size, "root": one.root.hex()} for one in seen
            ]
        },
        subjects=tuple(Subject.of(sha256(one.text.encode()), name=one.origin) for one in seen),
    )


def sights_of(statement: Statement) -> Iterator[Sight]:
    """Yield each well-formed checkpoint that a statement names."""
    checkpoints = statement.predicate.get("checkpoints")
    for one in checkpoints if isinstance(checkpoints, list) else ():
        match one:
            case {"origin": str(origin), "size": int(size), "root": str(root)}:
                try:
                    yield Sight(origin=Origin(origin), size=size, root=from_hex(root))
                except InvalidDocument:
                    continue


class Sources(Protocol):
    """What there is to compare: the logs followed, and what stands in them."""

    def members(self) -> Sequence[MemberLog]:
        """Return each member with its log."""

    def entries(self, predicate_type: str | None = None) -> Iterable[Entry]:
        """Yield the entries of one kind."""


def suspicions(view: Sources) -> tuple[Suspicion, ...]:
    """Return every `seen` statement that contradicts what this node verified.

    A size this node has not reached, or a log it does not follow, says nothing yet.
    """
    trees = {log.keyset.origin: log.tree for log in view.members() if log.tree is not None}
    roots: dict[tuple[Origin, int], Digest | None] = {}
    found: list[Suspicion] = []
    for entry in view.entries(SEEN_TYPE):
        if entry.statement is None:
            continue
        for sight in sights_of(entry.statement):
            tree, key = trees.get(sight.origin), (sight.origin, sight.size)
            if tree is None or not 0 < sight.size <= tree.size:
                continue
            if key not in roots:
                roots[key] = _root_at(tree, sight.size)
            held = roots[key]
            if held is not None and held != sight.root:
                found.append(
                    Suspicion(sight=sight, by=entry.member, said_at=entry.reference, held=held)
                )
    return tuple(found)


def _root_at(tree: StoredTree, size: int) -> Digest | None:
    """Return a root, or None where the tiles cannot be read."""
    try:
        return tree.root(size)
    except ComityError:
        return None


def unsaid(
    view: View, index: Index, member: MemberId, seen: Iterable[Checkpoint]
) -> list[Checkpoint]:
    """Return the checkpoints a member has not said it saw and that are news.

    A log that grew only by such statements is none.
    """
    said: dict[Origin, int] = {}
    for entry in view.entries(SEEN_TYPE):
        if entry.member == member and entry.statement is not None:
            said.update((one.origin, one.size) for one in sights_of(entry.statement))
    news: list[Checkpoint] = []
    for one in seen:
        start, stop = said.get(one.origin, 0), min(one.size, index.size(one.origin))
        if index.has_other(one.origin, range(start, stop), SEEN_TYPE):
            news.append(one)
    return news
