# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The one-stage test: ask a fixed number of questions, accept at most so many failures."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

from comity.evidence.statistics.surface import Floats, log_choose, log_factorials

BLOCK = 128
SLACK = 1e-9
"""Relative room in which floating point hands the decision to exact integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStage:
    """A fixed number of questions and the most failures accepted."""

    asked: int
    accepted: int


def one_stage(size: int, null: int, aim: int, *, risk: Fraction, power: Fraction) -> OneStage:
    """Return the smallest exact one-stage test, by the hypergeometric distribution.

    Args:
        size: Items in the bank.
        null: Failing items at which acceptance has at most the risk.
        aim: Failing items, fewer, at which acceptance has at least the power.
        risk: Greatest chance of acceptance at *null*.
        power: Least chance of acceptance at *aim*.
    """
    for asked in _candidates(size, null, aim, float(risk), float(power)):
        accepted = most_accepted(size, null, asked, risk)
        if accepted >= 0 and _tail(size, aim, asked, accepted) >= power:
            return OneStage(asked=asked, accepted=accepted)
    return OneStage(asked=size, accepted=null - 1)


def _candidates(size: int, null: int, aim: int, risk: float, power: float) -> Iterable[int]:
    """Yield, in order, the numbers of questions that floating point does not rule out."""
    logs = log_factorials(size)
    for start in range(1, size + 1, BLOCK):
        asked = np.arange(start, min(start + BLOCK, size + 1))
        safe = _tails(logs, null, asked, width=null) <= risk * (1 + SLACK)
        strong = _tails(logs, aim, asked, width=null) >= power * (1 - SLACK)
        yield from asked[(safe & strong).any(axis=1)].tolist()


def _tails(logs: Floats, failures: int, asked: NDArray[np.int64], *, width: int) -> Floats:
    """Return the chance of at most f failures, by questions and f below the width."""
    size = len(logs) - 1
    drawn, failed = np.meshgrid(asked, np.arange(width), indexing="ij")
    every = float(logs[size] - logs[failures] - logs[size - failures])
    ways = log_choose(logs, drawn, failed) + log_choose(logs, size - drawn, failures - failed)
    return np.cumsum(np.exp(ways - every), axis=1)


def most_accepted(size: int, failures: int, asked: int, risk: Fraction) -> int:
    """Return the most failures one stage may accept within the risk; -1 if not even none."""
    allowed = risk * comb(size, failures)
    spent, accepted = 0, -1
    for failed in range(failures + 1):
        spent += comb(asked, failed) * comb(size - asked, failures - failed)
        if spent > allowed:
            break
        accepted = failed
    return accepted


def _tail(size: int, failures: int, asked: int, accepted: int) -> Fraction:
    ways = sum(
        comb(asked, failed) * comb(size - asked, failures - failed)
        for failed in range(min(accepted, failures) + 1)
    )
    return Fraction(ways, comb(size, failures))
