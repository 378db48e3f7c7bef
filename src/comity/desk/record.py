# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Say one thing in a node's own log."""

from collections.abc import Mapping

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node


def record(
    node: Node, kind: str, predicate: Mapping[str, Json], *, subject: Digest, now: Instant
) -> Reference:
    """Sign a statement into the node's log; it is durable when this returns.

    Args:
        kind: Short name such as "finding".
        subject: SHA-256 of what the statement is about.
    """
    statement = Statement(
        predicate_type=to_predicate_type(kind),
        predicate=predicate,
        subjects=(Subject.of(subject),),
    )
    (reference,) = node.append([statement], now)
    return reference
