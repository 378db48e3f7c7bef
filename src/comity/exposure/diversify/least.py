# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The least exposure that any purchase in a layer can reach: below it lies what none fixes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.exposure.diversify.corner import Row, corner, is_kept, on_grid, solve
from comity.exposure.diversify.market import ONE, ZERO, Offer
from comity.exposure.diversify.program import Found, Program
from comity.exposure.diversify.search import search

_EDGE = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """How low the largest exposure of a layer goes.

    Args:
        peak: Largest exposure of the shares below, exactly.
        shares: By position of the offer; they reach the peak.
        proved: No purchase goes below this: an exact bound, at most the peak.
        binding: Jurisdictions that keep it from going lower.
    """

    peak: Fraction
    shares: tuple[Fraction, ...]
    proved: Fraction
    binding: tuple[str, ...]


def least(offers: Sequence[Offer], codes: Sequence[str]) -> Least | None:
    """Return the least reachable largest exposure of one layer; None where nothing fits.

    Min over shares x of max over j of sum of E_kj x_k, with sum of x_k = 1 and x_k either 0 or
    from the minimum to the capacity of k. `proved` comes from weights w_j >= 0 that sum to 1:
    no x goes below the least of sum of (sum of w_j E_kj) x_k over capacities, which is found
    exactly by taking the least exposed first.
    """
    layout = _layout(offers, codes)
    proved, binding = _proof(offers, codes)

    def exact(found: Found) -> tuple[Fraction, tuple[Fraction, ...]] | None:
        return _exact(offers, codes, found.chosen(layout.columns, layout.active)) or _exact(
            offers, codes, found.used(layout.columns, layout.active)
        )

    best = search(layout.program, exact)
    if best is None:
        return None
    peak, shares = best.value, best.answer
    held = {code: exposure_of(offers, shares, code) for code in codes}
    at_peak = tuple(code for code in codes if held[code] == peak > 0)
    return Least(peak=peak, shares=shares, proved=min(proved, peak), binding=binding or at_peak)


def exposure_of(offers: Sequence[Offer], shares: Sequence[Fraction], code: str) -> Fraction:
    """Return the pessimistic exposure of shares to a jurisdiction."""
    pairs = zip(offers, shares, strict=True)
    return sum((offer.worst(code) * share for offer, share in pairs if share), ZERO)


