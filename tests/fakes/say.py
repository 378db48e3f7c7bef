# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member whose program is not ours: it logs whatever it likes, schemas or none."""

from collections.abc import Mapping

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node


def say(
    node: Node, kind: str, predicate: Mapping[str, Json], *, subject: Digest, now: Instant
) -> Reference:
    """Sign a statement into a log without holding it against any schema."""
    statement = Statement(
        predicate_type=to_predicate_type(kind),
        predicate=predicate,
        subjects=(Subject.of(subject),),
    )
    (reference,) = node.append([statement], now)
    return reference
