# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rely on another member's finding, or decline and say why.

What a member relies on is fixed by a policy it logged before; what it decides follows from
the policy, the finding re-derived, and its own continuation where the route asks for one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.case.attempt import objection_by_product, uncounted_attempts
from comity.desk.case.case import Bundles, Publication, gather, read_or_none, rederive
from comity.desk.case.choices import chosen_late
from comity.desk.case.verdicts import not_shown_by
from comity.desk.finding.conditions import conditions_missed, too_few_testers
from comity.desk.log.record import record
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited
from comity.errors import NotFound
from comity.evidence.attempt import Sharing, sharing_of
from comity.evidence.audit import Check, first_disagreement
from comity.evidence.combine import attempt_risk
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import (
    CategoryDecision,
    Decision,
    Policy,
    Recognition,
    Route,
    policy_from_predicate,
)
from comity.evidence.statistics.design import Verdict
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.kernel.share import percent
from comity.kernel.truth import Truth
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A policy with the statement that logs it."""

    policy: Policy
    reference: Reference


def log_policy(node: Node, policy: Policy, *, now: Instant) -> Reference:
    """Fix beforehand whom this member trusts, by which route, at which risk."""
    return record(node, "policy", policy.to_predicate(), subject=policy.digest, now=now)


def policy_for(node: Node, bank: str) -> Standing:
    """Return the policy this member last logged for a bank.

    Raises:
        NotFound: It logged none.
    """
    standing: Standing | None = None
    for said in ViewShelf(node.view()).of_kind("policy"):
        policy = read_or_none(policy_from_predicate, said)
        if policy is not None and said.member == node.member and policy.bank == bank:
            standing = Standing(policy=policy, reference=said.reference)
    if standing is None:
        raise NotFound(
            f"this member has logged no policy for the bank {bank!r}",
            code="desk.policy",
            hint="a policy is logged before anything is recognised: comity policy",
        )
    return standing


def decide(
    shelf: Shelf,
    standing: Standing,
    test: Publication,
    own: Publication | None,
    *,
    now: Instant,
) -> Recognition:
    """Decide on a finding under a policy; every reason is written down.

    Args:
        own: This member's continuation, looked at if the policy's route is to go on oneself.
    """
    policy = standing.policy
    own = own if policy.route is Route.CONTINUATION else None
    checks = {"finding": rederive(test)}
    if own is not None:
        checks["continuation"] = rederive(own)
    objections = _objections(shelf, standing, test, own, checks)
    objections += conditions_missed(shelf, policy, test, own, now=now)
    categories = _decided(shelf, standing, test, own)
    held = {one.name for one in categories if one.decision is Decision.RECOGNISED}
    objections += _lacking(policy, held)
    if not (held or objections):
        objections = ["no category is recognised"]
    if objections:
        categories = tuple(map(_declined_with_the_whole, categories))
    return Recognition(
        issued=now,
        finding=test.finding.reference,
        policy=standing.reference,
        continuation=None if own is None else own.finding.reference,
        decision=Decision.DECLINED if objections else Decision.RECOGNISED,
        categories=categories,
        reasons=(*(objections or [_summary(policy, sorted(held))]), *_taken_on_word(checks)),
    )


def _decided(
    shelf: Shelf, standing: Standing, test: Publication, own: Publication | None
) -> tuple[CategoryDecision, ...]:
    """Decide category by category, each for itself."""
    against = _found_otherwise(shelf, standing, test)
    few = too_few_testers(shelf, standing.policy, test)
    decided = (
        _decide_category(standing, test, own, against, name)
        for name in test.case.plan.categories
    )
    rows = (_multiplied(shelf, standing, test, row) for row in decided)
    return tuple(
        row if row.name not in few else _declined(row.name, few[row.name]) for row in rows
    )


def own_continuation(node: Node, finding: Reference, bundles: Bundles) -> Publication | None:
    """Return this member's newest finding that goes on with a finding's draw, or None."""
    shelf = ViewShelf(node.view())
    newest: Reference | None = None
    for said in shelf.of_kind("finding"):
        own = read_or_none(finding_from_predicate, said)
        if own is None or said.member != node.member:
            continue
        plan = find_cited(shelf, own.plan, "plan")
        planned = None if plan is None else read_or_none(plan_from_predicate, plan)
        if planned is not None and planned.continues == finding:
            newest = said.reference
    return None if newest is None else gather(shelf, newest, bundles)


def log_recognition(
    node: Node, recognition: Recognition, test: Publication, *, now: Instant
) -> Reference:
    """Sign the decision into this member's log."""
    predicate = recognition.to_predicate()
    return record(node, "recognition", predicate, subject=test.finding.subject, now=now)


def _found_otherwise(shelf: Shelf, standing: Standing, test: Publication) -> dict[str, Said]:
    """Return what the trusted, or this member itself, found not shown in other tests."""
    judge = shelf.find(standing.reference)
    own = () if judge is None else (judge.member,)
    return not_shown_by(shelf, test, {*standing.policy.trusts, *own})


def _taken_on_word(checks: Mapping[str, tuple[Check, ...]]) -> list[str]:
    """Say what could not be derived again: the tester's word has to do for it."""
    return [
        f"of the {name}, {check.message}"
        for name, made in checks.items()
        for check in made
        if check.holds is Truth.UNDETERMINED
    ]


