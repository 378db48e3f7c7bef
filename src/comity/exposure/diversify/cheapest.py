# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The cheapest shares of one layer, for one buyer or for several that onboard together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from comity.exposure.diversify.corner import Row, corner, on_grid
from comity.exposure.diversify.least import is_within, peak_of, put, spread
from comity.exposure.diversify.market import ONE, ZERO, Buyer, Offer
from comity.exposure.diversify.program import Found, Program
from comity.exposure.diversify.search import search

_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One buyer of a layer, with its ceiling.

    Args:
        codes: Jurisdictions that have the ceiling.
        ceiling: No exposure goes above it.
        fallback: Shares known to keep it, by position of the offer; () where none are.
    """

    buyer: Buyer
    codes: tuple[str, ...]
    ceiling: Fraction
    fallback: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """Shares by buyer, then by offer; () of a buyer for whom none were found.

    Args:
        gap: How far, relatively, the cost may be above the least: from the exact cost to a
            bound that is the solver's word.
    """

    shares: tuple[tuple[Fraction, ...], ...]
    gap: float


def cheapest(
    offers: Sequence[Offer], limits: Sequence[Limit], pooling: Fraction, *, gap: float = 0.0
) -> Cheapest:
    """Return the shares of least cost that keep every ceiling.

    Min over shares x and choices y of, summed over buyers s and offers k,
    size_s (cost_k x_sk + switching_k |x_sk - x0_sk|), plus onboarding: of each new offer once
    for each buyer, or `pooling` times once for all. What a buyer may have without anybody
    saying so counts as not held: with that, the cost is at its pessimistic end but for a
    constant (`Bill.unsure`).
    """
    layout = _Layout(program=Program())
    for limit in limits:
        layout.buyer(offers, limit)
    layout.onboard(offers, limits, pooling)

    def exact(found: Found) -> tuple[Fraction, _Rows] | None:
        rows = tuple(
            _settled(offers, limit, found, columns, active)
            for limit, columns, active in zip(
                limits, layout.columns, layout.active, strict=True
            )
        )
        return (_cost(offers, limits, pooling, rows), rows) if all(rows) else None

    best = search(layout.program, exact, gap=gap)
    if best is None:
        return Cheapest(shares=tuple(limit.fallback for limit in limits), gap=1.0)
    return Cheapest(shares=best.answer, gap=best.gap)


def fitting(
    offers: Sequence[Offer], codes: tuple[str, ...], ceiling: Fraction
) -> tuple[Fraction, ...]:
    """Return any shares that keep a ceiling, exactly; () where none were found."""
    free = [replace(one, cost=ZERO, onboarding=ZERO, switching=ZERO) for one in offers]
    limit = Limit(buyer=_NOBODY, codes=codes, ceiling=ceiling)
    return cheapest(free, [limit], ONE).shares[0]


_Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
_NOBODY = Buyer(state="", homes=frozenset())


def _cost(
    offers: Sequence[Offer], limits: Sequence[Limit], pooling: Fraction, rows: _Rows
) -> Fraction:
    """Return what the rows of a layer cost exactly, as the program reckons it."""
    total = ZERO
    for n, one in enumerate(offers):
        fresh = 0
        for limit, shares in zip(limits, rows, strict=True):
            held, share = limit.buyer.has(one), shares[n]
            fresh += bool(share and not held)
            total += limit.buyer.size * (one.cost * share + one.switching * abs(share - held))
        total += one.fees(fresh, pooling)
    return total


@dataclass(slots=True, kw_only=True)
class _Layout:
    """Which columns stand for what."""

    program: Program
    columns: list[list[int]] = field(default_factory=list)
    active: list[dict[int, int]] = field(default_factory=list)

    def buyer(self, offers: Sequence[Offer], limit: Limit) -> None:
        """Add the columns and rows of one buyer."""
        program, buyer = self.program, limit.buyer
        columns, active = [], {}
        for n, one in enumerate(offers):
            held, size = buyer.has(one), float(buyer.size)
            moving = float(one.switching) * size
            cost = float(one.cost) * size + (0.0 if held else moving)
            column = program.column(cost=cost, high=float(one.capacity))
            columns.append(column)
            if held and moving:
                moved = program.column(cost=moving)
                program.row({moved: 1.0, column: -1.0}, low=-float(held))
                program.row({moved: 1.0, column: 1.0}, low=float(held))
            if one.minimum or (one.onboarding and not held):
                active[n] = program.column(high=1.0, whole=True)
                program.row({column: 1.0, active[n]: -float(one.capacity)}, high=0.0)
                program.row({column: -1.0, active[n]: float(one.minimum)}, high=0.0)
        self.columns.append(columns)
        self.active.append(active)
        program.row(dict.fromkeys(columns, 1.0), low=1.0, high=1.0)
        for code in limit.codes:
            cells = {c: float(one.worst(code)) for one, c in zip(offers, columns, strict=True)}
            if max(cells.values(), default=0.0) > float(limit.ceiling):
                program.row(cells, high=float(limit.ceiling) + _SLACK)

    def onboard(
        self, offers: Sequence[Offer], limits: Sequence[Limit], pooling: Fraction
    ) -> None:
        """Let each new offer be paid for once for all, or buyer by buyer."""
        for n, one in enumerate(offers):
            fresh = [s for s, limit in enumerate(limits) if not limit.buyer.has(one)]
            if not one.onboarding or not fresh:
                continue
            fee = float(one.onboarding)
            if len(fresh) == 1 or one.is_own:
                for s in fresh:
                    self.program.costs[self.active[s][n]] += fee
                continue
            pooled = self.program.column(cost=fee * float(pooling), high=1.0, whole=True)
            for s in fresh:
                cells = {self.active[s][n]: 1.0, pooled: -1.0}
                if pooling > 1:
                    alone = self.program.column(cost=fee, high=1.0, whole=True)
                    cells[alone] = -1.0
                self.program.row(cells, high=0.0)


def _settled(
    offers: Sequence[Offer],
    limit: Limit,
    found: Found,
    columns: Sequence[int],
    active: Mapping[int, int],
) -> tuple[Fraction, ...]:
    """Return exact shares of what was chosen; of all that was used where nothing else fits."""
    return (
        _exact(offers, limit, found.chosen(columns, active))
        or _exact(offers, limit, found.used(columns, active))
        or limit.fallback
    )


def _exact(
    offers: Sequence[Offer], limit: Limit, chosen: Sequence[int]
) -> tuple[Fraction, ...]:
    """Solve once more over the chosen offers alone; () where they keep no ceiling."""
    picked, size, buyer = [offers[n] for n in chosen], len(chosen), limit.buyer
    program = Program()
    for one in picked:
        moving = ZERO if buyer.has(one) else one.switching
        cost = float((one.cost + moving) * buyer.size)
        program.column(cost=cost, low=float(one.minimum), high=float(one.capacity))
    rows = [Row(cells=dict.fromkeys(range(size), ONE), right=ONE, is_equal=True)]
    for code in limit.codes:
        cells = {n: one.worst(code) for n, one in enumerate(picked) if one.worst(code)}
        if cells and max(cells.values()) > limit.ceiling:
            rows.append(Row(cells=cells, right=limit.ceiling))
    put(program, rows)
    kinks = {n: buyer.has(one) for n, one in enumerate(picked) if buyer.has(one)}
    for n, held in kinks.items():
        moved = program.column(cost=float(picked[n].switching * buyer.size))
        program.row({moved: 1.0, n: -1.0}, low=-float(held))
        program.row({moved: 1.0, n: 1.0}, low=float(held))
    found = program.solve() if picked else None
    if found is None:
        return ()
    floats = list(found.values[:size])
    bounds = [(one.minimum, one.capacity) for one in picked]
    part = corner(floats, bounds, rows, kinks) or corner(floats, bounds, rows)
    shares = spread(on_grid(floats) if part is None else part, chosen, len(offers))
    if part is None and not _fits(shares, offers, limit):
        return ()
    return shares


def _fits(shares: Sequence[Fraction], offers: Sequence[Offer], limit: Limit) -> bool:
    """Tell, exactly, whether shares keep bounds and ceiling."""
    return is_within(offers, shares) and peak_of(offers, shares, limit.codes) <= limit.ceiling
