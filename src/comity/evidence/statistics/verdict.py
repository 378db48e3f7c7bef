# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From outcomes in draw order to a verdict, an e-value and a lower confidence bound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.statistics.bound import lower_bound_ppm
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.eprocess import e_value, evidence
from comity.evidence.statistics.outcome import Outcome, is_passed
from comity.evidence.statistics.path import follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one design makes of one category's outcomes.

    Args:
        verdict: Shown, not shown, or insufficient.
        asked: Questions up to the decision, or all there are.
        failed: Failures among them.
        e_value: Exact e-value there; None for infinite.
        lower_bound_ppm: Pass rate of the bank, in millionths, that is at least so high
            with confidence 1 - risk, whenever one stopped.
    """

    verdict: Verdict
    asked: int
    failed: int
    e_value: Fraction | None
    lower_bound_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the e-value's path; None for infinite."""

    asked: int
    failed: int
    e_value: Fraction | None


def prefix_of(outcomes: Mapping[int, Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes of draws 1, 2, 3 … up to the first that is not there yet.

    Answers are taken in draw order, whatever order they arrive in; a slow failure would
    otherwise hide behind quick passes.
    """
    found: list[Outcome] = []
    while len(found) + 1 in outcomes:
        found.append(outcomes[len(found) + 1])
    return tuple(found)


def decision_of(design: Design, outcomes: Iterable[Outcome]) -> tuple[Verdict, int, int]:
    """Return the first verdict on the path, with questions and failures up to it.

    Outcomes beyond the first verdict change nothing.
    """
    path = follow(design, outcomes)
    return path.verdict, path.asked, path.failed


def judge(design: Design, outcomes: Iterable[Outcome]) -> Judgement:
    """Judge one category's outcomes, in draw order from question 1 without a gap."""
    verdict, asked, failed = decision_of(design, outcomes)
    mixture = evidence(design.extent, design.threshold, design.goal)
    return Judgement(
        verdict=verdict,
        asked=asked,
        failed=failed,
        e_value=e_value(mixture, asked, failed),
        lower_bound_ppm=lower_bound_ppm(
            design, asked, failed, accepted=verdict is Verdict.SHOWN
        ),
    )


def path_of(design: Design, outcomes: Iterable[Outcome]) -> tuple[Point, ...]:
    """Return the e-value after each question, from before the first to the verdict."""
    mixture = evidence(design.extent, design.threshold, design.goal)
    points = [Point(asked=0, failed=0, e_value=Fraction(1))]
    for outcome in outcomes:
        asked = points[-1].asked + 1
        failed = points[-1].failed + (not is_passed(outcome))
        value = e_value(mixture, asked, failed)
        points.append(Point(asked=asked, failed=failed, e_value=value))
        if design.decide(asked, failed) is not Verdict.INSUFFICIENT:
            break
    return tuple(points)
