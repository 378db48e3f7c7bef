# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How strongly later draws speak against "still above the threshold": exact e-values.

Each check draws afresh from items never opened. Its e-value bets against "more than p0 of
these pass"; under that its expectation is at most 1, whatever came before. Checks are
weighed by when the decline may have begun, so that a long healthy past does not hide it, and
whoever looks at whatever time is wrongly alarmed with at most the stated risk, once for all.

Source:
    Ville (1939) for the bound; Shin, Ramdas, Rinaldo (2023), "E-detectors", New England
    Journal of Statistics in Data Science, for mixing over when a change began.
    docs/spec/evidence.md, "Drift".
"""

from collections.abc import Collection, Sequence
from fractions import Fraction

from comity.evidence.statistics.eprocess import (
    Mixture,
    e_value,
    goal_failures,
    null_failures,
)

MARGINS = (1, 2, 4)
"""Bets on rates so many margins (goal less threshold) below the threshold, and on a half."""

WEIGHTS = (Fraction(3, 10), Fraction(3, 10), Fraction(2, 10), Fraction(2, 10))

Evidence = Fraction | None
"""An e-value; None is infinite: the outcomes are impossible above the threshold."""


def decline(size: int, threshold: Fraction, goal: Fraction) -> Mixture:
    """Return the bet against "more than p0 of these items pass", on rates below p0.

    Args:
        size: Items never opened before the check.
    """
    null = null_failures(size, threshold)
    margin = max(1, null - goal_failures(size, goal))
    counts = [min(size, null + times * margin) for times in MARGINS]
    spikes = (*counts, max(null, size // 2))
    return Mixture(size=size, base=null - 1, spikes=tuple(zip(spikes, WEIGHTS, strict=True)))


def check_evidence(mixture: Mixture, asked: int, failed: int) -> Evidence:
    """Return the e-value of one check, exactly; more failures than p0 allows are certainty."""
    return None if failed > mixture.base else e_value(mixture, asked, failed)


def over_time(checks: Sequence[Evidence]) -> Evidence:
    """Return the evidence of all checks so far, the first one first.

    The decline may have begun with any check: with check k at weight 1/(k(k+1)), and what is
    kept for checks to come is 1/(n+1) after n.

    Example:
        >>> str(over_time([Fraction(1, 2), Fraction(30)]))
        '77/6'
    """
    if any(value is None for value in checks):
        return None
    total, since = Fraction(1, len(checks) + 1), Fraction(1)
    for number in range(len(checks), 0, -1):
        since *= checks[number - 1] or Fraction(0)
        total += since / (number * (number + 1))
    return total


def together(categories: Collection[Evidence]) -> Evidence:
    """Return the evidence that some category declined: the mean over all of them."""
    if any(value is None for value in categories):
        return None
    return sum((value or Fraction(0) for value in categories), start=Fraction(0)) / max(
        1, len(categories)
    )


def is_alarming(evidence: Evidence, risk: Fraction, among: int = 1) -> bool:
    """Tell whether evidence is enough, for one of so many that are looked at."""
    return evidence is None or evidence * risk >= among
