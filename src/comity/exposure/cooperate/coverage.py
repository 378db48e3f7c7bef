# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Maximum coverage: as many needs as possible met in full, within what each offer holds.

Source:
    Solved as an integer program by HiGHS (Huangfu & Hall 2018, Mathematical Programming
    Computation 10), one thread; what it proposes is filled anew in whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from scipy.optimize import (  # type: ignore[import-untyped]  # it ships no types
    Bounds,
    LinearConstraint,
    milp,
)
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # it ships no types

from comity.errors import InvalidDocument
from comity.exposure.cooperate.fill import fill
from comity.exposure.cooperate.market import Flows, Market

MAX_PAIRS = 20_000
"""Pairs that fit; more are refused rather than waited for."""

MOST_PROPOSALS = 50
_CHOSEN = 0.5


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

    The solver only proposes which needs and pairs: whether they can all be met at once is
    found in whole numbers, however large. Where they cannot, they are ruled out together.

    Raises:
        InvalidDocument: More than `MAX_PAIRS` pairs fit (`exposure.too_many_pairs`), or no
            proposal of the solver holds (`exposure.coverage`).
    """
    program = _program(market)
    if not program.pairs:
        return Coverage(met=0, flows={})
    ruled_out: list[tuple[str, ...]] = []
    for _ in range(MOST_PROPOSALS):
        first = program.solve(program.most(), ruled_out=ruled_out)
        flows = fill(market, first.needs, program.pairs)
        if flows is not None:
            met = len(first.needs)
            second = program.solve(program.liked(), at_least=met, ruled_out=ruled_out)
            liked = fill(market, second.needs, second.pairs)
            is_liked = liked is not None and len(second.needs) == met
            return Coverage(met=met, flows=liked if liked and is_liked else flows)
        ruled_out.append(first.needs)
    message = "no proposal of the solver holds in whole numbers; amounts differ too much for it"
    raise InvalidDocument(message, code="exposure.coverage")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """Which needs to meet, over which pairs."""

    needs: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


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

    def solve(
        self, cost: Any, *, at_least: int = 0, ruled_out: Sequence[tuple[str, ...]] = ()
    ) -> _Proposal:
        """Return the least costly proposal that meets at least so many needs.

        What passes is counted in parts of what a need wants, so that no amount is large.

        Args:
            ruled_out: Needs that cannot all be met together.
        """
        count = len(self.pairs)
        parts = [self._part(*pair) for pair in self.pairs]
        whole = np.ones(self.width)
        whole[:count] = 0
        found = milp(
            cost,
            constraints=self._rows(at_least, ruled_out),
            integrality=whole,
            bounds=Bounds(0, np.array([*parts, *([1.0] * (count + len(self.needs)))])),
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return _Proposal(needs=(), pairs=())
        used, met = found.x[count : 2 * count] > _CHOSEN, found.x[2 * count :] > _CHOSEN
        return _Proposal(
            needs=tuple(compress(self.needs, met)), pairs=tuple(compress(self.pairs, used))
        )

    def _part(self, need: str, offer: str) -> float:
        return self.market.bound(need, offer) / self.market.wants[need]

    def _rows(self, at_least: int, ruled_out: Sequence[tuple[str, ...]]) -> list[Any]:
        rows: list[dict[int, float]] = []
        low: list[float] = []
        high: list[float] = []

        def add(row: dict[int, float], least: float, most: float) -> None:
            rows.append(row)
            low.append(least)
            high.append(most)

        count = len(self.pairs)
        met = {need: 2 * count + at for at, need in enumerate(self.needs)}
        by_need: dict[str, dict[int, float]] = {need: {} for need in self.needs}
        by_offer: dict[str, dict[int, float]] = {}
        for place, (need, offer) in enumerate(self.pairs):
            by_need[need][place] = 1.0
            held = self.market.holds[offer]
            if held is not None:
                by_offer.setdefault(offer, {})[place] = self.market.wants[need] / held
            add({place: 1.0, count + place: -self._part(need, offer)}, -np.inf, 0)
        for need, flows in by_need.items():
            add({**flows, met[need]: -1.0}, 0, 0)
        for taken in by_offer.values():
            add(taken, -np.inf, 1)
        for needs in ruled_out:
            add({met[need]: 1.0 for need in needs}, -np.inf, len(needs) - 1)
        add(dict.fromkeys(met.values(), 1.0), at_least, np.inf)
        return [LinearConstraint(_sparse(rows, self.width), np.array(low), np.array(high))]


def _program(market: Market) -> _Program:
    pairs = tuple(
        (need, offer)
        for need in sorted(market.wants)
        for offer in sorted(market.choices.get(need, ()))
        if market.bound(need, offer) and _is_within_reach(market, need)
    )
    if len(pairs) > MAX_PAIRS:
        message = f"{len(pairs)} pairs fit, and at most {MAX_PAIRS} are looked at together"
        hint = "narrow the match, such as to one sort of thing"
        raise InvalidDocument(message, code="exposure.too_many_pairs", hint=hint)
    needs = tuple(dict.fromkeys(need for need, _ in pairs))
    return _Program(market=market, needs=needs, pairs=pairs)


def _is_within_reach(market: Market, need: str) -> bool:
    """Tell whether all that fits a need would do, were it alone."""
    most = sum(market.bound(need, offer) for offer in market.choices[need])
    return most >= market.wants[need]


def _sparse(rows: list[dict[int, float]], width: int) -> Any:
    values = [value for row in rows for value in row.values()]
    columns = [column for row in rows for column in row]
    lines = [line for line, row in enumerate(rows) for _ in row]
    return csr_array((values, (lines, columns)), shape=(len(rows), width))
