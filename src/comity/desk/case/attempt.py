# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How often a provider's system has been planned for a test on banks of one name.

A new version of the system or a new edition of the bank does not reset the count. What
strangers log does not raise it: a plan counts only from the tester the provider applied to.

Source:
    docs/spec/evidence.md, "Attempts".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.case.case import Publication, find_bank, find_system, reveals_of
from comity.desk.case.third import contributions, find_closing
from comity.desk.log.shelf import Said, Shelf, find_cited, read_or_none
from comity.errors import NotFound
from comity.evidence.application import application_from_predicate
from comity.evidence.attempt import (
    Attempt,
    Fate,
    Sharing,
    carried,
    count,
    is_shown,
    sharing_of,
)
from comity.evidence.contributor import Contributors
from comity.evidence.draw import Role, charged
from comity.evidence.finding import Result, finding_from_predicate
from comity.evidence.plan import DrawKind, Plan, plan_from_predicate
from comity.kernel.ids import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every attempt of one provider's system on banks of one name, log by log."""

    provider: MemberId
    system: str
    bank: str
    attempts: tuple[Attempt, ...]

    def before(self, plan: Said) -> tuple[Attempt, ...]:
        """Return the attempts its own log holds before a plan; only a log has an order."""
        return tuple(
            one
            for one in self.attempts
            if one.plan.log == plan.reference.log and one.plan.index < plan.reference.index
        )


def ledger(shelf: Shelf, application: Said, bank: str) -> Ledger:
    """Return the attempts of an applicant's system on banks of this name.

    Raises:
        NotFound: The applicant has not registered the system.
    """
    claim = (_slug(shelf, application), bank)
    found = (
        _attempt(shelf, said, parts[0], parts[1])
        for said in shelf.of_kind("plan")
        if (parts := _first_draw(shelf, said)) is not None
        and parts[1].member == application.member
        and _claim(shelf, said, parts) == claim
    )
    return Ledger(
        provider=application.member, system=claim[0], bank=bank, attempts=tuple(found)
    )


def ledgers(shelf: Shelf, system: Said) -> Iterator[Ledger]:
    """Yield the ledger of each bank a system was planned for a test on."""
    slug = str(system.statement.predicate.get("system"))
    done: set[str] = set()
    for said in shelf.of_kind("plan"):
        parts = _first_draw(shelf, said)
        if parts is None or parts[1].member != system.member:
            continue
        claim = _claim(shelf, said, parts)
        if claim is not None and claim[0] == slug and claim[1] not in done:
            done.add(claim[1])
            yield ledger(shelf, parts[1], claim[1])


def uncounted_attempts(shelf: Shelf, test: Publication) -> int:
    """Return how many plans its own log holds before a test's plan that the plan leaves out.

    Only the tester's own log has an order that shows it; other testers may not have known.
    """
    every = ledger(shelf, test.application, test.case.bank.bank)
    return max(0, count(every.before(test.plan)) + 1 - test.case.plan.attempt)


def objection_by_product(
    shelf: Shelf, test: Publication, category: str, risk: Fraction
) -> str | None:
    """Say why a category whose attempts multiply is not shown at a risk, or None.

    None too where the plan weighs its attempts: then its design alone decides.
    """
    if sharing_of(test.case.plan) is not Sharing.PRODUCT:
        return None
    every = ledger(shelf, test.application, test.case.bank.bank).before(test.plan)
    if any(one.is_counted and one.sharing is not Sharing.PRODUCT for one in every):
        return "earlier attempts are weighted, and this one's e-value would be multiplied"
    own = _attempt(shelf, test.plan, test.case.plan, test.application)
    before = carried(every, category)
    if is_shown(own.e_value(category), before, risk):
        return None
    return f"with what {len(every)} earlier attempts leave, its e-value does not reach 1/risk"


def _first_draw(shelf: Shelf, said: Said) -> tuple[Plan, Said] | None:
    """Return a plan of a first draw by the tester applied to, with its application."""
    plan = read_or_none(plan_from_predicate, said)
    if plan is None or plan.test is DrawKind.CONTINUATION:
        return None
    application = find_cited(shelf, plan.application, "application")
    if application is None or application.find_subject() is None:
        return None
    request = read_or_none(application_from_predicate, application)
    is_addressed = request is not None and request.tester == said.member
    return (plan, application) if is_addressed else None


def _claim(shelf: Shelf, said: Said, parts: tuple[Plan, Said]) -> tuple[str, str] | None:
    """Return the names of system and bank, which no version and no edition changes."""
    plan, application = parts
    try:
        kept = find_bank(shelf, plan.bank_root, said.member)
        return _slug(shelf, application), str(kept.statement.predicate.get("bank"))
    except NotFound:
        return None


def _attempt(shelf: Shelf, said: Said, plan: Plan, application: Said) -> Attempt:
    results = _results(shelf, said)
    fate, withheld_by = _fate(shelf, said, plan, application)
    return Attempt(
        plan=said.reference,
        tester=said.member,
        sharing=sharing_of(plan),
        has_third=plan.draw is not None,
        categories=tuple(plan.categories),
        fate=Fate.REPORTED if results else fate,
        withheld_by=() if results else withheld_by,
        results=results,
    )


def _fate(
    shelf: Shelf, said: Said, plan: Plan, application: Said
) -> tuple[Fate, tuple[MemberId, ...]]:
    """Tell where an unreported attempt stands, and whose nonce it wants for."""
    made = reveals_of(shelf, said.reference)
    payer = charged(
        provider_revealed=(application.member, Role.PROVIDER) in made,
        tester_revealed=(said.member, Role.TESTER) in made,
    )
    if payer is Role.PROVIDER:
        return Fate.PROVIDER, (application.member,)
    if payer is Role.TESTER:
        return Fate.TESTER, (said.member,)
    if plan.draw is None or find_closing(shelf, said) is not None:
        return Fate.UNREPORTED, ()
    if not isinstance(plan.draw, Contributors):
        return Fate.TESTER, (said.member,)
    parts = contributions(shelf, said.reference, plan.draw)
    silent = tuple(one.node.member for one in parts if one.share is None)
    if len(parts) - len(silent) < plan.draw.least:
        return Fate.THIRD, silent
    return Fate.TESTER, (said.member,)


def _results(shelf: Shelf, plan: Said) -> tuple[Result, ...]:
    """Return what the tester first reported on a plan."""
    for said in shelf.of_kind("finding"):
        finding = read_or_none(finding_from_predicate, said)
        if finding is None or said.member != plan.member:
            continue
        if finding.plan == plan.reference:
            return finding.results
    return ()


def _slug(shelf: Shelf, application: Said) -> str:
    return str(find_system(shelf, application).statement.predicate.get("system"))
