# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""All there is to one system, and all there is to one finding."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from comity.desk.case.case import unscored
from comity.desk.finding.curve import category_results
from comity.desk.finding.sheet import FindingSheet
from comity.desk.finding.since import checks_since, words_since
from comity.desk.finding.writing import identity_of
from comity.desk.law.duties import library
from comity.desk.register.dutysheet import (
    QUESTIONS,
    Query,
    SystemDutiesSheet,
    duties_sheet,
    known_markets,
    labels_of,
)
from comity.desk.register.listing import registration_of, row_of
from comity.desk.register.register import Held, Register
from comity.desk.register.sheet import (
    CategoryDecision,
    DutyCounts,
    FindingRow,
    Material,
    RecognitionRow,
    StatedFact,
    SystemSheet,
    Texts,
)
from comity.desk.register.standing import fallen_answer, fallen_finding
from comity.errors import InvalidDocument, NotFound
from comity.evidence.bank_statement import BankStatement
from comity.evidence.bundle import decode_bundle
from comity.evidence.finding import Finding
from comity.evidence.plan import Plan
from comity.evidence.recognition import Recognition
from comity.evidence.transcript import Record
from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.law.answer import to_plain
from comity.law.fact import Answer
from comity.law.statement import Registration


def system_sheet(register: Register, system: str, *, on: dt.date | None = None) -> SystemSheet:
    """Show one registered version with its duties, its findings and who answered them.

    Args:
        on: Day for which duties are counted; None for the day of the view.

    Raises:
        NotFound: No followed log registers it.
    """
    held = registration_of(register, system)
    findings = register.findings_on.get(system, ())
    said = held.said
    return SystemSheet(
        node=register.node(),
        row=row_of(register, system),
        identity=said.identity.what,
        identity_method=said.identity.method,
        duties=_duty_counts(register, said, on),
        facts=tuple(_stated(said)),
        materials=tuple(
            Material(
                layer=part.layer,
                name=part.name,
                supplier=part.supplier or "",
                jurisdiction=part.jurisdiction or "",
                share_ppm=part.share_ppm,
            )
            for part in said.profile.materials
        ),
        findings=tuple(finding_row(register, one) for one in findings),
        recognitions=tuple(
            answer for one in findings for answer in _recognitions(register, one.id)
        ),
        provenance=register.provenance(held.entry),
        others=tuple(
            register.provenance(other.entry) for other in register.systems[system][1:]
        ),
    )


def system_duties_sheet(
    register: Register, system: str, *, on: dt.date | None = None, show: str = ""
) -> SystemDutiesSheet:
    """Show the duties that the stated facts bring, clause by clause.

    Args:
        on: Day in question; None for the day of the view.
        show: The market whose norms are listed; "" for all.

    Raises:
        NotFound: No followed log registers the system.
    """
    held = registration_of(register, system)
    query = _query(register, held.said, on)
    return SystemDutiesSheet(
        node=register.node(),
        row=row_of(register, system),
        duties=duties_sheet(replace(query, show=show, questions=QUESTIONS)),
        provenance=register.provenance(held.entry),
    )


def finding_sheet(register: Register, finding: str) -> FindingSheet:
    """Show one finding: plan, results, the path of its evidence, who answers it.

    Raises:
        NotFound: No followed log holds it.
    """
    held = _held(register, finding)
    said = held.said
    plan = _plan(register, held)
    asked = None if plan is None else plan.said
    bank = _bank(register, held)
    records = _records(register, held)
    return FindingSheet(
        node=register.node(),
        row=finding_row(register, held),
        system=row_of(register, held.subject) if held.subject in register.systems else None,
        scorer="" if bank is None else bank.scorer,
        unscored=() if bank is None else unscored(bank.scorer.split()),
        judges=() if asked is None else tuple(one.in_words for one in asked.judges),
        bank_size=None if bank is None else bank.commitment.size,
        bank_root=register.bank_root(held),
        templates=None if bank is None else bank.templates,
        near_duplicates=None if bank is None else bank.near_duplicates,
        limits={} if bank is None else {"en": bank.limits},
        untested=_untested(bank, asked),
        licence="" if bank is None else bank.licence,
        results=category_results(said, asked, records or (), _labels(bank)),
        attempt=None if asked is None else asked.attempt,
        continues=_continued(plan),
        continued_by=register.continuations.get(finding, ()),
        plan=None if plan is None else register.provenance(plan.entry),
        seed=said.seed.hex(),
        transcript=said.transcript.hex(),
        bundle=said.bundle.hex(),
        bundle_here=records is not None,
        recognitions=tuple(_recognitions(register, finding)),
        identity=identity_of(said.extra),
        words=words_since(register, held),
        checks=checks_since(register, held),
    )


def _held(register: Register, finding: str) -> Held[Finding]:
    held = register.findings.get(finding)
    if held is None:
        raise NotFound(
            "no log this node follows holds a finding of this digest",
            code="desk.no_finding",
            hint="the page of a system links to its findings",
        )
    return held


