# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test between two members, step by step: apply, plan, reveal, run, report.

Each verb loads what it needs from the verified logs, decides, and records one statement.
The order is the protocol of docs/spec/evidence.md: nobody reveals before the plan stands
under a quorum's cosignatures, and the provider reveals first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.assess.runner import Assignment, Course, Progress, Result, run
from comity.assess.subject import Limits, Subject
from comity.desk.case import (
    Publication,
    find_bank,
    find_system,
    read_or_none,
    reveals_of,
)
from comity.desk.keeping import held_bank
from comity.desk.record import record
from comity.desk.shelf import Said, Shelf, ViewShelf, get, place_of
from comity.errors import Conflict, NotFound, NotPermitted
from comity.evidence.application import Application, Reveal, application_from_predicate
from comity.evidence.bank import Bank
from comity.evidence.bank_statement import BankStatement, bank_from_predicate
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.calibration import Request, design_for
from comity.evidence.combine import attempt_risk, continuation_design
from comity.evidence.design import Design, Verdict
from comity.evidence.draw import Nonces, Role, commit_nonce, draws, seed_of, verify_nonce
from comity.evidence.finding import Finding, results_of
from comity.evidence.plan import DrawKind, Plan, Rules, plan_from_predicate, share_designs
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.keys import Entropy
from comity.node.node import Node

NONCE_BYTES = 32
ATTEMPTS = "risk/(k(k+1))"
"""How attempt k of one claim shares the risk, so that all attempts together keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a tester wants of every category.

    Args:
        risk: Greatest probability of a false "shown" over all attempts together.
        categories: Those to test, or None for all of the bank.
    """

    threshold: Fraction
    goal: Fraction
    risk: Fraction = Fraction(1, 20)
    power: Fraction = Fraction(9, 10)
    categories: tuple[str, ...] | None = None
    timeout_ms: int = 30_000
    max_answer_bytes: int = 16_384


def apply_for_test(
    node: Node, bank: Said, system: Digest, *, now: Instant, entropy: Entropy
) -> Reference:
    """Ask the bank's keeper to test a version of one's system, committing to a nonce."""
    commitment = _draw_nonce(node, Role.PROVIDER, entropy)
    application = Application(
        issued=now,
        bank_root=bank.subject,
        tester=bank.member,
        nonce_commitment=commitment,
    )
    return record(node, "application", application.to_predicate(), subject=system, now=now)


def plan_test(
    node: Node, application: Reference, ask: Ask, *, now: Instant, entropy: Entropy
) -> Reference:
    """Fix and log everything that will decide, before any question is known to be due.

    Raises:
        NotPermitted: The application is addressed to another tester.
        InvalidDocument: A category cannot reach its power; the nearest design is named.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, application, "application")
    request = application_from_predicate(said.statement.predicate)
    if request.tester != node.member:
        raise _not_ours(said, "this application is addressed to another tester")
    bank = bank_from_predicate(
        find_bank(shelf, request.bank_root, node.member).statement.predicate
    )
    attempt = 1 + _earlier_attempts(shelf, said, bank)
    designs, categories = share_designs(_designs(bank, ask, attempt))
    plan = Plan(
        issued=now,
        bank_root=request.bank_root,
        application=application,
        nonce_commitment=_draw_nonce(node, Role.TESTER, entropy),
        designs=designs,
        categories=categories,
        rules=Rules(
            timeout_ms=ask.timeout_ms,
            max_answer_bytes=ask.max_answer_bytes,
            extra={"attempts": ATTEMPTS},
        ),
        attempt=attempt,
    )
    return record(node, "plan", plan.to_predicate(), subject=said.subject, now=now)


def reveal_nonce(node: Node, plan: Reference, *, now: Instant) -> Reference:
    """Reveal one's nonce for a plan that stands under a quorum's cosignatures.

    Raises:
        Conflict: The plan is not counted yet, or the provider has not revealed yet.
        NotPermitted: This node is no party to the plan.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    planned = plan_from_predicate(said.statement.predicate)
    application = get(shelf, planned.application, "application")
    request = application_from_predicate(application.statement.predicate)
    if not said.is_counted:
        raise _too_early(said, "the plan is not yet under enough cosignatures")
    if node.member == application.member:
        role, commitment = Role.PROVIDER, request.nonce_commitment
    elif node.member == said.member and planned.nonce_commitment is not None:
        role, commitment = Role.TESTER, planned.nonce_commitment
        if (application.member, Role.PROVIDER) not in reveals_of(shelf, plan):
            raise _too_early(said, "the provider reveals first, and has not yet")
    else:
        raise _not_ours(said, "this node is no party to this plan")
    nonce = Digest(node.vault.get(_nonce_name(commitment)))
    reveal = Reveal(issued=now, plan=plan, role=role, nonce=nonce)
    return record(node, "reveal", reveal.to_predicate(), subject=plan.sha256, now=now)


def plan_continuation(
    node: Node, test: Publication, risk: Fraction, *, now: Instant
) -> Reference:
    """Log a plan that goes on with another's draw in the categories it showed.

    Nothing is left to choose: threshold, goal and power are the first plan's, and the
    numbers follow from them and the risk.

    Args:
        risk: This member's own, from a policy logged before; shared over attempts.
    """
    first = test.case.plan
    shown = [r.category for r in test.case.finding.results if r.verdict is Verdict.SHOWN]
    own_risk = attempt_risk(risk, first.attempt)
    designs, categories = share_designs(
        {name: continuation_design(first.design_of(name), own_risk) for name in shown}
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
    )
    return record(node, "plan", plan.to_predicate(), subject=test.plan.subject, now=now)


