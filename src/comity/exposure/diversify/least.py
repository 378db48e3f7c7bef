# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The least exposure that any purchase in a layer can reach: below it lies what none fixes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.exposure.diversify.corner import Row, corner, on_grid
from comity.exposure.diversify.market import ONE, ZERO, Offer
from comity.exposure.diversify.program import Program


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


def least(offers: Sequence[Offer], codes: Sequence[str], *, gap: float = 0.0) -> Least | None:
    """Return the least reachable largest exposure of one layer; None where nothing fits.

    Min over shares x of max over j of sum of E_kj x_k, with sum of x_k = 1 and x_k either 0 or
    from the minimum to the capacity of k. `proved` comes from weights w_j >= 0 that sum to 1:
    no x goes below the least of sum of (sum of w_j E_kj) x_k over capacities, which is found
    exactly by taking the least exposed first.
    """
    layout = _layout(offers, codes)
    found = layout.program.solve(gap=gap)
    if found is None:
        return None
    chosen = found.chosen(layout.columns, layout.active)
    peak, shares = _exact(offers, codes, chosen)
    proved, binding = _proof(offers, codes)
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
) -> tuple[Fraction, tuple[Fraction, ...]]:
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
    found = program.solve()
    floats = [1.0 / size] * size + [1.0] if found is None else list(found.values)
    bounds = [(one.minimum, one.capacity) for one in picked]
    solved = corner(floats, [*bounds, (ZERO, ONE)], rows)
    part = on_grid(floats[:-1]) if solved is None else solved[:-1]
    shares = spread(part, chosen, len(offers))
    return peak_of(offers, shares, codes), shares


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
    weights = [max(ZERO, Fraction(float(one)).limit_denominator(10**6)) for one in prices]
    total = sum(weights, ZERO)
    if not total:
        return ZERO, ()
    shares = {code: weight / total for code, weight in zip(layout.bites, weights, strict=True)}
    heavy = {code: share for code, share in shares.items() if share}
    blend = [
        (sum((one.worst(code) * share for code, share in heavy.items()), ZERO), one.capacity)
        for one in offers
    ]
    return _greedy(blend), tuple(heavy)


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
