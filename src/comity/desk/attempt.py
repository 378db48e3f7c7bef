# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How often a provider's system has been planned for a test on banks of one name.

A new version of the system or a new edition of the bank does not reset the count. What
strangers log does not raise it: a plan counts only from the tester the provider applied to.

Source:
    docs/spec/evidence.md, "Attempts".
"""

from collections.abc import Iterator

from comity.desk.case import Publication, find_bank, find_system, read_or_none
from comity.desk.shelf import Said, Shelf, find_cited
from comity.errors import NotFound
from comity.evidence.application import application_from_predicate
from comity.evidence.plan import DrawKind, plan_from_predicate
from comity.kernel.ids import MemberId


def attempts(shelf: Shelf, application: Said, bank: str) -> Iterator[Said]:
    """Yield every plan of a first draw for this applicant's system on banks of this name.

    Raises:
        NotFound: The applicant has not registered the system.
    """
    slug = _slug(shelf, application)
    for said in shelf.of_kind("plan"):
        if _is_attempt(shelf, said, application.member, (slug, bank)):
            yield said


def uncounted_attempts(shelf: Shelf, test: Publication) -> int:
    """Return how many plans its own log holds before a test's plan that the plan leaves out.

    Only the tester's own log has an order that shows it; other testers may not have known.
    """
    earlier = [
        said
        for said in attempts(shelf, test.application, test.case.bank.bank)
        if said.member == test.plan.member and said.reference.index < test.plan.reference.index
    ]
    return max(0, len(earlier) + 1 - test.case.plan.attempt)


def _is_attempt(
    shelf: Shelf, plan: Said, provider: MemberId, system_and_bank: tuple[str, str]
) -> bool:
    planned = read_or_none(plan_from_predicate, plan)
    if planned is None or planned.test is DrawKind.CONTINUATION:
        return False
    application = find_cited(shelf, planned.application, "application")
    if application is None or application.member != provider:
        return False
    if application.find_subject() is None:
        return False
    request = read_or_none(application_from_predicate, application)
    if request is None or request.tester != plan.member:
        return False
    try:
        kept = find_bank(shelf, planned.bank_root, plan.member)
        system = _slug(shelf, application)
    except NotFound:
        return False
    return (system, kept.statement.predicate.get("bank")) == system_and_bank


def _slug(shelf: Shelf, application: Said) -> str:
    return str(find_system(shelf, application).statement.predicate.get("system"))
