# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exact error rates on the lattice of (questions asked, failures), without replacement.

Every order of a bank's items is equally likely, so an undecided path to (n, f) has the same
probability as any other: with M failing items in N, C(N-n, M-f) / C(N, M). Counting the
paths that first stop at each point therefore gives every rate as one exact fraction.

Source:
    research: Wald (1947), Sequential Analysis, for the two boundaries; the counting is
    elementary. docs/spec/evidence.md, "Exact rates".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Where a test stops, by number of questions asked from 0 to the cap.

    Args:
        accept: Accept when at most so many have failed; -1 for never yet. Never falls.
        reject: Reject when at least so many have failed; above the cap for never. At the
            cap it is one more than `accept`, so that every path stops.
    """

    accept: tuple[int, ...]
    reject: tuple[int, ...]

    @property
    def cap(self) -> int:
        """Return the greatest number of questions."""
        return len(self.accept) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A point where paths end, and how many first end there."""

    asked: int
    failed: int
    ways: int
    accepted: bool


def without_rejection(boundary: Boundary) -> Boundary:
    """Return the boundary of a tester who rejects only what can no longer be accepted."""
    hopeless = boundary.accept[-1] + 1
    return Boundary(accept=boundary.accept, reject=(hopeless,) * len(boundary.accept))


def stops_of(boundary: Boundary) -> list[Stop]:
    """Count the paths that first leave the boundary at each point."""
    found: list[Stop] = []
    live, low = [1], 0
    for asked in range(1, boundary.cap + 1):
        live = [a + b for a, b in zip([*live, 0], [0, *live], strict=True)]
        accepted = max(0, boundary.accept[asked] + 1 - low)
        kept = max(accepted, boundary.reject[asked] - low)
        for failed, ways in enumerate(live[:accepted], start=low):
            found.append(Stop(asked=asked, failed=failed, ways=ways, accepted=True))
        for failed, ways in enumerate(live[kept:], start=low + kept):
            found.append(Stop(asked=asked, failed=failed, ways=ways, accepted=False))
        live, low = live[accepted:kept], low + accepted
        if not live:
            break
    return [stop for stop in found if stop.ways]


def acceptance_of(stops: Iterable[Stop], size: int, failures: int) -> Fraction:
    """Return the probability of acceptance when so many of the bank's items fail."""
    accepted = (stop for stop in stops if stop.accepted)
    return Fraction(_weight(accepted, size, failures), comb(size, failures))


def expected_questions(stops: Iterable[Stop], size: int, failures: int) -> Fraction:
    """Return the expected number of questions when so many of the bank's items fail."""
    total = sum(stop.asked * stop.ways * _completions(stop, size, failures) for stop in stops)
    return Fraction(total, comb(size, failures))


def _weight(stops: Iterable[Stop], size: int, failures: int) -> int:
    return sum(stop.ways * _completions(stop, size, failures) for stop in stops)


def _completions(stop: Stop, size: int, failures: int) -> int:
    rest = failures - stop.failed
    return comb(size - stop.asked, rest) if rest >= 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """Floating-point rates of a test, one entry for each assumed number of failing items."""

    failures: NDArray[np.int64]
    accepted: NDArray[np.float64]
    expected: NDArray[np.float64]


def characteristic(boundary: Boundary, size: int, failures: Sequence[int]) -> Characteristic:
    """Return acceptance and expected questions by recursion on probabilities.

    Quick and approximate (about 1e-12); what a claim rests on is `acceptance_of`.
    """
    failing = np.asarray(failures, dtype=np.int64)
    width = max(boundary.reject[boundary.cap], boundary.accept[boundary.cap]) + 2
    width = min(width, boundary.cap + 1)
    column = np.arange(width + 1)
    live = np.zeros((len(failing), width + 1))
    live[:, 0] = 1.0
    accepted = np.zeros(len(failing))
    expected = np.zeros(len(failing))
    for asked in range(1, boundary.cap + 1):
        expected += live.sum(axis=1)
        fails = np.clip((failing[:, None] - column) / (size - asked + 1), 0.0, 1.0)
        failed = live * fails
        live = live - failed
        live[:, 1:] += failed[:, :-1]
        edge = boundary.accept[asked] + 1
        accepted += live[:, :edge].sum(axis=1)
        live[:, :edge] = 0.0
        live[:, boundary.reject[asked] :] = 0.0
    return Characteristic(failures=failing, accepted=accepted, expected=expected)
