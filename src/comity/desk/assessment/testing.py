# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test between two members, step by step: apply, plan, reveal, run, report.

Each verb loads what it needs from the verified logs, decides, and records one statement.
The order is the protocol of docs/spec/evidence.md: nobody reveals before the plan stands
under a quorum's cosignatures, and the provider reveals first.
"""

from dataclasses import replace

from comity.assess.run.runner import (
    PLAIN,
    Assignment,
    Course,
    Manner,
    Progress,
    Result,
    run,
)
from comity.assess.scorers.judge import ModelJudge
from comity.assess.subjects.subject import Limits, Subject
from comity.desk.assessment.identity import found_identity
from comity.desk.assessment.keeping import held_bank
from comity.desk.assessment.nonce import draw_nonce, kept_nonce
from comity.desk.assessment.planning import Ask, plan_continuation, plan_test
from comity.desk.assessment.seed import drawn_seed
from comity.desk.case.bundles import bundles_of, keep_bundle
from comity.desk.case.case import Publication, earlier_plan, gather, read_or_none, reveals_of
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours, practised, too_early, too_late, used_up
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get
from comity.errors import NotFound
from comity.evidence.application import Application, Reveal, application_from_predicate
from comity.evidence.bank import Bank
from comity.evidence.beacon import BeaconRound
from comity.evidence.bundle import Bundle, encode_bundle
from comity.evidence.draw import Role, draws
from comity.evidence.finding import Finding, finding_from_predicate, results_of
from comity.evidence.plan import Plan, plan_from_predicate
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.keys.keys import Entropy
from comity.node.node import Node

__all__ = [
    "Ask",
    "apply_for_test",
    "find_finding",
    "is_revealed",
    "plan_continuation",
    "plan_test",
    "report",
    "reveal_nonce",
    "run_test",
]


def apply_for_test(
    node: Node, bank: Said, system: Digest, *, now: Instant, entropy: Entropy
) -> Reference:
    """Ask the bank's keeper to test a version of one's system, committing to a nonce.

    Raises:
        NotFound: This node has not registered that version.
        NotPermitted: The bank is one's own, or for practice.
    """
    if bank.member == node.member:
        raise not_ours(bank, "nobody tests a system of its own; apply to another member")
    if bank.statement.predicate.get("practice") is True:
        raise practised(bank)
    _check_registered(node, system)
    commitment = draw_nonce(node, Role.PROVIDER, entropy)
    application = Application(
        issued=now,
        bank_root=bank.subject,
        tester=bank.member,
        nonce_commitment=commitment,
    )
    return record(node, "application", application.to_predicate(), subject=system, now=now)


def reveal_nonce(node: Node, plan: Reference, *, now: Instant) -> Reference:
    """Reveal one's nonce for a plan that stands under a quorum's cosignatures.

    Asked again, it returns where the nonce was revealed.

    Raises:
        Conflict: The plan is not counted yet, the provider has not revealed yet, the
            beacon's round is out, or the application served another plan before, so that
            the nonce is known.
        NotPermitted: This node is no party to the plan.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    planned = plan_from_predicate(said.statement.predicate)
    application = get(shelf, planned.application, "application")
    request = application_from_predicate(application.statement.predicate)
    role, commitment = _own_part(node, said, planned, (application, request))
    made = reveals_of(shelf, plan)
    if (node.member, role) in made:
        return made[node.member, role][0].reference
    if not said.is_counted:
        raise too_early(said, "the plan is not yet under enough cosignatures")
    if earlier_plan(shelf, planned.application, said) is not None:
        message = "another plan answered this application before; the provider applies anew"
        raise used_up(said, message)
    if role is Role.TESTER and (application.member, Role.PROVIDER) not in made:
        raise too_early(said, "the provider reveals first, and has not yet")
    if isinstance(planned.draw, BeaconRound) and now >= planned.draw.due:
        raise too_late(said, "the beacon's round is out, so a nonce could be withheld by it")
    nonce = kept_nonce(node, commitment)
    reveal = Reveal(issued=now, plan=plan, role=role, nonce=nonce)
    return record(node, "reveal", reveal.to_predicate(), subject=plan.sha256, now=now)


def is_revealed(node: Node, plan: Reference) -> bool:
    """Tell whether this node has revealed its nonce for a plan."""
    made = reveals_of(ViewShelf(node.view()), plan)
    return any(member == node.member for member, _ in made)


