# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An honest finding re-derives; every kind of tampering is named with its place."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.application import Reveal
from comity.evidence.audit import Case, Check, Scorer, audit, first_disagreement
from comity.evidence.bank import Bank, Category, Commitment, Item
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.draw import Role, draws
from comity.evidence.finding import Result, results_of
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.kind import as_counted
from comity.evidence.transcript import Missing, Record
from comity.kernel.digest import Digest, sha256
from comity.kernel.truth import Truth

Answer = Callable[[Item], str | Missing]
Publish = Callable[[Answer], Case]
GoOn = Callable[[Case, Fraction, Answer], Case]


@pytest.fixture
def flawed(publish: Publish, right: Answer) -> Case:
    """Return the test of a system that is wrong on one question and late on another."""
    order = audit_order(publish(right))

    def answer(item: Item) -> str | Missing:
        if item.position == order[5]:
            return "permitted"
        return Missing.TIMEOUT if item.position == order[9] else str(item.reference)

    return publish(answer)


def audit_order(case: Case) -> tuple[int, ...]:
    """Return the draw of the category shelter."""
    return draws(case.finding.seed, case.bank.commitment)["shelter"]


def with_records(case: Case, records: tuple[Record, ...]) -> Case:
    """Return the case with other records, all digests and results made to fit them."""
    bundle = Bundle(plan=case.bundle.plan, records=records)
    digest = digest_of(encode_bundle(bundle))
    outcomes = {name: bundle.outcomes(name) for name in case.plan.categories}
    finding = replace(
        case.finding,
        transcript=bundle.head,
        bundle=digest,
        results=results_of(case.plan, outcomes),
    )
    return replace(case, bundle=bundle, bundle_digest=digest, finding=finding)


def edit(case: Case, row: int, change: Callable[[Record], Record]) -> Case:
    """Return the case with one record changed and everything made to fit."""
    records = list(case.bundle.records)
    records[row] = change(records[row])
    return with_records(case, tuple(records))


def item_changed(record: Record, **parts: object) -> Record:
    """Return a record whose item differs."""
    opening = record.opening
    item = replace(opening.item, **parts)  # type: ignore[arg-type]  # parts of an item
    return replace(record, opening=replace(opening, item=item))


def disagreement(case: Case, score: Scorer) -> Check:
    """Return the first check that fails."""
    found = first_disagreement(audit(case, score))
    assert found is not None
    return found


def test_an_honest_finding_re_derives_whole(flawed: Case, score: Scorer) -> None:
    """Wrong and late answers are part of an honest finding."""
    assert sum(not record.passed for record in flawed.bundle.records) == 2
    checks = audit(flawed, score)
    assert [check.holds for check in checks] == [Truth.TRUE] * 9
    assert [check.name for check in checks] == [
        "plan",
        "designs",
        "seed",
        "transcript",
        "draw",
        "items",
        "answers",
        "scores",
        "results",
    ]
    assert first_disagreement(checks) is None


def test_a_perfect_and_a_hopeless_system_re_derive(
    publish: Publish, score: Scorer, right: Answer
) -> None:
    """Shown and not shown are both findings."""
    for answer, verdict in ((right, Verdict.SHOWN), (lambda _: "?", Verdict.NOT_SHOWN)):
        case = publish(answer)
        assert {result.verdict for result in case.finding.results} == {verdict}
        assert first_disagreement(audit(case, score)) is None


def test_a_scorer_that_cannot_be_run_again_leaves_scores_undetermined(
    publish: Publish, right: Answer
) -> None:
    """A human judge's word stays the tester's testimony, and is said to be."""
    checks = {check.name: check for check in audit(publish(right), lambda *_: None)}
    assert checks["scores"].holds is Truth.UNDETERMINED
    assert checks["scores"].place == "records[0].passed"
    assert first_disagreement(checks.values()) is None


def easier(case: Case) -> Case:
    """Lower the acceptance numbers of a design and keep its promises."""
    design = as_counted(case.plan.designs[0])
    numbers = tuple((max(1, asked - 6), failures) for asked, failures in design.acceptance)
    weak = replace(design, acceptance=numbers)
    return replace(case, plan=replace(case.plan, designs=(weak, *case.plan.designs[1:])))


