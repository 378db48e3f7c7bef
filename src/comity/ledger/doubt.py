# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a log itself says against one of its entries; the entry stays and is shown with it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from comity.errors import InvalidDocument
from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import from_bytes
from comity.ledger.identity import Identity
from comity.ledger.statement import Statement

DoubtKind: TypeAlias = Literal["disputed", "back-dated", "changes nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason not to take an entry at its word.

    Args:
        kind: "disputed": signed by a key its owner declared stolen; "back-dated": it claims
            a time before what an earlier entry says; "changes nothing": a keyset or a
            compromise without the right to be one.
        entry: The entry of the same log that says so; of "changes nothing" the entry itself.
        reason: In plain words, as far as there are any.
    """

    kind: DoubtKind
    entry: int
    reason: str = ""


def doubts_of(
    encoded: bytes, index: int, statement: Statement | None, identity: Identity
) -> tuple[Doubt, ...]:
    """Return what a member's log says against its entry at an index."""
    found: list[Doubt] = []
    refusal = identity.find_refusal(index)
    if refusal is not None:
        found.append(Doubt(kind="changes nothing", entry=index, reason=refusal.reason))
    stolen = identity.disputes(index, _signers(encoded)) if identity.compromises else ()
    found.extend(Doubt(kind="disputed", entry=one.entry, reason=one.reason) for one in stolen)
    later = None if statement is None else _later_claim(statement, index, identity)
    if later is not None:
        found.append(Doubt(kind="back-dated", entry=later))
    return tuple(found)


def _signers(encoded: bytes) -> frozenset[str]:
    try:
        return frozenset(one.keyid for one in from_bytes(encoded).signatures)
    except InvalidDocument:
        return frozenset()


def _later_claim(statement: Statement, index: int, identity: Identity) -> int | None:
    claimed = statement.predicate.get("issued")
    try:
        issued = from_rfc3339(claimed) if isinstance(claimed, str) else None
    except InvalidDocument:
        return None
    return None if issued is None else identity.find_later_claim(index, issued)
