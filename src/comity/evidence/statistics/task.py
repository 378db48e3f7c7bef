# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A request made ready: its cap, what one stage would do, and what a boundary is worth."""

from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.statistics.design import MAX_POINTS, Design, numbers_of
from comity.evidence.statistics.lattice import (
    Boundary,
    acceptance_of,
    stops_of,
    without_rejection,
)
from comity.evidence.statistics.onestage import OneStage, most_accepted
from comity.evidence.statistics.request import CAP_FACTOR, Request, check, too_large


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A request with the numbers every design of it shares.

    Args:
        request: What is asked for.
        stage: The one-stage test that does the same.
        cap: Most questions.
        most: Most failures one stage of that length may accept; no test of it accepts more.
    """

    request: Request
    stage: OneStage
    cap: int
    most: int

    def risk_of(self, boundary: Boundary) -> Fraction:
        """Return the exact risk, rejections ignored."""
        stops = stops_of(without_rejection(boundary))
        return acceptance_of(stops, self.request.extent, self.request.null)

    def power_of(self, boundary: Boundary) -> Fraction:
        """Return the exact power, rejections obeyed."""
        return acceptance_of(stops_of(boundary), self.request.extent, self.request.aim)

    def to_design(self, boundary: Boundary) -> Design:
        """Write a boundary as the numbers to be published."""
        acceptance, rejection = numbers_of(boundary)
        return Design(
            size=self.request.size,
            threshold=self.request.threshold,
            goal=self.request.goal,
            risk=self.request.risk,
            power=self.request.power,
            cap=boundary.cap,
            acceptance=acceptance,
            rejection=rejection,
            about=self.request.about,
        )


def task_for(request: Request, *, factor: Fraction = CAP_FACTOR) -> Task:
    """Make a request ready, with a cap of so many times the one-stage test.

    Raises:
        InvalidDocument: It contradicts itself, or spans too large a lattice.
    """
    check(request)
    stage = request.one_stage()
    cap = min(request.most, int(factor * stage.asked))
    most = most_accepted(request.extent, request.null, cap, request.risk)
    if cap * (most + 2) > MAX_POINTS:
        raise too_large(request)
    return Task(request=request, stage=stage, cap=cap, most=most)


def joined(accept: tuple[int, ...], reject: tuple[int, ...], last: int) -> Boundary:
    """Reject also where acceptance has become impossible, and never where one accepts."""
    kept = [
        max(number + 1, min(limit, last + 1))
        for number, limit in zip(accept, reject, strict=True)
    ]
    return Boundary(accept=accept, reject=(*kept[:-1], last + 1))


def with_certain(early: tuple[int, ...], last: int) -> tuple[int, ...]:
    """Accept also where even failing all the rest would be accepted at the cap."""
    cap = len(early) - 1
    certain = [max(-1, last - (cap - asked)) for asked in range(cap + 1)]
    return tuple(
        min(last, max(number, sure)) for number, sure in zip(early, certain, strict=True)
    )


def curtailed(stage: OneStage) -> Boundary:
    """Return the one-stage test that stops once its outcome is certain."""
    early = (-1,) * (stage.asked + 1)
    never = (stage.asked + 1,) * (stage.asked + 1)
    return joined(with_certain(early, stage.accepted), never, stage.accepted)
