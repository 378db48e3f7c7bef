# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Make the report of a finding from its verified file; nothing in it is taken on trust."""

from collections.abc import Iterable, Mapping, Sequence

from comity.assess.adapters.log import Heading, to_eval_log
from comity.desk.case.case import Publication
from comity.desk.finding.curve import to_design_sheet, words_of
from comity.desk.finding.verification import Signatory, Verified
from comity.desk.finding.writing import (
    LIMITS,
    Continued,
    FindingReport,
    Party,
    Place,
    ReportedBank,
    ReportedCategory,
    ReportedCheck,
    ReportedItem,
    ReportedSystem,
    Untested,
    identity_of,
)
from comity.desk.log.shelf import Said
from comity.evidence.bank_statement import BankStatement
from comity.evidence.finding import Result
from comity.evidence.listing import floor_ppm, shown_of
from comity.evidence.plan import Plan
from comity.evidence.publishing import Publishing, publishing_of
from comity.evidence.statistics.outcome import is_passed
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.kernel.instant import to_rfc3339
from comity.kernel.reference import Reference, to_reference_json
from comity.kernel.truth import Truth

_HOLDS = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNDETERMINED: None}


def eval_log_of(verified: Verified) -> Json:
    """Write what was asked and answered in a verified finding as a log of Inspect's."""
    test = verified.publication
    case = test.case
    heading = Heading(
        created=to_rfc3339(case.finding.issued),
        task=case.bank.bank,
        model=_system(test.system).name.get("en", "the system"),
        about={
            "finding": to_reference_json(test.finding.reference),
            "plan": to_reference_json(test.plan.reference),
            "bank_root": case.bank.commitment.root.hex(),
            "transcript": case.finding.transcript.hex(),
            "limits": "asking stopped when it sufficed: this rate estimates nothing",
        },
    )
    return to_eval_log(heading, case.bundle.records)


def report_of(verified: Verified) -> FindingReport:
    """Say of a verified finding what a reader who was not there needs to know."""
    test = verified.publication
    case, bank = test.case, test.case.bank
    members = {one.member: _party(one) for one in verified.signatories}
    labels = {name: dict(text.by_tag) for name, text in bank.labels.items()}
    items, withheld = _items(case.plan, case.bundle.records)
    return FindingReport(
        finding=_place(test.finding.reference),
        verdict=_overall(case.finding.results),
        claim=dict(bank.claim.by_tag),
        issued=to_rfc3339(case.finding.issued),
        system=_system(test.system),
        identity=identity_of(case.finding.extra),
        provider=members[test.application.member],
        tester=members[test.finding.member],
        bank=_bank(bank),
        attempt=case.plan.attempt,
        continues=_continued(test, members),
        asked=len(case.bundle.records),
        categories=tuple(_category(test, row, labels) for row in case.finding.results),
        is_listed=case.plan.listed,
        shown=shown_of(case.plan, case.finding.results),
        floor_ppm=floor_ppm(case.finding.results),
        publishing=publishing_of(case.plan),
        items=tuple(items),
        withheld=withheld,
        untested=_untested(test, labels),
        limits=tuple(LIMITS),
        checks=tuple(
            ReportedCheck(
                name=check.name,
                holds=_HOLDS[check.holds],
                place=check.place,
                message=check.message,
            )
            for check in verified.checks
        ),
        members=tuple(members.values()),
    )


def _bank(bank: BankStatement) -> ReportedBank:
    return ReportedBank(
        name=bank.bank,
        root=bank.commitment.root.hex(),
        size=bank.commitment.size,
        templates=bank.templates,
        near_duplicates=bank.near_duplicates,
        scorers=tuple(bank.scorer.split()),
        limits=" ".join(bank.limits.split()),
        licence=bank.licence,
    )


