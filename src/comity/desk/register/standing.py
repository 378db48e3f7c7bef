# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What still stands: nothing that was taken back, and nothing that rests on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.desk.register.register import Held, Register
from comity.desk.register.sheet import TakenBack, Tally
from comity.evidence.finding import Finding
from comity.evidence.plan import Plan
from comity.evidence.recognition import Decision, Recognition
from comity.kernel.reference import to_reference_json
from comity.node.views.view import Entry


def fallen_finding(register: Register, finding: Held[Finding]) -> tuple[TakenBack, ...]:
    """Return what was withdrawn of a finding and of all it rests on, earlier tests too."""
    found: dict[TakenBack, None] = {}
    for link in _chain(register, finding):
        for withdrawal in register.withdrawn.values():
            of = withdrawal.said.of
            entry = register.view.ledger.find(of) if of.log in link.logs else None
            if entry is not None and _bears(entry, link):
                found[_taken(entry, withdrawal.said.reason)] = None
    return tuple(found)


def fallen_answer(register: Register, answer: Held[Recognition]) -> tuple[TakenBack, ...]:
    """Return what was withdrawn of a member's answer, and of what a recognition rests on.

    Who declined relies on nothing that could fall.
    """
    said = answer.said
    found: dict[TakenBack, None] = {}
    for reference in (answer.entry.reference, said.policy):
        withdrawal = register.withdrawn.get(reference.sha256.hex())
        if withdrawal is not None and withdrawal.said.of == reference:
            entry = register.view.ledger.find(reference)
            if entry is not None:
                found[_taken(entry, withdrawal.said.reason)] = None
    rests = (said.finding, *filter(None, [said.continuation]))
    for reference in rests if said.decision is Decision.RECOGNISED else ():
        finding = register.findings.get(reference.sha256.hex())
        if finding is not None:
            found |= dict.fromkeys(fallen_finding(register, finding))
    return tuple(found)


def tally_of(register: Register, system: str) -> Tally:
    """Count categories by verdict and members by answer, for one version.

    A category that two findings on one bank show counts once; what fell counts no more.
    """
    every = register.findings_on.get(system, ())
    findings = [held for held in every if not fallen_finding(register, held)]
    verdicts = [
        verdict
        for _, _, verdict in {
            (register.bank_root(held), row.category, row.verdict.value)
            for held in findings
            for row in held.said.results
        }
    ]
    answers = {
        (held.entry.member, held.said.decision.value)
        for finding in findings
        for held in register.answers_to.get(finding.id, ())
        if not fallen_answer(register, held)
    }
    return Tally(
        findings=len(findings),
        shown=verdicts.count("shown"),
        not_shown=verdicts.count("not_shown"),
        insufficient=verdicts.count("insufficient"),
        recognised=sum(decision == "recognised" for _, decision in answers),
        declined=sum(decision == "declined" for _, decision in answers),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """One test of a draw: its finding, its plan, and the finding whose draw it goes on with."""

    finding: Held[Finding]
    plan: Held[Plan] | None
    before: Held[Finding] | None

    @property
    def logs(self) -> frozenset[str]:
        """Return the logs in which what it rests on stands."""
        found = {self.finding.entry.reference.log}
        if self.plan is not None:
            found.add(self.plan.said.application.log)
        if self.before is not None:
            found.add(self.before.entry.reference.log)
        return frozenset(found)


def _chain(register: Register, finding: Held[Finding]) -> Iterator[_Link]:
    """Yield a finding and those whose draw it goes on with."""
    seen: set[str] = set()
    last: Held[Finding] | None = finding
    while last is not None and last.id not in seen:
        seen.add(last.id)
        plan = register.plans.get(last.said.plan.sha256.hex())
        cited = None if plan is None else plan.said.continues
        before = None if cited is None else register.findings.get(cited.sha256.hex())
        yield _Link(finding=last, plan=plan, before=before)
        last = before


def _bears(entry: Entry, link: _Link) -> bool:
    """Tell whether a withdrawn statement is one that a test rests on, by who had to say it."""
    if entry.statement is None or link.plan is None:
        return entry.reference == link.finding.entry.reference
    log, plan, own = entry.reference.log, link.plan.said, link.finding
    about = entry.statement.subjects[:1]
    subject = about[0].digest.get("sha256", "") if about else ""
    match entry.statement.kind:
        case "finding" | "plan":
            return entry.reference in {own.entry.reference, own.said.plan}
        case "system":
            return (log, subject) == (plan.application.log, own.subject)
        case "bank":
            is_keepers = plan.continues is None and log == own.entry.reference.log
            return is_keepers and subject == plan.bank_root.hex()
        case "custody" if link.before is not None:
            handed = to_reference_json(link.before.said.plan), own.entry.member
            said = entry.statement.predicate
            is_testers = log == link.before.entry.reference.log
            return is_testers and (said.get("plan"), said.get("to")) == handed
        case _:
            return False


def _taken(entry: Entry, reason: str) -> TakenBack:
    return TakenBack(
        kind="" if entry.statement is None else entry.statement.kind,
        origin=entry.reference.log,
        index=entry.reference.index,
        reason=reason,
    )
