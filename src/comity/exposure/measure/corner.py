# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The greatest sum of squares: at a corner, where each loose share falls to one holder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import TypeAlias

from comity.exposure.measure.holding import UNKNOWN, Holding
from comity.exposure.measure.tangle import tangles

MAX_DIVISIONS = 4_096
"""Ways to divide what is loose that are tried, over all tangles of a layer, the small ones
first; the upper end of the others is only enclosed."""

MAX_COMPARED = 256
"""Holders of a tangle past which none is looked at for being outdone by another."""

Tangle: TypeAlias = Sequence[tuple[frozenset[str], Fraction]]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Peak:
    """The most that a tangle can come to.

    Args:
        alone: Its sum of squares.
        joined: The same, where what is anybody's falls to one of its holders besides, but for
            the square of what is anybody's.
    """

    alone: Fraction
    joined: Fraction


def greatest(holding: Holding, *, tries: int = MAX_DIVISIONS) -> tuple[Fraction, bool]:
    """Return the greatest sum of squares, and whether it is attained or only a bound.

    Tangles meet in nothing but the largest holder, to whom falls what is anybody's: so each is
    looked at for itself, with it and without.
    """
    fixed, loose, anybodys = _settled(holding)
    touched = frozenset[str]().union(*(names for names, _ in loose))
    apart = [share for name, share in fixed.items() if name not in touched]
    total = sum((share * share for share in apart), anybodys * anybodys)
    gain, tried, is_exact = 2 * anybodys * max(apart, default=_ZERO), 0, True
    choices = [(tangle, _choices(fixed, tangle)) for tangle in tangles(loose)]
    for tangle, choice in sorted(choices, key=lambda one: prod(map(len, one[1]))):
        tried += prod(map(len, choice))
        is_exact = tried <= tries
        if is_exact:
            found = _tried(fixed, tangle, choice, anybodys)
        else:
            found = _enclosed(fixed, tangle, anybodys)
        total += found.alone
        gain = max(gain, found.joined - found.alone)
    return total + gain, is_exact


def _settled(
    holding: Holding,
) -> tuple[Mapping[str, Fraction], list[tuple[frozenset[str], Fraction]], Fraction]:
    """Return what named holders have, what they divide, and what may be anybody's."""
    fixed = {name: share for name, share in holding.fixed.items() if name[0] != UNKNOWN}
    anybodys = holding.unnamed + sum(
        (share for name, share in holding.fixed.items() if name[0] == UNKNOWN), _ZERO
    )
    loose = []
    for names, share in holding.loose:
        if any(name[0] == UNKNOWN for name in names):
            anybodys += share
        else:
            loose.append((names, share))
    return fixed, loose, anybodys


def _choices(fixed: Mapping[str, Fraction], tangle: Tangle) -> list[list[str]]:
    """Return to whom each loose share may fall at a corner that is greatest.

    A holder is outdone by another who has no less and to whom every share may fall that may
    fall to it: whatever fell to it adds no less to the square of the other.
    """
    falling: dict[str, list[int]] = {}
    for place, (names, _) in enumerate(tangle):
        for name in names:
            falling.setdefault(name, []).append(place)
    best: dict[tuple[int, ...], str] = {}
    for name in sorted(falling, key=lambda one: (-fixed.get(one, _ZERO), one)):
        best.setdefault(tuple(falling[name]), name)
    left = {name: frozenset(places) for places, name in best.items()}
    if len(left) <= MAX_COMPARED:
        own = {name: fixed.get(name, _ZERO) for name in left}
        left = {
            name: places
            for name, places in left.items()
            if not any(places < left[one] and own[one] >= own[name] for one in left)
        }
    return [sorted(names & left.keys()) for names, _ in tangle]


def _tried(
    fixed: Mapping[str, Fraction],
    tangle: Tangle,
    choices: Sequence[Sequence[str]],
    anybodys: Fraction,
) -> _Peak:
    names = {name for group, _ in tangle for name in group}
    own = {name: fixed.get(name, _ZERO) for name in names}
    base = sum((share * share for share in own.values()), _ZERO)
    largest = max(own.values())
    sums = []
    for totals in _divisions(own, tangle, choices):
        gained = sum(
            (have * have - own[name] * own[name] for name, have in totals.items()), base
        )
        top = max(largest, *totals.values())
        sums.append((gained, gained + 2 * anybodys * top))
    return _Peak(alone=max(one for one, _ in sums), joined=max(one for _, one in sums))


def _divisions(
    own: Mapping[str, Fraction], tangle: Tangle, choices: Sequence[Sequence[str]]
) -> Iterator[Mapping[str, Fraction]]:
    """Yield, for each corner, what those have to whom anything falls."""
    for choice in product(*choices):
        totals: dict[str, Fraction] = {}
        for name, (_, share) in zip(choice, tangle, strict=True):
            totals[name] = totals.get(name, own[name]) + share
        yield totals


def _enclosed(fixed: Mapping[str, Fraction], tangle: Tangle, anybodys: Fraction) -> _Peak:
    """Bound a tangle: no holder has more than falls to it where everything does.

    With x_j of what is loose on top of its own f_j, and r_j the most that it can have, its
    square is at most f_j squared and x_j (f_j + r_j), and at most (f_j + x_j) max r.
    """
    names = {name for group, _ in tangle for name in group}
    own = {name: fixed.get(name, _ZERO) for name in names}
    reach = dict(own)
    for group, share in tangle:
        for name in group:
            reach[name] += share
    top = max(reach.values())
    whole = sum(own.values(), _ZERO) + sum((share for _, share in tangle), _ZERO)
    one_by_one = sum((share * share for share in own.values()), _ZERO) + sum(
        (share * max(own[name] + reach[name] for name in group) for group, share in tangle),
        _ZERO,
    )
    alone = min(whole * top, one_by_one)
    return _Peak(alone=alone, joined=alone + 2 * anybodys * top)
