# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member recognises by the policy it logged before, not by what happens to pass."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from comity.evidence.audit import Case
from comity.evidence.bank import Item
from comity.evidence.recognition import Decision, Policy, Relied, Route, decide
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant

Answer = Callable[[Item], Any]
FIRST, SECOND = MemberId("ab" * 32), MemberId("cd" * 32)


@pytest.fixture
def policy(issued: Instant) -> Policy:
    """Return a policy that goes on at one percent and requires nothing."""
    return Policy(
        issued=issued,
        bank="rescue-messages",
        trusts=(FIRST,),
        route=Route.CONTINUATION,
        risk=Fraction(1, 100),
        requires=(),
        note="",
    )


@pytest.fixture
def first(publish: Callable[[Answer], Case]) -> Case:
    """Return a test in which "shelter" fails and "rescue" is shown."""
    return publish(lambda item: item.reference if item.category == "rescue" else "?")


@pytest.fixture
def own(first: Case, go_on: Callable[[Case, Fraction, Answer], Case], right: Answer) -> Relied:
    """Return the second member's continuation."""
    return relied(go_on(first, Fraction(1, 100), right), SECOND)


def relied(case: Case, tester: MemberId) -> Relied:
    """Return a case as something to rely on."""
    return Relied(tester=tester, plan=case.plan, finding=case.finding)


def test_shown_categories_are_recognised_after_going_on(
    policy: Policy, first: Case, own: Relied
) -> None:
    """Category by category, each with its reason."""
    decision, rows, reasons = decide(policy, relied(first, FIRST), own)
    assert decision is Decision.RECOGNISED
    assert {row.name: row.decision for row in rows} == {
        "rescue": Decision.RECOGNISED,
        "shelter": Decision.DECLINED,
    }
    assert rows[1].reason.startswith("not shown: ")
    assert reasons == ("1 of 2 categories are shown at a risk of at most 1/100",)


def test_a_required_category_not_shown_declines_the_whole(
    policy: Policy, first: Case, own: Relied
) -> None:
    """The third regulator of the story, and it says why."""
    strict = replace(policy, requires=("shelter",))
    decision, rows, reasons = decide(strict, relied(first, FIRST), own)
    assert decision is Decision.DECLINED
    assert reasons == ("the policy requires 'shelter', which is not recognised",)
    assert {row.decision for row in rows} == {Decision.DECLINED}
    assert rows[0].reason.endswith("declined with the whole")


def test_without_a_continuation_of_its_own_nothing_is_recognised(
    policy: Policy, first: Case
) -> None:
    """The route was chosen before; a lucky finding does not change it."""
    decision, _, reasons = decide(policy, relied(first, FIRST), None)
    assert decision is Decision.DECLINED
    assert reasons == ("the policy asks for a continuation of one's own, and there is none",)


def test_a_tester_not_trusted_is_not_relied_on(
    policy: Policy, first: Case, own: Relied
) -> None:
    """Whom to trust is logged beforehand."""
    other = replace(policy, trusts=(SECOND,))
    decision, rows, reasons = decide(other, relied(first, FIRST), own)
    assert decision is Decision.DECLINED
    assert "does not trust" in reasons[0]
    assert {row.reason for row in rows} == {"the finding is not relied on"}


def test_by_the_plans_verdict_the_plans_risk_must_suffice(policy: Policy, first: Case) -> None:
    """Five percent shown is not one percent shown."""
    route = replace(policy, route=Route.PLAN)
    decision, rows, reasons = decide(route, relied(first, FIRST), None)
    assert decision is Decision.DECLINED
    assert rows[0].reason == "shown at a risk of 1/20; the policy accepts 1/100"
    assert reasons == ("no category is shown at the policy's risk",)
    lenient = replace(route, risk=Fraction(1, 20))
    assert decide(lenient, relied(first, FIRST), None)[0] is Decision.RECOGNISED


def test_a_category_not_continued_is_declined(policy: Policy, first: Case, own: Relied) -> None:
    """Going on only where it is cheap leaves the rest unrecognised, and says so."""
    finding = replace(own.finding, results=own.finding.results[:1])
    _, rows, _ = decide(policy, relied(first, FIRST), replace(own, finding=finding))
    assert rows[1].reason == "not continued at one's own risk"