def _objections(
    shelf: Shelf,
    standing: Standing,
    test: Publication,
    own: Publication | None,
    checks: Mapping[str, tuple[Check, ...]],
) -> list[str]:
    policy = standing.policy
    found: list[str] = []
    if policy.bank != test.case.bank.bank:
        found.append("the policy is for another bank")
    doubts = dict.fromkeys(said.doubt for said in test.statements if said.doubt)
    found += doubts
    if not all(said.is_counted or said.doubt for said in test.statements):
        found.append("the finding is not yet under enough cosignatures, or what it rests on")
    missing = uncounted_attempts(shelf, test.chain[0])
    if missing:
        found.append(f"the tester planned {missing} more attempts than the plan counts")
    if own is not None:
        found += _objections_to_own(standing, test, own)
    elif policy.route is Route.CONTINUATION and _is_shown(test.case.finding):
        found.append("the policy asks for a continuation of one's own, and there is none")
    for name, publication in (("finding", test), ("continuation", own)):
        if publication is None:
            continue
        check = first_disagreement(checks[name])
        if check is not None:
            where = f" at {check.place}" if check.place else ""
            found.append(f"the {name} does not re-derive{where}: {check.message}")
        links = publication.chain if publication is test else publication.chain[-1:]
        found += [reason for one in links for reason in chosen_late(shelf, one)]
    return found


def _lacking(policy: Policy, held: Collection[str]) -> list[str]:
    return [
        f"{name}, which the policy requires, is not recognised"
        for name in policy.requires
        if name not in held
    ]


def _objections_to_own(standing: Standing, test: Publication, own: Publication) -> list[str]:
    found: list[str] = []
    if own.first is None or own.first.finding.reference != test.finding.reference:
        found.append("the continuation goes on with another finding")
    plan, policy = own.plan.reference, standing.reference
    if plan.log != policy.log:
        found.append("the continuation is another member's")
    elif plan.index < policy.index:
        found.append("the policy was logged after the continuation was planned")
    return found


def _decide_category(
    standing: Standing,
    test: Publication,
    own: Publication | None,
    against: Mapping[str, Said],
    name: str,
) -> CategoryDecision:
    policy = standing.policy
    verdict = _verdict(test.case.finding, name)
    if verdict is not Verdict.SHOWN:
        return _declined(name, f"the tester found it {_words(verdict)}")
    threshold = test.case.plan.claimed_threshold(name)
    if threshold < policy.threshold:
        asked, needed = percent(threshold), percent(policy.threshold)
        return _declined(name, f"the plan asks for more than {asked}; the policy for {needed}")
    plan = test.case.plan
    allowed = attempt_risk(policy.risk, plan.attempt)
    if policy.route is Route.CONTINUATION:
        decided = _by_continuation(name, test, own, allowed)
    else:
        if sharing_of(plan) is Sharing.PRODUCT:
            allowed = policy.risk
        decided = _by_plan(name, plan.design_of(name).risk, allowed)
    if name in against and decided.decision is Decision.RECOGNISED:
        whose = against[name].reference.log == standing.reference.log
        who = "this member's own test" if whose else "a trusted member"
        return _declined(name, f"{who} found it {_words(Verdict.NOT_SHOWN)}")
    return decided


def _multiplied(
    shelf: Shelf, standing: Standing, test: Publication, row: CategoryDecision
) -> CategoryDecision:
    """Hold a category taken by the plan's verdict to the product of all attempts, if due."""
    policy = standing.policy
    if row.decision is Decision.DECLINED or policy.route is Route.CONTINUATION:
        return row
    objection = objection_by_product(shelf, test.chain[0], row.name, policy.risk)
    return row if objection is None else _declined(row.name, objection)


def _by_plan(name: str, risk: Fraction, allowed: Fraction) -> CategoryDecision:
    if risk <= allowed:
        return _recognised(
            name,
            f"shown at a risk of {percent(risk)}, and {percent(allowed)} is accepted",
        )
    return _declined(
        name, f"shown at a risk of {percent(risk)}; only {percent(allowed)} is accepted"
    )


def _by_continuation(
    name: str, test: Publication, own: Publication | None, allowed: Fraction
) -> CategoryDecision:
    verdict = None if own is None else _verdict(own.case.finding, name)
    if own is None or verdict is None or name not in own.case.plan.categories:
        return _declined(name, f"not continued at the accepted risk of {percent(allowed)}")
    if own.case.plan.design_of(name).risk > allowed:
        return _declined(name, f"not continued at the accepted risk of {percent(allowed)}")
    more = len(own.case.outcomes(name)) - len(test.case.outcomes(name))
    items = "1 further item" if more == 1 else f"{more} further items"
    if verdict is Verdict.SHOWN:
        return _recognised(
            name, f"shown at a risk of {percent(allowed)} after {items} of the same draw"
        )
    return _declined(name, f"{_words(verdict)} at a risk of {percent(allowed)} after {items}")


def _is_shown(finding: Finding) -> bool:
    """Tell whether there is anything to go on with."""
    return any(result.verdict is Verdict.SHOWN for result in finding.results)


def _verdict(finding: Finding, category: str) -> Verdict | None:
    found: Iterable[Verdict] = (r.verdict for r in finding.results if r.category == category)
    return next(iter(found), None)


def _words(verdict: Verdict | None) -> str:
    return "not tested" if verdict is None else verdict.value.replace("_", " ")


def _summary(policy: Policy, held: list[str]) -> str:
    return f"recognised, each at a risk of at most {percent(policy.risk)}: {', '.join(held)}"


def _recognised(name: str, reason: str) -> CategoryDecision:
    return CategoryDecision(name=name, decision=Decision.RECOGNISED, reason=reason)


def _declined_with_the_whole(row: CategoryDecision) -> CategoryDecision:
    if row.decision is Decision.DECLINED:
        return row
    return _declined(row.name, f"{row.reason}; declined with the whole")


def _declined(name: str, reason: str) -> CategoryDecision:
    return CategoryDecision(name=name, decision=Decision.DECLINED, reason=reason)
