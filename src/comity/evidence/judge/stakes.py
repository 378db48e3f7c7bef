# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bet against "what comes next is at most so much on average", split over several stakes.

Each stake keeps a part of itself back and multiplies the rest by what came over what the
hypothesis expects at most. That is at most 1 on average where the hypothesis holds, whatever
came before, so the whole is an e-process for anything bounded below by 0.

Source:
    Waudby-Smith & Ramdas (2024), JRSS B 86(1), capital process; Stark (2020), SHANGRLA.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import Self

RISKED = (98, 90, 70, 40)
"""What each stake risks, in hundredths. The first is for a judge that never errs."""
WEIGHTS = (5, 7, 5, 3)
"""Of the stakes, in twentieths."""
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """What the stakes have come to, as integers over one common divisor.

    Args:
        stakes: One for each of `RISKED`, times the divisor.
        divisor: What the stakes are divided by.
        is_refuted: Whether what came is impossible under the hypothesis bet against.
    """

    stakes: tuple[int, ...] = (1,) * len(RISKED)
    divisor: int = 1
    is_refuted: bool = False

    @property
    def value(self) -> Fraction | None:
        """Return the e-value, exactly; None for infinite."""
        return None if self.is_refuted else Fraction(self._whole, sum(WEIGHTS) * self.divisor)

    def reaches(self, level: Fraction) -> bool:
        """Tell whether the e-value is at least so much."""
        return self.is_refuted or self._whole >= level * sum(WEIGHTS) * self.divisor

    def after(self, came: Fraction, expected: Fraction) -> Self:
        """Return the stakes one observation later.

        Args:
            came: At least 0.
            expected: What the hypothesis expects at most; negative where what came before
                has refuted it.
        """
        if self.is_refuted or expected < 0 or (expected == 0 and came > 0):
            return replace(self, is_refuted=True)
        if expected == 0:
            return self
        up, down = (came / expected).as_integer_ratio()
        stakes = [
            stake * ((_WHOLE - part) * down + part * up)
            for stake, part in zip(self.stakes, RISKED, strict=True)
        ]
        divisor = self.divisor * _WHOLE * down
        common = gcd(divisor, *stakes)
        return replace(
            self, stakes=tuple(one // common for one in stakes), divisor=divisor // common
        )

    @property
    def _whole(self) -> int:
        return sum(w * stake for w, stake in zip(WEIGHTS, self.stakes, strict=True))


FRESH = Stakes()
"""Stakes before anything came."""
