# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The test that is nowhere far from the fewest expected questions, by dynamic programming.

Backward over the lattice, each point is stopped at, or gone on from, by what costs less: a
wrong "shown" at the threshold, a missed one at the goal, or further questions at five rates,
each weighed. The two costs are moved until both promises are just met, the five weights
until the worst ratio to the fewest questions possible at each rate is least. What comes out
is numbers like any other design's, checked in integers; nothing about the way is believed.

Source:
    Kiefer & Weiss (1957), Annals of Mathematical Statistics 28(1), for the problem; Bellman
    (1957) for the induction. docs/spec/evidence.md, "The optimal plan".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from comity.evidence.statistics.calibration import design_for, rates_of
from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.lattice import Boundary, Failing, Size, characteristic
from comity.evidence.statistics.request import CAP_FACTOR, Request
from comity.evidence.statistics.spending import save, spend
from comity.evidence.statistics.surface import Floats, log_path
from comity.evidence.statistics.task import Task, joined, task_for, with_certain

POPULATION_CAP_FACTOR = Fraction(2)
"""Where no bank runs out, a longer test is let end what a shorter one would drag on."""

LEAST_ROUNDS = 12
"""Rounds spent on what is possible at each rate alone."""

ROUNDS = 26
"""Rounds spent on the weights."""

NEAR = 1.05
"""How far above the risk a boundary may be for accepting later to mend it."""

SPENDINGS = 24
"""How often what is left of the risk is spent at most."""

TRIES = 3
"""How many boundaries are mended at most."""

AIMED = 0.998
"""How much of a promise the costs aim to use; the lattice jumps around it."""

SHARED = 0.98
"""Sought together, threshold and goal take about 2 % more than each alone (measured)."""

DOUBT = 2.0
"""How much likelier the threshold, or worse, must be than the goal before a test gives up."""

PACE = 0.6
"""How quickly costs follow the errors."""

HOPELESS = 0.9
"""A chance of missing from which a test only gives up, because missing costs too little."""

WORSE, NULL, MID, AIM, PERFECT = range(5)
"""Where `rates_of` has each rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """The lattice of one task in floating point.

    Args:
        task: What is asked for.
        rates: What fails at each of the five rates.
        ratios: By rate, questions and failures, the chance of a path there over that at a
            rate in the middle; failures up to one more than is ever accepted.
        fails: The share that fails at the rate in the middle.
    """

    task: Task
    rates: tuple[Failing, ...]
    ratios: Floats
    fails: float

    @property
    def risk(self) -> float:
        """Return the greatest chance of a wrong "shown"."""
        return float(self.task.request.risk)

    @property
    def miss(self) -> float:
        """Return the greatest chance of a missed one."""
        return float(1 - self.task.request.power)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Costs:
    """What is paid: by rate for each expected question, and for the two errors, as logs."""

    questions: Floats
    wrong: float
    missed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A boundary and what it does.

    Args:
        wrong: Chance of "shown" at the threshold.
        missed: Chance of no "shown" at the goal.
        expected: Expected questions by rate.
    """

    boundary: Boundary
    wrong: float
    missed: float
    expected: Floats


@lru_cache(maxsize=64)
def optimal_design_for(request: Request) -> Design:
    """Return the design whose worst ratio to the fewest questions possible is least.

    Where nothing better is found than the calibrated design, that is returned.

    Raises:
        InvalidDocument: As `design_for`.
    """
    default = design_for(request)
    is_bank = request.extent is not None
    task = task_for(request, factor=CAP_FACTOR if is_bank else POPULATION_CAP_FACTOR)
    field = _field_of(task)
    least = _least(field)
    usual = _worst(_expected(field, boundary_of(default)), least)
    found = [one for one in _weighed(field, least) if _is_near(field, one)]
    found.sort(key=lambda one: _worst(one.expected, least))
    best = default
    for one in found[:TRIES]:
        boundary = spend(task, save(task, one.boundary), rounds=SPENDINGS)
        ratio = _worst(_expected(field, boundary), least)
        if ratio < usual and _is_kept(field, boundary):
            best, usual = task.to_design(boundary), ratio
    return best


