# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Plans of every kind, run many times on systems that just fail the claim."""

from fractions import Fraction

import numpy as np
import pytest
from benchmarks.evidence import simulate
from benchmarks.plans import NINE, Case, failing

from comity.evidence.statistics.design import (
    About,
    Verdict,
    boundary_of,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.lattice import characteristic, without_rejection
from comity.evidence.statistics.optimum import optimal_design_for
from comity.evidence.statistics.outcome import Outcome, Score
from comity.evidence.statistics.path import follow
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.score_bound import score_bound_ppm
from comity.evidence.statistics.scores import score_design_for

pytestmark = pytest.mark.long

RUNS = 200_000
SCORED = 1_500
ERRORS = 4


@pytest.mark.parametrize("case", NINE, ids=lambda case: case.name)
def test_the_optimal_plan_is_within_a_quarter_of_the_oracle(case: Case) -> None:
    """All nine claims of the research, at five rates; both promises exactly."""
    design = optimal_design_for(case.request)
    assert false_recognition(design) <= design.risk
    assert power_of(design) >= design.power
    boundary, rates = boundary_of(design), failing(case.request)
    expected = characteristic(boundary, case.request.extent, rates).expected
    assert (expected / np.array(case.least)).max() <= 1.25


def test_an_optimal_plan_is_wrong_as_often_as_it_says() -> None:
    """Simulated item by item, rejections ignored."""
    request = NINE[0].request
    design = optimal_design_for(request)
    free = without_rejection(boundary_of(design))
    exact = float(false_recognition(design))
    found = simulate(free, request.size, int(request.null), RUNS)
    assert abs(found - exact) < ERRORS * (exact * (1 - exact) / RUNS) ** 0.5


@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize(
    "spread", [(0, 1_000_000), (0, 500_000, 1_000_000), (700_000, 900_000)]
)
def test_scores_at_the_threshold_are_shown_no_more_often_than_the_risk(
    about: About, spread: tuple[int, ...]
) -> None:
    """Whole or nothing, three grades, and narrow; and the bound errs no more often."""
    mean = Fraction(sum(spread), len(spread) * 1_000_000)
    design = score_design_for(
        Request(
            size=240, threshold=mean, goal=(1 + mean) / 2, risk=Fraction(1, 10), about=about
        )
    )
    dice = np.random.default_rng(20261122)
    bank = np.array(spread * (240 // len(spread)))
    shown = wrong = 0
    for _ in range(SCORED):
        drawn = dice.permutation(bank) if about is About.BANK else dice.choice(bank, 240)
        outcomes: list[Outcome] = [Score(ppm=int(ppm)) for ppm in drawn]
        path = follow(design, outcomes)
        accepted = path.verdict is Verdict.SHOWN
        shown += accepted
        seen = outcomes[: path.asked]
        wrong += score_bound_ppm(design, seen, accepted=accepted) > mean * 1_000_000
    room = ERRORS * (0.1 * 0.9 / SCORED) ** 0.5
    assert shown / SCORED <= 0.1 + room
    assert wrong / SCORED <= 0.1 + room
