# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Small random markets, and the best plan of each by trying everything in exact fractions.

Every set of offers of every buyer is tried, and of each every corner: every point at which as
many of its bounds, kinks and ceilings meet as there are shares. Nothing here knows of a solver.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import gcd, lcm
from typing import TypeAlias

from comity.exposure.diversify.market import Buyer, Market, Offer
from comity.exposure.measure.interval import Interval, known

ZERO, ONE = Fraction(0), Fraction(1)
CODES = ("AAA", "BBB", "CCC")
Point: TypeAlias = tuple[Fraction, ...]
Plane: TypeAlias = tuple[Sequence[Fraction], Fraction]
Held: TypeAlias = tuple[int, list[int]]


def random_market(dice: random.Random) -> Market:
    """Return a market of one or two layers and one to three buyers, ties and crumbs in it."""
    layers, count = dice.choice([1, 1, 2]), dice.choice([1, 1, 2, 2, 3])
    scale = dice.choice([ONE] * 6 + [Fraction(1, 10**6), Fraction(10**9)])
    offers = tuple(
        _offer(dice, f"l{layer}", n, scale)
        for layer in range(layers)
        for n in range(dice.randint(1, 4 if count < 3 else 3))
    )
    return Market(
        offers=offers,
        buyers=tuple(_buyer(dice, n, offers) for n in range(count)),
        codes=CODES,
        allies=frozenset(dice.choice([(), (), ("CCC",)])),
        pooling=dice.choice([ONE, Fraction(3, 2), Fraction(2)]),
    )


def least_peak(offers: Sequence[Offer], codes: Sequence[str]) -> Fraction | None:
    """Return the lowest largest exposure that any shares reach; None where nothing fits."""
    found: list[Fraction] = []
    for chosen in _sets(offers, lambda one: not one.minimum):
        size = len(chosen)
        planes, inside = _box(chosen)
        worst = {code: [one.worst(code) for one in chosen] for code in codes}
        planes = [([*plane, ZERO], right) for plane, right in planes]
        planes += [([*row, -ONE], ZERO) for row in worst.values()]
        planes.append(_unit(size + 1, size, ZERO))
        for point in _corners(size + 1, ([ONE] * size + [ZERO], ONE), planes):
            peak = max((_dot(row, point[:size]) for row in worst.values()), default=ZERO)
            if inside(point[:size]) and peak <= point[size]:
                found.append(point[size])
    return min(found, default=None)


def cheapest_layer(
    market: Market, layer: str, ceiling: Fraction
) -> tuple[Fraction, tuple[Fraction, ...]]:
    """Return the least that all buyers pay together for a layer, and that each pays alone.

    A buyer that cannot keep the ceiling keeps its least peak.
    """
    offers, tables = market.of(layer), []
    for buyer in market.buyers:
        codes = market.foreign(buyer)
        peak = least_peak(offers, codes)
        if peak is not None:
            tables.append((buyer, _costs(offers, codes, max(ceiling, peak), buyer)))
    together = [
        sum((cost for _, cost in way), ZERO) + _fees(market, tables, [one for one, _ in way])
        for way in product(*(table for _, table in tables))
    ]
    alone = tuple(
        min(cost + _fees(market, [(buyer, table)], [chosen]) for chosen, cost in table)
        for buyer, table in tables
    )
    return min(together, default=ZERO), alone


_Table: TypeAlias = Sequence[tuple[tuple[Offer, ...], Fraction]]


def _costs(
    offers: Sequence[Offer], codes: Sequence[str], ceiling: Fraction, buyer: Buyer
) -> _Table:
    """Return the least of running and switching, by the set of offers that may be used."""
    found: list[tuple[tuple[Offer, ...], Fraction]] = []
    for chosen in _sets(
        offers, lambda one: not one.minimum and (not one.onboarding or bool(buyer.has(one)))
    ):
        planes, inside = _box(chosen)
        planes += [_unit(len(chosen), n, buyer.has(one)) for n, one in enumerate(chosen)]
        worst = [[one.worst(code) for one in chosen] for code in codes]
        planes += [(row, ceiling) for row in worst]
        rest = [one for one in offers if one not in chosen]
        left = sum((one.switching * buyer.has(one) for one in rest), ZERO)
        costs = [
            sum(
                (
                    one.cost * share + one.switching * abs(share - buyer.has(one))
                    for one, share in zip(chosen, point, strict=True)
                ),
                left,
            )
            for point in _corners(len(chosen), ([ONE] * len(chosen), ONE), planes)
            if inside(point) and all(_dot(row, point) <= ceiling for row in worst)
        ]
        if costs:
            found.append((chosen, min(costs) * buyer.size))
    return found


def _fees(
    market: Market,
    tables: Sequence[tuple[Buyer, _Table]],
    sets: Sequence[tuple[Offer, ...]],
) -> Fraction:
    fresh: dict[str, int] = {}
    named = {one.key: one for chosen in sets for one in chosen}
    for (buyer, _), chosen in zip(tables, sets, strict=True):
        for one in chosen:
            fresh[one.key] = fresh.get(one.key, 0) + (not buyer.has(one))
    return sum(
        (
            named[key].onboarding
            * (Fraction(n) if named[key].is_own else min(Fraction(n), market.pooling))
            for key, n in fresh.items()
        ),
        ZERO,
    )


