# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The completion-order attack, and the twin without the defence that it breaks.

A provider runs many questions at once and lets failures come back late. Outcomes taken as
they arrive are then a biased sample, and even an exactly calibrated test says "shown" of a
system at the threshold nearly always. Taken in draw order, it cannot.
"""

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from comity.evidence.calibration import Request, design_for
from comity.evidence.design import Verdict
from comity.evidence.verdict import decision_of, prefix_of

DESIGN = design_for(Request(size=300, threshold=Fraction(9, 10), goal=Fraction(97, 100)))
FAILING, WINDOW, SLOWER, RUNS = 30, 64, 20, 150


def arrivals(outcomes: Sequence[bool], jitter: Sequence[float]) -> Iterator[int]:
    """Yield draws in the order their answers arrive, a window of them in flight."""
    clock, due = 0.0, iter(range(1, len(outcomes) + 1))
    flying: list[tuple[float, int]] = []

    def send() -> None:
        draw = next(due, None)
        if draw is not None:
            slow = 1 if outcomes[draw - 1] else SLOWER
            heapq.heappush(flying, (clock + slow * jitter[draw - 1], draw))

    for _ in range(WINDOW):
        send()
    while flying:
        clock, draw = heapq.heappop(flying)
        yield draw
        send()


def attack(run: int, *, defended: bool) -> Verdict:
    """Test a system exactly at the threshold once; return the verdict reached."""
    dice = np.random.default_rng(run)
    outcomes = (dice.permutation(DESIGN.size) >= FAILING).tolist()
    jitter = dice.uniform(0.8, 1.2, DESIGN.size).tolist()
    arrived: dict[int, bool] = {}
    for draw in arrivals(outcomes, jitter):
        arrived[draw] = outcomes[draw - 1]
        taken = prefix_of(arrived) if defended else tuple(arrived.values())
        verdict, _, _ = decision_of(DESIGN, taken)
        if verdict is not Verdict.INSUFFICIENT:
            return verdict
    raise AssertionError


def shown(*, defended: bool) -> int:
    """Count the runs in which the system at the threshold was shown."""
    return sum(attack(run, defended=defended) is Verdict.SHOWN for run in range(RUNS))


def test_slow_failures_do_not_help_in_draw_order() -> None:
    """At most the risk of 5 percent, within four standard errors of 150 runs."""
    assert shown(defended=True) <= RUNS * 0.05 + 4 * (RUNS * 0.05 * 0.95) ** 0.5


def test_slow_failures_break_the_twin_that_takes_answers_as_they_come() -> None:
    """The defence is needed: without it nearly every run ends in a wrong "shown"."""
    assert shown(defended=False) >= RUNS * 0.9


def test_the_defended_verdict_is_that_of_the_draw() -> None:
    """Latency decides when a verdict falls, never which."""
    for run in range(40):
        dice = np.random.default_rng(run)
        outcomes = (dice.permutation(DESIGN.size) >= FAILING).tolist()
        assert attack(run, defended=True) is decision_of(DESIGN, outcomes)[0]