def run_test(
    node: Node,
    plan: Reference,
    subject: Subject,
    *,
    first: Publication | None = None,
    progress: Progress | None = None,
    manner: Manner = PLAIN,
    judge: ModelJudge | None = None,
) -> Result:
    """Ask what is due, in draw order, until every category has its verdict.

    Interrupted, the same call resumes from the transcript in the node's folder.

    Args:
        first: The test continued, where the plan continues one; gathered if not given.
        manner: How this run goes about it; the plan decides the rest.
        judge: The judge the plan states, where the bank has answers to be judged.

    Raises:
        Conflict: A nonce is not revealed yet, or another process runs this test.
        NotPermitted: The plan is another tester's.
        PeerFailed: The subject is not ready; nothing of the bank was asked.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    if said.member != node.member:
        raise not_ours(said, "this is another tester's plan")
    if not said.is_counted:
        raise too_early(said, "the plan is not yet under enough cosignatures")
    planned = plan_from_predicate(said.statement.predicate)
    first = first or _continued(node, shelf, planned)
    seed = drawn_seed(shelf, said, planned, first)
    plain = _assignment(node, said, planned, (seed, first))
    assignment = replace(_in_manner(plain, manner), judge=judge)
    return run(assignment, subject, progress=progress, ready=manner.ready, brake=manner.brake)


def report(
    node: Node,
    plan: Reference,
    result: Result,
    *,
    now: Instant,
    first: Publication | None = None,
) -> Reference:
    """Sign what was found: verdicts as the outcomes give them, and the whole evidence.

    Asked again, it returns where the finding stands.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    planned = plan_from_predicate(said.statement.predicate)
    before = find_finding(shelf, said)
    if before is not None:
        return before.reference
    first = first or _continued(node, shelf, planned)
    bundle = encode_bundle(Bundle(plan=plan.sha256, records=result.records))
    outcomes = {one.category: one.outcomes for one in result.outcomes}
    finding = Finding(
        issued=now,
        plan=plan,
        seed=drawn_seed(shelf, said, planned, first),
        results=results_of(planned, outcomes),
        transcript=result.head,
        bundle=keep_bundle(node, planned, bundle),
        extra=found_identity(node, plan.sha256),
    )
    return record(node, "finding", finding.to_predicate(), subject=said.subject, now=now)


def find_finding(shelf: Shelf, plan: Said) -> Said | None:
    """Return the first finding its tester logged on a plan, or None."""
    for said in shelf.of_kind("finding"):
        finding = read_or_none(finding_from_predicate, said)
        if finding is None or said.member != plan.member:
            continue
        if finding.plan == plan.reference:
            return said
    return None


def _own_part(
    node: Node, plan: Said, planned: Plan, asked: tuple[Said, Application]
) -> tuple[Role, Digest]:
    """Return which nonce this node committed to, and the commitment."""
    application, request = asked
    if plan.member != request.tester:
        raise not_ours(plan, "the provider applied to another tester")
    if node.member == application.member:
        return Role.PROVIDER, request.nonce_commitment
    if node.member == plan.member and planned.nonce_commitment is not None:
        return Role.TESTER, planned.nonce_commitment
    raise not_ours(plan, "this node is no party to this plan")


def _continued(node: Node, shelf: Shelf, plan: Plan) -> Publication | None:
    if plan.continues is None:
        return None
    return gather(shelf, plan.continues, bundles_of(node))


def _assignment(
    node: Node, plan: Said, planned: Plan, draw: tuple[Digest, Publication | None]
) -> Assignment:
    bank = held_bank(node, planned.bank_root)
    transcript = node.folder / "work" / f"{plan.reference.sha256.hex()}.transcript"
    transcript.parent.mkdir(parents=True, exist_ok=True)
    return Assignment(
        plan_digest=plan.reference.sha256,
        courses=tuple(_course(planned, name, bank, *draw) for name in planned.categories),
        transcript=transcript,
        limits=Limits(
            timeout_s=planned.rules.timeout_ms / 1000,
            max_answer_bytes=planned.rules.max_answer_bytes,
        ),
        retry=planned.rules.retry,
        rates=() if planned.rules.rate is None else (planned.rules.rate,),
    )


def _in_manner(plain: Assignment, manner: Manner) -> Assignment:
    rates = plain.rates if manner.rate is None else (*plain.rates, manner.rate)
    return replace(
        plain,
        width=manner.width,
        least=manner.least,
        abreast=manner.abreast,
        rates=rates,
    )


def _course(
    plan: Plan, category: str, bank: Bank, seed: Digest, first: Publication | None
) -> Course:
    prior = () if first is None else first.case.outcomes(category)
    design = plan.design_of(category)
    due = draws(seed, bank.commitment, plan.retired)[category][len(prior) : design.cap]
    return Course(
        category=category,
        openings=[bank.open(position) for position in due],
        design=design,
        prior=prior,
    )


def _check_registered(node: Node, system: Digest) -> None:
    for said in ViewShelf(node.view()).of_kind("system"):
        if said.member == node.member and said.find_subject() == system:
            return
    raise NotFound(
        f"this node registered no system version {system.hex()[:16]}…",
        code="desk.system",
        hint="register it first: comity system register",
    )
