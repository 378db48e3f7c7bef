# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The optimal plan keeps both promises exactly and is nowhere far from the least."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from comity.evidence.combine import continuation_design
from comity.evidence.statistics.calibration import Request, design_for, rates_of
from comity.evidence.statistics.design import (
    About,
    boundary_of,
    design_from,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.lattice import characteristic
from comity.evidence.statistics.optimum import optimal_design_for
from comity.kernel.fields import Fields


def request(size: int, threshold: int, goal: int) -> Request:
    """Return a request with rates in hundredths."""
    return Request(size=size, threshold=Fraction(threshold, 100), goal=Fraction(goal, 100))


REQUESTS = [
    request(64, 90, 97),
    request(300, 90, 97),
    request(500, 80, 90),
    replace(request(400, 70, 85), about=About.POPULATION),
    request(36, 90, 100),
    request(20, 0, 50),
    replace(request(200, 90, 97), risk=Fraction(1, 100), power=Fraction(99, 100)),
]


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_both_promises_hold_exactly(wanted: Request) -> None:
    """Nothing about how the numbers were found is believed."""
    design = optimal_design_for(wanted)
    assert false_recognition(design) <= wanted.risk
    assert power_of(design) >= wanted.power
    assert design.cap <= wanted.size


@pytest.mark.parametrize("wanted", REQUESTS, ids=str)
def test_the_numbers_read_back_as_any_others(wanted: Request) -> None:
    """An auditor needs to know nothing of dynamic programming."""
    design = optimal_design_for(wanted)
    fields = Fields(design.to_json(), faults=[])
    assert design_from(fields) == design
    assert not fields.faults


@pytest.mark.parametrize(
    ("threshold", "goal", "least"),
    [
        (95, 97, (103, 265, 409, 371, 58)),
        (98, 99, (82, 346, 524, 524, 143)),
    ],
)
def test_a_bank_of_2000_is_within_a_quarter_of_the_oracle(
    threshold: int, goal: int, least: tuple[int, ...]
) -> None:
    """At p0 - 2 %, p0, p0 + 1 %, p1 and perfect; the oracle is told the rate."""
    wanted = request(2000, threshold, goal)
    null = int(wanted.null)
    failing = (null + 40, null, null - 20, wanted.aim, 0)
    boundary = boundary_of(optimal_design_for(wanted))
    expected = characteristic(boundary, 2000, failing).expected
    assert (expected / np.array(least)).max() <= 1.25


def test_it_is_better_than_the_calibrated_plan_at_its_worst() -> None:
    """Otherwise there would be no reason to wait for it."""
    wanted = request(2000, 98, 99)
    rates = rates_of(wanted)
    optimal, usual = (
        characteristic(boundary_of(design), 2000, rates).expected
        for design in (optimal_design_for(wanted), design_for(wanted))
    )
    assert (optimal / usual).min() < 0.95


def test_a_continuation_of_it_leaves_nothing_to_choose() -> None:
    """Its numbers follow from rates and risk, not from how the first ones were found."""
    wanted = request(300, 90, 97)
    risk = Fraction(1, 100)
    optimal, usual = optimal_design_for(wanted), design_for(wanted)
    assert continuation_design(optimal, risk) == continuation_design(usual, risk)
