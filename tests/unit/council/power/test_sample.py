# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np
from tests.fakes.coalition import hall, nobody, seats_of, weighted

from comity.council.power.census import power_of
from comity.council.power.game import Game, compile_game
from comity.council.power.kinds import count_kinds
from comity.council.power.sample import Estimate, SampledPower, sample_power
from comity.council.rule.rule import AGAINST, Leaf, Number

GAME = weighted(12, (4, 4, 4, 2, 2, 1))


def _sample(game: Game, seed: int = 7, samples: int = 5500) -> SampledPower:
    generator = np.random.Generator(np.random.PCG64(seed))
    return sample_power(game, generator, samples=samples, told=nobody)


def _holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def test_intervals_hold_the_exact_values() -> None:
    """Five figures of six members, at 95 in 100 each: this seed misses none or few."""
    census = count_kinds(GAME, nobody)
    assert census is not None
    exact, sampled = power_of(census), _sample(GAME)
    held = [
        _holds(estimate, float(truth))
        for mine, true in zip(sampled.players, exact.players, strict=True)
        for estimate, truth in (
            (mine.banzhaf, true.banzhaf),
            (mine.shapley, true.shapley),
            (mine.prevent, true.prevent),
            (mine.initiate, true.initiate),
        )
    ]
    assert sum(held) >= len(held) - 2
    assert _holds(sampled.decisiveness, float(exact.decisiveness))
    assert sampled.samples == 5500


def test_one_seed_gives_one_result() -> None:
    """Whoever doubts a figure can draw the same votes again."""
    assert _sample(GAME) == _sample(GAME)
    assert _sample(GAME) != _sample(GAME, seed=8)


def test_what_is_never_seen_may_still_happen() -> None:
    """A member without a swing in the sample gets an interval, not a zero."""
    index = _sample(GAME).players[5].banzhaf
    assert index.value == index.low == 0
    assert 0 < index.high < 0.001


def test_a_yes_that_hurts_counts_against() -> None:
    """Under a rule that noes carry, power is negative and said to be."""
    floor = hall((1, 1, 1))
    game = compile_game(Leaf(need=Number(least=2), count=AGAINST), floor, seats_of(floor))
    index = _sample(game).players[0]
    assert index.banzhaf.value < 0
    assert index.banzhaf.low < -0.5 < index.banzhaf.high


def test_a_rule_that_asks_for_nothing_gives_nothing() -> None:
    """There is no measure, and nobody decides."""
    floor = hall((1, 1))
    everything = Leaf(need=Number(least=9))
    sampled = _sample(compile_game(everything, floor, seats_of(floor)), samples=10)
    assert sampled.decisiveness.value == 0
    assert sampled.players[0].prevent.high == 1.0
