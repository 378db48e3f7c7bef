# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The completion-order attack, and the twin without the defence that it breaks.

A provider runs many questions at once and lets failures come back late. Outcomes taken as
they arrive are then a biased sample, and even an exactly calibrated test says "shown" of a
system at the threshold nearly always. Taken in draw order, it cannot.
"""

import numpy as np
from tests.fakes.latency import DESIGN, FAILING, attack, count_shown

from comity.evidence.statistics.verdict import decision_of

RUNS = range(150)


def test_slow_failures_do_not_help_in_draw_order() -> None:
    """At most the risk of 5 percent, within four standard errors of 150 runs."""
    runs = len(RUNS)
    assert count_shown(RUNS, defended=True) <= runs * 0.05 + 4 * (runs * 0.05 * 0.95) ** 0.5


def test_slow_failures_break_the_twin_that_takes_answers_as_they_come() -> None:
    """The defence is needed: without it nearly every run ends in a wrong "shown"."""
    assert count_shown(RUNS, defended=False) >= len(RUNS) * 0.9


def test_the_defended_verdict_is_that_of_the_draw() -> None:
    """Latency decides when a verdict falls, never which."""
    for run in range(40):
        dice = np.random.default_rng(run)
        outcomes = (dice.permutation(DESIGN.size) >= FAILING).tolist()
        assert attack(run, defended=True) is decision_of(DESIGN, outcomes)[0]
