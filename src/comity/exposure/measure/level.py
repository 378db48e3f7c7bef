# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The most even division of what is loose: the least sum of squares, exactly.

Source:
    The shares that can be reached are the base polytope of a supermodular function; its point
    of least norm is found by splitting at the mean (the decomposition of Fujishige 1980,
    Mathematics of Operations Research 5(2)), each split a maximum closure (Picard 1976,
    Management Science 22(11)). Everything is counted in whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from comity.exposure.measure.flow import Flow
from comity.exposure.measure.tangle import tangles

Loose: TypeAlias = Sequence[tuple[frozenset[str], Fraction]]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Holders and the loose shares among them alone, counted in whole parts."""

    own: Mapping[str, int]
    loose: Sequence[tuple[frozenset[str], int]]

    @property
    def total(self) -> int:
        """Return all that its holders will have together."""
        return sum(self.own.values()) + sum(share for _, share in self.loose)


def level(fixed: Mapping[str, Fraction], loose: Loose) -> dict[str, Fraction]:
    """Divide each loose share within its set so that the sum of squares is least.

    Returns:
        The total of each holder; no other division has so small a sum of squares.

    >>> level({"a": Fraction(1, 2)}, [(frozenset("ab"), Fraction(1, 2))])
    {'a': Fraction(1, 2), 'b': Fraction(1, 2)}
    """
    amounts = [*fixed.values(), *(share for _, share in loose)]
    unit = lcm(*(amount.denominator for amount in amounts))
    named = {*fixed}.union(*(names for names, _ in loose))
    own = {name: int(fixed.get(name, _ZERO) * unit) for name in named}
    found = {name: Fraction(share, unit) for name, share in own.items()}
    ahead = list(_apart(own, [(names, int(share * unit)) for names, share in loose if share]))
    while ahead:
        part = ahead.pop()
        if len(part.loose) == 1:
            found |= _filled(part, unit)
            continue
        high = _above_mean(part)
        if not high:
            found |= dict.fromkeys(part.own, Fraction(part.total, unit * len(part.own)))
            continue
        low = part.own.keys() - high
        inside = [one for one in part.loose if one[0] <= high]
        outside = [(names - high, share) for names, share in part.loose if not names <= high]
        ahead += _apart({name: part.own[name] for name in high}, inside)
        ahead += _apart({name: part.own[name] for name in low}, outside)
    return dict(sorted(found.items()))


def _apart(
    own: Mapping[str, int], loose: Iterable[tuple[frozenset[str], int]]
) -> Iterable[_Part]:
    """Yield what can be divided apart; a holder to whom nothing loose falls is in none."""
    merged: dict[frozenset[str], int] = {}
    for names, share in loose:
        merged[names] = merged.get(names, 0) + share
    for tangle in tangles(merged.items()):
        names = frozenset[str]().union(*(group for group, _ in tangle))
        yield _Part(own={name: own[name] for name in names}, loose=tangle)


def _filled(part: _Part, unit: int) -> dict[str, Fraction]:
    """Pour one loose share over its holders, as water over a floor of steps."""
    ((names, share),) = part.loose
    rising = sorted((part.own[name], name) for name in names)
    under, count = share, 0
    for own, _ in rising:
        if count and under <= own * count:
            break
        under += own
        count += 1
    height = Fraction(under, unit * count)
    return {name: max(height, Fraction(own, unit)) for own, name in rising}


def _above_mean(part: _Part) -> frozenset[str]:
    """Return the holders that catch most above the mean; none where all can have just it.

    Holders to whom the same shares may fall are one taker. Amounts are times the number of
    holders, so that the mean is whole.
    """
    size, total = len(part.own), part.total
    falling: dict[str, list[int]] = {name: [] for name in part.own}
    for place, (names, _) in enumerate(part.loose):
        for name in names:
            falling[name].append(place)
    alike: dict[tuple[int, ...], list[str]] = {}
    for name, places in falling.items():
        alike.setdefault(tuple(places), []).append(name)
    doors: list[list[int]] = [[] for _ in part.loose]
    for taker, places_ in enumerate(alike):
        for place in places_:
            doors[place].append(taker)
    takers = list(alike.values())
    flow = Flow(
        shares=[share * size for _, share in part.loose],
        takers=doors,
        room=[sum(max(0, total - part.own[n] * size) for n in names) for names in takers],
    )
    flow.fill()
    crowded = {name for taker in flow.crowded() for name in takers[taker]}
    return frozenset(
        crowded | {name for name, share in part.own.items() if share * size > total}
    )
