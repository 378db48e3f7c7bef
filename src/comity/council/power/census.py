# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many coalitions of each size win, and to how many each player makes the difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TypeAlias

Told: TypeAlias = Callable[[int, int], None]
"""Is told how many steps are done, of how many."""


def untold(_done: int, _steps: int) -> None:
    """Take no notice of how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Counts of coalitions, from which every index follows.

    Args:
        winning: Winning coalitions by their number of players, 0 to n.
        swings: For each player, by number of others from 0 to n - 1: coalitions of others
            that win only with that player.
    """

    winning: tuple[int, ...]
    swings: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What one player's vote is worth.

    Args:
        banzhaf: Chance that the vote decides, when all others toss a coin.
        share: Part of all swings; the normalised Banzhaf index, all adding to 1.
        shapley: Part of all orders in which the vote is the one that decides, adding to 1.
        prevent: Chance that turning against stops what would be adopted.
        initiate: Chance that turning in favour adopts what would fail.

    Source:
        Penrose (1946); Banzhaf (1965), Rutgers Law Review 19; Shapley & Shubik (1954), APSR
        48(3); Coleman (1971), "Control of collectivities and the power of a collectivity to
        act".
    """

    banzhaf: Fraction
    share: Fraction
    shapley: Fraction
    prevent: Fraction
    initiate: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Every player's index.

    Args:
        decisiveness: Part of all coalitions that win; Coleman's power to act.
    """

    decisiveness: Fraction
    players: tuple[Index, ...]


def census_of(winning: Sequence[int], without: Sequence[Sequence[int]]) -> Census:
    """Return the census from counts of winning coalitions.

    Args:
        winning: By size, 0 to n.
        without: For each player, those it is not in, by size 0 to n - 1.
    """
    found = []
    for own in without:
        padded = (*own, 0)
        row = (winning[size + 1] - padded[size + 1] - own[size] for size in range(len(own)))
        found.append(tuple(row))
    return Census(winning=tuple(winning), swings=tuple(found))


def power_of(census: Census) -> Power:
    """Return every index, exactly."""
    count = len(census.swings)
    won = sum(census.winning)
    lost = (1 << count) - won
    totals = [sum(row) for row in census.swings]
    every = sum(totals)
    orders = [factorial(size) * factorial(count - 1 - size) for size in range(count)]
    players = tuple(
        Index(
            banzhaf=Fraction(total, 1 << (count - 1)),
            share=_ratio(total, every),
            shapley=Fraction(
                sum(swings * order for swings, order in zip(row, orders, strict=True)),
                factorial(count),
            ),
            prevent=_ratio(total, won),
            initiate=_ratio(total, lost),
        )
        for row, total in zip(census.swings, totals, strict=True)
    )
    return Power(decisiveness=Fraction(won, 1 << count), players=players)


def _ratio(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)
