# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where one category's test stands, outcome by outcome, whatever kind of design judges it."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, Self

from comity.evidence.statistics.design import Design, Verdict, boundary_of
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.lattice import Boundary
from comity.evidence.statistics.outcome import Outcome, is_passed
from comity.evidence.statistics.scores import ScoreDesign, begin_scores


class Path(Protocol):
    """A test on its way; `after` returns where it stands one outcome later."""

    @property
    def asked(self) -> int:
        """Return the questions so far."""

    @property
    def failed(self) -> int:
        """Return how many of them did not pass."""

    @property
    def verdict(self) -> Verdict:
        """Return what the design says here."""

    def after(self, outcome: Outcome) -> Self:
        """Return the path with one more outcome."""

    def find_end(self, counts: range) -> int | None:
        """Return the first of some numbers of further questions that may bring a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPath:
    """A test that counts failures.

    Args:
        design: The design that judges.
        boundary: What it draws on the lattice.
    """

    design: Design
    boundary: Boundary
    asked: int = 0
    failed: int = 0
    verdict: Verdict = Verdict.INSUFFICIENT

    def after(self, outcome: Outcome) -> Self:
        """Return the path with one more outcome."""
        asked, failed = self.asked + 1, self.failed + (not is_passed(outcome))
        verdict = self.design.decide(asked, failed)
        return replace(self, asked=asked, failed=failed, verdict=verdict)

    def find_end(self, counts: range) -> int | None:
        """Return the first of some numbers of further questions that may bring a verdict."""
        if not counts or not self._may_end_within(counts[-1]):
            return None
        return counts[bisect_left(counts, x=True, key=self._may_end_within)]

    def _may_end_within(self, more: int) -> bool:
        asked = min(self.asked + more, self.boundary.cap)
        best = self.failed <= self.boundary.accept[asked]
        return best or self.failed + more >= self.boundary.reject[asked]


def begin(design: AnyDesign) -> Path:
    """Return the path before the first question."""
    if isinstance(design, ScoreDesign):
        return begin_scores(design)
    return CountPath(design=design, boundary=boundary_of(design))


def follow(design: AnyDesign, outcomes: Iterable[Outcome]) -> Path:
    """Return the path through outcomes in draw order, up to the first verdict.

    Outcomes beyond the first verdict change nothing.
    """
    path = begin(design)
    for outcome in outcomes:
        if path.verdict is not Verdict.INSUFFICIENT:
            break
        path = path.after(outcome)
    return path
