# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exact error rates on the lattice of (questions asked, failures).

Every order of a bank's items is equally likely, so an undecided path to (n, f) has the same
probability as any other: with M failing items in N, C(N-n, M-f) / C(N, M). In a population,
a bank without end, a share q fails and the probability is q^f (1-q)^(n-f). Counting the paths
that first stop at each point therefore gives every rate as one exact fraction.

Source:
    research: Wald (1947), Sequential Analysis, for the two boundaries; the counting is
    elementary. docs/spec/evidence.md, "Exact rates".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a run counts on the lattice, but needs no numpy: 11 MB of it
    import numpy as np
    from numpy.typing import NDArray

Size = int | None
"""Items in a bank; None for a population, a bank without end."""

Failing = int | Fraction
"""How much of it fails: so many items of a bank, such a share of a population."""


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


def acceptance_of(stops: Iterable[Stop], size: Size, failing: Failing) -> Fraction:
    """Return the probability of acceptance when so much fails."""
    return _chance([(stop, 1) for stop in stops if stop.accepted], size, failing)


def expected_questions(stops: Iterable[Stop], size: Size, failing: Failing) -> Fraction:
    """Return the expected number of questions when so much fails."""
    return _chance([(stop, stop.asked) for stop in stops], size, failing)


def _chance(stops: list[tuple[Stop, int]], size: Size, failing: Failing) -> Fraction:
    """Sum the chances of stops, each so many times."""
    if size is None:
        return _in_population(stops, Fraction(failing))
    failures = int(failing)
    total = sum(n * stop.ways * _completions(stop, size, failures) for stop, n in stops)
    return Fraction(total, comb(size, failures))


def _in_population(stops: list[tuple[Stop, int]], share: Fraction) -> Fraction:
    fails, whole = share.as_integer_ratio()
    total, power = 0, 0
    for stop, n in sorted(stops, key=lambda row: row[0].asked):
        total *= whole ** (stop.asked - power)
        power = stop.asked
        path = fails**stop.failed * (whole - fails) ** (stop.asked - stop.failed)
        total += n * stop.ways * path
    return Fraction(total, whole**power)


def _completions(stop: Stop, size: int, failures: int) -> int:
    rest = failures - stop.failed
    return comb(size - stop.asked, rest) if rest >= 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Chances of single paths as integers over one whole.

    Args:
        size: Items in the bank, or None.
        failing: What fails.
        cap: Most questions of any path.
    """

    size: Size
    failing: Failing
    cap: int

    @property
    def whole(self) -> int:
        """Return the weight of certainty."""
        if self.size is None:
            return int(Fraction(self.failing).denominator ** self.cap)
        return comb(self.size, int(self.failing))

    def of(self, asked: int, failed: int) -> int:
        """Return the weight of one path to a point."""
        if self.size is None:
            fails, whole = Fraction(self.failing).as_integer_ratio()
            path = fails**failed * (whole - fails) ** (asked - failed)
            return int(path * whole ** (self.cap - asked))
        rest = int(self.failing) - failed
        return comb(self.size - asked, rest) if rest >= 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """Floating-point rates of a test, one entry for each assumption of what fails."""

    failing: "NDArray[np.float64]"
    accepted: "NDArray[np.float64]"
    expected: "NDArray[np.float64]"


def characteristic(
    boundary: Boundary, size: Size, failing: Sequence[Failing]
) -> Characteristic:
    """Return acceptance and expected questions by recursion on probabilities.

    Quick and approximate (about 1e-12); what a claim rests on is `acceptance_of`.
    """
    import numpy as np  # noqa: PLC0415 - who only asks questions does without

    assumed = np.array([float(one) for one in failing])
    width = max(boundary.reject[boundary.cap], boundary.accept[boundary.cap]) + 2
    width = min(width, boundary.cap + 1)
    fails = np.broadcast_to(assumed[:, None], (len(assumed), width + 1))
    if size is not None:
        fails = np.clip(assumed[:, None] - np.arange(width + 1), 0.0, None)
    live = np.zeros((len(assumed), width + 1))
    live[:, 0] = 1.0
    accepted = np.zeros(len(assumed))
    expected = np.zeros(len(assumed))
    low, high = 0, 1
    for asked in range(1, boundary.cap + 1):
        part = live[:, low:high]
        expected += part.sum(axis=1)
        failed = part * fails[:, low:high]
        if size is not None:
            failed /= size - asked + 1
        part -= failed
        live[:, low + 1 : high + 1] += failed
        edge = max(low, boundary.accept[asked] + 1)
        accepted += live[:, low:edge].sum(axis=1)
        live[:, low:edge] = 0.0
        high = min(high + 1, width)
        if boundary.reject[asked] < high:
            live[:, boundary.reject[asked] : high + 1] = 0.0
            high = max(edge, boundary.reject[asked])
        low = edge
    return Characteristic(failing=assumed, accepted=accepted, expected=expected)
