# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Open items of a bank to somebody outside a test, and say so in one's log."""

from dataclasses import dataclass

from comity.desk.assessment.keeping import held_bank
from comity.desk.assessment.retiring import keep_shown
from comity.desk.log.record import record
from comity.desk.log.shelf import Said
from comity.evidence.opening import (
    Openings,
    OpeningStatement,
    digest_of,
    encode_openings,
    positions_from,
)
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Items about to be handed to somebody.

    Args:
        encoded: The file they stand in.
    """

    bank: Said
    positions: tuple[int, ...]
    encoded: bytes


def open_items(node: Node, bank: Said, positions: str) -> Opened:
    """Open items of a bank this node keeps; nothing is logged yet.

    Raises:
        NotFound: This node does not keep the bank.
        InvalidDocument: The positions are not all of the bank's.
    """
    held = held_bank(node, bank.subject)
    chosen = positions_from(positions, held.commitment.size)
    items = tuple(held.open(position) for position in chosen)
    encoded = encode_openings(Openings(commitment=held.commitment, items=items))
    return Opened(bank=bank, positions=chosen, encoded=encoded)


def log_opening(node: Node, opened: Opened, *, to: str, reason: str, now: Instant) -> Reference:
    """Say in one's log to whom items were opened; they are retired from then on."""
    statement = OpeningStatement(
        issued=now,
        to=to,
        count=len(opened.positions),
        file=digest_of(opened.encoded),
        reason=reason,
    )
    keep_shown(node, statement, opened.positions)
    root = opened.bank.subject
    return record(node, "opening", statement.to_predicate(), subject=root, now=now)
