# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test of the mean score, where an answer is more than right or wrong."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Self

from comity.evidence.statistics.bet import Bet, bet_on
from comity.evidence.statistics.design import MAX_SIZE, About, Numbers, Verdict, about_from
from comity.evidence.statistics.eprocess import EVIDENCE_WEIGHTS, FUTILITY_WEIGHTS
from comity.evidence.statistics.horizon import find_fall, find_rise
from comity.evidence.statistics.lattice import Size
from comity.evidence.statistics.outcome import WHOLE_PPM, Outcome, is_passed, ppm_of
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

if TYPE_CHECKING:  # a run follows scores, but designs nothing
    from comity.evidence.statistics.request import Request

KIND = "scores"
CAP_FACTOR = 3
"""Scores are bet on, not calibrated, and that takes longer at the worst."""

EVEN = Fraction(1)
"""The evidence below which a test may be given up: it speaks for the threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDesign:
    """When to stop asking for scores, and what is shown then.

    The claim is shown once the e-value against "the mean is at most the threshold" is at
    least 1 / risk, which by Ville's inequality happens with at most the risk where it is.
    Not shown it is once the e-value against "at least the goal" is 1 / (1 - power) while the
    other is below 1, or at the cap.

    Args:
        size: Items in the category's bank.
        threshold: Mean score that must be exceeded.
        goal: Mean score at which acceptance is to be likely.
        risk: Greatest probability of "shown" at or below the threshold.
        power: 1 less the greatest probability that futility ends a test at the goal.
        cap: Most questions ever asked.
        about: The bank's own items, or the population they were drawn from at random.
    """

    size: int
    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction
    cap: int
    about: About = About.BANK

    @property
    def extent(self) -> Size:
        """Return the items the claim speaks of; None for a population."""
        return self.size if self.about is About.BANK else None

    @property
    def shown_from(self) -> Fraction:
        """Return the evidence from which the claim is shown."""
        return 1 / self.risk

    @property
    def futile_from(self) -> Fraction:
        """Return the futility from which the test is given up, with evidence below 1."""
        return 1 / (1 - self.power)

    @property
    def acceptance(self) -> Numbers:
        """Return no number: the e-value decides."""
        return ()

    @property
    def rejection(self) -> Numbers:
        """Return no number: the e-value decides."""
        return ()

    def to_json(self) -> dict[str, Json]:
        """Write the design as a JSON object."""
        about: dict[str, Json] = {}
        if self.about is not About.BANK:
            about = {"about": self.about.value}
        return {
            **about,
            "kind": KIND,
            "size": self.size,
            "threshold": to_ratio_json(self.threshold),
            "goal": to_ratio_json(self.goal),
            "risk": to_ratio_json(self.risk),
            "power": to_ratio_json(self.power),
            "cap": self.cap,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePath:
    """A test of scores on its way.

    Args:
        design: The design that judges.
        evidence: The bet against "at most the threshold".
        futility: The bet, on what is missing, against "at least the goal".
        failed: Questions with less than the whole score.
    """

    design: ScoreDesign
    evidence: Bet
    futility: Bet
    asked: int = 0
    failed: int = 0
    verdict: Verdict = Verdict.INSUFFICIENT

    def after(self, outcome: Outcome) -> Self:
        """Return the path with one more outcome."""
        evidence = self.evidence.after(ppm_of(outcome))
        futility = self.futility.after(WHOLE_PPM - ppm_of(outcome))
        return type(self)(
            design=self.design,
            evidence=evidence,
            futility=futility,
            asked=self.asked + 1,
            failed=self.failed + (not is_passed(outcome)),
            verdict=_verdict(self.design, evidence, futility),
        )

    def find_end(self, counts: range) -> int | None:
        """Return the first of some numbers of further questions that may bring a verdict."""
        if not counts:
            return None
        first, last = counts[0], counts[-1]
        if self.verdict is not Verdict.INSUFFICIENT or self.asked + first >= self.design.cap:
            return first
        end = min(self.design.cap - self.asked, last + 1)
        for find_other in (self._find_futile, self._find_shown):
            if end > first:
                other = find_other(end - 1)
                end = end if other is None else other
        return max(end, first) if end <= last else None

    def _find_shown(self, most: int) -> int | None:
        """Return after how few whole scores, at most so many, it is shown."""
        return find_rise(self.evidence, self.design.shown_from, most)

    def _find_futile(self, most: int) -> int | None:
        """Return after how few scores of nothing, at most so many, it is given up."""
        risen = find_rise(self.futility, self.design.futile_from, most)
        fallen = None if risen is None else find_fall(self.evidence, EVEN, most)
        return None if risen is None or fallen is None else max(risen, fallen)


def score_design_for(request: "Request") -> ScoreDesign:
    """Return the design for a request; the cap is three times the one-stage test of counts.

    Raises:
        InvalidDocument: The request contradicts itself.
    """
    from comity.evidence.statistics.request import check  # noqa: PLC0415 - it needs numpy

    check(request)
    return ScoreDesign(
        size=request.size,
        threshold=request.threshold,
        goal=request.goal,
        risk=request.risk,
        power=request.power,
        cap=min(request.most, CAP_FACTOR * request.one_stage().asked),
        about=request.about,
    )


def begin_scores(design: ScoreDesign) -> ScorePath:
    """Return the path before the first question."""
    low, high = design.threshold, design.goal
    margin = high - low
    least = [min(Fraction(1), 1 - low + extra) for extra in (0, margin / 2, margin)]
    return ScorePath(
        design=design,
        evidence=bet_on(
            design.extent, low, (high, (1 + high) / 2, Fraction(1)), EVIDENCE_WEIGHTS
        ),
        futility=bet_on(design.extent, 1 - high, least, FUTILITY_WEIGHTS),
    )


def score_design_from(fields: Fields) -> ScoreDesign:
    """Read a design of scores from a JSON object, noting faults."""
    fields.choice("kind", [KIND])
    design = ScoreDesign(
        size=fields.integer("size", low=1, high=MAX_SIZE),
        threshold=fields.ratio("threshold"),
        goal=fields.ratio("goal"),
        risk=fields.ratio("risk"),
        power=fields.ratio("power"),
        cap=fields.integer("cap", low=1, high=MAX_SIZE),
        about=about_from(fields),
    )
    if not fields.faults:
        _check(fields, design)
    return design


def _check(fields: Fields, design: ScoreDesign) -> None:
    if not 0 <= design.threshold < design.goal <= 1:
        fields.fault("goal", "is not above the threshold and at most 1")
    for name in ("risk", "power"):
        if not 0 < getattr(design, name) < 1:
            fields.fault(name, "is not between 0 and 1")
    if design.cap > design.size:
        fields.fault("cap", f"asks more than the {design.size} items there are")


def _verdict(design: ScoreDesign, evidence: Bet, futility: Bet) -> Verdict:
    if evidence.reaches(design.shown_from):
        return Verdict.SHOWN
    is_futile = futility.reaches(design.futile_from) and not evidence.reaches(EVEN)
    if is_futile or evidence.asked >= design.cap:
        return Verdict.NOT_SHOWN
    return Verdict.INSUFFICIENT
