# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Power where each may also abstain: exact, for members of few kinds or few members.

A ternary game: everybody says yes, abstains or says no, and objects where a rule speaks of
objections. Whoever stays away is not measured.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb, factorial, prod
from typing import Any, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from comity.council.power.game import Game, Measure
from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.rule import (
    AGAINST,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
)

Kind: TypeAlias = tuple[int, ...]
Sums: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]
Ways: TypeAlias = NDArray[Any]
"""Whole numbers; of Python's own where 64 bits do not hold them."""

MAX_CELLS = 4_000_000
"""Votes that differ, times the kinds of members they are counted for."""

_EXACT_PLAYERS = 39
_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class TernaryVoice:
    """What one member's vote is worth when all others say yes, abstain or no alike often.

    Args:
        by_yes: Chance that a yes adopts what an abstention would not.
        by_no: Chance that a no stops what an abstention would let pass.
    """

    by_yes: Fraction
    by_no: Fraction

    @property
    def banzhaf(self) -> Fraction:
        """Return the chance that yes or no decides: the ternary Banzhaf measure."""
        return self.by_yes + self.by_no


@dataclass(frozen=True, slots=True, kw_only=True)
class Ternary:
    """A rule measured with abstention as a third choice.

    Args:
        decisiveness: Part of all votes of three choices that adopt.
    """

    decisiveness: Fraction
    voices: Mapping[str, TernaryVoice]


def heeding(rule: Rule) -> Iterator[Leaf]:
    """Yield each leaf in which an abstention is something else than a no."""
    match rule:
        case Leaf():
            if _tells_apart(rule):
                yield rule
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from heeding(part)
        case Not(part=part):
            yield from heeding(part)
        case Across(leaf=leaf):
            if _tells_apart(leaf):
                yield leaf
        case _:
            assert_never(rule)


def measure_ternary(rule: Rule, floor: Floor, game: Game) -> Ternary | None:
    """Measure with three choices, or return None where it is too much or a yes can hurt.

    Args:
        game: The rule compiled on the floor, without blocs; its rounded weights count.

    Source:
        Felsenthal & Machover (1997), International Journal of Game Theory 26.
    """
    kinds = Counter(game.kind(player) for player in range(len(game.players)))
    if not _is_bearable(rule, kinds):
        return None
    whole = _Votes.of(kinds, game)
    voices: dict[Kind, TernaryVoice] = {}
    for kind in kinds:
        votes = _Votes.of(kinds - Counter([kind]), game)
        yes, abstains, no = (
            votes.holds(rule, floor, votes.with_one(kind, said)) for said in range(3)
        )
        if (abstains & ~yes).any() or (no & ~abstains).any():
            return None
        total = 3 ** (len(game.players) - 1)
        voices[kind] = TernaryVoice(
            by_yes=Fraction(votes.number(yes & ~abstains), total),
            by_no=Fraction(votes.number(abstains & ~no), total),
        )
    adopted = whole.number(whole.holds(rule, floor, whole.sums))
    return Ternary(
        decisiveness=Fraction(adopted, 3 ** len(game.players)),
        voices={name: voices[game.kind(at)] for at, name in enumerate(game.players)},
    )


def _tells_apart(leaf: Leaf) -> bool:
    if isinstance(leaf.need, Share) and leaf.need.of is Base.YES_AND_NO:
        return True
    return (Answer.ABSTAIN in leaf.count) != (not leaf.count.isdisjoint(AGAINST))


def _is_bearable(rule: Rule, kinds: Counter[Kind]) -> bool:
    cells = prod(comb(number + 2, 2) for number in kinds.values()) * len(kinds)
    totals = [sum(own * n for own, n in zip(row, kinds.values(), strict=True))
              for row in zip(*kinds, strict=True)]  # fmt: skip
    most = max(totals, default=0) * max(_denominators(rule), default=1)
    return cells <= MAX_CELLS and most < _LARGEST


