# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

from comity.council.power.census import Census, census_of, power_of


def test_swings_follow_from_what_wins_without_a_player() -> None:
    """Two of three: each player turns the two coalitions of one other."""
    census = census_of((0, 0, 3, 1), [(0, 0, 1)] * 3)
    assert census.swings == ((0, 2, 0),) * 3
    power = power_of(census)
    assert power.decisiveness == Fraction(1, 2)
    index = power.players[0]
    assert index.banzhaf == Fraction(1, 2)
    assert index.share == index.shapley == Fraction(1, 3)
    assert index.prevent == index.initiate == Fraction(1, 2)


def test_a_rule_that_never_adopts_gives_nobody_power() -> None:
    """Nothing is divided by nothing."""
    power = power_of(Census(winning=(0, 0, 0), swings=((0, 0), (0, 0))))
    assert power.decisiveness == 0
    assert power.players[0].share == power.players[0].prevent == 0
