# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Outcomes count in draw order, up to the first verdict and no further."""

from fractions import Fraction

from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import e_value, evidence
from comity.evidence.statistics.verdict import decision_of, judge, path_of, prefix_of

DESIGN = design_for(Request(size=64, threshold=Fraction(9, 10), goal=Fraction(97, 100)))
FIRST = DESIGN.acceptance[0][0]


def test_only_the_contiguous_prefix_counts() -> None:
    """A draw still under way blocks those after it, or slow failures would not count."""
    assert prefix_of({}) == ()
    assert prefix_of({2: True, 3: True}) == ()
    assert prefix_of({1: True, 2: False, 4: True}) == (True, False)
    assert prefix_of({3: True, 1: True, 2: True}) == (True, True, True)


def test_a_perfect_system_is_shown_at_the_first_acceptance_number() -> None:
    """Not a question later."""
    assert decision_of(DESIGN, [True] * 64) == (Verdict.SHOWN, FIRST, 0)
    assert decision_of(DESIGN, [True] * (FIRST - 1))[0] is Verdict.INSUFFICIENT


def test_a_failing_system_is_not_shown_soon() -> None:
    """Burning fifty questions on it would waste the bank."""
    verdict, asked, failed = decision_of(DESIGN, [False] * 64)
    assert verdict is Verdict.NOT_SHOWN
    assert asked == failed <= 3


def test_outcomes_after_the_verdict_change_nothing() -> None:
    """Questions in flight at the stop were asked, but the test was over."""
    shown = [True] * FIRST
    assert judge(DESIGN, shown) == judge(DESIGN, shown + [False] * 20)


def test_no_outcome_is_insufficient() -> None:
    """Silence shows nothing and refutes nothing."""
    judgement = judge(DESIGN, [])
    assert judgement.verdict is Verdict.INSUFFICIENT
    assert (judgement.asked, judgement.failed) == (0, 0)
    assert judgement.e_value == 1
    assert judgement.lower_bound_ppm == 0


def test_the_judgement_carries_the_exact_evidence() -> None:
    """The published number is floored from this fraction."""
    judgement = judge(DESIGN, [True] * 64)
    bet = evidence(DESIGN.size, DESIGN.threshold, DESIGN.goal)
    assert judgement.e_value == e_value(bet, FIRST, 0)
    assert judgement.lower_bound_ppm > 900_000


def test_the_path_has_every_question_and_ends_at_the_verdict() -> None:
    """The plot and its table show how the evidence grew, failures included."""
    outcomes = [True] * 10 + [False] + [True] * 60
    points = path_of(DESIGN, outcomes)
    judgement = judge(DESIGN, outcomes)
    assert [point.asked for point in points] == list(range(judgement.asked + 1))
    assert points[0].e_value == 1
    assert points[-1].e_value == judgement.e_value
    assert points[-1].failed == judgement.failed


def test_a_pass_raises_the_evidence_and_a_failure_lowers_it() -> None:
    """Whoever reads the plot may rely on the direction."""
    points = path_of(DESIGN, [True] * 12 + [False] + [True] * 3)
    values = [point.e_value or Fraction(0) for point in points]
    for before, after, left, right in zip(points, points[1:], values, values[1:], strict=False):
        assert (right < left) == (after.failed > before.failed)
