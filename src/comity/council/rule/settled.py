# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether what the silent might still say could change a verdict, kept as seats speak.

Each seat's answer is worth a fixed integer in a count, so each count lies between what has been
said with the least the silent could add and what has been said with the most. A seat that
speaks changes two sums of each count it belongs to, and no count is made afresh.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from comity.council.rule.floor import Answer, Floor
from comity.council.rule.goal import spread, weights_of
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share


class Fate(Enum):
    """What can still become of a part of a rule."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


@dataclass(slots=True, kw_only=True)
class _Sum:
    """What has been said in one count, and the weight of who is silent.

    Args:
        worth: What an answer adds, per unit of weight; the count holds from `least` on.
        base: Answers in the base of a share; None for a fixed number.
    """

    worth: Mapping[Answer, int]
    least: int
    base: frozenset[Answer] | None
    weights: Mapping[str, int]
    said: int = 0
    in_base: int = 0
    silent: int = 0

    def add(self, seat: str, answer: Answer, sign: int) -> None:
        """Count a seat's answer, or with a sign of -1 take it out."""
        weight = sign * self.weights.get(seat, 0)
        if answer is Answer.SILENT:
            self.silent += weight
            return
        self.said += weight * self.worth[answer]
        self.in_base += weight * (self.base is not None and answer in self.base)

    @property
    def fate(self) -> Fate:
        """Tell whether any answers of the silent decide the count."""
        lowest = self.said + self.silent * min(self.worth.values())
        highest = self.said + self.silent * max(self.worth.values())
        if highest < self.least or (self.base is not None and self._most_in_base == 0):
            return Fate.FAILS
        if lowest >= self.least and (self.base is None or self._least_in_base > 0):
            return Fate.HOLDS
        return Fate.OPEN

    @property
    def _most_in_base(self) -> int:
        return self.in_base + self.silent * bool(self.base)

    @property
    def _least_in_base(self) -> int:
        everybody = self.base is not None and len(self.base) == len(Answer)
        return self.in_base + self.silent * everybody


_Node: TypeAlias = "_Sum | _Joint | _Denied"


@dataclass(frozen=True, slots=True)
class _Joint:
    """So many of the parts hold."""

    needed: int
    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Denied:
    """The part does not hold."""

    part: _Node


class Unsettled:
    """A vote in which seats speak one by one, until nobody still silent can change it."""

    def __init__(self, procedure: Procedure, floor: Floor) -> None:
        self._answers = dict(floor.answers)
        sums: dict[Leaf, _Sum] = {}
        quorum = procedure.quorum
        self._quorum = None if quorum is None else _node(quorum, floor, sums)
        self._adopts = _node(procedure.adopts, floor, sums)
        self._sums = tuple(sums.values())
        for one in self._sums:
            for seat in one.weights:
                one.add(seat, floor.answer(seat), 1)

    def answer(self, seat: str, answer: Answer) -> None:
        """Let a seat answer, or answer otherwise than it did."""
        before = self._answers.get(seat, Answer.SILENT)
        if before is answer:
            return
        self._answers[seat] = answer
        for one in self._sums:
            if seat in one.weights:
                one.add(seat, before, -1)
                one.add(seat, answer, 1)

    @property
    def is_settled(self) -> bool:
        """Tell whether the verdict is the same whatever each of the silent may say.

        What holds by two counts that the silent cannot both decide may be found open though it
        is not; nothing open is found settled.
        """
        quorum = Fate.HOLDS if self._quorum is None else _fate(self._quorum)
        if quorum is not Fate.HOLDS:
            return quorum is Fate.FAILS
        return _fate(self._adopts) is not Fate.OPEN


def _fate(node: _Node) -> Fate:
    match node:
        case _Sum():
            return node.fate
        case _Denied(part=part):
            return _DENIED[_fate(part)]
        case _Joint(needed=needed, parts=parts):
            fates = [_fate(part) for part in parts]
            if fates.count(Fate.HOLDS) >= needed:
                return Fate.HOLDS
            return Fate.OPEN if len(fates) - fates.count(Fate.FAILS) >= needed else Fate.FAILS
        case _:
            assert_never(node)


_DENIED = {Fate.HOLDS: Fate.FAILS, Fate.FAILS: Fate.HOLDS, Fate.OPEN: Fate.OPEN}


def _node(rule: Rule, floor: Floor, sums: dict[Leaf, _Sum]) -> _Node:
    match rule:
        case Leaf():
            if rule not in sums:
                sums[rule] = _sum(rule, floor)
            return sums[rule]
        case All(parts=parts):
            return _Joint(len(parts), tuple(_nodes(parts, floor, sums)))
        case AtLeast(count=count, parts=parts):
            return _Joint(count, tuple(_nodes(parts, floor, sums)))
        case Not(part=part):
            return _Denied(_node(part, floor, sums))
        case Across(missing=missing):
            leaves = spread(rule, floor)
            needed = max(1, len(leaves) - missing)
            return _Joint(needed, tuple(_nodes(leaves, floor, sums)))
        case _:
            assert_never(rule)


def _nodes(parts: tuple[Rule, ...], floor: Floor, sums: dict[Leaf, _Sum]) -> Iterator[_Node]:
    return (_node(part, floor, sums) for part in parts)


def _sum(leaf: Leaf, floor: Floor) -> _Sum:
    weights = weights_of(leaf, floor)
    match leaf.need:
        case Number(least=least):
            worth = {answer: int(answer in leaf.count) for answer in Answer}
            return _Sum(worth=worth, least=least, base=None, weights=weights)
        case Share(of=of, least=share, strict=strict):
            num, den, base = share.numerator, share.denominator, of.counts
            worth = {
                answer: den * (answer in leaf.count) - num * (answer in base)
                for answer in Answer
            }
            return _Sum(worth=worth, least=int(strict), base=base, weights=weights)
        case _:
            assert_never(leaf.need)
