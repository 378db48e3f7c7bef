# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The one-stage test: ask a fixed number of questions, accept at most so many failures."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

from comity.errors import InvalidDocument
from comity.evidence.statistics.lattice import Failing, Size
from comity.evidence.statistics.surface import Floats, log_choose, log_factorials, log_path

BLOCK = 128
SLACK = 1e-9
"""Relative room in which floating point hands the decision to exact integers."""

MOST_ASKED = 20_000
"""Questions beyond which no test of a population is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStage:
    """A fixed number of questions and the most failures accepted."""

    asked: int
    accepted: int


def one_stage(
    size: Size, null: Failing, aim: Failing, *, risk: Fraction, power: Fraction
) -> OneStage:
    """Return the smallest exact one-stage test, by hypergeometric or binomial distribution.

    Args:
        size: Items in the bank; None for a population.
        null: What fails where acceptance has at most the risk.
        aim: What fails, less, where acceptance has at least the power.
        risk: Greatest chance of acceptance at *null*.
        power: Least chance of acceptance at *aim*.

    Raises:
        InvalidDocument: A population needs more questions than are looked for.
    """
    for asked in _candidates(size, null, aim, float(risk), float(power)):
        accepted = most_accepted(size, null, asked, risk)
        if accepted >= 0 and tail_of(size, aim, asked, accepted) >= power:
            return OneStage(asked=asked, accepted=accepted)
    if size is None:
        message = f"telling these rates apart takes more than {MOST_ASKED} questions"
        hint = "ask for a wider margin between threshold and goal"
        raise InvalidDocument(message, code="evidence.plan", hint=hint)
    return OneStage(asked=size, accepted=int(null) - 1)


def most_accepted(size: Size, failing: Failing, asked: int, risk: Fraction) -> int:
    """Return the most failures one stage may accept within the risk; -1 if not even none."""
    allowed = risk * _whole(size, failing, asked)
    spent, accepted = 0, -1
    for failed in range(asked + 1):
        spent += _ways(size, failing, asked, failed)
        if spent > allowed:
            break
        accepted = failed
    return accepted if size is None else min(accepted, int(failing))


def _candidates(
    size: Size, null: Failing, aim: Failing, risk: float, power: float
) -> Iterable[int]:
    """Yield, in order, the numbers of questions that floating point does not rule out."""
    last = MOST_ASKED if size is None else size
    for start in range(1, last + 1, BLOCK):
        asked = np.arange(start, min(start + BLOCK, last + 1))
        width = _width(size, null, int(asked[-1]))
        safe = _tails(size, null, asked, width=width) <= risk * (1 + SLACK)
        strong = _tails(size, aim, asked, width=width) >= power * (1 - SLACK)
        yield from asked[(safe & strong).any(axis=1)].tolist()


def _width(size: Size, null: Failing, asked: int) -> int:
    """Return how many failures are looked at; no test within the risk accepts so many."""
    if size is not None:
        return int(null)
    share = float(null)
    return min(asked, int(asked * share + 8 * (asked * share * (1 - share)) ** 0.5 + 2)) + 1


def _tails(size: Size, failing: Failing, asked: NDArray[np.int64], *, width: int) -> Floats:
    """Return the chance of at most f failures, by questions and f below the width."""
    logs = log_factorials(size or int(asked[-1]))
    drawn, failed = np.meshgrid(asked, np.arange(width), indexing="ij")
    ways = log_choose(logs, drawn, failed) + log_path(size, failing, drawn, failed)
    return np.cumsum(np.exp(ways), axis=1)


def tail_of(size: Size, failing: Failing, asked: int, accepted: int) -> Fraction:
    """Return the chance of at most so many failures among so many questions."""
    ways = sum(_ways(size, failing, asked, failed) for failed in range(accepted + 1))
    return Fraction(ways, _whole(size, failing, asked))


def _ways(size: Size, failing: Failing, asked: int, failed: int) -> int:
    """Count so many failures among the questions, out of `_whole`."""
    if size is None:
        fails, whole = Fraction(failing).as_integer_ratio()
        path: int = fails**failed * (whole - fails) ** (asked - failed)
        return comb(asked, failed) * path
    rest = int(failing) - failed
    return comb(asked, failed) * comb(size - asked, rest) if rest >= 0 else 0


def _whole(size: Size, failing: Failing, asked: int) -> int:
    if size is None:
        return int(Fraction(failing).denominator ** asked)
    return comb(size, int(failing))
