# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a policy asks besides the arithmetic: of whom, how old, by how many, countersigned."""

from collections.abc import Collection, Mapping

from comity.desk.case.afterwards import accredited, countersignature_of
from comity.desk.case.case import Publication, read_or_none
from comity.desk.log.shelf import Shelf, find_cited
from comity.desk.log.withdrawal import fallen
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import Policy
from comity.evidence.statistics.design import Verdict
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant

_DAY_S = 86_400


def conditions_missed(
    shelf: Shelf, policy: Policy, test: Publication, own: Publication | None, *, now: Instant
) -> list[str]:
    """Say which of a policy's conditions on the whole a test does not meet."""
    found: list[str] = []
    tester = test.finding.member
    if tester not in policy.trusts and not accredited(shelf, policy, tester, now=now):
        found.append("the tester is not among the members this policy trusts")
        if policy.accreditors:
            found[-1] += ", and none that it believes accredits the tester for this bank now"
    if policy.max_age_days is not None:
        seconds = (now - test.case.finding.issued).total_seconds()
        if seconds > policy.max_age_days * _DAY_S:
            days = int(seconds // _DAY_S)
            found.append(
                f"the finding is {days} days old; the policy takes {policy.max_age_days}"
            )
    if policy.third and test.chain[0].case.plan.draw is None:
        found.append("the policy asks that a third be heard in the draw, and none was")
    statements = test.statements if own is None else (*test.statements, *own.statements)
    found += dict.fromkeys(fallen(shelf, statements))
    return [*found, *_unsigned(shelf, policy, test)]


def too_few_testers(shelf: Shelf, policy: Policy, test: Publication) -> Mapping[str, str]:
    """Say of each category that fewer testers than the policy asks for have shown it."""
    if policy.testers <= 1:
        return {}
    counted = {*policy.trusts, test.finding.member}
    found = {}
    for name in test.case.plan.categories:
        many = len(_shown_by(shelf, test, counted, name))
        if many < policy.testers:
            found[name] = f"shown by {many} of the {policy.testers} testers the policy asks for"
    return found


def _shown_by(
    shelf: Shelf, test: Publication, members: Collection[MemberId], category: str
) -> frozenset[MemberId]:
    """Return the members whose own findings on this bank show a category."""
    found: set[MemberId] = set()
    for said in shelf.of_kind("finding"):
        finding = read_or_none(finding_from_predicate, said)
        if finding is None or said.member not in members:
            continue
        if said.find_subject() != test.finding.subject or any(fallen(shelf, [said])):
            continue
        plan = find_cited(shelf, finding.plan, "plan")
        planned = None if plan is None else read_or_none(plan_from_predicate, plan)
        if plan is None or planned is None or plan.member != said.member:
            continue
        if planned.bank_root != test.case.plan.bank_root:
            continue
        shown = {row.category for row in finding.results if row.verdict is Verdict.SHOWN}
        if category in shown:
            found.add(said.member)
    return frozenset(found)


def _unsigned(shelf: Shelf, policy: Policy, test: Publication) -> list[str]:
    """Say what the provider did not sign, or what it disputes."""
    said = countersignature_of(shelf, test)
    if said is not None and said.disputed:
        records = ", ".join(map(str, said.disputed[:10]))
        return [f"the provider disputes that records {records} are its system's answers"]
    if policy.countersigned and said is None:
        return ["the policy asks that the provider countersign the transcript, and it has not"]
    return []
