# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bet on scores in [0, 1] against "their mean is at most so much": an exact e-process.

On a question with score x, whose expected score is m at most by the hypothesis bet against, a
bet that expects y multiplies its stake by x y / m + (1 - x)(1 - y) / (1 - m). That is linear
in x and 1 at x = m, so at most 1 is expected where y is not below m. Without replacement m and
y are what the rest of the bank must hold: (N q - sum of the scores so far) / items left. With
scores of 0 and 1 it is the likelihood ratio of counts.

Source:
    Stark (2023), Annals of Applied Statistics 17(1), ALPHA; Waudby-Smith & Ramdas (2024),
    JRSS B 86(1). docs/spec/evidence.md, "Scores".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm, nan
from typing import Self

from comity.evidence.statistics.outcome import WHOLE_PPM

MARGIN = 2.0**-30
"""A float this far from a level, in parts of it, is on its side of it: a million further
questions come to two million roundings of a stake, each by 2^-53 of it at most."""

LEAST, MOST = 2.0**-900, 2.0**100
"""Where stakes are held as floats: so far from what a float can hold that nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bet:
    """Stakes on several means against one, as integers over one common divisor.

    Args:
        items: Items in the bank; None for a population.
        unit: What a score of the whole counts as.
        base: Mean of the hypothesis bet against, in units; in a bank, the sum of all scores.
        spikes: Means bet on, likewise.
        weights: What is staked on each; they sum to 1.
        asked: Questions so far.
        total_ppm: Sum of their scores.
        stakes: What each stake has come to, times the divisor.
        divisor: What the stakes are divided by.
        is_refuted: Whether the scores are impossible under the hypothesis bet against.
    """

    items: int | None
    unit: int
    base: int
    spikes: tuple[int, ...]
    weights: tuple[Fraction, ...]
    stakes: tuple[int, ...]
    divisor: int = 1
    asked: int = 0
    total_ppm: int = 0
    is_refuted: bool = False

    @property
    def value(self) -> Fraction | None:
        """Return the e-value, exactly; None for infinite."""
        if self.is_refuted:
            return None
        whole = sum(w * stake for w, stake in zip(self.weights, self.stakes, strict=True))
        return Fraction(whole) / self.divisor

    def reaches(self, level: Fraction) -> bool:
        """Tell whether the e-value is at least so much: in floats if they can, else exactly."""
        if self.is_refuted:
            return True
        (below, above), shares = bracket_of(level), self.shares()
        value = sum(shares) if shares else nan
        if value >= above or value <= below:
            return value >= above
        whole = sum(w * stake for w, stake in zip(self.weights, self.stakes, strict=True))
        return whole >= level * self.divisor

    def shares(self) -> Sequence[float]:
        """Return what each stake adds to the e-value, but for one rounding.

        Empty where floats cannot hold them, or the e-value is infinite.
        """
        if self.is_refuted:
            return ()
        shares: list[float] = []
        for weight, stake in zip(self.weights, self.stakes, strict=True):
            try:
                share = weight.numerator * stake / (weight.denominator * self.divisor)
            except OverflowError:
                return ()
            if stake and not LEAST <= share <= MOST:
                return ()
            shares.append(share)
        return shares

    def after(self, ppm: int) -> Self:
        """Return the bet one score later."""
        if self.is_refuted:
            return replace(self, asked=self.asked + 1, total_ppm=self.total_ppm + ppm)
        factors, divisor = self._factors(ppm)
        total = self.total_ppm + ppm
        left = None if self.items is None else self.base - total * (self.unit // WHOLE_PPM)
        return type(self)(
            items=self.items,
            unit=self.unit,
            base=self.base,
            spikes=self.spikes,
            weights=self.weights,
            stakes=tuple(s * f for s, f in zip(self.stakes, factors, strict=True)),
            divisor=self.divisor * divisor,
            asked=self.asked + 1,
            total_ppm=total,
            is_refuted=divisor == 0 or (left is not None and left < 0),
        )

    def _factors(self, ppm: int) -> tuple[Sequence[int], int]:
        """Return what each stake is multiplied by, and divided by; 0 for infinite."""
        rest, base, spikes = self.rest()
        if base >= rest:
            return [1] * len(spikes), 1
        if base == 0:
            return [rest - spike for spike in spikes], 0 if ppm else rest
        missed = WHOLE_PPM - ppm
        factors = [ppm * s * (rest - base) + missed * (rest - s) * base for s in spikes]
        divisor = WHOLE_PPM * base * (rest - base)
        common = gcd(divisor, *factors)
        return [factor // common for factor in factors], divisor // common

    def rest(self) -> tuple[int, int, tuple[int, ...]]:
        """Return what is left: the whole, by the hypothesis, and by each bet."""
        gone = 0 if self.items is None else self.total_ppm * (self.unit // WHOLE_PPM)
        rest = self.unit * (1 if self.items is None else self.items - self.asked)
        base = self.base - gone
        return rest, base, tuple(min(rest, max(base, spike - gone)) for spike in self.spikes)


def bracket_of(level: Fraction) -> tuple[float, float]:
    """Return up to which float an e-value is below a level, and from which it is not.

    Between them rounding might decide. Both are NaN for a level below 1, or beyond floats.
    """
    try:
        near = level.numerator / level.denominator
    except OverflowError:
        return nan, nan
    if not 1 <= near <= MOST:
        return nan, nan
    return near * (1 - MARGIN), near * (1 + MARGIN)


def bet_on(
    items: int | None,
    base: Fraction,
    means: Sequence[Fraction],
    weights: Sequence[Fraction],
) -> Bet:
    """Return a bet on means against a lower one, before the first question."""
    unit = WHOLE_PPM * lcm(base.denominator, *(mean.denominator for mean in means))
    times = unit * (1 if items is None else items)
    return Bet(
        items=items,
        unit=unit,
        base=int(base * times),
        spikes=tuple(int(mean * times) for mean in means),
        weights=tuple(weights),
        stakes=(1,) * len(weights),
    )
