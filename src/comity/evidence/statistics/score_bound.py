# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A lower confidence bound on the mean score, valid whenever one stops.

Each rate r has a bettor against "the mean is at most r", who stakes fractions fixed before
each question, never more than what he can lose. The higher r, the less he has: so the greatest
rate at which he holds 1 / risk bounds the mean from below. Up to the threshold his stakes are
those of the evidence; above it, half of them, and half on fractions of every size, so that a
mean far above the threshold is seen. Wealth is kept in whole parts of 2^-128, floored.

Source:
    Waudby-Smith & Ramdas (2024), JRSS B 86(1), sections 4 and 5. docs/spec/evidence.md,
    "Scores".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.statistics.bet import Bet
from comity.evidence.statistics.outcome import WHOLE_PPM, Outcome, ppm_of
from comity.evidence.statistics.scores import ScoreDesign, begin_scores

PARTS = 1 << 128
FRACTIONS = tuple(Fraction(1, n) for n in (1, 2, 4, 8, 16))
"""Stakes tried above the threshold, and all one has besides."""

ALL = (1, 0)
"""A stake without bound: as much as can be lost."""

Stake = tuple[int, int]
"""What is staked on each unit of score above the mean, as a ratio; (1, 0) for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One question as every bettor sees it.

    Args:
        ppm: Its score.
        total_ppm: Scores before it.
        left: Items left in the bank, it included; None for a population.
        stakes: What the evidence staked on it.
    """

    ppm: int
    total_ppm: int
    left: int | None
    stakes: tuple[Stake, ...]


def score_bound_ppm(design: ScoreDesign, outcomes: Iterable[Outcome], *, accepted: bool) -> int:
    """Return the mean score, in millionths, exceeded or met with confidence 1 - risk.

    Args:
        design: The design that judged.
        outcomes: Those up to the stop.
        accepted: Whether the verdict was "shown".
    """
    seen = tuple(_questions(design, outcomes))
    weights = begin_scores(design).evidence.weights
    edge = int(design.threshold * WHOLE_PPM)
    if not accepted:
        return _greatest(design, seen, (0, edge), (weights, ()))
    both = tuple(weight / 2 for weight in weights)
    more = (*((one.numerator, one.denominator) for one in FRACTIONS), ALL)
    return _greatest(design, seen, (edge, WHOLE_PPM), (both, more))


def _questions(design: ScoreDesign, outcomes: Iterable[Outcome]) -> Iterable[_Question]:
    bet = begin_scores(design).evidence
    for outcome in outcomes:
        ppm = ppm_of(outcome)
        yield _Question(
            ppm=ppm,
            total_ppm=bet.total_ppm,
            left=None if design.extent is None else design.extent - bet.asked,
            stakes=tuple(_stakes(bet)),
        )
        bet = bet.after(ppm)


def _stakes(bet: Bet) -> Iterable[Stake]:
    """Yield what each bet stakes: (y - m) / (m (1 - m)) for each unit above the mean m."""
    rest, base, spikes = bet.rest()
    for spike in spikes:
        if base >= rest or spike <= base:
            yield 0, 1
        elif base <= 0:
            yield ALL
        else:
            yield (spike - base) * rest, base * (rest - base)


def _greatest(
    design: ScoreDesign,
    seen: Sequence[_Question],
    span: tuple[int, int],
    bettors: tuple[Sequence[Fraction], Sequence[Stake]],
) -> int:
    """Bisect for the last rate refuted, from the lower end of the span on."""
    low, high = span
    while low < high:
        middle = (low + high + 1) // 2
        if _is_refuted(design, seen, middle, bettors):
            low = middle
        else:
            high = middle - 1
    return low


def _is_refuted(
    design: ScoreDesign,
    seen: Sequence[_Question],
    rate: int,
    bettors: tuple[Sequence[Fraction], Sequence[Stake]],
) -> bool:
    weights, more = bettors
    held = [PARTS] * (len(weights) + len(more))
    for question in seen:
        mean, whole = rate, WHOLE_PPM
        if question.left is not None and design.extent is not None:
            mean = rate * design.extent - question.total_ppm
            whole = WHOLE_PPM * question.left
        if mean < 0 or (mean == 0 and question.ppm):
            return True
        stakes = (*question.stakes, *more)
        held = [
            _held(wealth, stake, question.ppm, mean, whole)
            for wealth, stake in zip(held, stakes, strict=True)
        ]
    shares = (*weights, *(Fraction(1, 2 * len(more)) for _ in more))
    total = sum(share * wealth for share, wealth in zip(shares, held, strict=True))
    return bool(total * design.risk >= PARTS)


def _held(wealth: int, stake: Stake, ppm: int, mean: int, whole: int) -> int:
    """Return the wealth after one question; no stake is beyond what can be lost."""
    up, down = stake
    if mean == 0:
        return wealth
    if up * mean >= down * whole:
        return wealth * ppm * whole // (WHOLE_PPM * mean)
    gain = up * (ppm * whole - mean * WHOLE_PPM)
    return wealth * (down * WHOLE_PPM * whole + gain) // (down * WHOLE_PPM * whole)
