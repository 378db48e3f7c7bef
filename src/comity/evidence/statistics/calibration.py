# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Find the numbers of a design: its risk exactly held, its power reached, few questions.

Acceptance follows the evidence mixture at a threshold near 1/risk, futility its mirror; the
cap is 1.5 times the one-stage test, with the largest acceptance number there that the risk
allows while rejections are ignored. Of a handful of thresholds, and the one-stage test
curtailed, the one is kept that is nowhere far from the fewest expected questions. What is
left of the risk on the lattice is spent by accepting a question earlier.

Source:
    docs/spec/evidence.md, "Calibration".
"""

from fractions import Fraction
from functools import lru_cache
from math import log

import numpy as np

from comity.evidence.statistics.design import Design
from comity.evidence.statistics.eprocess import null_of
from comity.evidence.statistics.lattice import (
    Boundary,
    Failing,
    Weights,
    characteristic,
    stops_of,
)
from comity.evidence.statistics.least import least_questions
from comity.evidence.statistics.request import Request, too_short
from comity.evidence.statistics.spending import spend
from comity.evidence.statistics.surface import Surface, surface_of
from comity.evidence.statistics.task import Task, curtailed, joined, task_for, with_certain

__all__ = ["Request", "design_for", "last_number", "rates_of"]

THRESHOLDS = tuple(Fraction(n, 100) for n in (90, 95, 98, 100, 105, 110, 120, 140))
"""Evidence thresholds tried, as multiples of 1/risk."""

FUTILITY_STEPS = 8

FAR = Fraction(2, 100)
"""How far below the threshold candidates are compared, at least."""

MIDDLE, GOAL = 2, 3
"""Where the rates have the one between threshold and goal, and the goal."""


@lru_cache(maxsize=256)
def design_for(request: Request) -> Design:
    """Calibrate a design; equal requests are answered from memory.

    Raises:
        InvalidDocument: The request contradicts itself, or the power cannot be reached in
            so few questions; the hint names the nearest requests that work.
    """
    task = task_for(request)
    surface = surface_of(request.extent, request.threshold, request.goal, task.cap)
    found = [b for b in (_candidate(task, surface, x) for x in THRESHOLDS) if b is not None]
    if task.stage.asked <= task.cap:
        found.append(curtailed(task.stage))
    if not found:
        raise too_short(request, task.stage)
    return task.to_design(spend(task, _best(task, found)))


def _candidate(task: Task, surface: Surface, factor: Fraction) -> Boundary | None:
    early = surface.accept_from(log(factor / task.request.risk))
    last = last_number(task, early)
    if last is None:
        return None
    accept = with_certain(early, last)
    best: Boundary | None = None
    low, high = log(1.5), log(100.0)
    for step in range(FUTILITY_STEPS + 1):
        level = high if step == 0 else (low + high) / 2
        boundary = joined(accept, surface.reject_from(level), last)
        if task.power_of(boundary) >= task.request.power:
            best, high = boundary, level
        elif step == 0:
            return None
        else:
            low = level
    return best


def last_number(task: Task, early: tuple[int, ...]) -> int | None:
    """Return the largest acceptance number at the cap that the risk still allows."""
    cap, most = task.cap, task.most
    weights = Weights(size=task.request.extent, failing=task.request.null, cap=cap)
    accept = tuple(min(most, number) for number in early[:cap])
    whole = Boundary(accept=(*accept, most), reject=(most + 1,) * (cap + 1))
    allowed = task.request.risk * weights.whole
    last: int | None = None
    spent = 0
    accepted = (stop for stop in stops_of(whole) if stop.accepted)
    for stop in sorted(accepted, key=lambda stop: (stop.asked == cap, stop.failed)):
        spent += stop.ways * weights.of(stop.asked, stop.failed)
        if spent > allowed:
            break
        if stop.asked == cap:
            last = stop.failed
    return last


def rates_of(request: Request) -> tuple[Failing, ...]:
    """Return what fails at five rates: a margin below the threshold, up to perfect."""
    null, aim = request.null, request.aim
    if isinstance(null, int) and isinstance(aim, int):
        return (min(request.size, 2 * null - aim), null, (null + aim) // 2, aim, 0)
    fails, aims = Fraction(null), Fraction(aim)
    return (min(Fraction(1), 2 * fails - aims), fails, (fails + aims) / 2, aims, 0)


def _best(task: Task, found: list[Boundary]) -> Boundary:
    """Choose what is nowhere far from the fewest questions any test can expect.

    Of equals, the one that asks least at the goal. Of those that are expected to ask more
    than the one-stage test anywhere, none is taken unless there is no other.
    """
    request, most = task.request, task.stage.asked
    rates = (_worse(request), *rates_of(request)[1:])
    expected = np.array(
        [characteristic(boundary, request.extent, rates).expected for boundary in found]
    )
    least = [least_questions(request, failing) for failing in rates]
    compared = [at for at in range(len(rates)) if at != MIDDLE]
    worst = (expected[:, compared] / np.array(least)[compared]).max(axis=1)
    worst[expected.max(axis=1) > most] += len(found) * most
    ranks = zip(worst.round(3), expected[:, GOAL], strict=True)
    return min(zip(ranks, found, strict=True), key=lambda pair: pair[0])[1]


def _worse(request: Request) -> Failing:
    """Return what fails a margin below the threshold, at least two points of a hundred."""
    margin = max(FAR, request.goal - request.threshold)
    return null_of(request.extent, max(Fraction(0), request.threshold - margin))
