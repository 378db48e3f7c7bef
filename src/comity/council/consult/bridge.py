# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What found groups make of opinions: agreement in each, and what sets one apart.

Source:
    Polis: agreement as (a + 1) / (n + 2), group-informed consensus as its product over groups,
    representativeness as tests of one proportion and of two with one answer added; 1.2816 is
    significant at 90 %. The formulas were checked in research against its own output.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from comity.council.consult.bound import smoothed
from comity.council.consult.counts import Counts
from comity.council.consult.votes import Integers, Reals

SIGNIFICANT = 1.2816


def consensus(agree: list[int], seen: list[int]) -> Fraction:
    """Return the group-informed consensus on one opinion: the product of groups' shares."""
    return prod((smoothed(a, n) for a, n in zip(agree, seen, strict=True)), start=Fraction(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Representativeness:
    """How an opinion sets a group apart; tables of groups by opinions.

    Args:
        share: Agreement in the group.
        ratio: The same over that of all others.
        own_z: Test that more than half agree.
        other_z: Test that more agree than elsewhere.
    """

    share: Reals
    ratio: Reals
    own_z: Reals
    other_z: Reals

    def sets_apart(self, group: int) -> list[int]:
        """Return opinions by which a group is told from the others, the strongest first."""
        strength = self.ratio[group] * self.other_z[group] * self.share[group] * (
            self.own_z[group]
        )  # fmt: skip
        clear = (self.own_z[group] > SIGNIFICANT) & (self.other_z[group] > SIGNIFICANT)
        order = np.argsort(-strength, kind="stable")
        return [int(one) for one in order if clear[one]]


def represent(counts: Counts, *, by_disagreement: bool = False) -> Representativeness:
    """Compare each group with all others, by what it agrees or disagrees with."""
    said = counts.disagree if by_disagreement else counts.agree
    seen = counts.seen
    elsewhere, others = said.sum(axis=0) - said, seen.sum(axis=0) - seen
    share = (said + 1) / (seen + 2)
    return Representativeness(
        share=share,
        ratio=share / ((elsewhere + 1) / (others + 2)),
        own_z=2 * np.sqrt(seen + 1) * ((said + 1) / (seen + 1) - 0.5),
        other_z=_two_proportions(said + 1, seen + 1, elsewhere + 1, others + 1),
    )


def _two_proportions(
    one: Integers, of_one: Integers, other: Integers, of_other: Integers
) -> Reals:
    pooled = (one + other) / (of_one + of_other)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled) * (1 / of_one + 1 / of_other), 0))
    difference = one / of_one - other / of_other
    return np.where(pooled >= 1, 0.0, difference / np.where(spread > 0, spread, 1.0))