def _denominators(rule: Rule) -> Iterator[int]:
    match rule:
        case Leaf(need=need):
            yield need.least.denominator
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _denominators(part)
        case Not(part=part) | Across(leaf=part):
            yield from _denominators(part)
        case _:
            assert_never(rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Votes:
    """Every vote of some players that differs, with how often it comes.

    Args:
        sums: Yes, abstentions and noes, each a row for each measure.
    """

    game: Game
    sums: Sequence[Sums]
    ways: Ways

    @classmethod
    def of(cls, kinds: Counter[Kind], game: Game) -> "_Votes":
        """Let every kind vote in every way."""
        fits = sum(kinds.values()) <= _EXACT_PLAYERS
        ways: Ways = np.ones(1, np.int64 if fits else object)
        sums = [np.zeros((len(game.measures), 1), np.int64) for _ in range(3)]
        for kind, number in kinds.items():
            said = np.array(list(_splits(number)), np.int64)
            each = np.array([_multinomial(number, *one) for one in said.tolist()], ways.dtype)
            ways = (ways[:, None] * each[None, :]).ravel()
            own = np.array(kind, np.int64)[:, None, None]
            sums = [
                (rows[:, :, None] + own * said[None, None, :, at]).reshape(len(rows), -1)
                for at, rows in enumerate(sums)
            ]
        return cls(game=game, sums=sums, ways=ways)

    def with_one(self, kind: Kind, said: int) -> Sequence[Sums]:
        """Return the sums with one more that says yes (0), abstains (1) or says no (2)."""
        own = np.array(kind, np.int64)[:, None]
        return [rows + own if at == said else rows for at, rows in enumerate(self.sums)]

    def number(self, truths: Truths) -> int:
        """Return how many votes are among *truths*."""
        return int(self.ways[truths].sum())

    def holds(self, rule: Rule, floor: Floor, sums: Sequence[Sums]) -> Truths:
        """Tell where a rule holds."""
        match rule:
            case Leaf():
                return self._leaf(rule, sums)
            case All(parts=parts):
                return self._joint(parts, len(parts), floor, sums)
            case AtLeast(count=count, parts=parts):
                return self._joint(parts, count, floor, sums)
            case Not(part=part):
                return ~self.holds(part, floor, sums)
            case Across(family=family, missing=missing, leaf=leaf):
                within = [replace(leaf, within=group) for group in floor.family(family)]
                return self._joint(within, max(1, len(within) - missing), floor, sums)
            case _:
                assert_never(rule)

    def _joint(
        self, parts: Sequence[Rule], count: int, floor: Floor, sums: Sequence[Sums]
    ) -> Truths:
        reached = np.zeros(len(self.ways), np.int16)
        for part in parts:
            reached += self.holds(part, floor, sums)
        return reached >= count

    def _leaf(self, leaf: Leaf, sums: Sequence[Sums]) -> Truths:
        at = self.game.measures.index(Measure(by=leaf.by, within=leaf.within))
        yes, abstains, no = (rows[at] for rows in sums)
        counted = yes * (Answer.YES in leaf.count) + abstains * (Answer.ABSTAIN in leaf.count)
        counted = counted + no * (not leaf.count.isdisjoint(AGAINST))
        match leaf.need:
            case Number(least=least):
                enough: Truths = counted >= -(-least // self.game.units.get(leaf.by or "", 1))
                return enough
            case Share(of=of, least=share, strict=strict):
                base = yes + no if of is Base.YES_AND_NO else yes + abstains + no
                excess = counted * share.denominator - base * share.numerator
                reached: Truths = (base > 0) & (excess >= int(strict))
                return reached
            case _:
                assert_never(leaf.need)


def _splits(number: int) -> Iterator[tuple[int, int, int]]:
    for yes in range(number + 1):
        for abstains in range(number - yes + 1):
            yield yes, abstains, number - yes - abstains


def _multinomial(number: int, yes: int, abstains: int, no: int) -> int:
    return factorial(number) // (factorial(yes) * factorial(abstains) * factorial(no))
