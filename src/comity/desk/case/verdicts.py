# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What other findings say of the same version on the same bank."""

from collections.abc import Collection

from comity.desk.case.case import Publication, read_or_none
from comity.desk.log.shelf import Said, Shelf, find_cited
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId


def not_shown_by(
    shelf: Shelf, test: Publication, members: Collection[MemberId]
) -> dict[str, Said]:
    """Return, by category, another finding of these members that found it not shown.

    Whoever counts a member's findings counts its failures too, those that a test goes on
    with included; only the test itself is left out.
    """
    found: dict[str, Said] = {}
    for said in shelf.of_kind("finding"):
        if said.member not in members or said.reference == test.finding.reference:
            continue
        finding = read_or_none(finding_from_predicate, said)
        if finding is None or said.find_subject() != test.finding.subject:
            continue
        if _bank_root(shelf, finding, said.member) != test.case.plan.bank_root:
            continue
        for result in finding.results:
            if result.verdict is Verdict.NOT_SHOWN:
                found.setdefault(result.category, said)
    return found


def _bank_root(shelf: Shelf, finding: Finding, member: MemberId) -> Digest | None:
    """Return the bank of a finding's plan, where its author planned it."""
    said = find_cited(shelf, finding.plan, "plan")
    if said is None or said.member != member:
        return None
    plan = read_or_none(plan_from_predicate, said)
    return None if plan is None else plan.bank_root
