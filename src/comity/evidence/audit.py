# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Re-derive a finding from what was published; say where it first disagrees.

Nothing here trusts the tester: designs are weighed, the seed and the draw recomputed, every
item held against the bank's root, every answer scored again where the scorer allows, every
number of the finding derived anew.

Source:
    docs/spec/evidence.md, "The audit".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.errors import ComityError, VerificationFailed
from comity.evidence.application import Application, Reveal
from comity.evidence.asking import check_tries
from comity.evidence.bank import verify_opening
from comity.evidence.bank_statement import BankStatement
from comity.evidence.beacon import PulseCheck, unchecked
from comity.evidence.bundle import Bundle
from comity.evidence.combine import continuation_design
from comity.evidence.custody import Custody, check_opened
from comity.evidence.draw import Nonces, Role, draws, seed_of, sizes, verify_nonce
from comity.evidence.due import Due, check_due
from comity.evidence.finding import Finding, results_of
from comity.evidence.judge.review import check_designs, check_outputs, check_stated
from comity.evidence.judge.stated import is_judge
from comity.evidence.plan import Plan
from comity.evidence.rescoring import Scorer, rescore
from comity.evidence.statistics.design import false_recognition, power_of
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.statistics.scores import ScoreDesign
from comity.evidence.statistics.verdict import decision_of
from comity.evidence.tampering import (
    altered_transcript,
    foreign_plan,
    wrong_bank,
    wrong_number,
    wrong_score,
    wrong_verdict,
)
from comity.evidence.third import SILENT, Spoken, check_third, words_for, words_of
from comity.evidence.transcript import Missing
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth

__all__ = ["Case", "Check", "Scorer", "audit", "first_disagreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that was published of one test.

    Args:
        subjects: Subject digests of application, plan and finding: one system version.
        bank: The bank statement.
        application: The provider's application.
        application_reference: Where the application stands.
        plan: The plan.
        plan_reference: Where the plan stands, with its entry's digest.
        reveals: The reveals, the provider's and the tester's; none when continuing.
        finding: The finding.
        bundle: The evidence bundle.
        bundle_digest: Digest of the bundle's bytes.
        finding_reference: Where the finding stands, or None before it is logged.
        first: The case whose draw is continued, or None.
        spoken: What the third said, where the plan names one.
        custody: The statement that handed the bank over to who continues, or None.
    """

    subjects: tuple[Digest, ...]
    bank: BankStatement
    application: Application
    application_reference: Reference
    plan: Plan
    plan_reference: Reference
    reveals: tuple[Reveal, ...]
    finding: Finding
    bundle: Bundle
    bundle_digest: Digest
    finding_reference: Reference | None = None
    first: "Case | None" = None
    spoken: Spoken = SILENT
    custody: Custody | None = None

    def outcomes(self, category: str) -> tuple[Outcome, ...]:
        """Return a category's outcomes from question 1, a continued tester's first."""
        before = () if self.first is None else self.first.outcomes(category)
        return before + self.bundle.outcomes(category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing re-derived.

    Args:
        name: What was checked, such as "draw".
        holds: Whether it agrees; undetermined where it cannot be re-derived.
        place: Where it first disagrees, or could not be re-derived first; else empty.
        message: What was found, as a sentence.
        code: What was done to it, as a stable name, where it does not hold; else empty.
    """

    name: str
    holds: Truth
    place: str
    message: str
    code: str = ""


def audit(case: Case, scorer: Scorer, pulse: PulseCheck = unchecked) -> tuple[Check, ...]:
    """Re-derive a finding, and the one it continues; every check is made, in order.

    Args:
        pulse: Checks a beacon's signature, where the plan names a round.
    """
    before: tuple[Check, ...] = ()
    if case.first is not None:
        checks = audit(case.first, scorer, pulse)
        before = tuple(
            replace(check, name=f"first {check.name}", place=_within_first(check.place))
            for check in checks
        )
    own = (
        _check("plan", "the plan stands on this bank", _plan, case),
        _check("designs", "every design holds its risk and reaches its power", _designs, case),
        _check("seed", "both nonces are the committed ones and give this seed", _seed, case),
        *_third(case, pulse),
        *_custody(case),
        _check("transcript", "the transcript is the one the finding names", _transcript, case),
        _check("draw", "the questions asked are those that were due, in order", _draw, case),
        _check("items", "every question asked was in the bank", _items, case),
        _check("answers", "every missing or oversized answer counts as failed", _answers, case),
        *_judges(case),
        _scores(case, scorer),
        _check(
            "results", "verdicts, e-values and bounds follow from the outcomes", _results, case
        ),
    )
    return (*before, *own)


def first_disagreement(checks: Iterable[Check]) -> Check | None:
    """Return the first check that does not hold, if any."""
    return next((check for check in checks if check.holds is Truth.FALSE), None)


def _check(name: str, message: str, run: Callable[[Case], None], case: Case) -> Check:
    try:
        run(case)
    except VerificationFailed as error:
        return _failed(name, error)
    except ComityError as error:
        return _failed(name, _refused(name, error.message))
    return Check(name=name, holds=Truth.TRUE, place="", message=message)


def _plan(case: Case) -> None:
    plan, bank = case.plan, case.bank.commitment
    if len(set(case.subjects)) != 1:
        raise _refused("subject", "the statements are not all of one system version")
    if plan.bank_root != bank.root:
        raise wrong_bank("plan.bank_root", "the plan is for another bank")
    if case.application.bank_root != bank.root:
        raise wrong_bank("application.bank_root", "the application is for another bank")
    message = "the plan answers another application"
    _same("plan.application", plan.application, case.application_reference, message)
    counts = sizes(bank, plan.retired)
    for row, name in enumerate(plan.categories):
        place, size = f"plan.categories[{row}]", plan.design_of(name).size
        message = f"{name!r} is designed for {size} items, the bank has {counts.get(name, 0)}"
        _same(place, size, counts.get(name), message)
    if case.first is not None:
        _continues(case, case.first)


def _continues(case: Case, first: Case) -> None:
    continued = case.plan.continues
    if continued is None or continued != first.finding_reference:
        raise _refused("plan.continues", "the plan continues another finding")
    if case.plan.bank_root != first.plan.bank_root:
        raise wrong_bank("plan.bank_root", "the draw continued is of another bank")
    message = "a continuation answers the application of the first plan"
    _same("plan.application", case.plan.application, first.plan.application, message)
    message = (
        f"the test continued was attempt {first.plan.attempt}, and going on resets nothing"
    )
    _same("plan.attempt", case.plan.attempt, first.plan.attempt, message)
    message = "a continuation leaves out the items the first plan left out, and no others"
    _same("plan.retired", case.plan.retired, first.plan.retired, message)
    message = "the finding continued is of another system version"
    _same("subject", case.subjects[0], first.subjects[0], message)
    for row, name in enumerate(case.plan.categories):
        design = case.plan.design_of(name)
        own = first.plan.design_of(name)
        expected = continuation_design(own, design.risk, first.plan.judges)
        message = f"the numbers for {name!r} are not those the first plan and this risk give"
        _same(f"plan.categories[{row}].design", design, expected, message)


def _designs(case: Case) -> None:
    for row, design in enumerate(case.plan.designs):
        if isinstance(design, ScoreDesign):
            continue  # holds its risk by Ville's inequality, whatever its numbers
        risk, power = false_recognition(design), power_of(design)
        if risk > design.risk:
            message = f"wrong recognition is {_percent(risk)}, above {_percent(design.risk)}"
            raise _refused(f"plan.designs[{row}].risk", message)
        if power < design.power:
            message = f"the power is {_percent(power)}, below {_percent(design.power)}"
            raise _refused(f"plan.designs[{row}].power", message)


def _seed(case: Case) -> None:
    if case.first is not None:
        message = "a continuation keeps the first draw's seed"
        _same("finding.seed", case.finding.seed, case.first.finding.seed, message)
        return
    if case.plan.continues is not None:
        raise _refused("plan.continues", "the finding it continues was not given")
    nonces: dict[Role, bytes] = {}
    for row, reveal in enumerate(case.reveals):
        if reveal.plan != case.plan_reference:
            message = "this reveals a nonce for another plan"
            raise foreign_plan(f"reveals[{row}].plan", message)
        nonces[reveal.role] = reveal.nonce
    committed = {
        Role.PROVIDER: case.application.nonce_commitment,
        Role.TESTER: case.plan.nonce_commitment,
    }
    for role, commitment in committed.items():
        if role not in nonces or commitment is None:
            raise _refused(f"reveal.{role.value}", f"the {role.value} revealed no nonce")
        verify_nonce(commitment, nonces[role], role)
    third = words_of(case.plan.draw, case.spoken, case.plan.application)
    pair = Nonces(provider=nonces[Role.PROVIDER], tester=nonces[Role.TESTER], beacon=third)
    seed = seed_of(case.plan.bank_root, case.plan_reference.sha256, pair)
    _same("finding.seed", case.finding.seed, seed, "the nonces give another seed")


def _third(case: Case, pulse: PulseCheck) -> tuple[Check, ...]:
    third = case.plan.draw
    if third is None:
        return ()
    try:
        holds = check_third(
            third,
            case.spoken,
            planned=case.plan.issued,
            revealed=[reveal.issued for reveal in case.reveals],
            verify=pulse,
        )
    except VerificationFailed as error:
        return (_failed("third", error),)
    message = f"neither party spoke last, but {words_for(third)}"
    if holds is Truth.UNDETERMINED:
        message = f"not checked: {words_for(third)}; install the extra beacon"
    place = "" if holds is Truth.TRUE else "draw.pulse.signature"
    return (Check(name="third", holds=holds, place=place, message=message),)


def _custody(case: Case) -> tuple[Check, ...]:
    custody, first = case.custody, case.first
    if custody is None or first is None:
        return ()

    def check(case: Case) -> None:
        del case
        message = "the custody statement is of another plan"
        _same("custody.plan", custody.plan, first.plan_reference, message)
        check_opened(
            custody, {name: len(first.outcomes(name)) for name in first.plan.categories}
        )

    return (_check("custody", "the bank was handed over where the draw stood", check, case),)


def _failed(name: str, error: VerificationFailed) -> Check:
    return Check(
        name=name,
        holds=Truth.FALSE,
        place=error.place,
        message=error.message,
        code=error.code,
    )


def _transcript(case: Case) -> None:
    plan, finding = case.plan_reference, case.finding
    if finding.plan != plan:
        raise foreign_plan("finding.plan", "the finding is of another plan")
    if case.bundle.plan != plan.sha256:
        raise foreign_plan("bundle.plan", "the bundle is of another plan")
    if finding.bundle != case.bundle_digest:
        message = "the bundle's bytes have another digest"
        raise altered_transcript("finding.bundle", message)
    if finding.transcript != case.bundle.head:
        raise altered_transcript("finding.transcript", "the records chain to another head")


def _draw(case: Case) -> None:
    first = case.first
    asked = {
        name: 0 if first is None else len(first.outcomes(name)) for name in case.plan.categories
    }
    orders = draws(case.finding.seed, case.bank.commitment, case.plan.retired)
    check_due(case.bundle.records, Due(orders=orders, asked=asked))


def _items(case: Case) -> None:
    scorers = case.bank.scorer.split()
    for row, record in enumerate(case.bundle.records):
        verify_opening(case.bank.commitment, record.opening, place=f"records[{row}].item")
        if record.opening.item.scorer not in scorers:
            message = f"the bank's statement does not name {record.opening.item.scorer!r}"
            raise _refused(f"records[{row}].item.scorer", message)


def _answers(case: Case) -> None:
    limit, retry = case.plan.rules.max_answer_bytes, case.plan.rules.retry
    decided = {
        name: decision_of(case.plan.design_of(name), case.outcomes(name))[1]
        for name in case.plan.categories
    }
    for row, record in enumerate(case.bundle.records):
        missing = isinstance(record.answer, Missing)
        if missing and record.passed:
            raise _refused(f"records[{row}].passed", "passed without an answer")
        if isinstance(record.answer, str) and _size_of(record.answer) > limit:
            message = f"the answer exceeds {limit} bytes, so it had to count as failed"
            raise _refused(f"records[{row}].answer", message)
        last = decided.get(record.category, 0)
        check_tries(retry, record, decided=last, place=f"records[{row}]")


def _scores(case: Case, scorer: Scorer) -> Check:
    found = rescore(case.bundle.records, case.plan.judges, scorer)
    if found.holds is Truth.FALSE:
        return _failed("scores", wrong_score(found.place, found.message))
    return Check(name="scores", holds=found.holds, place=found.place, message=found.message)


def _judges(case: Case) -> Iterable[Check]:
    scorers = case.bank.scorer.split()
    if case.plan.judges or any(map(is_judge, scorers)):
        message = "the designs bear the judges' error, and the outputs kept say each outcome"
        yield _check("judges", message, _judged, case)


def _judged(case: Case) -> None:
    plan = case.plan
    check_stated(plan.judges, case.bank.scorer.split())
    check_designs(plan.judges, plan.designs)
    check_outputs(plan.judges, case.bundle.records)
    if case.first is not None:
        message = "a continuation keeps the judges of the first plan"
        _same("plan.judges", plan.judges, case.first.plan.judges, message)


def _results(case: Case) -> None:
    outcomes: Mapping[str, tuple[Outcome, ...]] = {
        name: case.outcomes(name) for name in case.plan.categories
    }
    derived = results_of(case.plan, outcomes)
    names = [result.category for result in case.finding.results]
    message = f"the finding must list {', '.join(case.plan.categories)} in this order"
    _same("finding.results", names, list(case.plan.categories), message)
    for row, (said, found) in enumerate(zip(case.finding.results, derived, strict=True)):
        theirs, ours = said.to_json(), found.to_json()
        for name, value in ours.items():
            if theirs[name] != value:
                place = f"finding.results[{row}].{name}"
                message = f"it says {theirs[name]}, the outcomes give {value}"
                raise (wrong_verdict if name == "verdict" else wrong_number)(place, message)


def _size_of(answer: str) -> int:
    return len(answer.encode("utf-8", "surrogatepass"))


def _same(place: str, found: object, expected: object, message: str) -> None:
    if found != expected:
        raise _refused(place, message)


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(message, code="evidence.audit", place=place)


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.3f} %"


def _within_first(place: str) -> str:
    return f"first.{place}" if place else ""