def other_size(case: Case) -> Case:
    """Use a design made for another number of items."""
    designs = list(case.plan.designs)
    designs[1] = design_for(
        Request(size=61, threshold=designs[1].threshold, goal=designs[1].goal)
    )
    return replace(case, plan=replace(case.plan, designs=tuple(designs)))


def powerless(case: Case) -> Case:
    """Promise more power than the numbers have."""
    designs = tuple(replace(design, power=Fraction(999, 1000)) for design in case.plan.designs)
    return replace(case, plan=replace(case.plan, designs=designs))


def other_bank(case: Case) -> Case:
    """Publish another root."""
    commitment = replace(case.bank.commitment, root=Digest(bytes(32)))
    return replace(case, bank=replace(case.bank, commitment=commitment))


def moved_border(case: Case) -> Case:
    """Publish other counts under the same root."""
    categories = (Category(name="rescue", count=40), Category(name="shelter", count=61))
    commitment = Commitment(root=case.bank.commitment.root, categories=categories)
    return replace(case, bank=replace(case.bank, commitment=commitment))


def nonce_changed(case: Case, role: Role) -> Case:
    """Reveal another nonce than the one committed to."""
    reveals = tuple(
        replace(reveal, nonce=sha256(b"better")) if reveal.role is role else reveal
        for reveal in case.reveals
    )
    return replace(case, reveals=reveals)


def finding_with(case: Case, **parts: object) -> Case:
    """Change fields of the finding."""
    return replace(case, finding=replace(case.finding, **parts))  # type: ignore[arg-type]  # parts


def result_with(case: Case, **parts: object) -> Case:
    """Change fields of the finding's second result."""
    results = list(case.finding.results)
    results[1] = replace(results[1], **parts)  # type: ignore[arg-type]  # parts of a result
    return finding_with(case, results=tuple(results))


def swapped(case: Case) -> Case:
    """Ask the second question first."""
    one, two, *rest = case.bundle.records
    return with_records(case, (replace(two, draw=1), replace(one, draw=2), *rest))


def skipped(case: Case) -> Case:
    """Leave out a question and close the gap."""
    records = list(case.bundle.records)
    del records[2]
    name = records[2].category
    count = 0
    for row, record in enumerate(records):
        if record.category == name:
            count += 1
            records[row] = replace(record, draw=count)
    return with_records(case, tuple(records))


def gap(case: Case) -> Case:
    """Leave out a question and leave the gap."""
    records = list(case.bundle.records)
    del records[2]
    return with_records(case, tuple(records))


def repeated(case: Case) -> Case:
    """Record a good question twice."""
    return with_records(case, (case.bundle.records[0], *case.bundle.records))


def late_reveal(case: Case) -> Reveal:
    """Return a reveal that speaks of another plan."""
    return replace(case.reveals[0], plan=replace(case.reveals[0].plan, index=99))