def _field_of(task: Task) -> _Field:
    request = task.request
    fails = 1 - float(request.threshold + request.goal) / 2
    asked = np.arange(task.cap + 1)[:, None]
    failed = np.arange(task.most + 2)[None, :]
    middle = np.where(
        failed <= asked, (asked - failed) * log(1 - fails) + failed * log(fails), np.inf
    )
    rates = (_worse(request), *rates_of(request)[1:])
    ratios = [np.exp(log_path(request.extent, rate, asked, failed) - middle) for rate in rates]
    return _Field(task=task, rates=rates, ratios=np.array(ratios), fails=fails)


def _worse(request: Request) -> Failing:
    """Return what fails two points, or a whole margin, below the threshold."""
    below = max(Fraction(1, 50), request.goal - request.threshold)
    if request.extent is None:
        return min(Fraction(1), Fraction(request.null) + below)
    return min(request.extent, int(request.null) + int(below * request.extent))


def _least(field: _Field) -> Floats:
    """Return about the fewest questions that any test can expect, at each rate alone.

    Below the threshold nothing keeps one from rejecting but the power, and a perfect system
    nothing from accepting but the risk.
    """
    both = SHARED * _alone(field, {NULL: 1.0, AIM: 1.0})
    middle = _alone(field, {MID: 1.0})
    worse = min(float(_alone(field, {WORSE: 1.0}, late=True)[WORSE]), _wald(field))
    perfect = field.ratios[NULL][:, 0] <= field.risk * field.ratios[PERFECT][:, 0]
    first = int(perfect.argmax()) if perfect.any() else field.task.cap
    return np.array([worse, both[NULL], middle[MID], both[AIM], max(1, first)])


def _wald(field: _Field) -> float:
    """Return Wald's bound on the questions to give a worse system up, shortened in a bank."""
    size = _size(field)
    fails, aims = (float(field.rates[one]) / (size or 1) for one in (WORSE, AIM))
    told = fails * log(fails / aims) if aims else inf
    if fails < 1:
        told += (1 - fails) * log((1 - fails) / (1 - aims))
    asked = -log(field.miss) / told
    return max(1.0, asked if size is None else asked / (1 + asked / size))


def _alone(field: _Field, weights: Mapping[int, float], *, late: bool = False) -> Floats:
    """Return expected questions of the test that minimises them at rates so weighed.

    Args:
        late: Whether "shown" waits for the cap, and costs nothing there.
    """
    questions = np.array([weights.get(rate, 0.0) for rate in range(len(field.rates))])
    start = log(4.0 * field.task.stage.asked)
    costs = _Costs(questions=questions, wrong=start, missed=start)
    expected = np.full(len(questions), float(field.task.cap))
    for _ in range(LEAST_ROUNDS):
        found = _measured(field, _solved(field, costs, late=late), obeys=True)
        costs = _moved(field, costs, found, pace=0.9)
        expected = found.expected
    return expected


def _weighed(field: _Field, least: Floats) -> Iterator[_Found]:
    """Yield boundaries while costs and weights move to where the worst ratio is least."""
    weights = 1 / least / len(least)
    costs = _Costs(questions=weights, wrong=log(4.0), missed=log(3.0))
    for step in range(ROUNDS):
        found = _measured(field, _solved(field, costs))
        yield found
        if found.missed > HOPELESS:
            costs = _moved(field, costs, found, pace=0)
            continue
        ratios = found.expected / least
        pull = 3 / (1 + step / 10)
        weights = costs.questions * np.exp(pull * (np.log(ratios) - log(float(ratios.max()))))
        weights = np.maximum(weights / (weights @ least), 1e-6 / least)
        moved = _moved(field, costs, found, pace=PACE)
        costs = replace(moved, questions=weights)


def _moved(field: _Field, costs: _Costs, found: _Found, *, pace: float) -> _Costs:
    """Raise the cost of an error that is made too often, lower that of one too rare."""
    if found.missed > HOPELESS:
        return replace(costs, missed=costs.missed + 0.1)
    return replace(
        costs,
        wrong=costs.wrong + pace * _step(found.wrong, field.risk),
        missed=costs.missed + pace * _step(found.missed, field.miss),
    )


def _step(found: float, allowed: float) -> float:
    return min(1.0, max(-1.0, log(max(found, 1e-9) / (allowed * AIMED))))


