# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a judge that passes some failures costs: the threshold it moves, and exact risks.

Let a judge pass an answer that fails with probability at most f. A system that passes a share
p0 is then judged to pass up to p0' = p0 + (1 - p0) f, and the design is made for p0'. In a
population that is exact. On a bank of N items it is not: the number of failures judged as such
varies about its mean, and on small banks that alone lifts a risk of 5 % to 18 %. So the
threshold is raised further by whole items, until the exact chance of "shown" keeps the risk.

Source:
    docs/spec/evidence.md, "Judges that err"; research 2.8.
"""

from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.eprocess import null_failures
from comity.evidence.statistics.lattice import Stop, acceptance_of, stops_of, without_rejection
from comity.kernel.share import percent

if TYPE_CHECKING:  # a run asks what a judge's bound is, but designs nothing
    from comity.evidence.statistics.request import Request

PPM = 1_000_000


def raised_threshold(threshold: Fraction, false_pass: Fraction) -> Fraction:
    """Return the highest share judged as passed where at most the threshold passes.

    >>> raised_threshold(Fraction(95, 100), Fraction(1, 10))
    Fraction(191, 200)
    """
    return threshold + (1 - threshold) * false_pass


def judged_risk(design: Design, threshold: Fraction, false_pass: Fraction) -> Fraction:
    """Return the exact chance of "shown" where no more than the threshold truly passes.

    Rejections are ignored, as in `false_recognition`. The judge passes each failure by chance
    with at most the given probability, each for itself, or a fixed set of at most that share
    of them: the larger chance of the two.
    """
    stops = _accepting(design)
    if design.extent is None:
        return acceptance_of(stops, None, (1 - threshold) * (1 - false_pass))
    failing = null_failures(design.size, threshold)
    judged = failing - int(failing * false_pass)
    return max(
        acceptance_of(stops, design.size, judged),
        _by_chance(stops, design.size, failing, false_pass),
    )


def judged_design(request: "Request", false_pass: Fraction) -> Design:
    """Calibrate a design whose outcomes a judge decides; threshold and goal are the true ones.

    The goal is taken as if the judge never passed a failure: its power holds either way.

    Raises:
        InvalidDocument: The raised threshold leaves no room below the goal, or no design
            reaches the power; the nearest that works is named.
    """
    from comity.evidence.statistics.calibration import design_for  # noqa: PLC0415 - numpy

    if not false_pass:
        return design_for(request)
    raised = replace(request, threshold=raised_threshold(request.threshold, false_pass))
    while True:
        _check_room(request, raised.threshold, false_pass)
        design = design_for(raised)
        risk = judged_risk(design, request.threshold, false_pass)
        if risk <= request.risk:
            return design
        raised = replace(raised, threshold=_further(design, risk))


def _further(design: Design, risk: Fraction) -> Fraction:
    """Return a higher threshold: as many items as this design would need, less one."""
    stops, size = _accepting(design), design.size
    failing = null_failures(size, design.threshold)
    here, items = acceptance_of(stops, size, failing), 1
    while items + 1 < failing:
        there = acceptance_of(stops, size, failing - items - 1)
        if here * risk <= there * design.risk:
            break
        items += 1
    return Fraction(size - failing + items, size)


def _check_room(request: "Request", raised: Fraction, false_pass: Fraction) -> None:
    if raised < request.goal:
        return
    message = (
        f"a judge that passes up to {percent(false_pass)} of the failures moves the threshold "
        f"from {percent(request.threshold)} to {percent(raised)}, which the goal "
        f"{percent(request.goal)} does not exceed"
    )
    room = (request.goal - request.threshold) / (1 - request.threshold)
    raise InvalidDocument(
        message,
        code="evidence.judge_bound",
        hint=f"ask for a higher goal, or a judge well below {percent(room)}",
        faults=[Fault(message=message)],
    )


def _accepting(design: Design) -> list[Stop]:
    stops = stops_of(without_rejection(boundary_of(design)))
    return [stop for stop in stops if stop.accepted]


def _by_chance(stops: list[Stop], size: int, failing: int, false_pass: Fraction) -> Fraction:
    """Sum the paths where some of the failures drawn were judged as passes.

    A path with f judged failures in n has j more true ones among the other n - f, which the
    judge passed; each such pattern has the chance of any with f + j failures.
    """
    up, whole = false_pass.as_integer_ratio()
    total = 0
    for stop in stops:
        rest, open_ = failing - stop.failed, size - stop.asked
        passed = stop.asked - stop.failed
        for j in range(max(0, rest - open_), min(rest, passed) + 1):
            ways = comb(passed, j) * comb(open_, rest - j)
            caught = (whole - up) ** stop.failed * up**j * whole ** (rest - j)
            total += stop.ways * ways * caught
    return Fraction(total, comb(size, failing) * whole**failing)
