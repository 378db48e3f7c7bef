# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a finding shows of several categories together."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.audit import Case
from comity.evidence.finding import Result
from comity.evidence.listing import floor_ppm, listed_anyway, shown_of
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.statistics.design import Verdict


def result(category: str, e_value: str, *, shown: bool = False, least: int = 0) -> Result:
    """Return a category's result."""
    verdict = Verdict.SHOWN if shown else Verdict.NOT_SHOWN
    return Result(
        category=category,
        verdict=verdict,
        asked=30,
        failed=1,
        e_value=e_value,
        lower_bound_ppm=least,
    )


@pytest.fixture
def plan(publish: Callable[..., Case]) -> Plan:
    """Return a plan of two categories, each at 5 %."""
    return publish(lambda item: str(item.reference)).plan


def test_claims_for_themselves_are_each_listed_by_their_own_verdict(plan: Plan) -> None:
    """Each has its risk; nothing is divided."""
    results = [result("rescue", "3.00"), result("shelter", "19.00", shown=True)]
    assert shown_of(plan, results) == ("shelter",)


def test_a_plan_that_claims_the_list_spends_what_is_left(plan: Plan) -> None:
    """Two categories at 5 % each are a list at 10 %: the second needs 2 / (0.1 * 1)."""
    listed = replace(plan, listed=True)
    results = [result("rescue", "20.00"), result("shelter", "19.00", shown=True)]
    assert shown_of(listed, results) == ("rescue", "shelter")
    weaker = [result("rescue", "19.99"), results[1]]
    assert shown_of(listed, weaker) == ("shelter",)


def test_a_category_not_reported_counts_as_nothing(plan: Plan) -> None:
    """Leaving a bad one out must not help the others."""
    assert listed_anyway(plan, [result("shelter", "39.00")], Fraction(1, 20)) == ()
    assert listed_anyway(plan, [result("shelter", "40.00")], Fraction(1, 20)) == ("shelter",)
    assert listed_anyway(plan, [result("shelter", "inf")], Fraction(1, 20)) == ("shelter",)


def test_the_floor_is_the_least_of_the_bounds() -> None:
    """A language that does worse is not lifted by the others."""
    results = [result("pt", "1.00", least=940_000), result("km", "1.00", least=610_000)]
    assert floor_ppm(results) == 610_000
    assert floor_ppm([]) == 0


def test_a_plan_says_whether_it_claims_the_list(plan: Plan) -> None:
    """And one that says nothing is written as before."""
    assert "claims" not in plan.to_predicate()
    listed = replace(plan, listed=True)
    assert plan_from_predicate(listed.to_predicate()) == listed
