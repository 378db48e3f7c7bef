# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A weighted total over strata, however the failures are split among them.

The claim is that the weighted sum of the strata's pass rates exceeds the threshold. It is false
for many splits of the failing items; for each, the product of the strata's e-values is an
e-value. The least of them over all splits speaks against every one at once. As the chance of
what was seen is log-concave in a stratum's failing items, failures are added where they cost
least, one by one, until the claim is false: one item short of it, the product is no more than
the least, and at it no less.

Source:
    Stark (2020), "Sets of half-average nulls generate risk-limiting audits"; Spertus, Sridhar
    & Stark (2024), "Sequential stratified inference for the mean". docs/spec/evidence.md,
    "Weighted totals".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import comb, log, prod

from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.eprocess import likelihood

MARGIN = 1 - Fraction(1, 1_000_000)
"""What the order of costs, found in floating point, may cost; taken off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """What was seen of one stratum of a bank.

    Args:
        size: Its items.
        weight: Its part of the total; weights sum to 1.
        asked: Questions asked of it, in draw order.
        failed: Failures among them.
    """

    size: int
    weight: Fraction
    asked: int
    failed: int

    @property
    def least_failing(self) -> int:
        """Return the failing items that are certain."""
        return self.failed

    @property
    def most_failing(self) -> int:
        """Return the failing items that are possible."""
        return self.size - (self.asked - self.failed)

    def chance(self, failing: int) -> Fraction:
        """Return the chance of what was seen, in this order, if so many items fail."""
        return likelihood(self.size, failing, self.asked, self.failed)

    def bet(self) -> Fraction:
        """Return the chance of what was seen, all pass rates being equally likely."""
        return Fraction(1, (self.asked + 1) * comb(self.asked, self.failed))


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalEvidence:
    """The least e-value over all splits, between two bounds.

    Args:
        least: It is certainly no less; this is what may be claimed. None for infinite.
        most: It is no more: some split reaches it. None for infinite.
    """

    least: Fraction | None
    most: Fraction | None


def total_e_value(strata: Sequence[Stratum], threshold: Fraction) -> TotalEvidence:
    """Return the e-value against "the weighted total is at most the threshold".

    A stratum that weighs nothing is left out: it says nothing of the total.

    Raises:
        InvalidDocument: Weights that are negative or do not sum to 1, or counts that cannot be.
    """
    _check(strata, threshold)
    strata = [one for one in strata if one.weight]
    most = sum(one.weight * Fraction(one.most_failing, one.size) for one in strata)
    if most < 1 - threshold:
        return TotalEvidence(least=None, most=None)
    split = [_likeliest(one) for one in strata]
    missing = 1 - threshold - _failing(strata, split)
    if missing <= 0:
        value = _product(strata, split)
        return TotalEvidence(least=value, most=value)
    short, full = _cheapest(strata, split, missing)
    return TotalEvidence(least=_product(strata, short) * MARGIN, most=_product(strata, full))


def _cheapest(
    strata: Sequence[Stratum], split: list[int], missing: Fraction
) -> tuple[list[int], list[int]]:
    """Add failures where they cost least: one short of the null, and at it."""
    waiting = [
        (_cost(one, split[place]), place)
        for place, one in enumerate(strata)
        if split[place] < one.most_failing
    ]
    heapify(waiting)
    short = list(split)
    while missing > 0:
        _, place = heappop(waiting)
        one, short = strata[place], list(split)
        split[place] += 1
        missing -= one.weight / one.size
        if split[place] < one.most_failing:
            heappush(waiting, (_cost(one, split[place]), place))
    return short, split


def _cost(one: Stratum, failing: int) -> float:
    """Return how much one more failing item takes off the log chance, by what it weighs."""
    passed = one.asked - one.failed
    lost = log(one.size - failing) - log(one.size - failing - passed)
    gained = log(failing + 1) - log(failing + 1 - one.failed)
    return (lost - gained) / float(one.weight / one.size)


def _likeliest(one: Stratum) -> int:
    """Return the failing items under which what was seen is likeliest, the most of them."""
    low, high = one.least_failing, one.most_failing
    while low < high:
        middle = (low + high) // 2
        if one.chance(middle + 1) >= one.chance(middle):
            low = middle + 1
        else:
            high = middle
    return low


def _failing(strata: Sequence[Stratum], split: Sequence[int]) -> Fraction:
    shares = (
        one.weight * Fraction(failing, one.size)
        for one, failing in zip(strata, split, strict=True)
    )
    return sum(shares, start=Fraction(0))


def _product(strata: Sequence[Stratum], split: Sequence[int]) -> Fraction:
    return prod(
        (one.bet() / one.chance(failing) for one, failing in zip(strata, split, strict=True)),
        start=Fraction(1),
    )


def _check(strata: Sequence[Stratum], threshold: Fraction) -> None:
    faults = [
        Fault(message=f"stratum {row}: {one.failed} of {one.asked} of {one.size} cannot be")
        for row, one in enumerate(strata)
        if not 0 <= one.failed <= one.asked <= one.size or one.size < 1
    ]
    weights = [one.weight for one in strata]
    if sum(weights) != 1 or any(weight < 0 for weight in weights):
        faults.append(Fault(message="the weights are not shares that sum to 1"))
    if not 0 <= threshold < 1:
        faults.append(Fault(message=f"the threshold {threshold} is not from 0 to below 1"))
    if faults:
        raise InvalidDocument("no such total", code="evidence.strata", faults=faults)
