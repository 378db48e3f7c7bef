# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Derive anew what a check after a finding found; say where it first disagrees.

Source:
    docs/spec/evidence.md, "Drift".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.errors import ComityError, VerificationFailed
from comity.evidence.audit import Check
from comity.evidence.bank import Commitment, verify_opening
from comity.evidence.bundle import Bundle
from comity.evidence.draw import Role, draws, sizes, verify_nonce
from comity.evidence.drift import Counts, Drift, Rates, Recheck, drift_seed, judge
from comity.evidence.due import Due, check_due
from comity.evidence.rescoring import Scorer, rescore
from comity.evidence.statistics.outcome import is_passed
from comity.evidence.transcript import Missing
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCase:
    """All that was published of one check.

    Args:
        bank: What was published of the bank.
        rates: By category that the finding showed, the rates of its design.
        recheck: The announcement.
        announced: Where the announcement stands, with its entry's digest.
        before: Where the check before stands, or None.
        history: What each check before it counted, by category.
        drift: What it found.
        bundle: The evidence.
        bundle_digest: Digest of the bundle's bytes.
    """

    bank: Commitment
    rates: Mapping[str, Rates]
    recheck: Recheck
    announced: Reference
    before: Reference | None
    history: tuple[Mapping[str, Counts], ...]
    drift: Drift
    bundle: Bundle
    bundle_digest: Digest


def audit_drift(case: DriftCase, scorer: Scorer) -> tuple[Check, ...]:
    """Derive a check anew; every part of it is looked at, in order."""
    return (
        _check(
            "announcement", "it was announced with this bank and these numbers", _plan, case
        ),
        _check("nonce", "the nonce is the one committed to beforehand", _nonce, case),
        _check("transcript", "the transcript is the one it names", _transcript, case),
        _check("draw", "the questions asked are those the nonce gives", _draw, case),
        _check("items", "every question asked was in the bank", _items, case),
        _scores(case, scorer),
        _check("evidence", "evidence and alarm follow from the outcomes", _evidence, case),
    )


def counts_of(recheck: Recheck, drift: Drift) -> dict[str, Counts]:
    """Return what a check counted, by category, as it says."""
    pools = {one.name: one.size for one in recheck.categories}
    return {
        seen.category: Counts(
            size=pools.get(seen.category, 0), asked=seen.asked, failed=seen.failed
        )
        for seen in drift.results
    }


def _plan(case: DriftCase) -> None:
    recheck = case.recheck
    _expect(recheck.bank_root == case.bank.root, "recheck.bank_root", "it is of another bank")
    _expect(recheck.after == case.before, "recheck.after", "another check stands before it")
    number = len(case.history) + 1
    _expect(recheck.number == number, "recheck.number", f"it is check {number} of this finding")
    names = {one.name for one in recheck.categories}
    message = "not the categories that the finding showed"
    _expect(names == set(case.rates), "recheck.categories", message)
    left = sizes(case.bank, recheck.retired)
    for row, one in enumerate(recheck.categories):
        message = f"{left[one.name]} items of {one.name} are left, not {one.size}"
        _expect(one.size == left[one.name], f"recheck.categories[{row}].size", message)


def _nonce(case: DriftCase) -> None:
    verify_nonce(case.recheck.nonce_commitment, case.drift.nonce, Role.TESTER)


def _transcript(case: DriftCase) -> None:
    drift, digest = case.drift, case.announced.sha256
    _expect(drift.recheck == case.announced, "drift.recheck", "it is of another announcement")
    _expect(case.bundle.plan == digest, "bundle.plan", "it is of another announcement")
    message = "the bundle's bytes have another digest"
    _expect(drift.bundle == case.bundle_digest, "drift.bundle", message)
    message = "the records chain to another head"
    _expect(drift.transcript == case.bundle.head, "drift.transcript", message)


def _draw(case: DriftCase) -> None:
    seed = drift_seed(case.bank.root, case.announced.sha256, case.drift.nonce)
    orders = draws(seed, case.bank, case.recheck.retired)
    watched = {one.name: one.questions for one in case.recheck.categories}
    due = {name: orders[name][:count] for name, count in watched.items()}
    check_due(case.bundle.records, Due(orders=due, asked=dict.fromkeys(due, 0)))
    for name, count in watched.items():
        asked = len(case.bundle.outcomes(name))
        owed = 0 if case.drift.changed else count
        _expect(asked == owed, "records", f"{asked} questions of {name} stand, {owed} were due")


def _items(case: DriftCase) -> None:
    limit = case.recheck.max_answer_bytes
    for row, record in enumerate(case.bundle.records):
        verify_opening(case.bank, record.opening, place=f"records[{row}].item")
        missing = isinstance(record.answer, Missing)
        _expect(not (missing and record.passed), f"records[{row}].passed", "without an answer")
        size = 0 if isinstance(record.answer, Missing) else len(record.answer.encode())
        _expect(size <= limit, f"records[{row}].answer", "it is larger than was announced")


def _scores(case: DriftCase, scorer: Scorer) -> Check:
    found = rescore(case.bundle.records, (), scorer)
    return Check(name="scores", holds=found.holds, place=found.place, message=found.message)


def _evidence(case: DriftCase) -> None:
    pools = {one.name: one.size for one in case.recheck.categories}
    now: dict[str, Counts] = {}
    for name, size in pools.items():
        outcomes = case.bundle.outcomes(name)
        failed = sum(not is_passed(outcome) for outcome in outcomes)
        now[name] = Counts(size=size, asked=len(outcomes), failed=failed)
    judged = judge([*case.history, now], case.rates, case.recheck.risk)
    drift = case.drift
    alarm = judged.is_alarming or bool(drift.changed)
    for name, said, derived in (
        ("results", set(drift.results), set(judged.results)),
        ("evidence", drift.evidence, judged.evidence),
        ("fallen", set(drift.fallen), set(judged.fallen)),
        ("alarm", drift.alarm, alarm),
    ):
        _expect(said == derived, f"drift.{name}", "the outcomes say otherwise")


def _check(
    name: str, message: str, look: Callable[[DriftCase], None], case: DriftCase
) -> Check:
    try:
        look(case)
    except VerificationFailed as error:
        return Check(
            name=name,
            holds=Truth.FALSE,
            place=error.place,
            message=error.message,
            code=error.code,
        )
    except ComityError as error:
        return Check(name=name, holds=Truth.FALSE, place=name, message=error.message)
    return Check(name=name, holds=Truth.TRUE, place="", message=message)


def _expect(holds: object, place: str, message: str) -> None:
    if not holds:
        raise VerificationFailed(message, code="evidence.drift", place=place)
