# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power by going through every coalition, and small games to do so with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from comity.council.power.census import Census
from comity.council.power.game import Game, compile_game
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Floor, Weights
from comity.council.rule.rule import Leaf, Number, Rule


def nobody(_done: int, _steps: int) -> None:
    """Take no notice of progress."""


def hall(values: Sequence[int], groups: Mapping[str, Sequence[int]] | None = None) -> Floor:
    """Return a floor of members S0, S1, ... that weigh "w", with groups by their places."""
    seats = [f"S{at}" for at in range(len(values))]
    weights = dict(zip(seats, values, strict=True))
    return Floor(
        seats=frozenset(seats),
        groups={
            name: frozenset(seats[at] for at in places)
            for name, places in (groups or {}).items()
        },
        weights={"w": Weights(name="w", unit="unit", source="made up", values=weights)},
    )


def seats_of(floor: Floor) -> tuple[str, ...]:
    """Return the members in their order."""
    return tuple(sorted(floor.seats, key=lambda seat: int(seat[1:])))


def weighted(quota: int, values: Sequence[int]) -> Game:
    """Return the weighted game [quota; values]."""
    floor = hall(values)
    rule = Leaf(need=Number(least=quota), by="w")
    return compile_game(rule, floor, seats_of(floor))


def every_coalition(rule: Rule, floor: Floor) -> Census:
    """Count by deciding every vote there can be, as the tally would."""
    seats = seats_of(floor)
    wins = [_wins(rule, floor, seats, bits) for bits in range(1 << len(seats))]
    winning = [0] * (len(seats) + 1)
    swings = [[0] * len(seats) for _ in seats]
    for bits, won in enumerate(wins):
        winning[bits.bit_count()] += won
        for at in range(len(seats)):
            if not bits >> at & 1:
                swings[at][bits.bit_count()] += wins[bits | 1 << at] - won
    return Census(winning=tuple(winning), swings=tuple(tuple(row) for row in swings))


def _wins(rule: Rule, floor: Floor, seats: Sequence[str], bits: int) -> bool:
    answers = {
        seat: Answer.YES if bits >> at & 1 else Answer.NO for at, seat in enumerate(seats)
    }
    return decide(rule, replace(floor, answers=answers)).passed
