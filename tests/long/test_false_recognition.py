# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Wrong recognition: exact on the lattice, simulated beside it, and what undefended twins do.

Every system here fails exactly as many items as the claim just forbids, so that each
"shown" is wrong. Simulations draw item after item and know nothing of the lattice.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from benchmarks.evidence import simulate
from numpy.typing import NDArray
from tests.fakes.latency import DESIGN, count_shown

from comity.errors import NotPermitted
from comity.evidence.claim import Claim
from comity.evidence.combine import (
    Part,
    Stretch,
    continuation_design,
    continue_draw,
    multiply,
)
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import (
    Design,
    Verdict,
    boundary_of,
    false_recognition,
    power_of,
)
from comity.evidence.statistics.eprocess import e_value, evidence, null_failures
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.lattice import (
    Boundary,
    acceptance_of,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.onestage import most_accepted
from comity.kernel.digest import sha256

pytestmark = pytest.mark.long

RUNS = 400_000
ERRORS = 4
RISKS = (Fraction(1, 20), Fraction(1, 40), Fraction(1, 100))
CLAIMS = (
    (36, 90, 100),
    (64, 90, 97),
    (143, 90, 98),
    (250, 90, 97),
    (264, 90, 97),
    (280, 90, 97),
    (300, 90, 97),
    (300, 95, 99),
    (500, 80, 90),
    (2000, 95, 98),
)
"""Size of a category, and its threshold and goal in hundredths."""

Counts = NDArray[np.int64]


def request(claim: tuple[int, int, int], risk: Fraction = RISKS[0]) -> Request:
    """Return what a design is asked for."""
    size, threshold, goal = claim
    return Request(
        size=size, threshold=Fraction(threshold, 100), goal=Fraction(goal, 100), risk=risk
    )


def error_of(rate: Fraction | float, runs: int = RUNS) -> float:
    """Return the standard error of a simulated rate."""
    share = float(rate)
    return float(np.sqrt(share * (1 - share) / runs))


def failing(design: Design) -> int:
    """Return the fewest failing items at which the claim is false."""
    return null_failures(design.size, design.threshold)


def paths(design: Design, runs: int, length: int, dice: np.random.Generator) -> Counts:
    """Return failures after each question (column 0: before the first), one row a run."""
    counts = np.zeros((runs, length + 1), dtype=np.int64)
    for asked in range(1, length + 1):
        before = counts[:, asked - 1]
        share = (failing(design) - before) / (design.size - asked + 1)
        counts[:, asked] = before + (dice.random(runs) < share)
    return counts


def stops(counts: Counts, boundary: Boundary) -> tuple[Counts, NDArray[np.bool_]]:
    """Return after how many questions each path stops, and whether it stops accepted."""
    upto = counts[:, : boundary.cap + 1]
    accepted = upto <= np.array(boundary.accept)
    ended = accepted | (upto >= np.array(boundary.reject))
    asked = ended.argmax(axis=1)
    return asked, accepted[np.arange(len(asked)), asked]


@pytest.mark.parametrize("risk", RISKS, ids=str)
def test_the_risk_is_held_exactly_at_every_size_of_the_demonstration(risk: Fraction) -> None:
    """As fractions: no rounding stands between a claim and its risk."""
    for size in range(250, 301):
        design = design_for(request((size, 90, 97), risk))
        assert risk * Fraction(9, 10) <= false_recognition(design) <= risk, size
        assert power_of(design) >= design.power, size


@pytest.mark.parametrize("risk", RISKS, ids=str)
@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_simulated_wrong_recognition_is_the_exact_one(
    claim: tuple[int, int, int], risk: Fraction, seed: int
) -> None:
    """400,000 runs within four standard errors, rejections obeyed and ignored alike."""
    design = design_for(request(claim, risk))
    assert false_recognition(design) <= risk
    whole = boundary_of(design)
    for boundary in (whole, without_rejection(whole)):
        exact = acceptance_of(stops_of(boundary), design.size, failing(design))
        assert exact <= risk
        found = simulate(boundary, design.size, failing(design), RUNS, seed=seed)
        assert abs(found - float(exact)) <= ERRORS * error_of(exact)


@pytest.mark.parametrize("claim", [(64, 90, 97), (250, 90, 97), (300, 90, 97)], ids=str)
@pytest.mark.parametrize("risk", RISKS[1:], ids=str)
def test_going_on_at_a_stricter_risk_stays_within_it(
    claim: tuple[int, int, int], risk: Fraction, seed: int
) -> None:
    """The first tester stops by its own rule; the second takes the path from there.

    It makes no difference whether the first hands over always, or only what looks good.
    """
    first = design_for(request(claim))
    second = of_counts(continuation_design(first, risk))
    dice = np.random.default_rng([seed, claim[0], risk.denominator])
    shown = {"every": 0, "good": 0, "defiant": 0}
    handed = 0
    for _ in range(8):
        counts = paths(first, RUNS // 8, max(first.cap, second.cap), dice)
        stopped, looks_good = stops(counts, boundary_of(first))
        ended, recognised = stops(counts, boundary_of(second))
        _, entered = stops(counts, without_rejection(boundary_of(second)))
        shown["every"] += int(recognised.sum())
        shown["good"] += int((recognised & looks_good).sum())
        shown["defiant"] += int(entered.sum())
        handed += int((ended > stopped).sum())
    for name, count in shown.items():
        assert count / RUNS <= float(risk) + ERRORS * error_of(risk), name
    exact = false_recognition(second)
    assert abs(shown["defiant"] / RUNS - float(exact)) <= ERRORS * error_of(exact)
    assert handed > RUNS // 100


def of_counts(design: AnyDesign) -> Design:
    """Return a design whose outcomes pass or fail, as the first test's do."""
    assert isinstance(design, Design)
    return design


def claim_on(bank: bytes) -> Claim:
    """Return a claim on one bank."""
    return Claim(
        bank_root=sha256(bank),
        scorer="exact/1",
        system=sha256(b"system"),
        category="shelter",
        threshold=Fraction(9, 10),
    )


def test_the_simulated_second_tester_is_the_real_one(seed: int) -> None:
    """Path by path, what was simulated is what two testers would have judged."""
    first = design_for(request((250, 90, 97)))
    second = of_counts(continuation_design(first, RISKS[2]))
    counts = paths(first, 2_000, max(first.cap, second.cap), np.random.default_rng(seed))
    stopped, _ = stops(counts, boundary_of(first))
    ended, recognised = stops(counts, boundary_of(second))
    claim = claim_on(b"bank")
    for row, (at, until) in enumerate(zip(stopped, ended, strict=True)):
        passed = (np.diff(counts[row]) == 0).tolist()
        stretch = Stretch(
            claim=claim, seed=sha256(b"seed"), first_draw=1, outcomes=tuple(passed[:at])
        )
        rest = tuple(passed[at : max(at, until)])
        own = replace(stretch, first_draw=int(at) + 1, outcomes=rest)
        judgement = continue_draw(stretch, own, second)
        assert (judgement.verdict is Verdict.SHOWN) == recognised[row]
        assert judgement.asked == until


def test_its_twin_that_multiplies_two_e_values_on_one_bank_exceeds_the_risk(
    seed: int,
) -> None:
    """Asking again what the first tester opened doubles the evidence out of nothing.

    At the second member's 1 percent, it recognises wrongly as often as the first at its 5.
    """
    design, strict = design_for(request((250, 90, 97))), RISKS[2]
    mixture = evidence(design.size, design.threshold, design.goal)
    counts = paths(design, RUNS // 8, design.cap, np.random.default_rng(seed))
    asked, _ = stops(counts, boundary_of(design))
    failed = counts[np.arange(len(asked)), asked]
    points, runs = np.unique(np.stack([asked, failed]), axis=1, return_counts=True)
    wrong = 0
    for at, failures, many in zip(*points.tolist(), runs.tolist(), strict=True):
        value = e_value(mixture, at, failures)
        wrong += many * (value is None or value * value >= 1 / strict)
    assert wrong / len(asked) > 3 * float(strict)
    part = Part(claim=claim_on(b"bank"), e_value=Fraction(12), verdict=Verdict.SHOWN)
    with pytest.raises(NotPermitted, match="continue the draw"):
        multiply([part, part])
    assert multiply([part, replace(part, claim=claim_on(b"another"))]) == 144


def test_taking_answers_as_they_come_exceeds_the_risk_and_draw_order_does_not() -> None:
    """Failures come late: in draw order that gains nothing, as they arrive nearly all."""
    runs = 10_000
    kept = count_shown(range(runs), defended=True) / runs
    assert kept <= float(DESIGN.risk) + ERRORS * error_of(DESIGN.risk, runs)
    assert count_shown(range(300), defended=False) >= 270


@pytest.mark.parametrize("claim", [(64, 90, 97), (300, 90, 97), (2000, 95, 98)], ids=str)
def test_stopping_when_one_likes_exceeds_the_risk(claim: tuple[int, int, int]) -> None:
    """A good average, or a test valid at one length, looked at after every question."""
    size, threshold, _ = claim
    design = design_for(request(claim))
    null, cap, least = failing(design), design.cap, min(30, design.cap - 1)
    average = [(n * (100 - threshold) - 1) // 100 for n in range(cap + 1)]
    valid_once = [most_accepted(size, null, n, design.risk) for n in range(cap + 1)]
    for rule, factor in ((average, 5), (valid_once, Fraction(3, 2))):
        accept = tuple(number if n >= least else -1 for n, number in enumerate(rule))
        peeking = without_rejection(Boundary(accept=accept, reject=(cap + 1,) * (cap + 1)))
        assert acceptance_of(stops_of(peeking), size, null) > factor * design.risk
        found = simulate(peeking, size, null, RUNS // 8)
        assert found > float(factor * design.risk)
