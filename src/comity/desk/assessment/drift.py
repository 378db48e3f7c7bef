# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""After deployment: check again with items nobody has opened, and say what has changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.assess.run.runner import PLAIN, Assignment, Course, Manner, Progress, Result, run
from comity.assess.subjects.subject import Limits, Subject
from comity.desk.assessment.identity import compare, registered_of
from comity.desk.assessment.keeping import held_bank
from comity.desk.assessment.nonce import draw_nonce, kept_nonce
from comity.desk.assessment.retiring import retired_positions
from comity.desk.case.case import find_system
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours, too_early
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get, read_or_none
from comity.errors import Conflict, InvalidDocument, NotPermitted, VerificationFailed
from comity.evidence.bank import Bank
from comity.evidence.binding import Binding
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.draw import Role, draws, sizes
from comity.evidence.drift import (
    Counts,
    Drift,
    Rates,
    Recheck,
    Watched,
    drift_from_predicate,
    drift_seed,
    judge,
    recheck_from_predicate,
)
from comity.evidence.drift_audit import counts_of
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.kind import as_counted
from comity.evidence.transcript import start_of
from comity.files.service import Service
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.keys.keys import Entropy
from comity.node.node import Node

RISK = Fraction(1, 20)
QUESTIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A finding under watch: what it rests on, and every check of it so far.

    Args:
        finding: The finding.
        checks: Announcements in their order, each with what it found, or None.
    """

    finding: Said
    found: Finding
    plan: Plan
    system: Said
    checks: tuple[tuple[Said, Recheck, tuple[Said, Drift] | None], ...]

    @property
    def history(self) -> list[dict[str, Counts]]:
        """Return what each check that is over counted, by category."""
        return [counts_of(recheck, found[1]) for _, recheck, found in self.checks if found]

    @property
    def rates(self) -> dict[str, Rates]:
        """Return the categories that were shown, with the rates of their designs."""
        return {
            result.category: Rates(
                threshold=self.plan.design_of(result.category).threshold,
                goal=self.plan.design_of(result.category).goal,
            )
            for result in self.found.results
            if result.verdict is Verdict.SHOWN
        }


def watch_of(node: Node, finding: Said) -> Watch:
    """Gather a finding of this node's own and every check of it.

    Raises:
        InvalidDocument: Nothing was shown, so nothing can have fallen.
        NotPermitted: It is another tester's.
    """
    if finding.member != node.member:
        raise not_ours(finding, "only the tester that found it has its unopened items")
    watch = watched(node, finding)
    if not watch.rates:
        raise InvalidDocument(
            "no category was shown, so none can have fallen",
            code="desk.drift",
            hint="watch a finding that shows something",
        )
    return watch


def watched(node: Node, finding: Said) -> Watch:
    """Gather a finding, anyone's, and every check of it by its tester."""
    shelf = ViewShelf(node.view())
    found = finding_from_predicate(finding.statement.predicate)
    plan = plan_from_predicate(get(shelf, found.plan, "plan").statement.predicate)
    application = get(shelf, plan.application, "application")
    return Watch(
        finding=finding,
        found=found,
        plan=plan,
        system=find_system(shelf, application),
        checks=tuple(_checks(shelf, finding)),
    )


def announce(
    node: Node,
    finding: Said,
    *,
    now: Instant,
    entropy: Entropy,
    questions: int = QUESTIONS,
    risk: Fraction | None = None,
) -> Reference:
    """Commit to a draw before anything is asked; a check still open is gone on with.

    Args:
        risk: Greatest chance of ever raising a wrong alarm; fixed by the first check.

    Raises:
        Conflict: The risk is not the first check's.
        NotPermitted: Every item of the categories shown has been opened.
    """
    watch = watch_of(node, finding)
    if watch.checks and watch.checks[-1][2] is None:
        return watch.checks[-1][0].reference
    bank = held_bank(node, watch.plan.bank_root)
    retired = retired_positions(node, watch.plan.bank_root)
    before = watch.checks[-1][2] if watch.checks else None
    recheck = Recheck(
        issued=now,
        finding=finding.reference,
        bank_root=watch.plan.bank_root,
        number=len(watch.checks) + 1,
        after=None if before is None else before[0].reference,
        nonce_commitment=draw_nonce(node, Role.TESTER, entropy),
        categories=_watched(watch, bank, retired, questions),
        risk=_risk(watch, risk),
        retired=retired,
        timeout_ms=watch.plan.rules.timeout_ms,
        max_answer_bytes=watch.plan.rules.max_answer_bytes,
    )
    return record(node, "recheck", recheck.to_predicate(), subject=finding.subject, now=now)