def _overall(results: Iterable[Result]) -> str:
    verdicts = {result.verdict.value for result in results}
    if verdicts == {"shown"}:
        return "shown"
    return "not_shown" if "not_shown" in verdicts else "insufficient"


def _category(
    test: Publication, result: Result, labels: Mapping[str, Mapping[str, str]]
) -> ReportedCategory:
    case, name = test.case, result.category
    design = case.plan.design_of(name)
    sheet = to_design_sheet(design)
    outcomes = case.outcomes(name)[: result.asked]
    before = 0 if case.first is None else len(case.first.outcomes(name))
    return ReportedCategory(
        name=name,
        label=labels.get(name, {}),
        verdict=result.verdict.value,
        asked=result.asked,
        asked_before=min(before, result.asked),
        failed=result.failed,
        failed_at=tuple(at for at, one in enumerate(outcomes, start=1) if not is_passed(one)),
        e_value=result.e_value,
        lower_bound_ppm=result.lower_bound_ppm,
        mean_ppm=result.mean_ppm,
        about=design.about.value,
        size=sheet.size,
        cap=sheet.cap,
        threshold_ppm=sheet.threshold_ppm,
        goal_ppm=sheet.goal_ppm,
        risk_ppm=sheet.risk_ppm,
        acceptance=sheet.acceptance,
        rejection=sheet.rejection,
    )


def _items(plan: Plan, records: Sequence[Record]) -> tuple[list[ReportedItem], int]:
    """Return the items the plan publishes, and how many it withholds."""
    publishing = publishing_of(plan)

    def is_published(record: Record) -> bool:
        if publishing is Publishing.FAILED:
            return not record.passed
        return publishing is Publishing.ALL

    found = [_item(record) for record in records if is_published(record)]
    return found, len(records) - len(found)


def _item(record: Record) -> ReportedItem:
    item, answer = record.opening.item, record.answer
    return ReportedItem(
        category=record.category,
        draw=record.draw,
        question=words_of(item.prompt),
        reference=words_of(item.reference),
        answer="" if isinstance(answer, Missing) else answer,
        missing=answer.value if isinstance(answer, Missing) else "",
        passed=record.passed,
    )


def _untested(test: Publication, labels: Mapping[str, Mapping[str, str]]) -> Untested:
    case = test.case
    records = [record for one in test.chain for record in one.case.bundle.records]
    planned = {name for one in test.chain for name in one.case.plan.categories}
    names = [category.name for category in case.bank.commitment.categories]
    talks = [one for one in records if not isinstance(one.opening.item.prompt, str)]
    return Untested(
        categories={name: labels.get(name, {}) for name in names if name not in planned},
        opened=len(records),
        unopened=case.bank.commitment.size - len(records),
        conversations=len(talks),
        unreviewed=dict(case.bank.unreviewed),
    )


def _continued(test: Publication, members: Mapping[MemberId, Party]) -> Continued | None:
    first = test.first
    if first is None:
        return None
    asked = sum(len(one.case.bundle.records) for one in first.chain)
    return Continued(
        finding=_place(first.finding.reference),
        tester=members[first.finding.member],
        asked=asked,
    )


def _system(said: Said) -> ReportedSystem:
    predicate = said.statement.predicate
    return ReportedSystem(
        sha256=said.subject.hex(),
        name=_texts(predicate.get("name")) or {"en": str(predicate.get("system", ""))},
        version=str(predicate.get("version", "")),
        purpose=_texts(predicate.get("purpose")),
    )


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(tag): text for tag, text in value.items() if isinstance(text, str)}


def _party(one: Signatory) -> Party:
    keyset = one.keyset
    return Party(
        member=one.member,
        name=keyset.name,
        role=keyset.role,
        jurisdiction=keyset.jurisdiction,
        example=keyset.example,
        cosigners=tuple(other.name for other in one.cosigners),
    )


def _place(reference: Reference) -> Place:
    return Place(log=reference.log, index=reference.index, sha256=reference.sha256.hex())
