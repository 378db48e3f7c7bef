# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What nobody may choose once outcomes are known: the report that counts, the risk gone on at.

A plan has one finding, a member goes on with a finding once, and the risk of a continuation
is that of a policy its member logged before it planned.

Source:
    docs/spec/evidence.md, "Continuation".
"""

from collections.abc import Iterator

from comity.desk.case.case import Publication, read_or_none
from comity.desk.log.shelf import Said, Shelf, place_of
from comity.evidence.combine import attempt_risk
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import Policy, policy_from_predicate
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference


def chosen_late(shelf: Shelf, test: Publication) -> Iterator[str]:
    """Yield what its author could choose by the outcomes, each a sentence."""
    finding = _earlier_finding(shelf, test)
    if finding is not None:
        yield f"its tester reported on the plan before, at {place_of(finding.reference)}"
    continued = test.case.plan.continues
    if continued is None:
        return
    plan = find_continuation(shelf, continued, test.plan.member)
    if plan is not None and plan.reference != test.plan.reference:
        yield f"its member went on with the finding before, at {place_of(plan.reference)}"
    if not _has_policy_risk(shelf, test):
        yield "no policy its member logged before the continuation gives its risk"


def find_continuation(shelf: Shelf, finding: Reference, member: MemberId) -> Said | None:
    """Return the first plan of a member that goes on with a finding, or None."""
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is not None and said.member == member and plan.continues == finding:
            return said
    return None


def _earlier_finding(shelf: Shelf, test: Publication) -> Said | None:
    for said in shelf.of_kind("finding"):
        if said.member != test.finding.member or said.reference == test.finding.reference:
            continue
        finding = read_or_none(finding_from_predicate, said)
        is_before = said.reference.index < test.finding.reference.index
        if finding is not None and is_before and finding.plan == test.plan.reference:
            return said
    return None


def _has_policy_risk(shelf: Shelf, test: Publication) -> bool:
    """Tell whether the policy in force when a continuation was planned gives its risk."""
    policy = _policy_before(shelf, test.plan, test.case.bank.bank)
    if policy is None:
        return False
    plan = test.case.plan
    due = attempt_risk(policy.risk, plan.attempt)
    return all(plan.design_of(name).risk == due for name in plan.categories)


def _policy_before(shelf: Shelf, plan: Said, bank: str) -> Policy | None:
    found: Policy | None = None
    for said in shelf.of_kind("policy"):
        policy = read_or_none(policy_from_predicate, said)
        is_before = said.member == plan.member and said.reference.index < plan.reference.index
        if policy is not None and is_before and policy.bank == bank:
            found = policy
    return found
