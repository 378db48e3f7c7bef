# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Say one thing in a node's own log, and nothing that its kind's schema refuses."""

from collections.abc import Mapping

from comity.desk.log.schema import faults_of
from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node


def record(
    node: Node,
    kind: str,
    predicate: Mapping[str, Json],
    *,
    subject: Digest | None,
    now: Instant,
) -> Reference:
    """Sign a statement into the node's log; it is durable when this returns.

    Args:
        kind: Short name such as "finding".
        subject: SHA-256 of what the statement is about; None where it is about nothing.

    Raises:
        InvalidDocument: It does not follow the schema of its kind; nothing is logged.
    """
    statement = Statement(
        predicate_type=to_predicate_type(kind),
        predicate={"issued": to_rfc3339(now), **predicate},
        subjects=() if subject is None else (Subject.of(subject),),
    )
    faults = faults_of(statement)
    if faults:
        raise InvalidDocument(
            f"this {kind} cannot be said",
            code="desk.statement",
            hint=f"comity statement schema {kind} prints what it must say",
            faults=faults,
        )
    (reference,) = node.append([statement], now)
    return reference
