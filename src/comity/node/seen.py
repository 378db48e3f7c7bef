# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a witness saw, as a statement in its own log, so that a split view shows later."""

from collections.abc import Iterable, Iterator

from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.index import Index
from comity.node.view import View

SEEN_TYPE = to_predicate_type("seen")


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


def said_sizes(statement: Statement) -> Iterator[tuple[Origin, int]]:
    """Yield the origin and size of each well-formed checkpoint a statement names."""
    checkpoints = statement.predicate.get("checkpoints")
    for one in checkpoints if isinstance(checkpoints, list) else ():
        match one:
            case {"origin": str(origin), "size": int(size)}:
                yield Origin(origin), size


def unsaid(
    view: View, index: Index, member: MemberId, seen: Iterable[Checkpoint]
) -> list[Checkpoint]:
    """Return the checkpoints a member has not said it saw and that are news.

    A log that grew only by such statements is none.
    """
    said: dict[Origin, int] = {}
    for entry in view.entries(SEEN_TYPE):
        if entry.member == member and entry.statement is not None:
            said.update(said_sizes(entry.statement))
    news: list[Checkpoint] = []
    for one in seen:
        start, stop = said.get(one.origin, 0), min(one.size, index.size(one.origin))
        if index.has_other(one.origin, range(start, stop), SEEN_TYPE):
            news.append(one)
    return news
