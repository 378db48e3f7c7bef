# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The risk used whole: what is left is spent by accepting earlier, an excess saved by later."""

from dataclasses import replace
from fractions import Fraction

from comity.evidence.statistics.lattice import (
    Boundary,
    Stop,
    Weights,
    acceptance_of,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.task import Task

ROUNDS = 8
TRIES = 6


def spend(task: Task, boundary: Boundary, *, rounds: int = ROUNDS) -> Boundary:
    """Accept a question earlier where that spends most of what is left of the risk."""
    request = task.request
    for _ in range(rounds):
        stops = stops_of(without_rejection(boundary))
        left = request.risk - acceptance_of(stops, request.extent, request.null)
        if left * 100 < request.risk:
            break
        earlier = _dearest(task, boundary, stops, left)
        if earlier is None:
            break
        boundary = earlier
    return boundary


def save(task: Task, boundary: Boundary) -> Boundary:
    """Accept a question later where that saves about the excess over the risk."""
    request = task.request
    for _ in range(ROUNDS):
        stops = stops_of(without_rejection(boundary))
        excess = acceptance_of(stops, request.extent, request.null) - request.risk
        if excess <= 0:
            break
        later = _later(boundary, _nearest(task, boundary, stops, excess))
        if later is None:
            break
        boundary = later
    return boundary


def _nearest(task: Task, boundary: Boundary, stops: list[Stop], excess: Fraction) -> int:
    """Return the acceptance number that saves just enough, or else the most, when later.

    Accepting (n, f) one question later loses at most the paths that fail then.
    """
    request = task.request
    weights = Weights(size=request.extent, failing=request.null, cap=task.cap)
    saved = [
        (stop.ways * weights.of(stop.asked + 1, stop.failed + 1), stop.failed)
        for stop in stops
        if _is_first(boundary, stop)
    ]
    enough = [one for one in saved if one[0] >= excess * weights.whole]
    return min(enough)[1] if enough else max(saved, default=(0, -1))[1]


def _dearest(
    task: Task, boundary: Boundary, stops: list[Stop], left: Fraction
) -> Boundary | None:
    """Return the boundary that spends most, among those whose greatest cost is near.

    Accepting (n, f) one question earlier gains at most the paths that fail question n.
    """
    request = task.request
    weights = Weights(size=request.extent, failing=request.null, cap=task.cap)
    costs: list[tuple[int, int]] = []
    for stop in stops:
        is_early = stop.asked < boundary.cap
        if stop.accepted and is_early and _may_fail(request.extent, request.null, stop):
            costs.append((stop.ways * weights.of(stop.asked, stop.failed + 1), stop.failed))
    near = [cost for cost in costs if cost[0] <= 4 * left * weights.whole]
    for _, failed in sorted(near, reverse=True)[:TRIES]:
        earlier = _earlier(boundary, failed)
        if earlier is not None and task.risk_of(earlier) <= request.risk:
            return earlier
    return None


def _later(boundary: Boundary, failed: int) -> Boundary | None:
    """Return the boundary that accepts so many failures one question later, if it can."""
    if failed < 0:
        return None
    start = boundary.accept.index(failed)
    accept = (*boundary.accept[:start], failed - 1, *boundary.accept[start + 1 :])
    return replace(boundary, accept=accept)


def _is_first(boundary: Boundary, stop: Stop) -> bool:
    """Tell whether a number begins here, by one step, and holds at the next question too."""
    asked = stop.asked
    return (
        stop.accepted
        and asked + 1 < boundary.cap
        and boundary.accept[asked] == stop.failed == boundary.accept[asked + 1]
        and boundary.accept[asked - 1] == stop.failed - 1
    )


def _may_fail(size: int | None, failing: int | Fraction, stop: Stop) -> bool:
    """Tell whether one more item can have failed."""
    return size is None or stop.failed < failing


def _earlier(boundary: Boundary, failed: int) -> Boundary | None:
    """Return the boundary that accepts so many failures one question earlier, if it can."""
    start = next(n for n, number in enumerate(boundary.accept) if number >= failed)
    asked = start - 1
    if asked < 1 or boundary.accept[asked] != failed - 1 or boundary.reject[asked] <= failed:
        return None
    accept = (*boundary.accept[:asked], failed, *boundary.accept[start:])
    return replace(boundary, accept=accept)
