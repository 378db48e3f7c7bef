# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How strongly outcomes speak against "at or below the threshold": exact e-values.

The e-value bets on a mixture of assumed pass rates against the highest rate the null allows.
Its expectation under the null never exceeds 1 at any stopping time, so 20 means what a
risk of 1 in 20 means, whenever one looks.

Source:
    Ramdas, Grünwald, Vovk, Shafer (2023), Statistical Science 38(4), for e-processes;
    Waudby-Smith & Ramdas (2020), NeurIPS, for sampling without replacement.
    docs/spec/evidence.md, "The e-value".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

EVIDENCE_WEIGHTS = (Fraction(6, 10), Fraction(1, 10), Fraction(3, 10))
"""Bets on the goal's failures, half of them, and none."""

FUTILITY_WEIGHTS = (Fraction(5, 10), Fraction(2, 10), Fraction(3, 10))
"""Bets on the threshold's failures, and half and one whole margin more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A bet on several numbers of failing items against one.

    Args:
        size: Items in the category's bank.
        base: Failing items assumed by the hypothesis the bet is against.
        spikes: Failing items assumed by each bet, with its weight; weights sum to 1.
    """

    size: int
    base: int
    spikes: tuple[tuple[int, Fraction], ...]


def null_failures(size: int, threshold: Fraction) -> int:
    """Return the fewest failing items at which the claim "more than p0 pass" is false."""
    return size - int(threshold * size // 1)


def goal_failures(size: int, goal: Fraction) -> int:
    """Return the most failing items at which a pass rate of p1 is still reached."""
    return int(size * (1 - goal) // 1)


def evidence(size: int, threshold: Fraction, goal: Fraction) -> Mixture:
    """Return the bet against "at most p0 pass", on rates between p1 and perfect."""
    base, aim = null_failures(size, threshold), goal_failures(size, goal)
    counts = (aim, aim // 2, 0)
    return Mixture(size=size, base=base, spikes=_spikes(counts, EVIDENCE_WEIGHTS))


def futility(size: int, threshold: Fraction, goal: Fraction) -> Mixture:
    """Return the bet against "at least p1 pass", on rates from p0 down to 2 p0 - p1."""
    base, null = goal_failures(size, goal), null_failures(size, threshold)
    margin = null - base
    counts = tuple(min(size, null + extra) for extra in (0, margin // 2, margin))
    return Mixture(size=size, base=base, spikes=_spikes(counts, FUTILITY_WEIGHTS))


def likelihood(size: int, failures: int, asked: int, failed: int) -> Fraction:
    """Return the probability of one ordered path to (asked, failed)."""
    rest = failures - failed
    ways = comb(size - asked, rest) if rest >= 0 else 0
    return Fraction(ways, comb(size, failures))


def e_value(mixture: Mixture, asked: int, failed: int) -> Fraction | None:
    """Return the e-value after so many questions and failures, exactly.

    None stands for infinite: the outcomes are impossible under the hypothesis bet against.
    Impossible under every bet too, they speak for nothing: 0.
    """
    paths = [
        weight * likelihood(mixture.size, failures, asked, failed)
        for failures, weight in mixture.spikes
    ]
    against = likelihood(mixture.size, mixture.base, asked, failed)
    if against:
        return sum(paths, start=Fraction(0)) / against
    return None if any(paths) else Fraction(0)


def to_published(value: Fraction | None) -> str:
    """Write an e-value floored to two decimals, or "inf"; flooring never overstates.

    >>> to_published(Fraction(56, 3))
    '18.66'
    """
    if value is None:
        return "inf"
    hundredths = int(value * 100 // 1)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _spikes(
    counts: Sequence[int], weights: Sequence[Fraction]
) -> tuple[tuple[int, Fraction], ...]:
    return tuple(zip(counts, weights, strict=True))
