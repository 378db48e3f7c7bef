# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A design holds its risk exactly, reaches its power, and uses what it is given."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from comity.errors import InvalidDocument
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict, boundary_of, false_recognition, power_of
from comity.evidence.statistics.eprocess import goal_failures, null_failures
from comity.evidence.statistics.lattice import acceptance_of, characteristic, stops_of
from comity.evidence.statistics.onestage import one_stage
from comity.evidence.statistics.verdict import decision_of
from comity.kernel.share import find_share


def request(size: int, threshold: int, goal: int, risk: int = 50) -> Request:
    """Return a request with rates in hundredths and the risk in thousandths."""
    return Request(
        size=size,
        threshold=Fraction(threshold, 100),
        goal=Fraction(goal, 100),
        risk=Fraction(risk, 1000),
    )


REQUESTS = [
    request(36, 90, 100),
    request(64, 90, 97),
    request(64, 90, 97, risk=10),
    request(143, 90, 98),
    request(300, 90, 97),
    request(300, 90, 97, risk=10),
    request(300, 95, 98),
    request(300, 95, 98, risk=10),
    request(500, 80, 90, risk=25),
    request(2000, 95, 97),
]


@pytest.mark.parametrize("wanted", REQUESTS[1:], ids=str)
def test_the_risk_is_held_exactly_and_used(wanted: Request) -> None:
    """At most the risk as a fraction, and at least nine tenths of it: no waste."""
    risk = false_recognition(design_for(wanted))
    assert wanted.risk * Fraction(9, 10) <= risk <= wanted.risk


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_the_power_is_reached_exactly(wanted: Request) -> None:
    """A good system is shown with at least the promised chance, rejections obeyed."""
    assert power_of(design_for(wanted)) >= wanted.power


