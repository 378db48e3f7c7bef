# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The power of every player of a game: exact where it can be, sampled where it cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from comity.council.power.census import Census, Power, Told, power_of
from comity.council.power.game import Game
from comity.council.power.method import Method, count_exactly
from comity.council.power.preview import count_preview
from comity.council.power.sample import Estimate, SampledPower, sample_power

NewGenerator: TypeAlias = Callable[[], np.random.Generator]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share; where it was sampled, with its 95 % interval."""

    value: Fraction
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one player's vote is worth; the fields are those of `Index`."""

    banzhaf: Figure
    share: Figure
    shapley: Figure
    prevent: Figure
    initiate: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, and how.

    Args:
        samples: Votes drawn of each kind; 0 where nothing was sampled.
    """

    method: Method
    decisiveness: Figure
    voices: dict[str, Voice]
    samples: int = 0

    @property
    def is_exact(self) -> bool:
        """Tell whether every figure is an exact fraction of the game as compiled."""
        return self.method not in {Method.PREVIEW, Method.SAMPLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How to measure.

    Args:
        wanted: `PREVIEW` or `SAMPLE` to ask for those; None for exact, and sampled where no
            exact method bears the game.
        samples: Votes drawn of each kind where it is sampled.
        new_generator: Gives the same seeded dice each time it is called.
    """

    wanted: Method | None
    samples: int
    new_generator: NewGenerator

    def measure(self, game: Game, told: Told) -> Measured:
        """Measure a game."""
        if self.wanted is Method.PREVIEW:
            census = count_preview(game, told)
            if census is not None:
                return _exact(game, census, Method.PREVIEW)
        if self.wanted is not Method.SAMPLE:
            found = count_exactly(game, told)
            if found is not None:
                return _exact(game, *found)
        sampled = sample_power(game, self.new_generator(), samples=self.samples, told=told)
        return _sampled(game, sampled)


def _exact(game: Game, census: Census, method: Method) -> Measured:
    power: Power = power_of(census)
    voices = {
        player: Voice(
            banzhaf=Figure(value=index.banzhaf),
            share=Figure(value=index.share),
            shapley=Figure(value=index.shapley),
            prevent=Figure(value=index.prevent),
            initiate=Figure(value=index.initiate),
        )
        for player, index in zip(game.players, power.players, strict=True)
    }
    return Measured(method=method, decisiveness=Figure(value=power.decisiveness), voices=voices)


def _sampled(game: Game, power: SampledPower) -> Measured:
    every = sum((index.banzhaf.value for index in power.players), Fraction(0))
    voices = {
        player: Voice(
            banzhaf=_figure(index.banzhaf),
            share=Figure(value=index.banzhaf.value / every if every else Fraction(0)),
            shapley=_figure(index.shapley),
            prevent=_figure(index.prevent),
            initiate=_figure(index.initiate),
        )
        for player, index in zip(game.players, power.players, strict=True)
    }
    return Measured(
        method=Method.SAMPLE,
        decisiveness=_figure(power.decisiveness),
        voices=voices,
        samples=power.samples,
    )


def _figure(estimate: Estimate) -> Figure:
    return Figure(value=estimate.value, low=estimate.low, high=estimate.high)
