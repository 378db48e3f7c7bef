# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule on a body as a simple game: who wins with which yes votes.

Everybody says yes or no: whoever is not in favour says no, and objects where a rule speaks of
objections. So every base of a share is all members of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from comity.council.power.gate import (
    ALWAYS,
    NEVER,
    Bar,
    Below,
    Formula,
    gate,
    is_monotone,
    negate,
)
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.errors import Fault, InvalidDocument

MAX_TOTAL = 1 << 52
"""Sums of weights stay exact in a float below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is summed over the yes votes: heads or a weight, of all or of one group."""

    by: str | None
    within: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """Players, what each brings to each measure, and what adopts.

    Args:
        players: Their names; a bloc that votes as one is one player.
        values: For each measure, what each player brings, 0 or more.
        units: What one unit of each weight stands for, where weights were rounded.
    """

    players: tuple[str, ...]
    measures: tuple[Measure, ...]
    values: tuple[tuple[int, ...], ...]
    adopts: Formula
    units: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_monotone(self) -> bool:
        """Tell whether a further yes can never undo an adoption."""
        return is_monotone(self.adopts)

    def matrix(self) -> NDArray[np.int64]:
        """Return the values as an array, measures by players."""
        return np.array(self.values, np.int64).reshape(len(self.measures), len(self.players))

    def kind(self, player: int) -> tuple[int, ...]:
        """Return what a player brings; players of one kind are interchangeable."""
        return tuple(row[player] for row in self.values)


def compile_game(
    rule: Rule, floor: Floor, members: Sequence[str], units: Mapping[str, int] | None = None
) -> Game:
    """Compile a rule on a floor, as everybody says yes or no.

    Args:
        members: The seats, in the order of the players.
        units: Name of weights to the amount that counts as one; each member's weight is
            rounded to the nearest, shares are taken of the rounded total, and fixed numbers
            are rounded up.

    Raises:
        InvalidDocument: The rule names weights or a group the body does not have, or the
            weights are too large; all are listed (code `council.power`).
    """
    compiler = _Compiler(floor=floor, members=tuple(members), units=units or {})
    adopts = compiler.formula(rule)
    if compiler.faults:
        raise InvalidDocument(
            "the rule does not fit the body", code="council.power", faults=compiler.faults
        )
    return Game(
        players=tuple(members),
        measures=tuple(compiler.values),
        values=tuple(compiler.values.values()),
        adopts=adopts,
        units=dict(compiler.units),
    )


def merge(game: Game, blocs: Mapping[str, Iterable[str]]) -> Game:
    """Return the game in which each bloc is one player; the others keep their order.

    Raises:
        InvalidDocument: A member is unknown or in two blocs (code `council.bloc`).
    """
    places = {player: at for at, player in enumerate(game.players)}
    joined = [member for members in blocs.values() for member in members]
    faults = [
        Fault(message=f"{member} is no member of the body")
        for member in joined
        if member not in places
    ]
    twice = sorted({member for member in joined if joined.count(member) > 1})
    faults += [Fault(message=f"{member} is in two blocs") for member in twice]
    if faults:
        raise InvalidDocument("blocs do not fit", code="council.bloc", faults=faults)
    alone = [at for player, at in places.items() if player not in joined]
    groups = [[places[member] for member in members] for members in blocs.values()]
    return replace(
        game,
        players=(*(game.players[at] for at in alone), *blocs),
        values=tuple(
            (*(row[at] for at in alone), *(sum(row[at] for at in group) for group in groups))
            for row in game.values
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Compiler:
    floor: Floor
    members: tuple[str, ...]
    units: Mapping[str, int]
    values: dict[Measure, tuple[int, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def formula(self, rule: Rule) -> Formula:
        match rule:
            case Leaf():
                return self._leaf(rule)
            case All(parts=parts):
                return gate(len(parts), [self.formula(part) for part in parts])
            case AtLeast(count=count, parts=parts):
                return gate(count, [self.formula(part) for part in parts])
            case Not(part=part):
                return negate(self.formula(part))
            case Across(family=family, missing=missing, leaf=leaf):
                groups = self.floor.family(family)
                if not groups:
                    self._fault(f"the body has no groups of the family {family!r}")
                within = [self._leaf(replace(leaf, within=group)) for group in groups]
                return gate(max(1, len(groups) - missing), within)
            case _:
                assert_never(rule)

    def _leaf(self, leaf: Leaf) -> Formula:
        measure = Measure(by=leaf.by, within=leaf.within)
        total = sum(self._values(measure))
        least = self._least(leaf, total)
        counts_yes = Answer.YES in leaf.count
        counts_no = not leaf.count.isdisjoint({Answer.NO, Answer.OBJECT})
        if counts_yes == counts_no:
            return ALWAYS if counts_yes and total >= least else NEVER
        at = list(self.values).index(measure)
        if counts_yes:
            return Bar(measure=at, least=least) if least <= total else NEVER
        if least > total:
            return NEVER
        return Below(measure=at, least=total - least + 1)

    def _least(self, leaf: Leaf, total: int) -> int:
        match leaf.need:
            case Number(least=least):
                return -(-least // self.units.get(leaf.by or "", 1))
            case Share(least=share, strict=strict):
                if not total:
                    return 1
                amount = share * total
                down = amount.numerator // amount.denominator
                return down + 1 if strict or down < amount else down
            case _:
                assert_never(leaf.need)

    def _values(self, measure: Measure) -> tuple[int, ...]:
        if measure not in self.values:
            self.values[measure] = self._weigh(measure)
        return self.values[measure]

    def _weigh(self, measure: Measure) -> tuple[int, ...]:
        if measure.within is not None and measure.within not in self.floor.groups:
            self._fault(f"the body has no group {measure.within!r}")
        seats = self.floor.within(measure.within)
        if measure.by is None:
            return tuple(int(member in seats) for member in self.members)
        if measure.by not in self.floor.weights:
            self._fault(f"the body has no weights called {measure.by!r}")
            return (0,) * len(self.members)
        weights, unit = self.floor.weights[measure.by].values, self.units.get(measure.by, 1)
        values = tuple(
            (weights[member] + unit // 2) // unit if member in seats else 0
            for member in self.members
        )
        if sum(values) >= MAX_TOTAL:
            self._fault(f"{measure.by} adds up to more than 2^52; count it in larger units")
        return values

    def _fault(self, message: str) -> None:
        fault = Fault(message=message)
        if fault not in self.faults:
            self.faults.append(fault)
