# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From outcomes in draw order to a verdict, an e-value and a lower confidence bound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.statistics.bound import lower_bound_ppm
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import e_value, evidence
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.outcome import Outcome, ppm_of
from comity.evidence.statistics.path import Path, begin, follow
from comity.evidence.statistics.score_bound import score_bound_ppm
from comity.evidence.statistics.scores import ScoreDesign, ScorePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one design makes of one category's outcomes.

    Args:
        verdict: Shown, not shown, or insufficient.
        asked: Questions up to the decision, or all there are.
        failed: Failures among them.
        e_value: Exact e-value there; None for infinite.
        lower_bound_ppm: Pass rate of the bank, in millionths, that is at least so high
            with confidence 1 - risk, whenever one stopped; or its mean score.
        mean_ppm: Mean of the scores so far, floored; None where passes are counted.
    """

    verdict: Verdict
    asked: int
    failed: int
    e_value: Fraction | None
    lower_bound_ppm: int
    mean_ppm: int | None = None


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


def decision_of(design: AnyDesign, outcomes: Iterable[Outcome]) -> tuple[Verdict, int, int]:
    """Return the first verdict on the path, with questions and failures up to it.

    Outcomes beyond the first verdict change nothing.
    """
    path = follow(design, outcomes)
    return path.verdict, path.asked, path.failed


def judge(design: AnyDesign, outcomes: Iterable[Outcome]) -> Judgement:
    """Judge one category's outcomes, in draw order from question 1 without a gap."""
    seen = tuple(outcomes)
    path = follow(design, seen)
    seen = seen[: path.asked]
    accepted = path.verdict is Verdict.SHOWN
    mean: int | None = None
    if isinstance(design, ScoreDesign):
        bound = score_bound_ppm(design, seen, accepted=accepted)
        mean = sum(ppm_of(one) for one in seen) // len(seen) if seen else 0
    else:
        bound = lower_bound_ppm(design, path.asked, path.failed, accepted=accepted)
    return Judgement(
        verdict=path.verdict,
        asked=path.asked,
        failed=path.failed,
        e_value=_e_value(design, path),
        lower_bound_ppm=bound,
        mean_ppm=mean,
    )


def path_of(design: AnyDesign, outcomes: Iterable[Outcome]) -> tuple[Point, ...]:
    """Return the e-value after each question, from before the first to the verdict."""
    path = begin(design)
    points = [Point(asked=0, failed=0, e_value=Fraction(1))]
    for outcome in outcomes:
        path = path.after(outcome)
        value = _e_value(design, path)
        points.append(Point(asked=path.asked, failed=path.failed, e_value=value))
        if path.verdict is not Verdict.INSUFFICIENT:
            break
    return tuple(points)


def _e_value(design: AnyDesign, path: Path) -> Fraction | None:
    if isinstance(design, ScoreDesign):
        return path.evidence.value if isinstance(path, ScorePath) else None
    mixture = evidence(design.extent, design.threshold, design.goal)
    return e_value(mixture, path.asked, path.failed)
