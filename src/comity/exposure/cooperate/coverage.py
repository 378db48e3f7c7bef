# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Maximum coverage: as many needs as possible met in full, within what each offer holds.

Source:
    Solved as an integer program by HiGHS (Huangfu & Hall 2018, Mathematical Programming
    Computation 10), one thread; the answer is checked again in whole numbers.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import (  # type: ignore[import-untyped]  # it ships no types
    Bounds,
    LinearConstraint,
    milp,
)
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # it ships no types

from comity.errors import InvalidDocument
from comity.exposure.cooperate.market import Flows, Market

MAX_PAIRS = 20_000
"""Pairs that fit; more are refused rather than waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which needs are met in full.

    Args:
        met: How many; no pairing meets more.
        flows: Of those pairings, one whose offers stand highest with the needs in all.
    """

    met: int
    flows: Flows


def cover(market: Market) -> Coverage:
    """Meet as many needs as possible in full; a need gets all that it wants, or nothing.

    Raises:
        InvalidDocument: More than `MAX_PAIRS` pairs fit (`exposure.too_many_pairs`).
    """
    program = _program(market)
    if not program.pairs:
        return Coverage(met=0, flows={})
    first = program.solve(program.most(), at_least=0)
    met = sum(1 for need in market.wants if first.get(("met", need)))
    second = program.solve(program.liked(), at_least=met)
    flows = {pair: second["flow", pair] for pair in program.pairs if second.get(("flow", pair))}
    _check(market, flows, met)
    return Coverage(met=met, flows=flows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """Columns: how much of each pair, whether the pair is used, whether each need is met."""

    market: Market
    needs: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    def most(self) -> Any:
        """Return the cost whose least value meets the most needs."""
        cost = np.zeros(self.width)
        cost[2 * len(self.pairs) :] = -1
        return cost

    def liked(self) -> Any:
        """Return the cost of each pair used: its place among the need's choices."""
        cost = np.zeros(self.width)
        for place, (need, offer) in enumerate(self.pairs):
            cost[len(self.pairs) + place] = 1 + list(self.market.choices[need]).index(offer)
        return cost

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return 2 * len(self.pairs) + len(self.needs)

    def solve(self, cost: Any, *, at_least: int) -> dict[tuple[str, Any], int]:
        """Return the least costly plan that meets at least so many needs."""
        count = len(self.pairs)
        upper = [self.market.bound(*pair) for pair in self.pairs]
        found = milp(
            cost,
            constraints=self._rows(at_least),
            integrality=np.ones(self.width),
            bounds=Bounds(
                0, np.array([*upper, *([1] * (count + len(self.needs)))], dtype=float)
            ),
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            raise InvalidDocument(f"no plan: {found.message}", code="exposure.coverage")
        values = [round(float(one)) for one in found.x]
        flows = {("flow", pair): values[place] for place, pair in enumerate(self.pairs)}
        met = {("met", need): values[2 * count + at] for at, need in enumerate(self.needs)}
        return {**flows, **met}

    def _rows(self, at_least: int) -> list[Any]:
        rows: list[dict[int, float]] = []
        low: list[float] = []
        high: list[float] = []

        def add(row: dict[int, float], least: float, most: float) -> None:
            rows.append(row)
            low.append(least)
            high.append(most)

        count = len(self.pairs)
        for at, need in enumerate(self.needs):
            flows = {place: 1.0 for place, pair in enumerate(self.pairs) if pair[0] == need}
            add({**flows, 2 * count + at: -float(self.market.wants[need])}, 0, 0)
        for offer, held in self.market.holds.items():
            taken = {place: 1.0 for place, pair in enumerate(self.pairs) if pair[1] == offer}
            if taken and held is not None:
                add(taken, -np.inf, held)
        for place, pair in enumerate(self.pairs):
            add({place: 1.0, count + place: -float(self.market.bound(*pair))}, -np.inf, 0)
        add({2 * count + at: 1.0 for at in range(len(self.needs))}, at_least, np.inf)
        return [LinearConstraint(_sparse(rows, self.width), np.array(low), np.array(high))]


def _program(market: Market) -> _Program:
    needs = tuple(sorted(market.wants))
    pairs = tuple(
        (need, offer)
        for need in needs
        for offer in sorted(market.choices.get(need, ()))
        if market.bound(need, offer)
    )
    if len(pairs) > MAX_PAIRS:
        message = f"{len(pairs)} pairs fit, and at most {MAX_PAIRS} are looked at together"
        hint = "narrow the match, such as to one sort of thing"
        raise InvalidDocument(message, code="exposure.too_many_pairs", hint=hint)
    return _Program(market=market, needs=needs, pairs=pairs)


def _sparse(rows: list[dict[int, float]], width: int) -> Any:
    values = [value for row in rows for value in row.values()]
    columns = [column for row in rows for column in row]
    lines = [line for line, row in enumerate(rows) for _ in row]
    return csr_array((values, (lines, columns)), shape=(len(rows), width))


def _check(market: Market, flows: Flows, met: int) -> None:
    """Check the plan in whole numbers: the solver counts in floating point."""
    got: dict[str, int] = {}
    taken: dict[str, int] = {}
    for (need, offer), amount in flows.items():
        got[need] = got.get(need, 0) + amount
        taken[offer] = taken.get(offer, 0) + amount
    full = all(amount == market.wants[need] for need, amount in got.items())
    within = all(
        held is None or taken.get(offer, 0) <= held for offer, held in market.holds.items()
    )
    if not (full and within and len(got) == met):
        message = (
            "the solver's plan does not hold in whole numbers; amounts are too large for it"
        )
        raise InvalidDocument(message, code="exposure.coverage")
