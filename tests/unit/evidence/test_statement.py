# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Each evidence statement reads back as written and names every fault."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from comity.errors import InvalidDocument
from comity.evidence.application import application_from_predicate, reveal_from_predicate
from comity.evidence.audit import Case
from comity.evidence.bank import Item
from comity.evidence.bank_statement import BankStatement, bank_from_predicate
from comity.evidence.beacon import BeaconRound, Chain
from comity.evidence.custody import Custody, custody_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import DrawKind, Plan, plan_from_predicate, share_designs
from comity.evidence.recognition import (
    CategoryDecision,
    Decision,
    Policy,
    Recognition,
    Route,
    policy_from_predicate,
    recognition_from_predicate,
)
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_posix

Answer = Callable[[Item], Any]


@pytest.fixture
def case(publish: Callable[[Answer], Case], right: Answer) -> Case:
    """Return a published test."""
    return publish(right)


@pytest.fixture
def statements(case: Case) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """Return one statement of each kind with its reader."""
    issued = case.finding.issued
    policy = Policy(
        issued=issued,
        bank="rescue-messages",
        trusts=(MemberId("ab" * 32),),
        route=Route.CONTINUATION,
        risk=Fraction(1, 100),
        requires=("shelter",),
        note="",
    )
    custody = Custody(
        issued=issued,
        plan=case.plan_reference,
        to=MemberId("cd" * 32),
        blob=sha256(b"box"),
        opened={"rescue": 16, "shelter": 18},
    )
    recognition = Recognition(
        issued=issued,
        finding=case.plan_reference,
        policy=case.application_reference,
        continuation=None,
        decision=Decision.DECLINED,
        categories=(
            CategoryDecision(name="shelter", decision=Decision.DECLINED, reason="not shown"),
        ),
        reasons=("the policy requires shelter",),
    )
    return {
        "bank": (case.bank, bank_from_predicate),
        "application": (case.application, application_from_predicate),
        "plan": (case.plan, plan_from_predicate),
        "plan with a third": (_with_third(case), plan_from_predicate),
        "edition": (_edition(case), bank_from_predicate),
        "reveal": (case.reveals[0], reveal_from_predicate),
        "finding": (case.finding, finding_from_predicate),
        "custody": (custody, custody_from_predicate),
        "policy": (policy, policy_from_predicate),
        "recognition": (recognition, recognition_from_predicate),
    }


KINDS = ["bank", "application", "plan", "reveal", "finding", "custody", "policy", "recognition"]
FULL = ["plan with a third", "edition"]
"""Statements with every field that may be left out."""


def _with_third(case: Case) -> Plan:
    """Return a plan that waits for a beacon and leaves opened items out."""
    chain = Chain(public_key=b"k" * 96, genesis=from_posix(1_692_803_367), period_s=3)
    return replace(case.plan, draw=BeaconRound(chain=chain, number=7), retired=(0, 3, 99))


def _edition(case: Case) -> BankStatement:
    """Return a bank for practice that replaces another."""
    return replace(case.bank, replaces=sha256(b"before"), practice=True)


@pytest.mark.parametrize("kind", [*KINDS, *FULL])
def test_a_statement_reads_back_as_written(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]], kind: str
) -> None:
    """Through canonical bytes, as it travels."""
    statement, read = statements[kind]
    encoded = to_canonical(statement.to_predicate())
    assert read(from_canonical(encoded)) == statement


@pytest.mark.parametrize("kind", [*KINDS, *FULL])
def test_unknown_fields_survive(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]], kind: str
) -> None:
    """A later version's statement is passed on unharmed."""
    statement, read = statements[kind]
    predicate = {**statement.to_predicate(), "later": {"a": [1, None, "x"]}}
    assert read(predicate).to_predicate() == predicate


@pytest.mark.parametrize("kind", KINDS)
def test_each_missing_field_is_named_and_all_at_once(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]], kind: str
) -> None:
    """Its author mends it in one go."""
    statement, read = statements[kind]
    with pytest.raises(InvalidDocument) as caught:
        read({})
    assert caught.value.code == "evidence.statement"
    named = {str(fault).split(" ", 1)[0] for fault in caught.value.faults}
    assert set(statement.to_predicate()) <= named


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("junk", [None, 7, "text", [1, {"a": 2}], {"b": []}, -1, True])
def test_junk_in_any_field_is_refused_or_read_back(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]], kind: str, junk: Any
) -> None:
    """A parser raises nothing but ours."""
    statement, read = statements[kind]
    predicate = statement.to_predicate()
    for name in predicate:
        changed = {**predicate, name: junk}
        found = _read(read, changed)
        assert found is None or found.to_predicate() == changed


