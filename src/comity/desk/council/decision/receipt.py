# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Say when others' statements of a decision were received, so that nobody can vote late."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.council.decision.docket import Receipt
from comity.council.decision.statement_record import from_receipt_json, to_receipt_json
from comity.desk.council.decision.docket import RECEIVED, Chamber
from comity.desk.log.shelf import ViewShelf
from comity.errors import InvalidDocument
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One statement this member says that it received.

    Args:
        at: Where the receipt stands.
    """

    kind: str
    of: Reference
    at: Reference

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "kind": self.kind,
            "of": f"{self.of.log}#{self.of.index}",
            "receipt": f"{self.at.log}#{self.at.index}",
        }


def receive(node: Node, *, now: Instant) -> tuple[Received, ...]:
    """Log a receipt for each statement of others that bears on a vote one has a seat in.

    Only what stands in the logs followed is received, each statement once. The instant is that
    of this node's clock: other members' receipts are what tells if it is wrong.
    """
    chamber = Chamber(node.view())
    wanted = list(_wanted(chamber, node, _acknowledged(node)))
    statements = [_statement(of, now) for _, of in wanted]
    places = node.append(statements, now)
    return tuple(
        Received(kind=kind, of=of, at=at) for (kind, of), at in zip(wanted, places, strict=True)
    )


def _wanted(
    chamber: Chamber, node: Node, held: set[Reference]
) -> Iterator[tuple[str, Reference]]:
    seats = [
        one for one in chamber.proposals()
        if node.member in one.said.proposal.electorate.members
    ]  # fmt: skip
    if not seats:
        return
    members = frozenset[str]().union(
        *({*one.said.proposal.electorate.members, one.member} for one in seats)
    )
    about = {one.reference.sha256.hex() for one in seats}
    own = {one.reference.sha256.hex() for one in chamber.mandates()} | about
    own |= {told.reference.sha256.hex() for told in chamber.of_kind("challenge")}
    for kind in RECEIVED:
        for told in chamber.of_kind(kind):
            is_others = told.member != node.member and told.member in members
            if not is_others or told.reference in held:
                continue
            if _bears(kind, told.statement, told.reference.sha256.hex(), about, own):
                yield kind, told.reference


def _bears(
    kind: str, statement: Statement, digest: str, about: set[str], own: set[str]
) -> bool:
    """Tell whether a statement may bear on one of the proposals."""
    if kind == "proposal":
        return digest in about
    name = {"withdrawal": "of"}.get(kind, "proposal")
    of = statement.predicate.get(name)
    if kind in {"bloc-mandate", "roll-change", "compromise"}:
        return True
    return isinstance(of, dict) and of.get("sha256") in (own if kind == "withdrawal" else about)


def _acknowledged(node: Node) -> set[Reference]:
    return {receipt.of for receipt in _own_receipts(node)}


def _own_receipts(node: Node) -> Iterable[Receipt]:
    for said in ViewShelf(node.view()).of_kind("ballot-receipt"):
        if said.member == node.member:
            try:
                yield from_receipt_json(said.statement.predicate)
            except InvalidDocument:
                continue


def _statement(of: Reference, now: Instant) -> Statement:
    written = to_receipt_json(Receipt(of=of, received=now))
    return Statement(
        predicate_type=to_predicate_type("ballot-receipt"),
        predicate={"issued": to_rfc3339(now), **written},
        subjects=(Subject.of(of.sha256),),
    )
