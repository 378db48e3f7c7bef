# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Power by sampling, with intervals, for rules no exact method bears.

For the Banzhaf index and Coleman's, everybody tosses a fair coin. For the Shapley-Shubik
index everybody tosses a coin of one bias, and the bias runs evenly over 0 to 1.

Source:
    Owen (1972), "Multilinear extensions of games", Management Science 18(5); Wilson (1927),
    JASA 22(158).
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from comity.council.power.census import Told
from comity.council.power.game import Game
from comity.council.power.gate import holds

CHUNK = 1000
Z_95 = 1.959963984540054
Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share as sampled, with a 95 % Wilson interval."""

    value: Fraction
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledIndex:
    """What one player's vote is worth, as `Index` but without the share of all swings."""

    banzhaf: Estimate
    shapley: Estimate
    prevent: Estimate
    initiate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledPower:
    """Every player's index, as sampled."""

    decisiveness: Estimate
    players: tuple[SampledIndex, ...]
    samples: int


@dataclass(slots=True, kw_only=True)
class _Swings:
    """What was counted: swings up and, where a yes can hurt, down.

    Args:
        with_yes: Adoptions that would fail without the player; `against` the reverse.
    """

    players: int
    won: int = 0
    seen: int = 0
    gained: Counts = field(init=False)
    hurt: Counts = field(init=False)
    lost_without: Counts = field(init=False)
    won_with: Counts = field(init=False)

    def __post_init__(self) -> None:
        self.gained, self.hurt, self.lost_without, self.won_with = (
            np.zeros(self.players, np.int64) for _ in range(4)
        )


def sample_power(
    game: Game, generator: np.random.Generator, *, samples: int, told: Told
) -> SampledPower:
    """Sample every index.

    Args:
        generator: A seeded one gives the same figures again.
        samples: Votes drawn for each of the two kinds of coin, 1 or more.
    """
    fair, biased = (_Swings(players=len(game.players)) for _ in range(2))
    steps = 2 * -(-samples // CHUNK)
    for step in range(steps):
        is_fair, done = step * 2 < steps, (step % (steps // 2)) * CHUNK
        rows = min(CHUNK, samples - done)
        tossed = generator.random((rows, len(game.players)))
        if is_fair:
            _count(game, tossed < 0.5, fair)
        else:
            bias = (np.arange(done, done + rows) + generator.random(rows)) / samples
            _count(game, tossed < bias[:, None], biased)
        told(step + 1, steps)
    players = tuple(_index(game, fair, biased, player) for player in range(len(game.players)))
    return SampledPower(
        decisiveness=_estimate(fair.won, fair.seen), players=players, samples=samples
    )


def _count(game: Game, yes: NDArray[np.bool_], swings: _Swings) -> None:
    values = game.matrix()
    sums = yes.astype(np.float64) @ values.T.astype(np.float64)  # exact below 2^53
    totals = sums.astype(np.int64)
    columns = [totals[:, at] for at in range(len(values))]
    won = holds(game.adopts, columns) if columns else holds(game.adopts, [yes[:, 0] * 0])
    turn = np.where(yes, -1, 1)
    flipped = [total[:, None] + turn * own for total, own in zip(columns, values, strict=True)]
    other = holds(game.adopts, flipped) if flipped else np.broadcast_to(won[:, None], yes.shape)
    changed = other != won[:, None]
    up = changed & (yes == won[:, None])
    swings.won += int(won.sum())
    swings.seen += len(yes)
    swings.gained += up.sum(axis=0)
    swings.hurt += (changed & ~up).sum(axis=0)
    swings.lost_without += (up & yes).sum(axis=0)
    swings.won_with += (up & ~yes).sum(axis=0)


def _index(game: Game, fair: _Swings, biased: _Swings, player: int) -> SampledIndex:
    return SampledIndex(
        banzhaf=_net(game, fair, player),
        shapley=_net(game, biased, player),
        prevent=_estimate(int(fair.lost_without[player]), fair.won),
        initiate=_estimate(int(fair.won_with[player]), fair.seen - fair.won),
    )


def _net(game: Game, swings: _Swings, player: int) -> Estimate:
    up = _estimate(int(swings.gained[player]), swings.seen)
    if game.is_monotone:
        return up
    down = _estimate(int(swings.hurt[player]), swings.seen)
    return Estimate(
        value=up.value - down.value, low=up.low - down.high, high=up.high - down.low
    )


def _estimate(hits: int, of: int) -> Estimate:
    if not of:
        return Estimate(value=Fraction(0), low=0.0, high=1.0)
    rate, z = hits / of, Z_95
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    width = z * sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low = 0.0 if hits == 0 else max(0.0, middle - width)
    high = 1.0 if hits == of else min(1.0, middle + width)
    return Estimate(value=Fraction(hits, of), low=low, high=high)
