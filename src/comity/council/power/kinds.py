# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exact counts where few kinds of players differ: a rule on heads, groups and vetoes.

Kinds are let in one after another; what is kept is how many coalitions leave which sums and
which part of the rule open. A bar that is reached or out of reach is settled at once, so its
sum need not be kept any longer.
"""

from collections import Counter
from dataclasses import dataclass
from math import comb
from typing import TypeAlias

from comity.council.power.census import Census, Told, census_of
from comity.council.power.game import Game
from comity.council.power.gate import ALWAYS, NEVER, Bar, Below, Formula, gate, leaves

MAX_PLAYERS = 500
MAX_KINDS = 60
MAX_STATES = 40_000
MAX_STEPS = 4_000_000

Kind: TypeAlias = tuple[int, ...]
State: TypeAlias = tuple[Formula, tuple[int, ...]]
"""What is open, and the sums of every measure; those nobody asks for are 0."""


@dataclass(slots=True)
class _Budget:
    """Steps left before another method is the better one."""

    left: int = MAX_STEPS


def count_kinds(game: Game, told: Told) -> Census | None:
    """Count by kinds of players, or return None where too many kinds differ."""
    kinds = Counter(game.kind(player) for player in range(len(game.players)))
    if len(kinds) > MAX_KINDS or len(game.players) > MAX_PLAYERS:
        return None
    budget = _Budget()
    measures = len(game.measures)
    winning = _count(game.adopts, kinds, measures, budget)
    without: dict[Kind, list[int]] = {}
    for kind in kinds:
        rest = (
            _count(game.adopts, kinds - Counter([kind]), measures, budget) if winning else None
        )
        if rest is None:
            return None
        without[kind] = rest
        told(len(without), len(kinds))
    if winning is None:
        return None
    own = [without[game.kind(player)] for player in range(len(game.players))]
    return census_of(winning, own)


def _count(
    adopts: Formula, kinds: Counter[Kind], measures: int, budget: _Budget
) -> list[int] | None:
    """Return winning coalitions by size; counts of all sizes travel packed in one integer."""
    rest = sum(kinds.values())
    slot = rest + 1
    left = [sum(kind[at] * n for kind, n in kinds.items()) for at in range(measures)]
    start = (0,) * len(left)
    states: dict[State, int] = {_state(adopts, start, left): 1}
    won = 0
    for kind in _ordered(kinds):
        number = kinds[kind]
        rest -= number
        left = [total - number * own for total, own in zip(left, kind, strict=True)]
        won += _settled(states, (1 + (1 << slot)) ** (rest + number))
        budget.left -= len(states) * (number + 1)
        if budget.left < 0 or len(states) > MAX_STATES:
            return None
        states = _admit(states, kind, number, left, slot)
    won += _settled(states, 1)
    mask = (1 << slot) - 1
    return [won >> (slot * size) & mask for size in range(sum(kinds.values()) + 1)]


def _ordered(kinds: Counter[Kind]) -> list[Kind]:
    """Order kinds so that groups come one after another, players of several groups first."""

    def place(kind: Kind) -> tuple[int, tuple[bool, ...], Kind]:
        shape = tuple(own > 0 for own in kind)
        return -sum(shape), shape, kind

    return sorted(kinds, key=place)


def _settled(states: dict[State, int], others: int) -> int:
    """Take out what is adopted whatever others say, and return it with all they may say."""
    done = [state for state in states if state[0] == ALWAYS]
    return sum(states.pop(state) for state in done) * others


def _admit(
    states: dict[State, int], kind: Kind, number: int, left: list[int], slot: int
) -> dict[State, int]:
    found: dict[State, int] = {}
    ways = [comb(number, said) << (slot * said) for said in range(number + 1)]
    for (formula, sums), count in states.items():
        for said, way in enumerate(ways):
            reached = tuple(total + said * own for total, own in zip(sums, kind, strict=True))
            state = _state(formula, reached, left)
            if state[0] != NEVER:
                found[state] = found.get(state, 0) + count * way
    return found


def _state(formula: Formula, sums: tuple[int, ...], left: list[int]) -> State:
    is_open = _open(formula, sums, left)
    asked = {leaf.measure for leaf in leaves(is_open)}
    return is_open, tuple(own if at in asked else 0 for at, own in enumerate(sums))


def _open(formula: Formula, sums: tuple[int, ...], left: list[int]) -> Formula:
    match formula:
        case Bar(measure=at, least=least):
            if sums[at] >= least:
                return ALWAYS
            return NEVER if sums[at] + left[at] < least else formula
        case Below(measure=at, least=least):
            if sums[at] >= least:
                return NEVER
            return ALWAYS if sums[at] + left[at] < least else formula
        case _:
            if not formula.parts:
                return formula
            return gate(formula.count, [_open(part, sums, left) for part in formula.parts])
