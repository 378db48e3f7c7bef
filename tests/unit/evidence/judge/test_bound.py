# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge that errs costs questions, not validity."""

import random
from fractions import Fraction
from itertools import combinations, product

import pytest

from comity.errors import InvalidDocument
from comity.evidence.judge.bound import judged_design, judged_risk, raised_threshold
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import (
    About,
    Design,
    Verdict,
    boundary_of,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.eprocess import null_failures
from comity.evidence.statistics.lattice import characteristic
from comity.evidence.statistics.verdict import decision_of

SMALL = Request(
    size=10,
    threshold=Fraction(6, 10),
    goal=Fraction(95, 100),
    risk=Fraction(1, 4),
    power=Fraction(1, 2),
)
BANK = Request(size=2_000, threshold=Fraction(95, 100), goal=Fraction(98, 100))
CATEGORY = Request(size=64, threshold=Fraction(9, 10), goal=Fraction(97, 100))


def is_ever_shown(design: Design, outcomes: tuple[bool, ...]) -> bool:
    """Tell whether a path enters the acceptance region, rejections ignored."""
    failed = 0
    for asked, passed in enumerate(outcomes[: design.cap], start=1):
        failed += not passed
        if design.decide(asked, failed) is Verdict.SHOWN:
            return True
    return False


def enumerated(design: Design, failing: int, false_pass: Fraction) -> Fraction:
    """Add up every order of the items and every set of failures the judge passes."""
    orders = list(combinations(range(design.size), failing))
    total = Fraction(0)
    for places in orders:
        for errors in product((False, True), repeat=failing):
            seen = {place for place, erred in zip(places, errors, strict=True) if not erred}
            outcomes = tuple(place not in seen for place in range(design.size))
            if is_ever_shown(design, outcomes):
                wrong = sum(errors)
                total += false_pass**wrong * (1 - false_pass) ** (failing - wrong)
    return total / len(orders)


@pytest.mark.parametrize("false_pass", [Fraction(1, 10), Fraction(1, 3), Fraction(9, 10)])
def test_the_risk_is_that_of_every_order_and_every_error(false_pass: Fraction) -> None:
    """What a claim rests on is counted, not approximated."""
    design = design_for(SMALL)
    failing = null_failures(design.size, SMALL.threshold)
    fixed = failing - int(failing * false_pass)
    by_set = enumerated(design, fixed, Fraction(0))
    by_chance = enumerated(design, failing, false_pass)

    assert judged_risk(design, SMALL.threshold, false_pass) == max(by_set, by_chance)


def test_a_judge_that_never_errs_costs_nothing() -> None:
    """The bound at zero is the test without a judge, to the number."""
    design = judged_design(BANK, Fraction(0))

    assert design == design_for(BANK)
    assert judged_risk(design, BANK.threshold, Fraction(0)) == false_recognition(design)


@pytest.mark.parametrize("request_", [BANK, CATEGORY, SMALL])
@pytest.mark.parametrize("percent", [2, 10, 30])
def test_false_recognition_stays_within_the_risk_at_the_true_threshold(
    request_: Request, percent: int
) -> None:
    """Whatever the judge passes, so long as it is within its bound."""
    false_pass = Fraction(percent, 100)
    design = judged_design(request_, false_pass)

    assert judged_risk(design, request_.threshold, false_pass) <= request_.risk
    assert power_of(design) >= request_.power
    assert design.threshold >= raised_threshold(request_.threshold, false_pass)


def test_the_rate_is_met_by_runs_with_a_judge_that_errs_by_chance() -> None:
    """An independent generator finds no more than the exact rate says."""
    false_pass, runs, chance = Fraction(3, 10), 4_000, random.Random(20_261_122)  # noqa: S311 - a simulation
    design = judged_design(CATEGORY, false_pass)
    failing, shown = null_failures(64, CATEGORY.threshold), 0
    for _ in range(runs):
        items = [place >= failing for place in range(64)]
        chance.shuffle(items)
        judged = tuple(passed or chance.random() < 0.3 for passed in items)
        shown += decision_of(design, judged)[0] is Verdict.SHOWN

    assert shown / runs < 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def test_who_ignores_the_judge_recognises_what_fails() -> None:
    """The undefended twin: a true 94 %, judged as 95.8 %, is "more than 95 %" for sure."""
    false_pass, below = Fraction(3, 10), Fraction(94, 100)
    naive = design_for(Request(size=2_000, threshold=Fraction(95, 100), goal=Fraction(96, 100)))

    assert false_recognition(naive) <= Fraction(1, 20)
    assert judged_risk(naive, below, false_pass) > Fraction(59, 100)
    assert judged_risk(judged_design(BANK, false_pass), below, false_pass) < Fraction(1, 50)


def test_the_raised_threshold_alone_does_not_hold_on_a_small_bank() -> None:
    """The second twin: the mean is right, and the chance about it lifts 5 % above 18 %."""
    false_pass = Fraction(3, 10)
    raised = raised_threshold(CATEGORY.threshold, false_pass)
    twin = design_for(Request(size=64, threshold=raised, goal=CATEGORY.goal))

    assert false_recognition(twin) <= Fraction(5, 100)
    assert judged_risk(twin, CATEGORY.threshold, false_pass) > Fraction(18, 100)


def test_in_a_population_the_raised_threshold_is_exact() -> None:
    """There each judged outcome passes with just that chance."""
    false_pass = Fraction(1, 10)
    request = Request(
        size=2_000,
        threshold=Fraction(9, 10),
        goal=Fraction(97, 100),
        about=About.POPULATION,
    )
    design = judged_design(request, false_pass)

    assert design.threshold == raised_threshold(request.threshold, false_pass)
    assert judged_risk(design, request.threshold, false_pass) == false_recognition(design)


def test_the_cost_grows_as_the_research_measured() -> None:
    """At a true 98 %: 1, 1.03, 1.08, 1.17 … times the questions at 0, 2, 5, 10 % error.

    Within a twentieth, as ratios are: plans of one claim differ by so much in where they ask
    least, and the plan without a judge has since become cheaper than the others.
    """
    request = Request(size=2_000, threshold=Fraction(95, 100), goal=Fraction(97, 100))
    asked = []
    for percent in (0, 2, 5, 10):
        design = judged_design(request, Fraction(percent, 100))
        judged = 40 * (1 - percent / 100)
        found = characteristic(boundary_of(design), 2_000, [Fraction(judged)])
        asked.append(float(found.expected[0]))
    ratios = [one / asked[0] for one in asked]

    assert ratios == pytest.approx([1, 1.03, 1.08, 1.17], rel=0.05)


def test_a_judge_too_weak_for_the_goal_is_refused_with_what_would_do() -> None:
    """The nearest plan that works is named, by goal or by judge."""
    with pytest.raises(InvalidDocument, match="does not exceed") as caught:
        judged_design(BANK, Fraction(7, 10))

    assert caught.value.code == "evidence.judge_bound"
    assert "60 %" in caught.value.hint
