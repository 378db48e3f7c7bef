# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What would have to be so for a rule to hold, or not to: alternatives of linear bounds.

Every leaf is a sum over its seats, and each seat's answer is worth a fixed integer in it. So a
rule that shall hold (or fail) is a choice of alternatives, each a few sums that must reach a
bound. The search for the smallest change and the checks of a rule both start from here.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound:
    """A sum over seats that must be at least so much.

    Args:
        worth: What an answer adds, per unit of weight.
        weights: Of each seat that counts.
    """

    worth: Mapping[Answer, int]
    weights: Mapping[str, int]
    least: int

    def of(self, seat: str, answer: Answer) -> int:
        """Return what a seat adds by an answer."""
        return self.weights.get(seat, 0) * self.worth[answer]

    def is_met(self, floor: Floor) -> bool:
        """Tell whether the floor reaches the bound."""
        return sum(self.of(seat, floor.answer(seat)) for seat in self.weights) >= self.least


Alternative: TypeAlias = tuple[Bound, ...]
"""Bounds that must all be met."""


def alternatives(rule: Rule, floor: Floor, *, wanted: bool) -> Iterator[Alternative]:
    """Yield what would make a rule hold, or fail; it does so when one of these is met.

    They are not all possible; those that suit the floor as it is come first.
    """
    match rule:
        case Leaf():
            yield from _of_leaf(rule, floor, wanted=wanted)
        case All(parts=parts):
            yield from _of_parts(parts, len(parts), floor, wanted=wanted)
        case AtLeast(count=count, parts=parts):
            yield from _of_parts(parts, count, floor, wanted=wanted)
        case Not(part=part):
            yield from alternatives(part, floor, wanted=not wanted)
        case Across(missing=missing):
            parts = spread(rule, floor)
            yield from _of_parts(parts, max(1, len(parts) - missing), floor, wanted=wanted)
        case _:
            assert_never(rule)


def spread(rule: Across, floor: Floor) -> tuple[Leaf, ...]:
    """Return the leaf of each group of the family that has a seat."""
    return tuple(replace(rule.leaf, within=group) for group in floor.family(rule.family))


def empty_base(leaf: Leaf, floor: Floor) -> Iterator[Alternative]:
    """Yield what leaves a leaf's share without a base; nothing for a fixed number."""
    if isinstance(leaf.need, Share):
        yield from _no_base(leaf.need.of, weights_of(leaf, floor))


def joined(choices: Sequence[Callable[[], Iterator[Alternative]]]) -> Iterator[Alternative]:
    """Yield one alternative of each, together."""
    if not choices:
        yield ()
        return
    for one in choices[0]():
        for others in joined(choices[1:]):
            yield one + others


def _of_parts(
    parts: tuple[Rule, ...], count: int, floor: Floor, *, wanted: bool
) -> Iterator[Alternative]:
    needed = count if wanted else len(parts) - count + 1
    if needed <= 0:
        yield ()
        return
    nearest_first = sorted(parts, key=lambda part: decide(part, floor).passed is not wanted)
    for chosen in itertools.combinations(nearest_first, needed):
        yield from joined([_later(part, floor, wanted=wanted) for part in chosen])


def _later(part: Rule, floor: Floor, *, wanted: bool) -> Callable[[], Iterator[Alternative]]:
    return lambda: alternatives(part, floor, wanted=wanted)


def _of_leaf(leaf: Leaf, floor: Floor, *, wanted: bool) -> Iterator[Alternative]:
    weights = weights_of(leaf, floor)
    match leaf.need:
        case Number(least=least):
            yield (_counted(leaf, weights, least, wanted=wanted),)
        case Share() as share:
            yield from _of_share(leaf, share, weights, wanted=wanted)
        case _:
            assert_never(leaf.need)


def _counted(leaf: Leaf, weights: Mapping[str, int], least: int, *, wanted: bool) -> Bound:
    sign = 1 if wanted else -1
    worth = {answer: sign * (answer in leaf.count) for answer in Answer}
    return Bound(worth=worth, weights=weights, least=least if wanted else 1 - least)


def _of_share(
    leaf: Leaf, share: Share, weights: Mapping[str, int], *, wanted: bool
) -> Iterator[Alternative]:
    num, den = share.least.numerator, share.least.denominator
    sign = 1 if wanted else -1
    worth = {
        answer: sign * (den * (answer in leaf.count) - num * (answer in share.of.counts))
        for answer in Answer
    }
    must_exceed = share.strict if wanted else not share.strict
    bound = Bound(worth=worth, weights=weights, least=int(must_exceed))
    if not wanted:
        yield (bound,)
        yield from _no_base(share.of, weights)
    elif share.of is not Base.MEMBERS:
        in_base = {answer: int(answer in share.of.counts) for answer in Answer}
        yield (bound, Bound(worth=in_base, weights=weights, least=1))
    elif sum(weights.values()):
        yield (bound,)


def _no_base(base: Base, weights: Mapping[str, int]) -> Iterator[Alternative]:
    if base is not Base.MEMBERS:
        worth = {answer: -int(answer in base.counts) for answer in Answer}
        yield (Bound(worth=worth, weights=weights, least=0),)
    elif not sum(weights.values()):
        yield ()


def weights_of(leaf: Leaf, floor: Floor) -> dict[str, int]:
    """Return what each seat that a leaf looks at weighs in it."""
    seats = floor.within(leaf.within)
    if leaf.by is None:
        return dict.fromkeys(seats, 1)
    values = floor.weights[leaf.by].values
    return {seat: values[seat] for seat in seats}
