# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a judge did with answers whose truth is known, and what that says of its error.

Source:
    Clopper & Pearson (1934), Biometrika 26(4), for the exact bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from comity.evidence.judge.bound import PPM
from comity.evidence.judge.judgement import Judgement

RISK = Fraction(1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Counts over labelled answers.

    Args:
        failing: Answers that fail.
        passed_wrongly: Those among them that the judge passed.
        right: Answers that pass.
        failed_wrongly: Those among them that the judge failed.
        unclear: Answers of either kind to which it did not say one of the two words.
    """

    failing: int
    passed_wrongly: int
    right: int
    failed_wrongly: int
    unclear: int

    @property
    def false_pass(self) -> Fraction | None:
        """Return the share of failures it passed; None where it saw none."""
        return Fraction(self.passed_wrongly, self.failing) if self.failing else None

    def upper_bound(self, risk: Fraction = RISK) -> Fraction:
        """Return what its false-pass rate is at most, wrong with at most the given risk.

        It speaks of answers drawn at random from those the judge will see; in millionths.
        """
        return upper_bound(self.passed_wrongly, self.failing, risk)


def measure(judged: Iterable[tuple[Judgement, bool]]) -> Measured:
    """Count what a judge said against what is true of each answer."""
    rows = [(said.is_pass, said.is_clear, is_right) for said, is_right in judged]
    return Measured(
        failing=sum(not is_right for _, _, is_right in rows),
        passed_wrongly=sum(passed and not is_right for passed, _, is_right in rows),
        right=sum(is_right for _, _, is_right in rows),
        failed_wrongly=sum(not passed and is_right for passed, _, is_right in rows),
        unclear=sum(not is_clear for _, is_clear, _ in rows),
    )


def upper_bound(passed: int, failing: int, risk: Fraction) -> Fraction:
    """Return the exact upper confidence limit of a rate, rounded up to a millionth.

    >>> float(upper_bound(0, 59, Fraction(1, 20)))
    0.049508
    """
    if passed >= failing:
        return Fraction(1)
    low, high = 0, PPM
    while high - low > 1:
        middle = (low + high) // 2
        if _at_most(passed, failing, middle) > risk:
            low = middle
        else:
            high = middle
    return Fraction(high, PPM)


def _at_most(passed: int, failing: int, rate_ppm: int) -> Fraction:
    rest = PPM - rate_ppm
    ways = (comb(failing, k) * rate_ppm**k * rest ** (failing - k) for k in range(passed + 1))
    return Fraction(sum(ways), PPM**failing)
