# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Both mixtures' log e-values on the whole lattice, in floating point, for designing only."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from comity.evidence.statistics.eprocess import Mixture, evidence, futility

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


def surface_of(size: int, threshold: Fraction, goal: Fraction, cap: int) -> Surface:
    """Tabulate both mixtures up to the cap."""
    bets = evidence(size, threshold, goal), futility(size, threshold, goal)
    width = min(cap, bets[0].base + 1)
    asked = np.arange(cap + 1)[:, None]
    failed = np.arange(width + 1)[None, :]
    logs = log_factorials(size)
    up, down = (_log_e(bet, asked, failed, logs) for bet in bets)
    return Surface(evidence=up, futility=down)


def log_factorials(size: int) -> Floats:
    """Return log k! for k from 0 to size."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, size + 1)))])


def log_choose(logs: Floats, of: NDArray[np.int64], chosen: NDArray[np.int64]) -> Floats:
    """Return log C(of, chosen), minus infinity where there is no way."""
    possible = (chosen >= 0) & (chosen <= of)
    safe = np.where(possible, chosen, 0)
    ways = logs[of] - logs[safe] - logs[of - safe]
    return np.where(possible, ways, -np.inf)


def _log_e(
    bet: Mixture, asked: NDArray[np.int64], failed: NDArray[np.int64], logs: Floats
) -> Floats:
    def path(failures: int) -> Floats:
        of = np.broadcast_to(bet.size - asked, np.broadcast_shapes(asked.shape, failed.shape))
        return log_choose(logs, of, failures - failed) - float(
            logs[bet.size] - logs[failures] - logs[bet.size - failures]
        )

    paths = [path(failures) + np.log(float(weight)) for failures, weight in bet.spikes]
    mixed = np.logaddexp.reduce(paths)
    against = path(bet.base)
    impossible = np.where(np.isneginf(mixed), -np.inf, np.inf)
    with np.errstate(invalid="ignore"):
        values = np.where(np.isneginf(against), impossible, mixed - against)
    return np.where(failed > asked, -np.inf, values)
