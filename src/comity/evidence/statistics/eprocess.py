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

from comity.evidence.statistics.lattice import Failing, Size

EVIDENCE_WEIGHTS = (Fraction(6, 10), Fraction(1, 10), Fraction(3, 10))
"""Bets on the goal's failures, half of them, and none."""

FUTILITY_WEIGHTS = (Fraction(5, 10), Fraction(2, 10), Fraction(3, 10))
"""Bets on the threshold's failures, and half and one whole margin more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A bet on several assumptions of what fails against one.

    Args:
        size: Items in the category's bank; None for a population.
        base: What fails by the hypothesis the bet is against.
        spikes: What fails by each bet, with its weight; weights sum to 1.
    """

    size: Size
    base: Failing
    spikes: tuple[tuple[Failing, Fraction], ...]


def null_failures(size: int, threshold: Fraction) -> int:
    """Return the fewest failing items at which the claim "more than p0 pass" is false."""
    return size - int(threshold * size // 1)


def goal_failures(size: int, goal: Fraction) -> int:
    """Return the most failing items at which a pass rate of p1 is still reached."""
    return int(size * (1 - goal) // 1)


def null_of(size: Size, threshold: Fraction) -> Failing:
    """Return the least that fails where the claim "more than p0 pass" is false."""
    return 1 - threshold if size is None else null_failures(size, threshold)


def aim_of(size: Size, goal: Fraction) -> Failing:
    """Return the most that fails where a pass rate of p1 is still reached."""
    return 1 - goal if size is None else goal_failures(size, goal)


def evidence(size: Size, threshold: Fraction, goal: Fraction) -> Mixture:
    """Return the bet against "at most p0 pass", on rates between p1 and perfect."""
    base, aim = null_of(size, threshold), aim_of(size, goal)
    spikes = _spikes((aim, _half(aim), 0), EVIDENCE_WEIGHTS)
    return Mixture(size=size, base=base, spikes=spikes)


def futility(size: Size, threshold: Fraction, goal: Fraction) -> Mixture:
    """Return the bet against "at least p1 pass", on rates from p0 down to 2 p0 - p1."""
    base, null = aim_of(size, goal), null_of(size, threshold)
    margin, most = null - base, 1 if size is None else size
    counts = tuple(min(most, null + extra) for extra in (0, _half(margin), margin))
    return Mixture(size=size, base=base, spikes=_spikes(counts, FUTILITY_WEIGHTS))


def likelihood(size: Size, failing: Failing, asked: int, failed: int) -> Fraction:
    """Return the probability of one ordered path to (asked, failed)."""
    if size is None:
        share = Fraction(failing)
        return share**failed * (1 - share) ** (asked - failed)
    failures = int(failing)
    rest = failures - failed
    ways = comb(size - asked, rest) if rest >= 0 else 0
    return Fraction(ways, comb(size, failures))


def e_value(mixture: Mixture, asked: int, failed: int) -> Fraction | None:
    """Return the e-value after so many questions and failures, exactly.

    None stands for infinite: the outcomes are impossible under the hypothesis bet against.
    Impossible under every bet too, they speak for nothing: 0.
    """
    paths = [
        weight * likelihood(mixture.size, failing, asked, failed)
        for failing, weight in mixture.spikes
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


def _half(failing: Failing) -> Failing:
    """Halve it, rounded down to whole items."""
    return failing // 2 if isinstance(failing, int) else failing / 2


def _spikes(
    failing: Sequence[Failing], weights: Sequence[Fraction]
) -> tuple[tuple[Failing, Fraction], ...]:
    return tuple(zip(failing, weights, strict=True))