def finding_row(register: Register, held: Held[Finding]) -> FindingRow:
    """Return one finding as a row, its categories by verdict."""
    bank = _bank(register, held)
    by_verdict: dict[str, list[str]] = {}
    for row in held.said.results:
        by_verdict.setdefault(row.verdict.value, []).append(row.category)
    return FindingRow(
        id=held.id,
        system=held.subject,
        tester=register.actor(held.entry.member),
        bank="" if bank is None else bank.bank,
        claim={"en": "A claim on a bank that no followed log describes."}
        if bank is None
        else dict(bank.claim.by_tag),
        shown=tuple(by_verdict.get("shown", ())),
        not_shown=tuple(by_verdict.get("not_shown", ())),
        insufficient=tuple(by_verdict.get("insufficient", ())),
        provenance=register.provenance(held.entry),
        fallen=fallen_finding(register, held),
    )


def _labels(bank: BankStatement | None) -> Mapping[str, Texts]:
    return {} if bank is None else {name: dict(t.by_tag) for name, t in bank.labels.items()}


def _untested(bank: BankStatement | None, plan: Plan | None) -> Mapping[str, Texts]:
    if bank is None or plan is None:
        return {}
    labels, names = _labels(bank), [one.name for one in bank.commitment.categories]
    return {name: labels.get(name, {}) for name in names if name not in plan.categories}


def _bank(register: Register, held: Held[Finding]) -> BankStatement | None:
    bank = register.banks.get(register.bank_root(held))
    return None if bank is None else bank.said


def _recognitions(register: Register, finding: str) -> Iterable[RecognitionRow]:
    for held in register.answers_to.get(finding, ()):
        yield _recognition(register, held)


def _recognition(register: Register, held: Held[Recognition]) -> RecognitionRow:
    said = held.said
    return RecognitionRow(
        id=held.id,
        regulator=register.actor(held.entry.member),
        finding=said.finding.sha256.hex(),
        decision=said.decision.value,
        categories=tuple(
            CategoryDecision(name=one.name, decision=one.decision.value, reason=one.reason)
            for one in said.categories
        ),
        reasons=said.reasons,
        continuation=None if said.continuation is None else said.continuation.sha256.hex(),
        provenance=register.provenance(held.entry),
        fallen=fallen_answer(register, held),
    )


def _continued(plan: Held[Plan] | None) -> str | None:
    if plan is None or plan.said.continues is None:
        return None
    return plan.said.continues.sha256.hex()


def _records(register: Register, held: Held[Finding]) -> Sequence[Record] | None:
    """Return the bundle's records, those of the findings it continues before them.

    None where this finding's own bundle is not here.
    """
    own = _bundle(register, held)
    before: list[Record] = []
    seen = {held.id}
    earlier = register.findings.get(_continued(_plan(register, held)) or "")
    while own is not None and earlier is not None and earlier.id not in seen:
        seen.add(earlier.id)
        before[:0] = _bundle(register, earlier) or ()
        earlier = register.findings.get(_continued(_plan(register, earlier)) or "")
    return None if own is None else (*before, *own)


def _plan(register: Register, held: Held[Finding]) -> Held[Plan] | None:
    return register.plans.get(held.said.plan.sha256.hex())


def _bundle(register: Register, held: Held[Finding]) -> Sequence[Record] | None:
    blob = register.view.find_blob(held.said.bundle)
    if blob is None:
        return None
    try:
        return decode_bundle(blob).records
    except InvalidDocument:
        return None


def _stated(said: Registration) -> Iterable[StatedFact]:
    yield from _stated_in("", {**_answers(said.profile.answers), **said.unread}, said.unread)
    for market in sorted({*said.profile.in_market, *said.unread_in}):
        read = said.profile.in_market.get(MarketCode(market), {})
        unread = said.unread_in.get(market, {})
        yield from _stated_in(market, {**_answers(read), **unread}, unread)


def _stated_in(
    market: str, answers: Mapping[str, Json], unread: Mapping[str, Json]
) -> Iterable[StatedFact]:
    labels = labels_of()
    for name, answer in sorted(answers.items()):
        yield StatedFact(
            name=name,
            label=labels.get(name, {"en": name}),
            answer=answer,
            is_read=name not in unread,
            market=market,
        )


def _answers(answers: Mapping[str, Answer]) -> dict[str, Json]:
    facts = library().vocabulary.facts
    return {name: to_plain(facts[name], answer) for name, answer in answers.items()}


def _query(register: Register, said: Registration, on: dt.date | None) -> Query:
    """Ask as the provider about the facts it states: its own markets, then every other."""
    stated = said.profile.markets or ()
    return Query(
        markets=tuple(dict.fromkeys((*stated, *known_markets()))),
        on=register.view.as_of.date() if on is None else on,
        role="provider",
        answers=_answers(said.profile.answers),
        in_market={
            market: _answers(answers) for market, answers in said.profile.in_market.items()
        },
        questions=0,
    )


def _duty_counts(register: Register, said: Registration, on: dt.date | None) -> DutyCounts:
    query = _query(register, said, on)
    sheet = duties_sheet(query)
    return DutyCounts(
        on=query.on,
        role=query.role,
        markets=sheet.markets,
        faults=tuple(fault.message for fault in sheet.faults),
    )
