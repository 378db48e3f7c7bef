# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A service exactly at its threshold that lets failures come back late."""

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.verdict import decision_of, prefix_of

DESIGN = design_for(Request(size=300, threshold=Fraction(9, 10), goal=Fraction(97, 100)))
FAILING, WINDOW, SLOWER = 30, 64, 20


def attack(run: int, *, defended: bool) -> Verdict:
    """Test a system exactly at the threshold once; return the verdict reached."""
    dice = np.random.default_rng(run)
    outcomes = (dice.permutation(DESIGN.size) >= FAILING).tolist()
    jitter = dice.uniform(0.8, 1.2, DESIGN.size).tolist()
    arrived: dict[int, bool] = {}
    for draw in _arrivals(outcomes, jitter):
        arrived[draw] = outcomes[draw - 1]
        taken = prefix_of(arrived) if defended else tuple(arrived.values())
        verdict, _, _ = decision_of(DESIGN, taken)
        if verdict is not Verdict.INSUFFICIENT:
            return verdict
    raise AssertionError


def count_shown(runs: range, *, defended: bool) -> int:
    """Count the runs in which the system at the threshold was shown."""
    return sum(attack(run, defended=defended) is Verdict.SHOWN for run in runs)


def _arrivals(outcomes: Sequence[bool], jitter: Sequence[float]) -> Iterator[int]:
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
