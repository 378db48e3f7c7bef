# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judged finding holds only with its judge stated, paid for, and quoted."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.evidence.audit import Case, Scorer, audit, first_disagreement
from comity.evidence.bank import Item
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.combine import continuation_design
from comity.evidence.finding import results_of
from comity.evidence.judge.bound import judged_design
from comity.evidence.judge.judgement import FIELD, Judgement, find_judgement
from comity.evidence.judge.stated import Basis, StatedJudge
from comity.evidence.plan import plan_from_predicate, share_designs
from comity.evidence.rescoring import Unscored, rescore
from comity.evidence.statistics.calibration import Request
from comity.evidence.transcript import Missing, Record, decode, encode
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.truth import Truth

JUDGE = StatedJudge(
    scorer="model-judge/1",
    false_pass=Fraction(1, 20),
    threshold=Fraction(8, 10),
    prompt=sha256(b"template"),
    model="Example-1B",
)
Publish = Callable[[Callable[[Item], str | Missing]], Case]


def judged_record(record: Record) -> Record:
    """Return a record whose item a judge judged as it fell."""
    opening = record.opening
    item = replace(opening.item, scorer=JUDGE.scorer)
    said = Judgement(outputs=("PASS" if record.passed else "FAIL",))
    extra: dict[str, Json] = {FIELD: said.to_json()}
    if isinstance(record.answer, Missing):
        extra = {}
    return replace(record, opening=replace(opening, item=item), extra=extra)


@pytest.fixture
def case(publish: Publish, right: Callable[[Item], str]) -> Case:
    """Return a test all of whose answers a judge judged; only the bank's root is off."""
    honest = publish(right)
    request = Request(size=1, threshold=JUDGE.threshold, goal=Fraction(95, 100))
    sizes = {name: honest.plan.design_of(name).size for name in honest.plan.categories}
    designs, categories = share_designs(
        {
            name: judged_design(replace(request, size=size), JUDGE.false_pass)
            for name, size in sizes.items()
        }
    )
    plan = replace(honest.plan, designs=designs, categories=categories, judges=(JUDGE,))
    bank = replace(honest.bank, scorer=JUDGE.scorer)
    return with_records(
        replace(honest, plan=plan, bank=bank), tuple(map(judged_record, honest.bundle.records))
    )


def with_records(case: Case, records: tuple[Record, ...]) -> Case:
    """Return the case with other records, all digests and results made to fit them."""
    bundle = Bundle(plan=case.bundle.plan, records=records)
    outcomes = {name: bundle.outcomes(name) for name in case.plan.categories}
    finding = replace(
        case.finding,
        transcript=bundle.head,
        bundle=digest_of(encode_bundle(bundle)),
        results=results_of(case.plan, outcomes),
    )
    digest = digest_of(encode_bundle(bundle))
    return replace(case, bundle=bundle, bundle_digest=digest, finding=finding)


def checks_of(case: Case, score: Scorer) -> dict[str, tuple[Truth, str, str]]:
    """Return every check by name."""
    return {one.name: (one.holds, one.place, one.message) for one in audit(case, score)}


def test_a_judged_finding_says_who_judged_and_that_it_was_not_scored_again(
    case: Case, score: Scorer
) -> None:
    """The judge's word is the tester's, with its bound and where the bound comes from."""
    checks = checks_of(case, score)
    count = len(case.bundle.records)

    assert checks["judges"][0] is Truth.TRUE
    assert checks["designs"][0] is Truth.TRUE
    assert checks["scores"][0] is Truth.UNDETERMINED
    assert checks["scores"][1] == "records[0].passed"
    assert checks["scores"][2] == (
        f"not scored again here, so the tester's word: {count} answers judged by Example-1B "
        "(model-judge/1), which passes at most 5 % of the failures (assumed)"
    )


def test_a_finding_without_judges_has_no_such_check(
    publish: Publish, right: Callable[[Item], str], score: Scorer
) -> None:
    """What was published before reads and verifies as it did."""
    honest = publish(right)

    assert "judges" not in checks_of(honest, score)
    assert "judges" not in honest.plan.to_predicate()


def unstated(case: Case) -> Case:
    """Leave the judge out of the plan."""
    return replace(case, plan=replace(case.plan, judges=()))


def understated(case: Case) -> Case:
    """Claim a worse judge than the designs were made for."""
    judges = (replace(JUDGE, false_pass=Fraction(1, 2)),)
    return replace(case, plan=replace(case.plan, judges=judges))


def overclaimed(case: Case) -> Case:
    """Claim a higher threshold than the designs bear."""
    judges = (replace(JUDGE, threshold=Fraction(83, 100)),)
    return replace(case, plan=replace(case.plan, judges=judges))


def unsaid(case: Case) -> Case:
    """Leave out what the judge said of one answer."""
    return altered(case, {})


def otherwise(case: Case) -> Case:
    """Record an output that says the opposite of the outcome."""
    return altered(case, {FIELD: {"outputs": ["FAIL"]}})