def _solved(field: _Field, costs: _Costs, *, late: bool = False) -> Boundary:
    """Return the boundary of least cost, by backward induction."""
    ratios, width = field.ratios, field.ratios.shape[2]
    price = np.tensordot(costs.questions, ratios, axes=(0, 0))
    accept = exp(costs.wrong) * ratios[NULL]
    reject = exp(costs.missed) * ratios[AIM]
    soon = np.maximum(ratios[NULL], ratios[WORSE]) < DOUBT * ratios[AIM]
    soon[-1] = soon[:, -1] = False
    reject[soon] = np.inf
    if late:
        accept[:-1], accept[-1] = np.inf, 0.0
    accept[:, -1] = np.inf
    stop = np.minimum(accept, reject)
    goes = np.zeros(stop.shape, dtype=bool)
    value = stop[-1].copy()
    further = np.empty(width)
    for asked in range(len(stop) - 2, 0, -1):
        np.multiply(value, 1 - field.fails, out=further)
        further[:-1] += field.fails * value[1:]
        further += price[asked]
        further[-1] = np.inf
        np.less(further, stop[asked], out=goes[asked])
        np.minimum(further, stop[asked], out=value)
    goes[0] = True
    goes |= np.arange(width)[None, :] > np.arange(len(stop))[:, None]
    return _drawn(~goes & (accept <= reject), ~goes & (accept > reject))


def _drawn(accepts: NDArray[np.bool_], rejects: NDArray[np.bool_]) -> Boundary:
    """Return the boundary around two regions, its numbers never falling."""
    cap, width = len(accepts) - 1, accepts.shape[1]
    most = np.where(accepts.any(axis=1), width - 1 - accepts[:, ::-1].argmax(axis=1), -1)
    fewest = np.where(rejects.any(axis=1), rejects.argmax(axis=1), cap + 1)
    rising = np.minimum.accumulate(fewest[::-1])[::-1]
    accept = tuple(np.maximum.accumulate(most).tolist())
    return joined(with_certain(accept, accept[-1]), tuple(rising.tolist()), accept[-1])


def _measured(field: _Field, boundary: Boundary, *, obeys: bool = False) -> _Found:
    """Measure a boundary, rejections ignored at the threshold unless one obeys them."""
    rates = characteristic(boundary, _size(field), field.rates)
    wrong = float(rates.accepted[NULL]) if obeys else _accepted(field, boundary)
    return _Found(
        boundary=boundary,
        wrong=wrong,
        missed=1 - float(rates.accepted[AIM]),
        expected=rates.expected,
    )


def _accepted(field: _Field, boundary: Boundary) -> float:
    """Return the chance of "shown" at the threshold with every rejection ignored."""
    size, failing, last = _size(field), field.rates[NULL], boundary.accept[-1]
    live = np.zeros(last + 2)
    live[0] = 1.0
    fails = np.maximum(float(failing) - np.arange(last + 2), 0.0)
    share, accepted = float(failing), 0.0
    for asked in range(1, boundary.cap + 1):
        low = boundary.accept[asked - 1] + 1
        part = live[low:]
        failed = part * (share if size is None else fails[low:] / (size - asked + 1))
        part -= failed
        part[1:] += failed[:-1]
        edge = boundary.accept[asked] + 1
        if edge > low:
            accepted += float(live[low:edge].sum())
    return accepted


def _is_near(field: _Field, found: _Found) -> bool:
    """Tell whether a little saving may make it keep its promises."""
    return found.wrong <= field.risk * NEAR and found.missed <= field.miss


def _is_kept(field: _Field, boundary: Boundary) -> bool:
    """Tell whether both promises hold exactly, and nowhere more is asked than by one stage."""
    task, request = field.task, field.task.request
    kept = task.risk_of(boundary) <= request.risk and task.power_of(boundary) >= request.power
    return kept and float(_expected(field, boundary).max()) <= task.stage.asked


def _expected(field: _Field, boundary: Boundary) -> Floats:
    return characteristic(boundary, _size(field), field.rates).expected


def _worst(expected: Floats, least: Floats) -> float:
    return float((expected / least).max())


def _size(field: _Field) -> Size:
    return field.task.request.extent
