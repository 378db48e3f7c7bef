# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A second chance is a rule of the plan; an audit counts every one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.errors import InvalidDocument
from comity.evidence.asking import Rate, Retry, rate_from, retry_from
from comity.evidence.audit import Case, Scorer, audit, first_disagreement
from comity.evidence.bank import Item
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.finding import results_of
from comity.evidence.plan import plan_from_predicate
from comity.evidence.transcript import Missing, Record, decode, encode
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

Answer = Callable[[Item], str | Missing]
Publish = Callable[[Answer], Case]
TWICE = Retry(reasons=(Missing.BUSY, Missing.INTERRUPTED), waits_ms=(1_000, 4_000))


def under(case: Case, rule: Retry | None, records: tuple[Record, ...]) -> Case:
    """Return the case under a plan with a rule, other records made to fit."""
    plan = replace(case.plan, rules=replace(case.plan.rules, retry=rule))
    bundle = Bundle(plan=case.bundle.plan, records=records)
    outcomes = {name: bundle.outcomes(name) for name in plan.categories}
    finding = replace(
        case.finding,
        transcript=bundle.head,
        bundle=digest_of(encode_bundle(bundle)),
        results=results_of(plan, outcomes),
    )
    digest = digest_of(encode_bundle(bundle))
    return replace(case, plan=plan, bundle=bundle, bundle_digest=digest, finding=finding)


def first_tried(case: Case, *reasons: Missing) -> tuple[Record, ...]:
    """Return the records, the first of them asked again for some reasons."""
    first, *rest = case.bundle.records
    return (replace(first, tries=reasons), *rest)


@pytest.mark.parametrize(
    "tried",
    [
        (None, (Missing.BUSY,), "'busy', which the plan does not allow"),
        (TWICE, (Missing.TIMEOUT,), "'timeout', which the plan does not allow"),
        (TWICE, (Missing.BUSY,) * 3, "asked again 3 times, not 2"),
    ],
)
def test_a_try_the_plan_does_not_give_is_found(
    publish: Publish,
    right: Answer,
    score: Scorer,
    tried: tuple[Retry | None, tuple[Missing, ...], str],
) -> None:
    """A tester could give a friend as many chances as it takes."""
    rule, reasons, said = tried
    case = publish(right)

    found = first_disagreement(audit(under(case, rule, first_tried(case, *reasons)), score))

    assert found is not None
    assert (found.name, found.place) == ("answers", "records[0].tries")
    assert said in found.message


def test_tries_within_the_rule_re_derive(
    publish: Publish, right: Answer, score: Scorer
) -> None:
    """What the plan gives may be taken."""
    case = publish(right)
    tried = first_tried(case, Missing.BUSY, Missing.INTERRUPTED)

    assert first_disagreement(audit(under(case, TWICE, tried), score)) is None


def test_a_tester_that_gives_up_early_is_found(
    publish: Publish, right: Answer, score: Scorer
) -> None:
    """Nor may it deny somebody the tries the plan gives everybody."""
    case = publish(right)
    first, *rest = case.bundle.records
    lost = replace(first, answer=Missing.BUSY, passed=False, tries=(Missing.BUSY,))

    found = first_disagreement(audit(under(case, TWICE, (lost, *rest)), score))

    assert found is not None
    assert found.place == "records[0].tries"
    assert "given up after 2 tries; the plan gives 3" in found.message


def test_an_exhausted_item_has_failed(publish: Publish, right: Answer, score: Scorer) -> None:
    """After the last try the outcome is a failure as ever."""
    case = publish(right)
    first, *rest = case.bundle.records
    lost = replace(first, answer=Missing.BUSY, passed=False, tries=(Missing.BUSY,) * 2)

    assert first_disagreement(audit(under(case, TWICE, (lost, *rest)), score)) is None


def test_a_record_keeps_its_tries_and_an_old_one_its_bytes(
    publish: Publish, right: Answer
) -> None:
    """Nothing stands in a record of one try, so what was signed before stays as it was."""
    record = publish(right).bundle.records[0]
    tried = replace(record, tries=(Missing.BUSY, Missing.UNREACHABLE))

    assert b"tries" not in encode(record)
    assert b'"tries":["busy","unreachable"]' in encode(tried)
    assert decode(encode(tried)) == tried


@pytest.mark.parametrize("tries", [[], ["tired"], "busy", [1]])
def test_tries_that_are_none_are_refused(publish: Publish, right: Answer, tries: Json) -> None:
    """A reader must know why."""
    record = publish(right).bundle.records[0]

    with pytest.raises(InvalidDocument, match="tries"):
        decode(encode(replace(record, extra={"tries": tries})))


def test_a_plan_carries_its_rules_and_an_old_one_its_bytes(
    publish: Publish, right: Answer
) -> None:
    """Without a rule nothing stands there."""
    plan = publish(right).plan
    rules = replace(plan.rules, retry=TWICE, rate=Rate(questions=60, per_ms=60_000))
    ruled = replace(plan, rules=rules)

    assert not {"retry", "rate"} & set(plan.rules.to_json())
    assert rules.to_json()["retry"] == {
        "reasons": ["busy", "interrupted"],
        "waits_ms": [1_000, 4_000],
    }
    assert plan_from_predicate(ruled.to_predicate()) == ruled


@pytest.mark.parametrize(
    "rule",
    [
        {"reasons": [], "waits_ms": [1]},
        {"reasons": ["tired"], "waits_ms": [1]},
        {"reasons": ["busy", "busy"], "waits_ms": [1]},
        {"reasons": ["busy"], "waits_ms": []},
        {"reasons": ["busy"], "waits_ms": [1] * 11},
        {"reasons": ["busy"], "waits_ms": [-1]},
        {"reasons": ["busy"], "waits_ms": [3_600_001]},
        {"reasons": ["busy"]},
        7,
    ],
)
def test_a_rule_that_is_none_is_refused(rule: Json) -> None:
    """Every fault is noted."""
    fields = Fields(rule, faults=[])
    retry_from(fields)

    with pytest.raises(InvalidDocument):
        fields.finish("not a rule", code="evidence.statement")


@pytest.mark.parametrize(
    "rate",
    [{"questions": 0, "per_ms": 1}, {"questions": 1, "per_ms": 0}, {"questions": 1}, []],
)
def test_a_rate_that_is_none_is_refused(rate: Json) -> None:
    """Nothing goes out at no rate."""
    fields = Fields(rate, faults=[])
    rate_from(fields)

    with pytest.raises(InvalidDocument):
        fields.finish("not a rate", code="evidence.statement")


def test_each_wait_stands_for_one_try() -> None:
    """An answer is never asked again, a reason the rule does not name neither."""
    assert TWICE.wait_ms(Missing.BUSY, 0) == 1_000
    assert TWICE.wait_ms(Missing.INTERRUPTED, 1) == 4_000
    assert TWICE.wait_ms(Missing.BUSY, 2) is None
    assert TWICE.wait_ms(Missing.ERROR, 0) is None
    assert TWICE.wait_ms("an answer", 0) is None
