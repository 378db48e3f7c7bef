# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Count, list, show, publish a result, and hold one's own beside another reader's."""

from dataclasses import dataclass

from comity.council.decision.comparison import Difference, Finding, compare, finding_of
from comity.council.decision.docket import Logged
from comity.council.decision.proposal import Motion
from comity.council.decision.statement_record import from_result_json, to_result_json
from comity.council.decision.tally import counted
from comity.desk.council.decision.docket import Chamber
from comity.desk.council.decision.sheet import (
    DecisionSheet,
    ProposalRow,
    decision_sheet,
    place,
    proposal_row,
)
from comity.desk.log.citation import cite
from comity.desk.log.record import record
from comity.desk.log.shelf import ViewShelf
from comity.errors import Conflict
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSheet:
    """Two results of one proposal side by side.

    Args:
        names: What the two are called.
    """

    names: tuple[str, str]
    findings: tuple[Finding, Finding]
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether both readers found the same."""
        return not self.differences

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "results": [
                {"name": name, "state": found.state.value, "adopted": found.passed,
                 "counts": dict(found.counts)}
                for name, found in zip(self.names, self.findings, strict=True)
            ],
            "same": self.is_same,
            "differences": [
                {
                    "kind": one.kind, "text": one.text, "log": one.origin,
                    "lacks": None if one.lacks is None else self.names[one.lacks],
                }
                for one in self.differences
            ],
        }  # fmt: skip


def find_proposal(node: Node, text: str) -> Reference:
    """Return the place of the proposal that a text names.

    Raises:
        NotFound: There is none.
        InvalidDocument: Several answer to it.
    """
    return cite(ViewShelf(node.view()), text, "proposal").reference


def decision(node: Node, proposal: Reference, as_of: Instant) -> DecisionSheet:
    """Count a proposal from the logs this node follows.

    Raises:
        NotFound: It is not published or cannot be read here.
    """
    chamber = Chamber(node.view())
    return decide(chamber, chamber.get(proposal), as_of)


def decide(chamber: Chamber, logged: Logged[Motion], as_of: Instant) -> DecisionSheet:
    """Count a proposal from the logs a chamber reads."""
    result, text = counted(chamber.docket(logged, as_of), as_of)
    return decision_sheet(chamber, logged, result, text)


def proposals(node: Node, as_of: Instant) -> tuple[ProposalRow, ...]:
    """List every readable proposal, those still to be decided first."""
    chamber = Chamber(node.view())
    found = [(one, chamber.tally(one, as_of)) for one in chamber.proposals()]
    found.sort(key=lambda pair: (pair[1].is_decided, pair[0].order))
    return tuple(proposal_row(chamber, logged, result) for logged, result in found)


def publish_result(
    node: Node, proposal: Reference, as_of: Instant, *, now: Instant
) -> tuple[Reference, DecisionSheet]:
    """Sign what this node finds, with the checkpoints it rests on.

    Raises:
        Conflict: A log of the electorate is not held whole, so that others could find more
            in the same checkpoints.
    """
    sheet = decision(node, proposal, as_of)
    lacking = [log.name for log in sheet.logs if not log.is_whole]
    if lacking:
        raise Conflict(
            f"not every entry of {', '.join(lacking)} is held here",
            code="council.not_whole",
            hint='follow in whole: mode = "full" in node.toml, then comity node follow',
        )
    predicate = to_result_json(sheet.result)
    return record(node, "result", predicate, subject=proposal.sha256, now=now), sheet


def compare_results(node: Node, one: str, other: str | None = None) -> ComparisonSheet:
    """Hold a published result beside another, or count again from the checkpoints it names.

    Raises:
        NotFound: There is no such result.
        InvalidDocument: It cannot be read.
    """
    shelf = ViewShelf(node.view())
    first = cite(shelf, one, "result")
    here = from_result_json(first.statement.predicate)
    if other is not None:
        second = cite(shelf, other, "result")
        there, name = from_result_json(second.statement.predicate), place(second.reference)
    else:
        there, name = _recount(node, here), "this node"
    names = (place(first.reference), name)
    return ComparisonSheet(
        names=names, findings=(here, there), differences=compare(here, there, names)
    )


def _recount(node: Node, finding: Finding) -> Finding:
    """Count what a result is of, from the same logs as far as they are held here.

    A log of the electorate that the result leaves out is read whole: who leaves out whom it
    would not hear must not be found right.
    """
    view = node.view()
    whole = Chamber(view)
    members = whole.get(finding.proposal).said.proposal.electorate.members
    sizes = {log.origin: log.size for log in whole.logs if log.member in members}
    chamber = Chamber(view, sizes | {log.origin: log.size for log in finding.logs})
    return finding_of(chamber.tally(chamber.get(finding.proposal), finding.as_of))
