# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Plans against brute force, many of them; and clashes, which must be as small as they say."""

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.fakes.appraisal import CEILINGS, appraise
from tests.fakes.bazaar import ONE, ZERO, least_peak, random_market

from comity.exposure.diversify.clash import Constraint, clash
from comity.exposure.diversify.market import Offer

pytestmark = pytest.mark.long

MARKETS = 100


def test_no_plan_is_better_and_none_is_claimed_to_be(dice: random.Random) -> None:
    """One, two or three buyers, one or two layers, minima, fees, crumbs of a millionth."""
    for _ in range(MARKETS):
        appraise(random_market(dice), dice.choice(CEILINGS), dice.choice([0.0, 1e-4]))


def test_a_clash_falls_apart_whatever_is_left_out(dice: random.Random) -> None:
    """It is there exactly where no purchase keeps the ceiling."""
    for _ in range(MARKETS):
        market = random_market(dice)
        offers, codes = market.of("l0"), market.foreign(market.buyers[0])
        ceiling = dice.choice(CEILINGS)
        found, peak = clash(offers, codes, ceiling), least_peak(offers, codes)

        assert bool(found) == (peak is None or peak > ceiling)
        assert not found or not is_kept(offers, found, ceiling)
        for one in found:
            assert is_kept(offers, [other for other in found if other != one], ceiling)


def is_kept(offers: Sequence[Offer], asked: Sequence[Constraint], ceiling: Fraction) -> bool:
    """Tell whether some shares keep a few constraints, by trying everything."""
    capped = {one.name for one in asked if one.kind == "capacity"}
    has_minimum = any(one.kind == "minimum" for one in asked)
    eased = [
        replace(
            one,
            capacity=one.capacity if one.key in capped else ONE,
            minimum=one.minimum if has_minimum else ZERO,
        )
        for one in offers
    ]
    peak = least_peak(eased, [one.name for one in asked if one.kind == "ceiling"])
    return peak is not None and peak <= ceiling