def talkative(case: Case) -> Case:
    """Record an output that is no verdict as a pass."""
    return altered(case, {FIELD: {"outputs": ["PASS, I would say"]}})


def repeated(case: Case) -> Case:
    """Ask the judge again until it passes."""
    return altered(case, {FIELD: {"outputs": ["FAIL", "PASS", "PASS"]}})


def unreadable(case: Case) -> Case:
    """Record something else in the judgement's place."""
    return altered(case, {FIELD: "PASS"})


def altered(case: Case, extra: dict[str, object]) -> Case:
    """Change what is kept beside the third answer."""
    records = list(case.bundle.records)
    records[2] = replace(records[2], extra=extra)  # type: ignore[arg-type]  # of a test
    return with_records(case, tuple(records))


@pytest.mark.parametrize(
    ("tamper", "place", "word"),
    [
        (unstated, "plan.judges.model-judge/1", "bounds its error nowhere"),
        (understated, "plan.designs[0]", "above 5.000 %"),
        (overclaimed, "plan.designs[0]", "above 5.000 %"),
        (unsaid, "records[2].judgement", "is not kept"),
        (otherwise, "records[2].judgement", "say otherwise"),
        (talkative, "records[2].judgement", "say otherwise"),
        (repeated, "records[2].judgement", "1 times"),
        (unreadable, "records[2].judgement", "is not kept"),
    ],
)
def test_a_judged_finding_that_does_not_hold_is_refused_at_its_place(
    case: Case, score: Scorer, tamper: Callable[[Case], Case], place: str, word: str
) -> None:
    """What the tester could change without a trace is the answer, and nothing else."""
    holds, at, message = checks_of(tamper(case), score)["judges"]

    assert holds is Truth.FALSE
    assert at == place
    assert word in message


def test_a_judgement_is_covered_by_the_chain(case: Case) -> None:
    """A record keeps it to the byte, and the head changes with it."""
    record = case.bundle.records[0]

    assert decode(encode(record)) == record
    assert find_judgement(record) == Judgement(outputs=("PASS",))
    assert otherwise(case).bundle.head != case.bundle.head


def test_a_plan_reads_with_its_judges(case: Case) -> None:
    """Bound, basis, prompt and model are part of what was logged beforehand."""
    audited = replace(JUDGE, basis=Basis.AUDITED, audit=sha256(b"report"), extra={"more": 1})
    plan = replace(case.plan, judges=(audited,))

    assert plan_from_predicate(plan.to_predicate()) == plan
    assert plan.claimed_threshold("shelter") == Fraction(8, 10)
    assert plan.design_of("shelter").threshold > Fraction(8, 10)


def test_going_on_keeps_the_judge_and_its_bound(case: Case) -> None:
    """A second tester's stricter risk is kept with the same judge."""
    first = case.plan.design_of("shelter")
    own = continuation_design(first, Fraction(1, 50), case.plan.judges)
    request = Request(
        size=first.size, threshold=JUDGE.threshold, goal=first.goal, risk=Fraction(1, 50)
    )

    assert own == judged_design(request, JUDGE.false_pass)
    assert continuation_design(first, first.risk, case.plan.judges) == first


def test_reasons_for_not_scoring_again_are_counted_by_scorer(case: Case) -> None:
    """Who relies on a finding is told of each scorer it takes on the tester's word."""
    records = list(case.bundle.records)
    opening = records[0].opening
    names = ["language/1", "somebody/1", "equals/1"]
    for row, name in enumerate(names):
        item = replace(opening.item, scorer=name)
        records[row] = replace(records[row], opening=replace(opening, item=item), extra={})

    def scorer(name: str, *_: object) -> bool | Unscored | None:
        if name == "language/1":
            return Unscored(reason="needs a model")
        return True if name == "equals/1" else None

    found = rescore(records[:4], (), scorer)

    assert found.holds is Truth.UNDETERMINED
    assert found.message == (
        "not scored again here, so the tester's word: 1 answer by language/1, which needs a "
        "model; 1 answer by somebody/1, a scorer that is not known here; 1 answer by "
        "model-judge/1, a judge whose error the plan does not bound"
    )


def test_a_plan_with_a_bound_out_of_range_is_refused(case: Case) -> None:
    """A judge that passes everything shows nothing."""
    predicate = dict(case.plan.to_predicate())
    predicate["judges"] = {"model-judge/1": {**JUDGE.to_json(), "false_pass_ppm": 1_000_000}}

    with pytest.raises(InvalidDocument, match="false_pass_ppm"):
        plan_from_predicate(predicate)


def test_the_other_checks_of_a_judged_case_hold(case: Case, score: Scorer) -> None:
    """Only the openings, made under another scorer, do not."""
    failed = {name for name, one in checks_of(case, score).items() if one[0] is Truth.FALSE}

    assert failed == {"items"}
    assert first_disagreement(audit(case, score)) is not None
