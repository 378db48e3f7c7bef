# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One small published test, whole: a bank of two categories, a plan, a finding, a bundle."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.application import Application, Reveal
from comity.evidence.audit import Case, Scorer
from comity.evidence.bank import Bank, Item
from comity.evidence.bank_statement import BankStatement
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.combine import continuation_design
from comity.evidence.draw import Nonces, Role, commit_nonce, draws, seed_of
from comity.evidence.finding import Finding, results_of
from comity.evidence.plan import Plan, Rules, share_designs
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.statistics.verdict import decision_of
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference

SIZES = {"rescue": 40, "shelter": 60}
Answer = Callable[[Item], str | Missing]


def _reference(name: str, index: int) -> Reference:
    return Reference(
        log=Origin("tester.example/log"), index=index, sha256=sha256(name.encode())
    )


def _score(scorer: str, prompt: Json, reference: Json, answer: str) -> bool | None:
    del prompt
    return answer == reference if scorer == "equals/1" else None


@pytest.fixture
def issued() -> Instant:
    """Return one instant for every statement."""
    return from_rfc3339("2026-11-21T19:19:24Z")


@pytest.fixture
def score() -> Scorer:
    """Return a scorer that knows "equals/1" and no other."""
    return _score


@pytest.fixture
def bank() -> Bank:
    """Return a committed bank of 100 items in two categories."""
    names = [name for name, count in SIZES.items() for _ in range(count)]
    return Bank.of(
        (
            Item(
                position=position,
                category=name,
                prompt={"text": f"question {position}"},
                reference=f"answer {position}",
                scorer="equals/1",
            )
            for position, name in enumerate(names)
        ),
        bytes(range(32)),
    )


@pytest.fixture
def right() -> Answer:
    """Return a system that answers every question rightly."""
    return lambda item: str(item.reference)


@pytest.fixture
def publish(bank: Bank, issued: Instant) -> Callable[[Answer], Case]:
    """Return a function that tests a system and publishes everything."""

    def run(answer: Answer) -> Case:
        nonces = Nonces(provider=b"p" * 32, tester=b"t" * 32)
        application = Application(
            issued=issued,
            bank_root=bank.commitment.root,
            tester=MemberId("ab" * 32),
            nonce_commitment=commit_nonce(nonces.provider, Role.PROVIDER),
        )
        request = Request(size=1, threshold=Fraction(8, 10), goal=Fraction(95, 100))
        designs, categories = share_designs(
            {name: design_for(replace(request, size=size)) for name, size in SIZES.items()}
        )
        plan = Plan(
            issued=issued,
            bank_root=bank.commitment.root,
            application=_reference("application", 4),
            nonce_commitment=commit_nonce(nonces.tester, Role.TESTER),
            designs=designs,
            categories=categories,
            rules=Rules(timeout_ms=1000, max_answer_bytes=100),
            attempt=1,
        )
        reference = _reference("plan", 5)
        seed = seed_of(bank.commitment.root, reference.sha256, nonces)
        return _case(
            bank, application, plan, parts=(reference, seed, None), answer=answer, nonces=nonces
        )

    return run


@pytest.fixture
def go_on(bank: Bank) -> Callable[[Case, Fraction, Answer], Case]:
    """Return a function that continues a published test at another risk."""

    def run(first: Case, risk: Fraction, answer: Answer) -> Case:
        designs, categories = share_designs(
            {
                name: continuation_design(first.plan.design_of(name), risk)
                for name in first.plan.categories
            }
        )
        plan = replace(
            first.plan,
            nonce_commitment=None,
            designs=designs,
            categories=categories,
            continues=first.finding_reference,
        )
        reference = _reference("continuation", 9)
        parts = (reference, first.finding.seed, first)
        return _case(bank, first.application, plan, parts=parts, answer=answer, nonces=None)

    return run


def _case(
    bank: Bank,
    application: Application,
    plan: Plan,
    *,
    parts: tuple[Reference, Digest, Case | None],
    answer: Answer,
    nonces: Nonces | None,
) -> Case:
    reference, seed, first = parts
    asked = {name: first.outcomes(name) if first else () for name in plan.categories}
    records: list[Record] = []
    for name, order in draws(seed, bank.commitment).items():
        outcomes = list(asked[name])
        design = plan.design_of(name)
        while not _decided(design, outcomes):
            record = _ask(bank, order[len(outcomes)], len(outcomes) + 1, answer)
            records.append(record)
            outcomes.append(record.outcome)
        asked[name] = tuple(outcomes)
    bundle = Bundle(plan=reference.sha256, records=tuple(records))
    digest = digest_of(encode_bundle(bundle))
    finding = Finding(
        issued=plan.issued,
        plan=reference,
        seed=seed,
        results=results_of(plan, asked),
        transcript=bundle.head,
        bundle=digest,
    )
    return Case(
        subjects=(sha256(b"system"),) * 3,
        bank=_statement(bank, plan.issued),
        application=application,
        application_reference=plan.application,
        plan=plan,
        plan_reference=reference,
        reveals=_reveals(plan, reference, nonces),
        finding=finding,
        bundle=bundle,
        bundle_digest=digest,
        finding_reference=_reference("finding", 7),
        first=first,
    )


def _decided(design: AnyDesign, outcomes: list[Outcome]) -> bool:
    return decision_of(design, outcomes)[0] is not Verdict.INSUFFICIENT


def _ask(bank: Bank, position: int, draw: int, answer: Answer) -> Record:
    opening = bank.open(position)
    said = answer(opening.item)
    passed = said == opening.item.reference
    return Record(draw=draw, opening=opening, answer=said, passed=passed)


def _statement(bank: Bank, issued: Instant) -> BankStatement:
    return BankStatement(
        issued=issued,
        bank="rescue-messages",
        claim=LocalText(by_tag={"en": "messages keep their meaning"}),
        scorer="equals/1",
        commitment=bank.commitment,
        templates=100,
        near_duplicates=0,
        conducts=("meaning_kept",),
        limits="made up",
        licence="CC0-1.0",
    )


def _reveals(plan: Plan, reference: Reference, nonces: Nonces | None) -> tuple[Reveal, ...]:
    if nonces is None:
        return ()
    pairs = ((Role.PROVIDER, nonces.provider), (Role.TESTER, nonces.tester))
    return tuple(
        Reveal(issued=plan.issued, plan=reference, role=role, nonce=Digest(nonce))
        for role, nonce in pairs
    )
