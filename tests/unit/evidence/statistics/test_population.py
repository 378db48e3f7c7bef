# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Claims about a population: binomial rates, exact, and never a bank's."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb

import pytest

from comity.errors import InvalidDocument
from comity.evidence.statistics.bound import lower_bound_ppm
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import (
    About,
    Design,
    Verdict,
    boundary_of,
    design_from,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.eprocess import e_value, evidence
from comity.evidence.statistics.lattice import (
    Boundary,
    Weights,
    acceptance_of,
    characteristic,
    expected_questions,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.onestage import one_stage
from comity.evidence.statistics.verdict import decision_of, judge
from comity.kernel.fields import Fields
from comity.kernel.share import find_share


def request(threshold: int, goal: int, *, size: int = 20_000, risk: int = 50) -> Request:
    """Return a request with rates in hundredths and the risk in thousandths."""
    return Request(
        size=size,
        threshold=Fraction(threshold, 100),
        goal=Fraction(goal, 100),
        risk=Fraction(risk, 1000),
        about=About.POPULATION,
    )


@pytest.mark.parametrize(
    ("threshold", "goal", "asked", "accepted"),
    [(95, 97, 832, 31), (98, 99, 1271, 17), (90, 92, 1760, 155), (95, 96, 3701, 163)],
)
def test_one_stage_is_the_binomial_test_of_the_books(
    threshold: int, goal: int, asked: int, accepted: int
) -> None:
    """The figures of the research, to the question."""
    wanted = request(threshold, goal)
    stage = one_stage(None, wanted.null, wanted.aim, risk=wanted.risk, power=wanted.power)
    assert (stage.asked, stage.accepted) == (asked, accepted)


@pytest.mark.parametrize("wanted", [request(95, 97), request(90, 97), request(60, 80, risk=10)])
def test_both_promises_hold_exactly(wanted: Request) -> None:
    """Risk and power are fractions over powers of the rate's denominator."""
    design = design_for(wanted)
    assert wanted.risk * Fraction(9, 10) <= false_recognition(design) <= wanted.risk
    assert power_of(design) >= wanted.power


def test_rates_are_those_of_every_sequence_of_outcomes() -> None:
    """Enumerate all outcomes of a short test, judge each as the runner would, and sum."""
    design = design_for(request(50, 90, risk=100))
    share = Fraction(1, 2)
    free = replace(design, rejection=((design.cap, design.acceptance[-1][1] + 1),))
    shown = Fraction(0)
    for outcomes in product((True, False), repeat=design.cap):
        failed = outcomes.count(False)
        chance = share**failed * (1 - share) ** (design.cap - failed)
        shown += chance * (decision_of(free, outcomes)[0] is Verdict.SHOWN)
    assert shown == false_recognition(design)


def test_chances_add_up_and_floating_point_agrees() -> None:
    """Every path stops; the quick recursion is the exact one to a billionth."""
    design = design_for(request(90, 97))
    boundary, share = boundary_of(design), Fraction(7, 100)
    stops = stops_of(boundary)
    weights = Weights(size=None, failing=share, cap=design.cap)
    assert sum(s.ways * weights.of(s.asked, s.failed) for s in stops) == weights.whole
    quick = characteristic(boundary, None, [share])
    exact = acceptance_of(stops, None, share), expected_questions(stops, None, share)
    assert quick.accepted[0] == pytest.approx(float(exact[0]), abs=1e-9)
    assert quick.expected[0] == pytest.approx(float(exact[1]), abs=1e-9)


def test_a_bank_so_large_that_it_hardly_runs_out_is_nearly_a_population() -> None:
    """The two models meet where they should."""
    boundary = Boundary(accept=(-1, -1, -1, 0), reject=(4, 4, 4, 1))
    stops = stops_of(boundary)
    bank = acceptance_of(stops, 20_000, 2_000)
    endless = acceptance_of(stops, None, Fraction(1, 10))
    assert float(bank) == pytest.approx(float(endless), rel=1e-3)


def test_the_e_value_is_the_likelihood_ratio_of_rates() -> None:
    """By hand: one pass, at a threshold of 1/2 and a goal of 3/4."""
    bet = evidence(None, Fraction(1, 2), Fraction(3, 4))
    expected = (
        Fraction(6, 10) * Fraction(3, 4) + Fraction(1, 10) * Fraction(7, 8) + Fraction(3, 10)
    ) / Fraction(1, 2)
    assert e_value(bet, 1, 0) == expected


def test_the_lower_bound_errs_no_more_often_than_the_risk() -> None:
    """Coverage, enumerated over every stop of a small design at every rate of a grid."""
    design = design_for(request(60, 90, risk=100))
    stops = stops_of(boundary_of(design))
    bounds = {
        (s.asked, s.failed): lower_bound_ppm(design, s.asked, s.failed, accepted=s.accepted)
        for s in stops
    }
    for rate in range(0, 100, 3):
        failing = 1 - Fraction(rate, 100)
        wrong = sum(
            s.ways * failing**s.failed * (1 - failing) ** (s.asked - s.failed)
            for s in stops
            if bounds[s.asked, s.failed] > rate * 10_000
        )
        assert wrong <= design.risk


def test_what_is_shown_has_a_bound_at_its_threshold_or_above() -> None:
    """No report says "shown above 90 %" and "at least 89 %"."""
    judged = judge(design_for(request(90, 97)), [True] * 100)
    assert judged.verdict is Verdict.SHOWN
    assert judged.lower_bound_ppm >= 900_000


def test_a_population_design_says_so_and_reads_back() -> None:
    """A bank's design has no such field, so neither can pass for the other."""
    design = design_for(request(90, 97))
    fields = Fields(design.to_json(), faults=[])
    assert design_from(fields) == design
    assert "about" not in replace(design, about=About.BANK).to_json()
    assert replace(design, about=About.BANK) != design


def test_too_few_items_are_refused_with_three_ways_out() -> None:
    """A larger bank, a larger goal or a lower power: each works alone."""
    wanted = request(95, 97, size=300)
    with pytest.raises(InvalidDocument) as caught:
        design_for(wanted)
    hint = caught.value.hint
    enough = int(hint.split("a bank of at least ")[1].split()[0])
    goal = find_share(hint.split("a goal of ")[1].split(";")[0])
    power = find_share(hint.split("a power of ")[1])
    assert goal is not None
    assert power is not None
    tries = (
        replace(wanted, size=enough),
        replace(wanted, goal=goal),
        replace(wanted, power=power),
    )
    for one in tries:
        design: Design = design_for(one)
        assert power_of(design) >= one.power
        assert false_recognition(without_obedience(design)) <= one.risk


def without_obedience(design: Design) -> Design:
    """Return the design of a tester who never gives up."""
    assert without_rejection(boundary_of(design)).cap == design.cap
    return design


def test_a_margin_of_one_point_can_be_told_apart() -> None:
    """Narrow margins take thousands of questions, not another method."""
    design = design_for(request(95, 96))
    assert false_recognition(design) <= design.risk
    assert power_of(design) >= design.power


def test_rates_too_near_to_tell_apart_are_refused() -> None:
    """Before anything is walked that would take minutes."""
    with pytest.raises(InvalidDocument, match=r"too large a lattice|more than 20000 questions"):
        design_for(
            replace(request(95, 96), threshold=Fraction(950, 1000), goal=Fraction(951, 1000))
        )


def test_pascals_triangle_counts_the_paths_that_never_stop() -> None:
    """Without a boundary every point has all its paths."""
    cap = 6
    boundary = Boundary(accept=(*(-1,) * cap, cap), reject=(cap + 1,) * (cap + 1))
    ends = {stop.failed: stop.ways for stop in stops_of(boundary)}
    assert ends == {failed: comb(cap, failed) for failed in range(cap + 1)}