def peak_of(
    offers: Sequence[Offer], shares: Sequence[Fraction], codes: Sequence[str]
) -> Fraction:
    """Return the largest exposure of shares to any of the jurisdictions."""
    return max((exposure_of(offers, shares, code) for code in codes), default=ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Which columns are shares, which are choices by place, and whose rows the ceiling has."""

    program: Program
    columns: list[int]
    active: dict[int, int]
    bites: list[str]


def _layout(offers: Sequence[Offer], codes: Sequence[str]) -> _Layout:
    """Write the problem down."""
    program, active = Program(), {}
    top = program.column(cost=1.0, high=1.0)
    columns = [program.column(high=float(one.capacity)) for one in offers]
    for n, (one, column) in enumerate(zip(offers, columns, strict=True)):
        if one.minimum:
            active[n] = program.column(high=1.0, whole=True)
            program.row({column: 1.0, active[n]: -float(one.capacity)}, high=0.0)
            program.row({column: -1.0, active[n]: float(one.minimum)}, high=0.0)
    bites = [code for code in codes if any(one.worst(code) for one in offers)]
    for code in bites:
        cells = {c: float(one.worst(code)) for one, c in zip(offers, columns, strict=True)}
        program.row({**cells, top: -1.0}, high=0.0)
    program.row(dict.fromkeys(columns, 1.0), low=1.0, high=1.0)
    return _Layout(program=program, columns=columns, active=active, bites=bites)


def _exact(
    offers: Sequence[Offer], codes: Sequence[str], chosen: Sequence[int]
) -> tuple[Fraction, tuple[Fraction, ...]] | None:
    """Solve once more over the chosen offers alone, and make the corner exact."""
    program, size = Program(), len(chosen)
    picked = [offers[n] for n in chosen]
    for one in picked:
        program.column(low=float(one.minimum), high=float(one.capacity))
    top = program.column(cost=1.0, high=1.0)
    rows = [Row(cells=dict.fromkeys(range(size), ONE), right=ONE, is_equal=True)]
    for code in codes:
        cells = {n: one.worst(code) for n, one in enumerate(picked) if one.worst(code)}
        if cells:
            rows.append(Row(cells={**cells, top: -ONE}, right=ZERO))
    put(program, rows)
    found = program.solve() if picked else None
    if found is None:
        return None
    floats = list(found.values)
    bounds = [(one.minimum, one.capacity) for one in picked]
    solved = corner(floats, [*bounds, (ZERO, ONE)], rows)
    part = on_grid(floats[:-1]) if solved is None else solved[:-1]
    shares = spread(part, chosen, len(offers))
    if solved is None and not is_within(offers, shares):
        return None
    return peak_of(offers, shares, codes), shares


def is_within(offers: Sequence[Offer], shares: Sequence[Fraction]) -> bool:
    """Tell, exactly, whether shares make up a whole, each nothing or within its bounds."""
    whole = Row(cells=dict.fromkeys(range(len(shares)), ONE), right=ONE, is_equal=True)
    return is_kept(shares, [whole]) and all(
        not share or one.minimum <= share <= one.capacity
        for one, share in zip(offers, shares, strict=True)
    )


def put(program: Program, rows: Sequence[Row]) -> None:
    """Add exact rows to a program."""
    for row in rows:
        cells = {place: float(cell) for place, cell in row.cells.items()}
        right = float(row.right)
        if row.is_equal:
            program.row(cells, low=right, high=right)
        else:
            program.row(cells, high=right)


def spread(part: Sequence[Fraction], chosen: Sequence[int], size: int) -> tuple[Fraction, ...]:
    """Put the shares of the chosen offers where they stand among all."""
    by_place = dict(zip(chosen, part, strict=True))
    return tuple(by_place.get(n, ZERO) for n in range(size))


def _proof(offers: Sequence[Offer], codes: Sequence[str]) -> tuple[Fraction, tuple[str, ...]]:
    """Return an exact lower bound, and the jurisdictions it weighs."""
    layout = _layout([_free(one) for one in offers], codes)
    prices = layout.program.prices() if layout.bites else None
    if prices is None:
        return ZERO, ()
    rows, columns = prices
    rounded = [max(ZERO, Fraction(float(one)).limit_denominator(10**6)) for one in rows]
    heavy = [n for n, weight in enumerate(rounded) if weight]
    tried = [rounded]
    shares = [columns[column] for column in layout.columns]
    solved = _weights(offers, [layout.bites[n] for n in heavy], shares)
    if solved:
        tried.append([ZERO] * len(rounded))
        for n, weight in zip(heavy, solved, strict=True):
            tried[-1][n] = weight
    found = [_bound(offers, layout.bites, weights) for weights in tried if sum(weights)]
    return max(found, default=ZERO), tuple(layout.bites[n] for n in heavy)


def _weights(
    offers: Sequence[Offer], codes: Sequence[str], shares: Sequence[float]
) -> Sequence[Fraction]:
    """Solve for the weights at which all offers bought in part are worth the same; or ()."""
    last = len(codes)
    rows = [Row(cells=dict.fromkeys(range(last), ONE), right=ONE, is_equal=True)]
    for one, share in zip(offers, shares, strict=True):
        if _EDGE < share < float(one.capacity) - _EDGE:
            cells = {n: one.worst(code) for n, code in enumerate(codes)}
            rows.append(Row(cells={**cells, last: -ONE}, right=ZERO, is_equal=True))
    found = solve(range(last + 1), {}, rows)
    return found[:-1] if found and min(found[:-1], default=-ONE) >= 0 else ()


def _bound(
    offers: Sequence[Offer], codes: Sequence[str], weights: Sequence[Fraction]
) -> Fraction:
    """Return the least that weighted exposures come to, whatever is bought."""
    total = sum(weights, ZERO)
    heavy = {code: one / total for code, one in zip(codes, weights, strict=True) if one}
    blend = [
        (sum((one.worst(code) * share for code, share in heavy.items()), ZERO), one.capacity)
        for one in offers
    ]
    return _greedy(blend)


def _free(offer: Offer) -> Offer:
    """Let go of the minimum, which makes the program linear."""
    return replace(offer, minimum=ZERO)


def _greedy(blend: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Fill one whole from the least exposed up."""
    left, found = ONE, ZERO
    for worth, room in sorted(blend):
        taken = min(left, room)
        found += worth * taken
        left -= taken
    return found
