# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Fix and log what will decide a test: a first draw's plan, or one that goes on with a draw."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.desk.assessment.designing import PLAIN, Manner, design_all
from comity.desk.assessment.judging import refuse_product, stated_for
from comity.desk.assessment.nonce import draw_nonce
from comity.desk.assessment.retiring import retired_positions
from comity.desk.case.attempt import ledger
from comity.desk.case.case import Publication, find_bank, read_or_none
from comity.desk.case.choices import find_continuation
from comity.desk.case.third import check_third
from comity.desk.case.verdicts import not_shown_by
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours, practised, used_up
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get
from comity.desk.log.withdrawal import fallen
from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.evidence.application import Application, application_from_predicate
from comity.evidence.asking import Rate, Retry
from comity.evidence.attempt import Attempt, Sharing, check_sharing, count, next_risk
from comity.evidence.bank_statement import BankStatement, bank_from_predicate
from comity.evidence.combine import attempt_risk, continuation_design
from comity.evidence.contributor import Contributors
from comity.evidence.draw import Role, sizes
from comity.evidence.judge.stated import StatedJudge, false_pass_of
from comity.evidence.plan import Plan, Rules, plan_from_predicate, share_designs
from comity.evidence.publishing import RULE, Publishing
from comity.evidence.statistics.calibration import Request
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.third import Third
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.cursor import near_miss
from comity.node.keys.keys import Entropy
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a tester wants of every category.

    Args:
        risk: Greatest probability of a false "shown" over all attempts together.
        categories: Those to test, or None for all of the bank.
        allow_unreviewed: Whether items may decide that no reader of their language has read.
        sharing: How attempts share the risk; None for the rule of those before, or weighted.
        draw: Who speaks last in the draw, or None where both parties' nonces are all of it.
        judges: Scorers of the bank that err, each with its bound; their threshold is the ask's.
        retry: When an item is asked again; None for never.
        rate: How many questions may go out in how long.
        publish_items: Which opened items become public with the finding.
        manner: How every category is designed.
    """

    threshold: Fraction
    goal: Fraction
    risk: Fraction = Fraction(1, 20)
    power: Fraction = Fraction(9, 10)
    categories: tuple[str, ...] | None = None
    timeout_ms: int = 30_000
    max_answer_bytes: int = 16_384
    allow_unreviewed: bool = False
    sharing: Sharing | None = None
    draw: Third | None = None
    judges: tuple[StatedJudge, ...] = ()
    retry: Retry | None = None
    rate: Rate | None = None
    publish_items: Publishing = Publishing.ALL
    manner: Manner = PLAIN


def plan_test(
    node: Node, application: Reference, ask: Ask, *, now: Instant, entropy: Entropy
) -> Reference:
    """Fix and log everything that will decide, before any question is known to be due.

    Raises:
        Conflict: A plan answers this application already.
        NotPermitted: The application is addressed to another tester, the bank is for
            practice, a category has items nobody has reviewed and the ask does not allow
            them, or the attempts before share their risk by another rule.
        InvalidDocument: The bank has no such category, or one cannot reach its power with
            the items never opened; the nearest design is named. Or the beacon's round is
            no later than the plan.
    """
    draft = draft_plan(node, application, ask, now=now)
    plan = replace(draft, nonce_commitment=draw_nonce(node, Role.TESTER, entropy))
    said = get(ViewShelf(node.view()), application, "application")
    return record(node, "plan", plan.to_predicate(), subject=said.subject, now=now)


def draft_plan(node: Node, application: Reference, ask: Ask, *, now: Instant) -> Plan:
    """Return the plan as it would be logged, without a nonce; nothing is drawn or logged.

    Raises:
        As `plan_test`.
    """
    shelf = ViewShelf(node.view())
    said, request = _asked(shelf, node, application)
    bank = _official(shelf, node, request)
    if ask.draw is not None:
        check_third(shelf, said, ask.draw, now)
    judges = stated_for(bank, ask.judges, ask.threshold)
    retired = retired_positions(node, request.bank_root)
    every, sharing = _attempts(shelf, said, bank, ask)
    refuse_product(judges, sharing)
    by_category = _designs(bank, ask, retired, _risks(bank, ask, every, sharing))
    if not ask.allow_unreviewed:
        _check_reviewed(bank, by_category)
    designs, categories = share_designs(by_category)
    return Plan(
        issued=now,
        bank_root=request.bank_root,
        application=application,
        nonce_commitment=None,
        designs=designs,
        categories=categories,
        rules=Rules(
            timeout_ms=ask.timeout_ms,
            max_answer_bytes=ask.max_answer_bytes,
            retry=ask.retry,
            rate=ask.rate,
            extra={"attempts": sharing.value, **_kept_back(ask)},
        ),
        attempt=1 + count(every),
        draw=ask.draw,
        retired=retired,
        judges=judges,
        listed=ask.manner.listed,
    )


def _asked(shelf: Shelf, node: Node, application: Reference) -> tuple[Said, Application]:
    """Return an application this node may answer with a plan."""
    said = get(shelf, application, "application")
    request = application_from_predicate(said.statement.predicate)
    if request.tester != node.member:
        raise not_ours(said, "this application is addressed to another tester")
    if said.member == node.member:
        raise not_ours(said, "nobody tests a system of its own")
    _check_unplanned(shelf, node, application)
    return said, request


def _official(shelf: Shelf, node: Node, request: Application) -> BankStatement:
    """Return the bank applied for, where a test on it can be planned."""
    kept = find_bank(shelf, request.bank_root, node.member)
    bank = bank_from_predicate(kept.statement.predicate)
    if bank.practice:
        raise practised(kept)
    for words in fallen(shelf, [kept]):
        raise not_ours(kept, f"no test is planned on it: {words}")
    return bank


def plan_continuation(
    node: Node, test: Publication, risk: Fraction, *, now: Instant
) -> Reference:
    """Log a plan that goes on with another's draw in the categories it showed.

    Nothing is left to choose: threshold, goal and power are the first plan's, and the
    numbers follow from them and the risk.

    Args:
        risk: This member's own, from a policy logged before; shared over attempts.

    Raises:
        Conflict: This member goes on with the finding already.
        NotPermitted: No category is left to continue: none is shown, or this member's own
            tests did not show them.
    """
    first = test.case.plan
    shown = _left_to_continue(node, test)
    own_risk = attempt_risk(risk, first.attempt)
    designs, categories = share_designs(
        {
            name: continuation_design(first.design_of(name), own_risk, first.judges)
            for name in shown
        }
    )
    plan = Plan(
        issued=now,
        bank_root=first.bank_root,
        application=first.application,
        nonce_commitment=None,
        designs=designs,
        categories=categories,
        rules=first.rules,
        attempt=first.attempt,
        continues=test.finding.reference,
        retired=first.retired,
        judges=first.judges,
    )
    return record(node, "plan", plan.to_predicate(), subject=test.plan.subject, now=now)


def _left_to_continue(node: Node, test: Publication) -> list[str]:
    """Return the categories a finding shows, unless this member went on with it already."""
    shown = [r.category for r in test.case.finding.results if r.verdict is Verdict.SHOWN]
    shelf = ViewShelf(node.view())
    contested = not_shown_by(shelf, test, {node.member})
    shown = [name for name in shown if name not in contested]
    if not shown:
        raise not_ours(test.finding, "no category of this finding is left to continue")
    before = find_continuation(shelf, test.finding.reference, node.member)
    if before is not None:
        raise used_up(before, "this plan goes on with the finding already")
    return shown


def _attempts(
    shelf: Shelf, application: Said, bank: BankStatement, ask: Ask
) -> tuple[tuple[Attempt, ...], Sharing]:
    """Return the attempts before, and the one rule by which all of them share the risk."""
    every = ledger(shelf, application, bank.bank).attempts
    counted = [one.sharing for one in every if one.is_counted and one.sharing is not None]
    sharing = ask.sharing or (counted[0] if counted else Sharing.WEIGHTED)
    check_sharing(every, sharing)
    return every, sharing


def _risks(
    bank: BankStatement, ask: Ask, every: tuple[Attempt, ...], sharing: Sharing
) -> Mapping[str, Fraction]:
    """Return by category the risk this attempt is designed for.

    Where who closes the draw could choose among several, each gets its part of the risk.
    """
    choices = ask.draw.draws if isinstance(ask.draw, Contributors) else 1
    return {
        category.name: next_risk(ask.risk, every, sharing, category.name) / choices
        for category in bank.commitment.categories
        if ask.categories is None or category.name in ask.categories
    }


def _designs(
    bank: BankStatement, ask: Ask, retired: Collection[int], risks: Mapping[str, Fraction]
) -> Mapping[str, AnyDesign]:
    left = sizes(bank.commitment, retired)
    faults = [
        Fault(message=f"the bank has no category {name!r}", near=near_miss(name, left))
        for name in ask.categories or ()
        if name not in left
    ]
    if faults:
        raise InvalidDocument("no such test", code="desk.category", faults=faults)
    spent = [name for name in risks if not left[name]]
    if spent:
        raise NotPermitted(
            f"every item has been opened of {', '.join(spent)}",
            code="desk.worn_out",
            hint="commit to a new edition of the bank: comity bank commit --replaces ROOT",
        )
    requests = {
        name: Request(
            size=left[name],
            threshold=ask.threshold,
            goal=ask.goal,
            risk=risk,
            power=ask.power,
        )
        for name, risk in risks.items()
    }
    return design_all(requests, ask.manner, false_pass=false_pass_of(ask.judges))


def _check_reviewed(bank: BankStatement, names: Iterable[str]) -> None:
    found = [f"{count} of {name}" for name in names if (count := bank.unreviewed.get(name, 0))]
    if found:
        raise NotPermitted(
            f"no reader of their language has reviewed these items: {', '.join(found)}",
            code="desk.unreviewed",
            hint="test the other categories, or add --allow-unreviewed",
        )


def _check_unplanned(shelf: Shelf, node: Node, application: Reference) -> None:
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is None or said.member != node.member or plan.continues is not None:
            continue
        if plan.application == application:
            raise used_up(said, "this plan answers the application already")


def _kept_back(ask: Ask) -> dict[str, Json]:
    """Return the rule that keeps items back; publishing all of them needs no word."""
    if ask.publish_items is Publishing.ALL:
        return {}
    return {RULE: ask.publish_items.value}