def check_again(
    node: Node,
    announced: Reference,
    subject: Subject,
    service: Service | None,
    *,
    now: Instant,
    progress: Progress | None = None,
    manner: Manner = PLAIN,
) -> Reference:
    """Ask what the announced draw gives, and log what is found; resume where it broke off.

    Where the service is no longer the version registered, nothing is asked and that is said.

    Raises:
        Conflict: The announcement is not yet under enough cosignatures.
        PeerFailed: The subject is not ready; nothing of the bank was asked.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, announced, "recheck")
    recheck = recheck_from_predicate(said.statement.predicate)
    watch = watch_of(node, get(shelf, recheck.finding, "finding"))
    done = next((found for one, _, found in watch.checks if one.reference == announced), None)
    if done is not None:
        return done[0].reference
    if not said.is_counted:
        raise too_early(said, "the announcement is not yet under enough cosignatures")
    nonce = kept_nonce(node, recheck.nonce_commitment)
    bound, changed = _identity(watch, subject, service)
    result = None
    if not changed:
        assignment = _assignment(node, watch, (said, recheck), nonce)
        result = _ask(replace(assignment, width=manner.width), subject, progress, manner)
    drift = _drift(node, watch, (said, recheck), nonce, (bound, changed, result, now))
    return record(node, "drift", drift.to_predicate(), subject=said.subject, now=now)


def _risk(watch: Watch, wanted: Fraction | None) -> Fraction:
    """Return the one risk of all checks: the first check's, or what the first one wants."""
    first = watch.checks[0][1].risk if watch.checks else wanted or RISK
    if wanted not in {None, first}:
        raise Conflict(
            f"the first check of this finding set its risk to {first}, not {wanted}",
            code="desk.drift_risk",
            hint="leave --risk out: it is one risk for all checks of a finding together",
        )
    return first


def _ask(
    assignment: Assignment, subject: Subject, progress: Progress | None, manner: Manner
) -> Result:
    """Ask all that was announced; stopped before, it is gone on with later."""
    result = run(assignment, subject, progress=progress, ready=manner.ready, brake=manner.brake)
    if not result.is_finished:
        raise Conflict(
            "the check was stopped before its questions were asked",
            code="desk.drift_open",
            hint="run the same command again to go on",
        )
    return result


def _drift(
    node: Node,
    watch: Watch,
    recheck: tuple[Said, Recheck],
    nonce: Digest,
    outcome: tuple[Binding | None, tuple[str, ...], Result | None, Instant],
) -> Drift:
    bound, changed, result, now = outcome
    announced = recheck[0].reference.sha256
    records = () if result is None else result.records
    bundle = encode_bundle(Bundle(plan=announced, records=records))
    node.blobs.put(bundle)
    judged = judge([*watch.history, _counts(recheck[1], result)], watch.rates, recheck[1].risk)
    return Drift(
        issued=now,
        recheck=recheck[0].reference,
        nonce=nonce,
        results=judged.results,
        evidence=judged.evidence,
        alarm=judged.is_alarming or bool(changed),
        fallen=judged.fallen,
        changed=changed,
        identity=bound,
        transcript=start_of(announced) if result is None else result.head,
        bundle=digest_of(bundle),
    )


def _identity(
    watch: Watch, subject: Subject, service: Service | None
) -> tuple[Binding | None, tuple[str, ...]]:
    try:
        return compare(registered_of(watch.system), subject, service), ()
    except VerificationFailed as refused:
        return None, (refused.message,)


def _counts(recheck: Recheck, result: Result | None) -> dict[str, Counts]:
    pools = {one.name: one.size for one in recheck.categories}
    if result is None:
        return {name: Counts(size=size, asked=0, failed=0) for name, size in pools.items()}
    return {
        one.category: Counts(size=pools[one.category], asked=one.asked, failed=one.failed)
        for one in result.outcomes
    }


def _assignment(
    node: Node, watch: Watch, recheck: tuple[Said, Recheck], nonce: Digest
) -> Assignment:
    said, announced = recheck
    bank = held_bank(node, watch.plan.bank_root)
    seed = drift_seed(bank.commitment.root, said.reference.sha256, nonce)
    orders = draws(seed, bank.commitment, announced.retired)
    transcript = node.folder / "work" / f"{said.reference.sha256.hex()}.transcript"
    transcript.parent.mkdir(parents=True, exist_ok=True)
    return Assignment(
        plan_digest=said.reference.sha256,
        courses=tuple(
            Course(
                category=one.name,
                openings=[bank.open(at) for at in orders[one.name][: one.questions]],
                design=_ask_all(one, as_counted(watch.plan.design_of(one.name))),
            )
            for one in announced.categories
            if one.questions
        ),
        transcript=transcript,
        limits=Limits(
            timeout_s=announced.timeout_ms / 1000,
            max_answer_bytes=announced.max_answer_bytes,
        ),
        least=1,
    )


def _ask_all(watched: Watched, design: Design) -> Design:
    """Return a design that ends after the questions announced, whatever the outcomes."""
    count = watched.questions
    return replace(
        design, size=watched.size, cap=count, acceptance=((count, count),), rejection=()
    )


def _watched(
    watch: Watch, bank: Bank, retired: tuple[int, ...], questions: int
) -> tuple[Watched, ...]:
    left = sizes(bank.commitment, retired)
    found = tuple(
        Watched(name=name, size=left[name], questions=min(questions, left[name]))
        for name in watch.rates
    )
    if not any(one.questions for one in found):
        raise NotPermitted(
            "every item of the categories shown has been opened",
            code="desk.worn_out",
            hint="commit to a new edition of the bank and test on that",
        )
    return found


def _checks(
    shelf: Shelf, finding: Said
) -> Iterator[tuple[Said, Recheck, tuple[Said, Drift] | None]]:
    """Yield every announcement about a finding by its tester, with what it found first."""
    for said in shelf.of_kind("recheck"):
        recheck = read_or_none(recheck_from_predicate, said)
        if recheck is None or said.member != finding.member:
            continue
        if recheck.finding == finding.reference:
            yield said, recheck, _found(shelf, said)


def _found(shelf: Shelf, announced: Said) -> tuple[Said, Drift] | None:
    for said in shelf.of_kind("drift"):
        drift = read_or_none(drift_from_predicate, said)
        if drift is None or said.member != announced.member:
            continue
        if drift.recheck == announced.reference:
            return said, drift
    return None
