# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the lattice leaves of the risk, spent by accepting a question earlier."""

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


def spend(task: Task, boundary: Boundary) -> Boundary:
    """Accept a question earlier where that spends most of what is left of the risk."""
    request = task.request
    for _ in range(ROUNDS):
        stops = stops_of(without_rejection(boundary))
        left = request.risk - acceptance_of(stops, request.extent, request.null)
        if left * 100 < request.risk:
            break
        earlier = _dearest(task, boundary, stops, left)
        if earlier is None:
            break
        boundary = earlier
    return boundary


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