TAMPERINGS: list[tuple[str, Callable[[Case], Case], str, str]] = [
    (
        "another system",
        lambda c: replace(c, subjects=(*c.subjects[:2], sha256(b"v2"))),
        "plan",
        "subject",
    ),
    ("another bank", other_bank, "plan", "plan.bank_root"),
    (
        "another application",
        lambda c: replace(c, application_reference=c.plan_reference),
        "plan",
        "plan.application",
    ),
    (
        "an application elsewhere",
        lambda c: replace(c, application=replace(c.application, bank_root=sha256(b"b"))),
        "plan",
        "application.bank_root",
    ),
    ("counts that do not fit", moved_border, "plan", "plan.categories[1]"),
    ("a design for another size", other_size, "plan", "plan.categories[1]"),
    ("easier numbers", easier, "designs", "plan.designs[0].risk"),
    ("more power promised", powerless, "designs", "plan.designs[0].power"),
    (
        "the provider's nonce",
        lambda c: nonce_changed(c, Role.PROVIDER),
        "seed",
        "reveal.provider",
    ),
    ("the tester's nonce", lambda c: nonce_changed(c, Role.TESTER), "seed", "reveal.tester"),
    ("a nonce withheld", lambda c: replace(c, reveals=c.reveals[:1]), "seed", "reveal.tester"),
    ("no nonces", lambda c: replace(c, reveals=()), "seed", "reveal.provider"),
    (
        "a reveal of another plan",
        lambda c: replace(c, reveals=(late_reveal(c), c.reveals[1])),
        "seed",
        "reveals[0].plan",
    ),
    ("another seed", lambda c: finding_with(c, seed=sha256(b"s")), "seed", "finding.seed"),
    (
        "another plan",
        lambda c: finding_with(c, plan=c.application_reference),
        "transcript",
        "finding.plan",
    ),
    (
        "a bundle of another plan",
        lambda c: replace(c, bundle=replace(c.bundle, plan=sha256(b"p"))),
        "transcript",
        "bundle.plan",
    ),
    (
        "another bundle",
        lambda c: replace(c, bundle_digest=sha256(b"b")),
        "transcript",
        "finding.bundle",
    ),
    (
        "another head",
        lambda c: finding_with(c, transcript=sha256(b"h")),
        "transcript",
        "finding.transcript",
    ),
    ("two questions swapped", swapped, "draw", "records[0].item.position"),
    ("a question skipped", skipped, "draw", "records[2].item.position"),
    ("a question missing", gap, "draw", "records[2].draw"),
    ("a question repeated", repeated, "draw", "records[1].draw"),
    (
        "a category not planned",
        lambda c: edit(c, 1, lambda r: item_changed(r, category="weather")),
        "draw",
        "records[1].item.category",
    ),
    (
        "an easier question",
        lambda c: edit(c, 4, lambda r: item_changed(r, prompt="easy")),
        "items",
        "records[4].item",
    ),
    (
        "a kinder reference",
        lambda c: edit(c, 4, lambda r: replace(item_changed(r, reference="no"), answer="no")),
        "items",
        "records[4].item",
    ),
    (
        "a kinder scorer",
        lambda c: edit(c, 4, lambda r: item_changed(r, scorer="always/1")),
        "items",
        "records[4].item",
    ),
    (
        "another salt",
        lambda c: edit(c, 4, lambda r: replace(r, opening=replace(r.opening, salt=bytes(32)))),
        "items",
        "records[4].item",
    ),
    (
        "an endless answer",
        lambda c: edit(c, 4, lambda r: replace(r, answer="x" * 101, passed=False)),
        "answers",
        "records[4].answer",
    ),
    (
        "a pass called failure",
        lambda c: edit(c, 4, lambda r: replace(r, passed=False)),
        "scores",
        "records[4].passed",
    ),
    (
        "a failure called pass",
        lambda c: edit(c, 4, lambda r: replace(r, answer="wrong")),
        "scores",
        "records[4].passed",
    ),
    (
        "a better verdict",
        lambda c: result_with(c, verdict=Verdict.INSUFFICIENT),
        "results",
        "finding.results[1].verdict",
    ),
    (
        "fewer questions",
        lambda c: result_with(c, asked=1),
        "results",
        "finding.results[1].asked",
    ),
    (
        "more failures",
        lambda c: result_with(c, failed=9),
        "results",
        "finding.results[1].failed",
    ),
    (
        "a better e-value",
        lambda c: result_with(c, e_value="999.99"),
        "results",
        "finding.results[1].e_value",
    ),
    (
        "a better bound",
        lambda c: result_with(c, lower_bound_ppm=999_999),
        "results",
        "finding.results[1].lower_bound_ppm",
    ),
    (
        "a category kept quiet",
        lambda c: finding_with(c, results=c.finding.results[:1]),
        "results",
        "finding.results",
    ),
]


@pytest.fixture
def honest(publish: Publish, right: Answer) -> Case:
    """Return the test of a perfect system."""
    return publish(right)


@pytest.mark.parametrize(
    ("tamper", "name", "place"),
    [row[1:] for row in TAMPERINGS],
    ids=[row[0] for row in TAMPERINGS],
)
def test_each_tampering_is_named_with_its_place(
    honest: Case, score: Scorer, tamper: Callable[[Case], Case], name: str, place: str
) -> None:
    """Digests are made to fit wherever the tamperer could do so."""
    check = disagreement(tamper(honest), score)
    assert (check.name, check.place) == (name, place)
    assert check.message


def test_a_missing_answer_cannot_pass(flawed: Case, score: Scorer) -> None:
    """A record in memory could say so; its line cannot."""
    rows = [n for n, r in enumerate(flawed.bundle.records) if r.answer is Missing.TIMEOUT]
    tampered = edit(flawed, rows[0], lambda record: replace(record, passed=True))
    assert disagreement(tampered, score).place == f"records[{rows[0]}].passed"


