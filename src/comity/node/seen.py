# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a witness saw, as a statement in its own log, so that a split view shows later."""

from collections.abc import Iterable, Iterator

from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.statement import Statement, Subject, to_predicate_type

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