@pytest.mark.parametrize("wanted", REQUESTS[:-1], ids=str)
def test_below_the_threshold_the_chance_only_falls(wanted: Request) -> None:
    """So the boundary case is the worst case."""
    design = design_for(wanted)
    stops = stops_of(boundary_of(design))
    null = null_failures(wanted.size, wanted.threshold)
    rates = [acceptance_of(stops, wanted.size, null + extra) for extra in range(5)]
    assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_the_cap_is_one_and_a_half_times_one_stage(wanted: Request) -> None:
    """No test runs away, and none asks more items than there are."""
    null = null_failures(wanted.size, wanted.threshold)
    aim = goal_failures(wanted.size, wanted.goal)
    stage = one_stage(wanted.size, null, aim, risk=wanted.risk, power=wanted.power)
    assert stage.asked <= design_for(wanted).cap <= min(wanted.size, stage.asked * 3 // 2)


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_fewer_questions_than_one_stage_are_expected_at_every_rate(wanted: Request) -> None:
    """Stopping early must pay at its worst pass rate too."""
    null = null_failures(wanted.size, wanted.threshold)
    aim = goal_failures(wanted.size, wanted.goal)
    stage = one_stage(wanted.size, null, aim, risk=wanted.risk, power=wanted.power)
    rates = range(min(wanted.size, 3 * null))
    expected = characteristic(boundary_of(design_for(wanted)), wanted.size, rates).expected
    assert expected.max() <= stage.asked


@pytest.mark.parametrize(
    ("size", "threshold", "goal"), [(12, 50, 90), (14, 70, 100), (10, 60, 90)]
)
def test_the_risk_is_that_of_every_order_of_a_tiny_bank(
    size: int, threshold: int, goal: int
) -> None:
    """Enumerate all orders, judge each as the runner would, and count."""
    design = design_for(request(size, threshold, goal, risk=100))
    failures = null_failures(size, design.threshold)
    never_rejects = replace(design, rejection=((design.cap, design.acceptance[-1][1] + 1),))
    shown = 0
    for failing in combinations(range(size), failures):
        outcomes = [position not in failing for position in range(size)]
        shown += decision_of(never_rejects, outcomes)[0] is Verdict.SHOWN
    assert Fraction(shown, comb(size, failures)) == false_recognition(design) <= design.risk


def test_a_perfect_system_proves_31_categories_with_few_questions() -> None:
    """The measure of DESIGN section 10: at most 775 questions on a bank of 2,000."""
    design = design_for(request(64, 90, 97))
    verdict, asked, _ = decision_of(design, [True] * 64)
    assert verdict is Verdict.SHOWN
    assert asked * 31 <= 775


def test_going_from_five_percent_to_one_costs_a_few_items() -> None:
    """Continuing at a stricter risk is cheap: about nine items of a category of 64."""
    lenient, strict = (design_for(request(64, 90, 97, risk=risk)) for risk in (50, 10))
    _, first, _ = decision_of(lenient, [True] * 64)
    _, second, _ = decision_of(strict, [True] * 64)
    assert 0 < second - first <= 9


def test_equal_requests_are_designed_once() -> None:
    """Fourteen equal categories cost one design."""
    assert design_for(request(300, 90, 97)) is design_for(request(300, 90, 97))


def test_a_demand_for_perfection_is_one_stage_without_failures() -> None:
    """With a goal of 1 nothing is better than the fewest questions all passed."""
    design = design_for(request(36, 90, 100))
    assert (design.acceptance, design.rejection) == (((19, 0),), ((1, 1),))
    assert power_of(design) == 1
    assert false_recognition(design) <= design.risk


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (request(300, 97, 90), "the goal 90 % is not above the threshold 97 %"),
        (request(300, 90, 90), "is not above the threshold"),
        (request(300, 90, 101), "at most 1"),
        (request(300, -1, 90), "is not from 0 to below 1"),
        (request(0, 90, 97), "a category has 1 to"),
        (request(300, 90, 97, risk=0), "the risk 0 % is not between 0 and 100 %"),
        (replace(request(300, 90, 97), power=Fraction(1)), "the power 100 % is not between"),
        (replace(request(300, 90, 97), at_most=0), "at least one question"),
    ],
)
def test_a_contradiction_is_refused_in_words(wanted: Request, message: str) -> None:
    """The form of a test officer's request comes from outside."""
    with pytest.raises(InvalidDocument) as caught:
        design_for(wanted)
    assert message in str(caught.value)
    assert caught.value.code == "evidence.plan"


@pytest.mark.parametrize(("size", "threshold"), [(1, 0), (5, 90), (10, 92), (37, 50)])
def test_a_goal_at_the_threshold_is_refused_with_the_nearest_that_works(
    size: int, threshold: int
) -> None:
    """One more item passing is the smallest goal; with it a test exists at any size."""
    with pytest.raises(InvalidDocument) as caught:
        design_for(request(size, threshold, threshold))
    nearest = find_share(caught.value.hint.split()[-1])
    assert nearest is not None
    design = design_for(replace(request(size, threshold, 0), goal=nearest))
    assert power_of(design) >= design.power
    assert false_recognition(design) <= design.risk


def test_too_few_questions_are_refused_with_a_number_that_works() -> None:
    """A tester with a budget learns what it must be."""
    wanted = replace(request(300, 90, 97), at_most=40)
    with pytest.raises(InvalidDocument) as caught:
        design_for(wanted)
    enough = int(caught.value.hint.split("at most ")[1].split()[0])
    assert design_for(replace(wanted, at_most=enough)).cap == enough


def test_a_budget_that_suffices_is_kept() -> None:
    """A cap below 1.5 times one stage is allowed where the power is still reached."""
    design = design_for(replace(request(300, 90, 97), at_most=100))
    assert design.cap == 100
    assert power_of(design) >= design.power
    assert false_recognition(design) <= design.risk


def test_a_lattice_too_large_is_refused_before_it_is_walked() -> None:
    """Ten thousand items at half against half and a bit would take minutes."""
    with pytest.raises(InvalidDocument, match="too large a lattice") as caught:
        design_for(request(20_000, 50, 51))
    assert "wider margin" in caught.value.hint