def test_every_check_is_made_though_one_fails(
    publish: Publish, score: Scorer, right: Answer
) -> None:
    """A reader wants the whole picture, first disagreement first."""
    case = finding_with(result_with(publish(right), asked=1), transcript=sha256(b"h"))
    failed = [check.name for check in audit(case, score) if check.holds is Truth.FALSE]
    assert failed == ["transcript", "results"]


def test_questions_in_flight_at_the_verdict_may_stand_in_the_transcript(
    publish: Publish, score: Scorer, right: Answer, bank: Bank
) -> None:
    """They were shown to the system, so the next tester must know."""
    case = publish(right)
    last = case.bundle.records[-1]
    shelter = [r for r in case.bundle.records if r.category == "shelter"]
    due = audit_order(case)[len(shelter)]
    extra = Record(draw=last.draw + 1, opening=bank.open(due), answer="late?", passed=False)
    assert (
        first_disagreement(audit(with_records(case, (*case.bundle.records, extra)), score))
        is None
    )


def test_a_continuation_re_derives_with_the_first_test(
    publish: Publish, go_on: GoOn, score: Scorer, right: Answer
) -> None:
    """The second finding leans on the first, so both are checked."""
    first = publish(right)
    second = go_on(first, Fraction(1, 100), right)
    checks = audit(second, score)
    assert len(checks) == 18
    assert first_disagreement(checks) is None
    for before, after in zip(first.finding.results, second.finding.results, strict=True):
        assert after.verdict is Verdict.SHOWN
        assert after.asked > before.asked
    assert second.bundle.records[0].draw == first.finding.results[0].asked + 1


@pytest.fixture
def continued(honest: Case, go_on: GoOn, right: Answer) -> Case:
    """Return a continuation of the perfect system's test at one percent."""
    return go_on(honest, Fraction(1, 100), right)


def own_numbers(case: Case) -> Case:
    """Choose the numbers after the first tester's outcomes are known."""

    def lower(design: Design) -> Design:
        asked, failures = design.acceptance[0]
        return replace(design, acceptance=((asked - 1, failures), *design.acceptance[1:]))

    designs = tuple(lower(as_counted(design)) for design in case.plan.designs)
    return replace(case, plan=replace(case.plan, designs=designs))


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (lambda c: replace(c, first=None), "plan.continues"),
        (own_numbers, "plan.categories[0].design"),
        (lambda c: finding_with(c, seed=sha256(b"s")), "finding.seed"),
        (
            lambda c: replace(c, first=replace(c.first, finding_reference=None)),
            "plan.continues",
        ),
        (lambda c: replace(c, subjects=(sha256(b"v2"),) * 3), "subject"),
        (
            lambda c: replace(c, first=replace(c.first, plan=replace(c.first.plan, attempt=2))),
            "plan.attempt",
        ),
        (
            lambda c: replace(
                c,
                plan=replace(c.plan, application=c.plan_reference),
                application_reference=c.plan_reference,
            ),
            "plan.application",
        ),
        (lambda c: with_records(c, c.bundle.records[1:]), "records[0].draw"),
    ],
)
def test_a_continuation_of_something_else_is_refused(
    continued: Case, score: Scorer, tamper: Callable[[Case], Case], place: str
) -> None:
    """Another finding, seed, version or number breaks the argument it stands on."""
    checks = audit(tamper(continued), score)
    places = [check.place for check in checks if check.holds is Truth.FALSE]
    assert places[0] == place


def test_a_fault_in_the_first_test_is_named_as_such(continued: Case, score: Scorer) -> None:
    """Whose fault it is decides whom to ask."""
    assert continued.first is not None
    first = finding_with(continued.first, transcript=sha256(b"h"))
    broken = replace(continued, first=first)
    check = disagreement(broken, score)
    assert (check.name, check.place) == ("first transcript", "first.finding.transcript")


def test_results_are_listed_in_the_plans_order(
    publish: Publish, score: Scorer, right: Answer
) -> None:
    """One finding, one spelling."""
    case = publish(right)
    results: tuple[Result, ...] = case.finding.results[::-1]
    assert disagreement(finding_with(case, results=results), score).place == "finding.results"
