# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A comparison audit: people look again at a few of the answers that somebody judged all of.

Let h be 1 where people pass an answer and j where the judge did. The judge's verdicts were
committed to, so their sum J over all N answers is known, and "at most a share p0 passes" says
that h - j + 1, which is 0, 1 or 2, sums to at most floor(N p0) - J + N. A judge that rarely
errs makes that value almost constant, and a bet on it needs few labels. What the judge's own
verdicts are does not matter to the risk, only to the number of labels.

Source:
    Stark (2020), SHANGRLA, overstatement assorters; docs/spec/evidence.md, "Comparison audit".
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, factorial
from typing import Self

from comity.evidence.judge.bound import PPM
from comity.evidence.judge.stakes import FRESH, Stakes
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest, sha256

SEED_TAG = b"comity/audit-seed/v1\n"
RISK = Fraction(1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What an audit is to show, fixed before anything is drawn.

    Args:
        size: Answers judged.
        judged: Those among them that the judge passed.
        threshold: Share of the answers that must be exceeded.
        goal: Share at which the claim is not to be given up wrongly.
        risk: Greatest probability of "shown" at or below the threshold.
        power: 1 less the greatest probability of "not shown" by futility at the goal.
    """

    size: int
    judged: int
    threshold: Fraction
    goal: Fraction
    risk: Fraction = RISK
    power: Fraction = Fraction(9, 10)

    @property
    def most(self) -> int:
        """Return what h - j + 1 sums to at most where the claim is false."""
        return int(self.size * self.threshold) - self.judged + self.size

    @property
    def least(self) -> int:
        """Return what h - j + 1 sums to at least where the goal is reached."""
        return ceil(self.size * self.goal) - self.judged + self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """An audit on its way: what people said of the answers drawn so far, in draw order.

    Args:
        comparison: What it is to show.
        evidence: The bet against "no more than the threshold passes".
        futility: The bet against "the goal is reached".
        asked: Answers labelled by people.
        total: Sum of h - j + 1.
        failing: Answers that people failed.
        passed_wrongly: Those among them that the judge passed.
        failed_wrongly: Answers that people passed and the judge did not.
        verdict: What is shown; it stays once it is.
    """

    comparison: Comparison
    evidence: Stakes = FRESH
    futility: Stakes = FRESH
    asked: int = 0
    total: int = 0
    failing: int = 0
    passed_wrongly: int = 0
    failed_wrongly: int = 0
    verdict: Verdict = Verdict.INSUFFICIENT

    def after(self, *, judged: bool, passes: bool) -> Self:
        """Return the audit one label later."""
        value = passes - judged + 1
        left = self.comparison.size - self.asked
        most = Fraction(self.comparison.most - self.total, left)
        missing = 2 * left - (self.comparison.least - self.total)
        total = self.total + value
        rest = self.comparison.most - total
        found = replace(
            self,
            evidence=_settled(self.evidence.after(Fraction(value), most), rest),
            futility=self.futility.after(Fraction(2 - value), Fraction(missing, left)),
            asked=self.asked + 1,
            total=total,
            failing=self.failing + (not passes),
            passed_wrongly=self.passed_wrongly + (judged and not passes),
            failed_wrongly=self.failed_wrongly + (passes and not judged),
        )
        return replace(found, verdict=found._verdict(self.verdict))  # noqa: SLF001 - of its own

    def _verdict(self, before: Verdict) -> Verdict:
        comparison = self.comparison
        if before is not Verdict.INSUFFICIENT:
            return before
        if self.evidence.reaches(1 / comparison.risk):
            return Verdict.SHOWN
        is_futile = self.futility.reaches(1 / (1 - comparison.power))
        is_lost = 2 * (comparison.size - self.asked) <= comparison.most - self.total
        return Verdict.NOT_SHOWN if is_futile or is_lost else Verdict.INSUFFICIENT

    @property
    def false_pass(self) -> Fraction:
        """Return what the judge's false-pass rate is at most, whenever the audit ended."""
        return lasting_bound(self.passed_wrongly, self.failing)


def seed_of(commitment: Digest, seed: bytes) -> Digest:
    """Return what orders the draw: the verdicts committed to, and what came after them."""
    return sha256(SEED_TAG, commitment, seed)


def lasting_bound(passed: int, failing: int, risk: Fraction = RISK) -> Fraction:
    """Return an upper limit of a rate that holds whenever one looks, in millionths.

    Clopper and Pearson's holds for a number of trials fixed beforehand; an audit ends when it
    goes well. This is the greatest rate that a bet, half on a rate of 0 and half on any, has
    not refuted.

    >>> float(lasting_bound(0, 59)), float(lasting_bound(1, 20))
    (0.060346, 0.368403)

    Source:
        Ville (1939); Robbins (1970), mixtures of likelihood ratios.
    """
    if passed >= failing:
        return Fraction(1)
    ways = Fraction(factorial(passed) * factorial(failing - passed), factorial(failing + 1))
    stake = (ways + (passed == 0)) / 2
    low, high = PPM * passed // failing, PPM
    while high - low > 1:
        middle = (low + high) // 2
        rate = Fraction(middle, PPM)
        if stake * risk < rate**passed * (1 - rate) ** (failing - passed):
            low = middle
        else:
            high = middle
    return Fraction(high, PPM)


def _settled(stakes: Stakes, rest: int) -> Stakes:
    """Return the evidence, infinite where what came is more than the hypothesis allows."""
    return replace(stakes, is_refuted=True) if rest < 0 else stakes
