# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Both mixtures' log e-values on the whole lattice, in floating point, for designing only."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from comity.evidence.statistics.eprocess import Mixture, evidence, futility, null_of
from comity.evidence.statistics.lattice import Failing, Size

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Log e-values by (questions, failures), questions from 0 to the cap."""

    evidence: Floats
    futility: Floats

    def accept_from(self, level: float) -> tuple[int, ...]:
        """Return, by questions, the most failures with evidence at the level; -1 for none."""
        failures = np.arange(self.evidence.shape[1])
        most = np.where(self.evidence >= level, failures, -1).max(axis=1)
        return (-1, *np.maximum.accumulate(most[1:]).tolist())

    def reject_from(self, level: float) -> tuple[int, ...]:
        """Return, by questions, the fewest failures with futility at the level."""
        reached = self.futility >= level
        never = len(reached)
        fewest = np.where(reached.any(axis=1), reached.argmax(axis=1), never)
        rising = np.minimum.accumulate(fewest[:0:-1])[::-1]
        return (never, *rising.tolist())


def surface_of(size: Size, threshold: Fraction, goal: Fraction, cap: int) -> Surface:
    """Tabulate both mixtures up to the cap."""
    bets = evidence(size, threshold, goal), futility(size, threshold, goal)
    width = min(cap, most_failures(size, threshold, cap))
    asked = np.arange(cap + 1)[:, None]
    failed = np.arange(width + 1)[None, :]
    up, down = (_log_e(bet, asked, failed) for bet in bets)
    return Surface(evidence=up, futility=down)


def most_failures(size: Size, threshold: Fraction, cap: int) -> int:
    """Return how many failures need be looked at: beyond them nothing is ever accepted."""
    if size is not None:
        return int(null_of(size, threshold)) + 1
    share = float(1 - threshold)
    return int(cap * share + 8 * (cap * share * (1 - share)) ** 0.5 + 12)


@lru_cache(maxsize=8)
def log_factorials(size: int) -> Floats:
    """Return log k! for k from 0 to size."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, size + 1)))])
    logs.setflags(write=False)
    return logs


def log_choose(logs: Floats, of: NDArray[np.int64], chosen: NDArray[np.int64]) -> Floats:
    """Return log C(of, chosen), minus infinity where there is no way."""
    possible = (chosen >= 0) & (chosen <= of)
    safe = np.where(possible, chosen, 0)
    ways = logs[of] - logs[safe] - logs[of - safe]
    return np.where(possible, ways, -np.inf)


def log_path(
    size: Size, failing: Failing, asked: NDArray[np.int64], failed: NDArray[np.int64]
) -> Floats:
    """Return the log of the chance of one ordered path, minus infinity where impossible."""
    if size is None:
        return _times(asked - failed, 1 - float(failing)) + _times(failed, float(failing))
    logs, failures = log_factorials(size), int(failing)
    of = np.broadcast_to(size - asked, np.broadcast_shapes(asked.shape, failed.shape))
    return log_choose(logs, of, failures - failed) - float(
        logs[size] - logs[failures] - logs[size - failures]
    )


def _times(count: NDArray[np.int64], share: float) -> Floats:
    """Return count times the log of a share; nothing of nothing is certain."""
    if share > 0:
        return np.maximum(count, 0) * log(share)
    return np.where(count > 0, -np.inf, 0.0)


def _log_e(bet: Mixture, asked: NDArray[np.int64], failed: NDArray[np.int64]) -> Floats:
    paths = [
        log_path(bet.size, failing, asked, failed) + np.log(float(weight))
        for failing, weight in bet.spikes
    ]
    mixed = np.logaddexp.reduce(paths)
    against = log_path(bet.size, bet.base, asked, failed)
    impossible = np.where(np.isneginf(mixed), -np.inf, np.inf)
    with np.errstate(invalid="ignore"):
        values = np.where(np.isneginf(against), impossible, mixed - against)
    return np.where(failed > asked, -np.inf, values)