def run_test(
    node: Node,
    plan: Reference,
    subject: Subject,
    *,
    first: Publication | None = None,
    progress: Progress | None = None,
) -> Result:
    """Ask what is due, in draw order, until every category has its verdict.

    Interrupted, the same call resumes from the transcript in the node's folder.

    Args:
        first: The test continued, where the plan continues one.

    Raises:
        Conflict: A nonce is not revealed yet, or another process runs this test.
        PeerFailed: The subject is not ready; nothing of the bank was asked.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    if said.member != node.member:
        raise _not_ours(said, "this is another tester's plan")
    if not said.is_counted:
        raise _too_early(said, "the plan is not yet under enough cosignatures")
    planned = plan_from_predicate(said.statement.predicate)
    bank = held_bank(node, planned.bank_root)
    seed = _seed(shelf, said, planned, first)
    transcript = node.folder / "work" / f"{plan.sha256.hex()}.transcript"
    transcript.parent.mkdir(parents=True, exist_ok=True)
    assignment = Assignment(
        plan_digest=plan.sha256,
        courses=tuple(_course(planned, name, bank, seed, first) for name in planned.categories),
        transcript=transcript,
        limits=Limits(
            timeout_s=planned.rules.timeout_ms / 1000,
            max_answer_bytes=planned.rules.max_answer_bytes,
        ),
    )
    return run(assignment, subject, progress=progress)


def report(
    node: Node,
    plan: Reference,
    result: Result,
    *,
    now: Instant,
    first: Publication | None = None,
) -> Reference:
    """Sign what was found: verdicts as the outcomes give them, and the whole evidence."""
    shelf = ViewShelf(node.view())
    said = get(shelf, plan, "plan")
    planned = plan_from_predicate(said.statement.predicate)
    bundle = encode_bundle(Bundle(plan=plan.sha256, records=result.records))
    node.blobs.put(bundle)
    outcomes = {one.category: one.outcomes for one in result.outcomes}
    finding = Finding(
        issued=now,
        plan=plan,
        seed=_seed(shelf, said, planned, first),
        results=results_of(planned, outcomes),
        transcript=result.head,
        bundle=digest_of(bundle),
    )
    return record(node, "finding", finding.to_predicate(), subject=said.subject, now=now)


def _course(
    plan: Plan, category: str, bank: Bank, seed: Digest, first: Publication | None
) -> Course:
    prior = () if first is None else first.case.outcomes(category)
    design = plan.design_of(category)
    due = draws(seed, bank.commitment)[category][len(prior) : design.cap]
    return Course(
        category=category,
        openings=[bank.open(position) for position in due],
        design=design,
        prior=prior,
    )


def _seed(shelf: Shelf, said: Said, plan: Plan, first: Publication | None) -> Digest:
    """Return the seed both nonces give, each checked against its commitment."""
    if first is not None and plan.continues == first.finding.reference:
        return first.case.finding.seed
    application = get(shelf, plan.application, "application")
    request = application_from_predicate(application.statement.predicate)
    made = reveals_of(shelf, said.reference)
    nonces: dict[Role, bytes] = {}
    for role, member, commitment in (
        (Role.PROVIDER, application.member, request.nonce_commitment),
        (Role.TESTER, said.member, plan.nonce_commitment),
    ):
        if (member, role) not in made or commitment is None:
            raise _too_early(said, f"the {role.value} has not revealed its nonce")
        nonces[role] = bytes(made[member, role][1].nonce)
        verify_nonce(commitment, nonces[role], role)
    pair = Nonces(provider=nonces[Role.PROVIDER], tester=nonces[Role.TESTER])
    return seed_of(plan.bank_root, said.reference.sha256, pair)


def _designs(bank: BankStatement, ask: Ask, attempt: int) -> Mapping[str, Design]:
    wanted = ask.categories
    return {
        category.name: design_for(
            Request(
                size=category.count,
                threshold=ask.threshold,
                goal=ask.goal,
                risk=attempt_risk(ask.risk, attempt),
                power=ask.power,
            )
        )
        for category in bank.commitment.categories
        if wanted is None or category.name in wanted
    }


def _earlier_attempts(shelf: Shelf, application: Said, bank: BankStatement) -> int:
    """Count plans already logged for this provider's system on banks of this name.

    A new version or a new edition of the bank does not reset the count.
    """
    slug = _slug(shelf, application)
    return sum(
        _is_attempt(shelf, said, application.member, slug, bank.bank)
        for said in shelf.of_kind("plan")
    )


def _is_attempt(shelf: Shelf, plan: Said, provider: MemberId, slug: str, bank: str) -> bool:
    planned = read_or_none(plan_from_predicate, plan)
    if planned is None or planned.test is DrawKind.CONTINUATION:
        return False
    application = shelf.find(planned.application)
    if application is None or application.member != provider:
        return False
    try:
        kept = find_bank(shelf, planned.bank_root, plan.member)
        return (
            _slug(shelf, application) == slug and kept.statement.predicate.get("bank") == bank
        )
    except NotFound:
        return False


def _slug(shelf: Shelf, application: Said) -> str:
    return str(find_system(shelf, application).statement.predicate.get("system"))


def _draw_nonce(node: Node, role: Role, entropy: Entropy) -> Digest:
    nonce = entropy(NONCE_BYTES)
    commitment = commit_nonce(nonce, role)
    node.vault.put(_nonce_name(commitment), nonce)
    return commitment


def _nonce_name(commitment: Digest) -> str:
    return f"nonce/{commitment.hex()}"


def _too_early(said: Said, message: str) -> Conflict:
    return Conflict(
        f"{place_of(said.reference)}: {message}",
        code="desk.too_early",
        hint="follow the others' logs and publish your own, then run this again",
    )


def _not_ours(said: Said, message: str) -> NotPermitted:
    return NotPermitted(f"{place_of(said.reference)}: {message}", code="desk.not_a_party")
