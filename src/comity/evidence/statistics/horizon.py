# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How soon a bet may reach a level, or leave it: all that comes is whole, or is nothing.

No scores let a bet grow faster than whole ones, and none let it shrink faster than scores of
nothing. On either way a question is one quotient for each stake, so floats walk ahead; where
their rounding might decide, the bet itself walks after them and says it exactly.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, repeat
from math import nan

from comity.evidence.statistics.bet import Bet, bracket_of
from comity.evidence.statistics.outcome import WHOLE_PPM


def find_rise(bet: Bet, level: Fraction, most: int) -> int | None:
    """Return after how few whole scores, at most so many, the e-value is at least a level."""
    if bet.reaches(level):
        return 0
    reached = enumerate(islice(_reached(bet, level, WHOLE_PPM), most), start=1)
    return next((more for more, is_reached in reached if is_reached), None)


def find_fall(bet: Bet, level: Fraction, most: int) -> int | None:
    """Return after how few scores of nothing, at most so many, the e-value is below a level."""
    if not bet.reaches(level):
        return 0
    reached = enumerate(islice(_reached(bet, level, 0), most), start=1)
    return next((more for more, is_reached in reached if not is_reached), None)


def _reached(bet: Bet, level: Fraction, ppm: int) -> Iterator[bool]:
    """Yield whether the e-value is at least a level after one such score, two, and so on."""
    below, above = bracket_of(level)
    exact, behind = bet, 0
    for value in _risen(bet) if ppm else _fallen(bet):
        behind += 1
        if value >= above or value <= below:
            yield value >= above
            continue
        for _ in range(behind):
            exact = exact.after(ppm)
        behind = 0
        yield exact.reaches(level)


def _risen(bet: Bet) -> Iterator[float]:
    """Yield about the e-value after one whole score, two, and so on; NaN for unknown.

    The means bet on and against shrink as one, so that none changes its place.
    """
    shares = bet.shares()
    rest, base, spikes = bet.rest()
    step, gone = _step(bet), 0
    while shares and gone <= base and not gone == base < rest:
        if base < rest:
            shares = _grown(shares, [spike - gone for spike in spikes], base - gone)
        gone += step
        yield sum(shares) if shares and gone <= base else nan
    yield from repeat(nan)


def _fallen(bet: Bet) -> Iterator[float]:
    """Yield about the e-value after one score of nothing, two, and so on; NaN for unknown.

    What is missing by the means bet on and against shrinks as one.
    """
    shares = bet.shares()
    rest, base, spikes = bet.rest()
    step = _step(bet)
    while shares:
        if base < rest:
            shares = _grown(shares, [max(0, rest - spike) for spike in spikes], rest - base)
        rest -= step
        yield sum(shares) if shares else nan
    yield from repeat(nan)


def _grown(shares: Sequence[float], factors: Sequence[int], divisor: int) -> Sequence[float]:
    """Return what stakes come to; nothing where floats cannot hold it."""
    try:
        return [share * (one / divisor) for share, one in zip(shares, factors, strict=True)]
    except OverflowError:
        return ()


def _step(bet: Bet) -> int:
    """Return what one question takes from what is left: nothing of a population."""
    return 0 if bet.items is None else bet.unit
