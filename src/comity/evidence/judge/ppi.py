# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every answer judged by a model, a few by people too: prediction-powered inference by bets.

Of each answer, in the order they came, people see it with probability pi, decided by a seed
that nobody knew when the answer was judged. Then z = j + (h - j) / pi where they saw it, else
j, has the true pass rate as its mean whatever the judge is worth, and lies from 1 - 1/pi to
1/pi. The claim speaks of the population the answers were drawn from.

Source:
    Angelopoulos et al. (2023), Science 382; Zrnic & Candes (2024), active inference;
    docs/spec/evidence.md, "Prediction-powered".
"""

import hmac
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

from comity.evidence.judge.stakes import FRESH, Stakes
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest

RISK = Fraction(1, 20)
_BITS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Powered:
    """A test on its way.

    Args:
        threshold: Pass rate that must be exceeded.
        rate: Probability that people see an answer, above 0.
        risk: Greatest probability of ever "shown" at or below the threshold.
        evidence: The bet against "no more than the threshold passes".
        asked: Answers judged.
        labelled: Those among them that people saw.
        corrected: Those where people said otherwise than the judge.
    """

    threshold: Fraction
    rate: Fraction
    risk: Fraction = RISK
    evidence: Stakes = FRESH
    asked: int = 0
    labelled: int = 0
    corrected: int = 0
    is_shown: bool = False

    @property
    def verdict(self) -> Verdict:
        """Return what is shown; a population is never exhausted, so never "not shown"."""
        return Verdict.SHOWN if self.is_shown else Verdict.INSUFFICIENT

    def after(self, *, judged: bool, passes: bool | None) -> Self:
        """Return the test one answer later; *passes* is None where people did not see it."""
        value = Fraction(judged)
        if passes is not None:
            value += (passes - judged) / self.rate
        least = 1 - 1 / self.rate
        evidence = self.evidence.after(value - least, self.threshold - least)
        return replace(
            self,
            evidence=evidence,
            asked=self.asked + 1,
            labelled=self.labelled + (passes is not None),
            corrected=self.corrected + (passes is not None and passes != judged),
            is_shown=self.is_shown or evidence.reaches(1 / self.risk),
        )


def is_seen(seed: Digest, row: int, rate: Fraction) -> bool:
    """Tell whether people see an answer, by its place among all, from 0."""
    ticket = int.from_bytes(hmac.digest(seed, row.to_bytes(8, "big"), "sha256"), "big")
    return ticket * rate.denominator < rate.numerator << _BITS
