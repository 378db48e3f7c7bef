# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's word that it holds evidence of a fork; the evidence itself is a blob."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.ledger.statement import Statement, Subject, to_predicate_type

STATEMENT_TYPE = to_predicate_type("fork")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkStatement:
    """Whose log is convicted, and the digest of the file that does it."""

    origin: Origin
    member: MemberId
    evidence: Digest


def to_statement(said: ForkStatement) -> Statement:
    """Write that a member holds evidence; the file itself is a blob."""
    return Statement(
        predicate_type=STATEMENT_TYPE,
        predicate={
            "origin": said.origin,
            "member": said.member,
            "evidence": said.evidence.hex(),
        },
        subjects=(Subject.of(said.evidence, name=said.origin),),
    )


def from_predicate(predicate: Mapping[str, Json]) -> ForkStatement:
    """Read what a member says it holds.

    Raises:
        InvalidDocument: With every fault.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    found = ForkStatement(
        origin=Origin(fields.text("origin")),
        member=MemberId(fields.digest("member").hex()),
        evidence=fields.digest("evidence"),
    )
    fields.finish("not a statement of fork evidence", code="ledger.fork_statement")
    return found