def _read(read: Callable[[Any], Any], predicate: object) -> Any:
    try:
        return read(predicate)
    except InvalidDocument:
        return None


def faults(read: Callable[[Any], Any], predicate: object) -> str:
    """Return the refusal of a predicate."""
    with pytest.raises(InvalidDocument) as caught:
        read(predicate)
    return str(caught.value)


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("junk", [7, "text", [1, {"a": 2}], {"b": []}, -1, [3, 3], [9, 1]])
def test_junk_in_a_field_that_may_be_left_out_is_refused_or_read_back(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]], kind: str, junk: Any
) -> None:
    """What may be absent may still not be nonsense."""
    statement, read = statements[kind]
    predicate = statement.to_predicate()
    for name in ("draw", "retired", "replaces", "practice"):
        if name in predicate:
            assert _read(read, {**predicate, name: junk}) is None


def test_a_misspelt_field_gets_its_near_miss(case: Case) -> None:
    """Typing errors are the commonest fault."""
    predicate: dict[str, Any] = case.application.to_predicate()
    predicate["nonce_comitment"] = predicate.pop("nonce_commitment")
    text = faults(application_from_predicate, predicate)
    assert "nonce_commitment is missing; did you mean it by 'nonce_comitment'?" in text


def test_a_bank_whose_counts_do_not_add_up_is_refused(case: Case) -> None:
    """Size and categories say the same thing twice; they must agree."""
    predicate = case.bank.to_predicate()
    assert "size is not the sum" in faults(bank_from_predicate, {**predicate, "size": 99})
    rows = [{"name": "a", "count": 50}, {"name": "a", "count": 50}]
    twice = {**predicate, "categories": rows}
    assert "categories[1].name names 'a' a second time" in faults(bank_from_predicate, twice)
    loud = {**predicate, "categories": [{"name": "Shelter", "count": 100}]}
    assert "is not a lower-case name" in faults(bank_from_predicate, loud)


def test_a_plan_that_neither_draws_nor_continues_is_refused(case: Case) -> None:
    """Exactly one of nonce and finding stands behind the order."""
    predicate = case.plan.to_predicate()
    text = faults(plan_from_predicate, {**predicate, "nonce_commitment": None})
    assert "nonce_commitment stands exactly where a draw is made" in text
    text = faults(plan_from_predicate, {**predicate, "test": "continuation"})
    assert "test says 'continuation', yet continues says 'first'" in text


def test_a_plan_names_designs_it_has_and_categories_once(case: Case) -> None:
    """Otherwise two readers could judge by two designs."""
    predicate = case.plan.to_predicate()
    rows = [{"name": "rescue", "design": 2}, {"name": "rescue", "design": 0}]
    text = faults(plan_from_predicate, {**predicate, "categories": rows})
    assert "categories[0].design is not an integer from 0 to 1" in text
    assert "categories[1].name names 'rescue' a second time" in text


def test_missing_answers_and_order_have_one_rule(case: Case) -> None:
    """Any other rule would be another test, not another version of this one."""
    predicate = case.plan.to_predicate()
    rules: dict[str, Any] = {**case.plan.rules.to_json(), "missing": "skip", "order": "arrival"}
    text = faults(plan_from_predicate, {**predicate, "rules": rules})
    assert "rules.missing is not one of failure" in text
    assert "rules.order is not one of draw" in text


def test_rules_not_yet_known_survive(case: Case) -> None:
    """A named rule more must not be lost on the way."""
    rules = replace(case.plan.rules, extra={"retries": 0})
    plan = replace(case.plan, rules=rules)
    assert plan_from_predicate(plan.to_predicate()) == plan


def test_equal_designs_are_published_once(case: Case) -> None:
    """Fourteen equal categories must fit into 32 KiB."""
    one, two = case.plan.designs
    designs, positions = share_designs({"a": one, "b": two, "c": one})
    assert designs == (one, two)
    assert positions == {"a": 0, "b": 1, "c": 0}
    assert case.plan.test is DrawKind.FIRST


def test_a_policy_without_a_real_risk_is_refused(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]],
) -> None:
    """Risk 0 recognises nothing, risk 1 everything."""
    policy, read = statements["policy"]
    text = faults(read, {**policy.to_predicate(), "risk": {"num": 1, "den": 1}})
    assert "risk is not between 0 and 1" in text


def test_a_policys_digest_follows_its_content(
    statements: dict[str, tuple[Any, Callable[[Any], Any]]],
) -> None:
    """It is the subject under which the policy is logged."""
    policy, _ = statements["policy"]
    assert policy.digest == sha256(to_canonical(policy.to_predicate()))
    assert replace(policy, risk=Fraction(1, 20)).digest != policy.digest