def _sets(
    offers: Sequence[Offer], is_free: Callable[[Offer], bool]
) -> Iterator[tuple[Offer, ...]]:
    """Yield every set of offers; one whose presence costs nothing is in each of them."""
    ever = [one for one in offers if is_free(one)]
    rest = [one for one in offers if not is_free(one)]
    for size in range(len(rest) + 1):
        for some in combinations(rest, size):
            if ever or some:
                yield (*ever, *some)


def _box(chosen: Sequence[Offer]) -> tuple[list[Plane], Callable[[Point], bool]]:
    size = len(chosen)
    planes = [
        _unit(size, n, bound)
        for n, one in enumerate(chosen)
        for bound in (one.minimum, one.capacity)
    ]

    def inside(point: Point) -> bool:
        pairs = zip(chosen, point, strict=True)
        return all(one.minimum <= share <= one.capacity for one, share in pairs)

    return planes, inside


def _corners(size: int, whole: Plane, planes: Sequence[Plane]) -> Iterator[Point]:
    """Yield each point at which the whole and other planes meet, in integers till the end."""
    rows = [_row(plane) for plane in planes]
    seen: set[Point] = set()

    def deeper(start: int, held: list[Held]) -> Iterator[Point]:
        if len(held) == size:
            point = [ZERO] * size
            for column, row in reversed(held):
                rest = sum(row[n] * point[n] for n in range(size) if n != column)
                point[column] = Fraction(row[-1] - rest, row[column])
            if tuple(point) not in seen:
                seen.add(tuple(point))
                yield tuple(point)
            return
        for place in range(start, len(rows) - (size - len(held)) + 1):
            row = _reduced(rows[place], held)
            pivot = next((n for n in range(size) if row[n]), None)
            if pivot is not None:
                yield from deeper(place + 1, [*held, (pivot, row)])

    first = _row(whole)
    yield from deeper(0, [(next(n for n in range(size) if first[n]), first)])


def _row(plane: Plane) -> list[int]:
    cells = [*plane[0], plane[1]]
    common = lcm(*(cell.denominator for cell in cells))
    return [int(cell * common) for cell in cells]


def _reduced(row: list[int], held: Sequence[Held]) -> list[int]:
    for column, other in held:
        if row[column]:
            ours, theirs = row[column], other[column]
            row = [theirs * a - ours * b for a, b in zip(row, other, strict=True)]
            common = gcd(*row)
            row = [cell // common for cell in row] if common > 1 else row
    return row


def _unit(size: int, place: int, value: Fraction) -> Plane:
    return [ONE if n == place else ZERO for n in range(size)], value


def _dot(row: Sequence[Fraction], point: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, point, strict=True)), ZERO)


def _offer(dice: random.Random, layer: str, n: int, scale: Fraction) -> Offer:
    def amount() -> Fraction:
        return scale * dice.choice([0, 1, 1, 2, 5, dice.randint(0, 100)])

    exposure = {
        code: Interval(least=share * dice.choice([0, 1]), most=share)
        for code in CODES
        if dice.random() < 0.8 and (share := _share(dice))
    }
    capacity = dice.choice([ONE, ONE, Fraction(1, 2), Fraction(2, 5), _share(dice) or ONE])
    least = dice.choice([ZERO, ZERO, Fraction(1, 20), Fraction(1, 4), Fraction(1, 10**6)])
    return Offer(
        key=f"{layer}/o{n}", layer=layer, name=f"o{n}", supplier=f"o{n}", jurisdiction=None,
        cost=amount(), onboarding=amount() * dice.choice([0, 1, 1]),
        switching=amount() * dice.choice([0, 1, 1]), capacity=capacity,
        minimum=min(capacity, least), exposure=exposure, direct=exposure,
        is_own=dice.random() < 0.15,
    )  # fmt: skip


def _share(dice: random.Random) -> Fraction:
    fine = Fraction(dice.randint(0, 10**6), 10**6)
    return dice.choice([ZERO, ONE, Fraction(1, 2), Fraction(dice.randint(0, 12), 12), fine])


def _buyer(dice: random.Random, n: int, offers: Sequence[Offer]) -> Buyer:
    held: dict[str, Interval] = {}
    left = dict.fromkeys((one.layer for one in offers), ONE)
    for one in offers:
        share = left[one.layer] * dice.choice([ZERO, ZERO, ONE, Fraction(1, 2), _share(dice)])
        left[one.layer] -= share
        held[one.key] = known(share)
    open_ = {layer: dice.choice([ZERO, share]) for layer, share in left.items()}
    return Buyer(
        state=f"S{n}",
        homes=frozenset({dice.choice(["XXX", "XXX", "AAA"])}),
        held={
            one.key: Interval(
                least=held[one.key].least, most=held[one.key].least + open_[one.layer]
            )
            for one in offers
        },
        unheld=open_,
        size=Fraction(dice.choice([1, 1, 2, 1000])),
    )
