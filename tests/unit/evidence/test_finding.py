# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A finding of scores says their mean; one of passes is written as ever."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from comity.evidence.audit import Case
from comity.evidence.combine import continuation_design
from comity.evidence.finding import finding_from_predicate, results_of
from comity.evidence.plan import plan_from_predicate, share_designs
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.outcome import Score
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.scores import ScoreDesign, score_design_for

DESIGN = score_design_for(Request(size=60, threshold=Fraction(1, 2), goal=Fraction(9, 10)))


def test_scores_are_judged_category_by_category_and_read_back(
    publish: Callable[..., Case],
) -> None:
    """Beside categories that count."""
    case = publish(lambda item: str(item.reference))
    designs, categories = share_designs(
        {"rescue": case.plan.design_of("rescue"), "shelter": DESIGN}
    )
    plan = replace(case.plan, designs=designs, categories=categories)
    assert plan_from_predicate(plan.to_predicate()) == plan
    results = results_of(plan, {"rescue": [True] * 40, "shelter": [Score(ppm=800_000)] * 60})
    assert [one.mean_ppm for one in results] == [None, 800_000]
    assert results[1].verdict is Verdict.SHOWN
    assert 500_000 <= results[1].lower_bound_ppm <= 800_000
    assert "mean_ppm" not in results[0].to_json()
    finding = replace(case.finding, results=results)
    assert finding_from_predicate(finding.to_predicate()) == finding


def test_a_continuation_of_scores_is_one_of_scores() -> None:
    """Kind, rates and cap are the first plan's; only the risk is one's own."""
    own = continuation_design(DESIGN, Fraction(1, 100))
    assert isinstance(own, ScoreDesign)
    assert own.risk == Fraction(1, 100)
    assert (own.threshold, own.goal, own.power) == (DESIGN.threshold, DESIGN.goal, DESIGN.power)
