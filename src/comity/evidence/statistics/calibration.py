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

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import comb, log
from statistics import NormalDist

import numpy as np

from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.design import MAX_POINTS, MAX_SIZE, Design, numbers_of
from comity.evidence.statistics.eprocess import goal_failures, null_failures
from comity.evidence.statistics.lattice import (
    Boundary,
    Stop,
    acceptance_of,
    characteristic,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.onestage import OneStage, most_accepted, one_stage
from comity.evidence.statistics.surface import Surface, surface_of

CAP_FACTOR = Fraction(3, 2)
THRESHOLDS = tuple(Fraction(n, 100) for n in (90, 95, 100, 105, 110, 120, 140))
"""Evidence thresholds tried, as multiples of 1/risk."""

FUTILITY_STEPS = 8
SPENDING_ROUNDS = 8
SPENDING_TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a design is asked to do; see `Design` for the fields.

    Args:
        at_most: Most questions allowed, or None for 1.5 times the one-stage test.
    """

    size: int
    threshold: Fraction
    goal: Fraction
    risk: Fraction = Fraction(1, 20)
    power: Fraction = Fraction(9, 10)
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A request in counts of failing items.

    Args:
        request: What is asked for.
        null: Failing items at the threshold.
        aim: Failing items at the goal.
        cap: Most questions.
        most: Most failures one stage of that length may accept; no test of it accepts more.
    """

    request: Request
    null: int
    aim: int
    cap: int
    most: int

    def risk_of(self, boundary: Boundary) -> Fraction:
        stops = stops_of(without_rejection(boundary))
        return acceptance_of(stops, self.request.size, self.null)

    def power_of(self, boundary: Boundary) -> Fraction:
        return acceptance_of(stops_of(boundary), self.request.size, self.aim)


@lru_cache(maxsize=256)
def design_for(request: Request) -> Design:
    """Calibrate a design; equal requests are answered from memory.

    Raises:
        InvalidDocument: The request contradicts itself, or the power cannot be reached in
            so few questions; the hint names the nearest request that works.
    """
    _check(request)
    null = null_failures(request.size, request.threshold)
    aim = goal_failures(request.size, request.goal)
    if _points(request) > 2 * MAX_POINTS:
        raise _too_large(request)
    stage = one_stage(request.size, null, aim, risk=request.risk, power=request.power)
    cap = min(request.size, int(CAP_FACTOR * stage.asked))
    if request.at_most is not None:
        cap = min(cap, request.at_most)
    most = most_accepted(request.size, null, cap, request.risk)
    if cap * (most + 2) > MAX_POINTS:
        raise _too_large(request)
    task = _Task(request=request, null=null, aim=aim, cap=cap, most=most)
    surface = surface_of(request.size, request.threshold, request.goal, cap)
    found = [b for b in (_candidate(task, surface, x) for x in THRESHOLDS) if b is not None]
    if stage.asked <= cap:
        found.append(_curtailed(stage))
    if not found:
        raise _too_short(request, stage)
    boundary = _spend(task, _best(task, found, most=stage.asked))
    acceptance, rejection = numbers_of(boundary)
    return Design(
        size=request.size,
        threshold=request.threshold,
        goal=request.goal,
        risk=request.risk,
        power=request.power,
        cap=boundary.cap,
        acceptance=acceptance,
        rejection=rejection,
    )


def _candidate(task: _Task, surface: Surface, factor: Fraction) -> Boundary | None:
    early = surface.accept_from(log(factor / task.request.risk))
    last = _last_number(task, early)
    if last is None:
        return None
    accept = _with_certain(early, last)
    best: Boundary | None = None
    low, high = log(1.5), log(100.0)
    for step in range(FUTILITY_STEPS + 1):
        level = high if step == 0 else (low + high) / 2
        boundary = _joined(accept, surface.reject_from(level), last)
        if task.power_of(boundary) >= task.request.power:
            best, high = boundary, level
        elif step == 0:
            return None
        else:
            low = level
    return best


def _last_number(task: _Task, early: tuple[int, ...]) -> int | None:
    """Return the largest acceptance number at the cap that the risk still allows."""
    cap, size, null = task.cap, task.request.size, task.null
    most = task.most
    accept = tuple(min(most, number) for number in early[:cap])
    whole = Boundary(accept=(*accept, most), reject=(most + 1,) * (cap + 1))
    allowed = task.request.risk * comb(size, null)
    last: int | None = None
    spent = 0
    accepted = (stop for stop in stops_of(whole) if stop.accepted)
    for stop in sorted(accepted, key=lambda stop: (stop.asked == cap, stop.failed)):
        spent += stop.ways * comb(size - stop.asked, null - stop.failed)
        if spent > allowed:
            break
        if stop.asked == cap:
            last = stop.failed
    return last


def _with_certain(early: tuple[int, ...], last: int) -> tuple[int, ...]:
    """Accept also where even failing all the rest would be accepted at the cap."""
    cap = len(early) - 1
    certain = [max(-1, last - (cap - asked)) for asked in range(cap + 1)]
    return tuple(
        min(last, max(number, sure)) for number, sure in zip(early, certain, strict=True)
    )


def _curtailed(stage: OneStage) -> Boundary:
    """Return the one-stage test that stops once its outcome is certain."""
    early = (-1,) * (stage.asked + 1)
    never = (stage.asked + 1,) * (stage.asked + 1)
    return _joined(_with_certain(early, stage.accepted), never, stage.accepted)


def _joined(accept: tuple[int, ...], reject: tuple[int, ...], last: int) -> Boundary:
    """Reject also where acceptance has become impossible, and never where one accepts."""
    kept = [
        max(number + 1, min(limit, last + 1))
        for number, limit in zip(accept, reject, strict=True)
    ]
    return Boundary(accept=accept, reject=(*kept[:-1], last + 1))


def _best(task: _Task, found: list[Boundary], *, most: int) -> Boundary:
    """Choose what is nowhere far from the fewest expected questions among the candidates.

    Of those that are expected to ask more than the one-stage test anywhere, none is taken
    unless there is no other.
    """
    null, aim = task.null, task.aim
    worse = min(task.request.size, 2 * null - aim)
    rates = (worse, null, (null + aim) // 2, aim, 0)
    expected = np.array(
        [characteristic(boundary, task.request.size, rates).expected for boundary in found]
    )
    regret = (expected / expected.min(axis=0)).max(axis=1)
    regret[expected.max(axis=1) > most] += len(found) * most
    return found[int(regret.argmin())]


def _spend(task: _Task, boundary: Boundary) -> Boundary:
    """Accept a question earlier where that spends most of what is left of the risk."""
    for _ in range(SPENDING_ROUNDS):
        stops = stops_of(without_rejection(boundary))
        left = task.request.risk - acceptance_of(stops, task.request.size, task.null)
        if left * 100 < task.request.risk:
            break
        earlier = _dearest(task, boundary, stops, left)
        if earlier is None:
            break
        boundary = earlier
    return boundary


def _dearest(
    task: _Task, boundary: Boundary, stops: list[Stop], left: Fraction
) -> Boundary | None:
    """Return the boundary that spends most, among those whose greatest cost is near.

    Accepting (n, f) one question earlier gains at most the paths that fail question n.
    """
    size, null = task.request.size, task.null
    costs: list[tuple[int, int]] = []
    for stop in stops:
        if stop.accepted and stop.asked < boundary.cap and stop.failed < null:
            ways = stop.ways * comb(size - stop.asked, null - stop.failed - 1)
            costs.append((ways, stop.failed))
    near = [cost for cost in costs if cost[0] <= 4 * left * comb(size, null)]
    for _, failed in sorted(near, reverse=True)[:SPENDING_TRIES]:
        earlier = _earlier(boundary, failed)
        if earlier is not None and task.risk_of(earlier) <= task.request.risk:
            return earlier
    return None


def _earlier(boundary: Boundary, failed: int) -> Boundary | None:
    """Return the boundary that accepts so many failures one question earlier, if it can."""
    start = next(n for n, number in enumerate(boundary.accept) if number >= failed)
    asked = start - 1
    if asked < 1 or boundary.accept[asked] != failed - 1 or boundary.reject[asked] <= failed:
        return None
    accept = (*boundary.accept[:asked], failed, *boundary.accept[start:])
    return replace(boundary, accept=accept)


def _check(request: Request) -> None:
    faults = list(_contradictions(request))
    if not faults:
        return
    hint = ""
    if 1 <= request.size <= MAX_SIZE and 0 <= request.threshold < 1:
        passes = request.size - null_failures(request.size, request.threshold) + 1
        hint = f"the nearest goal above the threshold is {Fraction(passes, request.size)}"
    raise InvalidDocument("no such test", code="evidence.plan", hint=hint, faults=faults)


def _contradictions(request: Request) -> Iterable[Fault]:
    if not 1 <= request.size <= MAX_SIZE:
        yield Fault(message=f"a category has 1 to {MAX_SIZE} items, not {request.size}")
    if not 0 <= request.threshold < 1:
        yield Fault(message=f"the threshold {request.threshold} is not from 0 to below 1")
    if not request.threshold < request.goal <= 1:
        message = f"the goal {request.goal} is not above the threshold {request.threshold}"
        yield Fault(message=f"{message} and at most 1")
    for name, share in (("risk", request.risk), ("power", request.power)):
        if not 0 < share < 1:
            yield Fault(message=f"the {name} {share} is not between 0 and 1")
    if request.at_most is not None and request.at_most < 1:
        yield Fault(message="at least one question must be allowed")


def _points(request: Request) -> float:
    """Estimate the lattice from the normal approximation; only to refuse early."""
    fails, aims = float(1 - request.threshold), float(1 - request.goal)
    normal = NormalDist()
    spread = normal.inv_cdf(1 - float(request.risk)) * (fails * (1 - fails)) ** 0.5
    spread += normal.inv_cdf(float(request.power)) * (aims * (1 - aims)) ** 0.5
    asked: float = (max(0.0, spread) / (fails - aims)) ** 2
    cap: float = float(CAP_FACTOR) * asked / (1 + asked / request.size)
    cap = min(cap, request.size)
    return cap * (cap * fails + 2)


def _too_large(request: Request) -> InvalidDocument:
    message = (
        f"telling {request.goal} from {request.threshold} on {request.size} items spans too "
        f"large a lattice"
    )
    hint = "ask for a wider margin between threshold and goal, or split the category"
    faults = [Fault(message=message)]
    return InvalidDocument(message, code="evidence.plan", hint=hint, faults=faults)


def _too_short(request: Request, stage: OneStage) -> InvalidDocument:
    message = (
        f"{request.at_most} questions cannot reach a power of {request.power} at a risk of "
        f"{request.risk}"
    )
    hint = f"the nearest that works: at most {stage.asked} questions"
    faults = [Fault(message=message)]
    return InvalidDocument(message, code="evidence.plan", hint=hint, faults=faults)
