# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A mixed-integer program, put together row by row; the one place that knows of HiGHS.

What it returns are floats: candidates, never claims. `corner` makes them exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import (  # type: ignore[import-untyped]  # it ships no types
    Bounds,
    LinearConstraint,
    linprog,
    milp,
)
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # it ships no types

INFINITE = float("inf")
_USED = 1e-7
_CHOSEN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A solution, and how far from the best it may be.

    Args:
        gap: (value - bound) / value, at least 0; 0 without integers.
    """

    values: NDArray[np.float64]
    gap: float

    def used(self, columns: Sequence[int]) -> list[int]:
        """Return the places of the columns that are not nothing."""
        return [n for n, column in enumerate(columns) if self.values[column] > _USED]

    def chosen(self, columns: Sequence[int], choices: Mapping[int, int]) -> list[int]:
        """Return the places of the columns that are used and, where they are a choice, chosen.

        A solver takes 0.0000005 of a choice for none and uses as little of its column; with
        the choice's price forgotten that crumb could grow, so it is no choice.

        Args:
            choices: By place, the column that says 1 where the place is chosen.
        """
        return [
            n
            for n in self.used(columns)
            if n not in choices or self.values[choices[n]] > _CHOSEN
        ]


@dataclass(slots=True, kw_only=True)
class Program:
    """Columns with costs and bounds, rows with ends."""

    costs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    cells: list[tuple[int, int, float]] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)

    def column(
        self,
        *,
        cost: float = 0.0,
        low: float = 0.0,
        high: float = INFINITE,
        whole: bool = False,
    ) -> int:
        """Add a column and return its position."""
        self.costs.append(cost)
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(
        self, cells: Mapping[int, float], *, low: float = -INFINITE, high: float = INFINITE
    ) -> None:
        """Add a row: low <= sum of the cells times their columns <= high."""
        place = len(self.ends)
        self.cells.extend((place, column, value) for column, value in cells.items() if value)
        self.ends.append((low, high))

    def solve(self, *, gap: float = 0.0) -> Found | None:
        """Return the cheapest solution within a relative gap; None where there is none.

        One seed, no limit of time: the same program has the same answer.
        """
        low, high = (np.array(side) for side in zip(*self.ends, strict=True))
        found: Any = milp(
            c=np.array(self.costs),
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.lows), np.array(self.highs)),
            constraints=LinearConstraint(self._matrix(), low, high),
            options={"mip_rel_gap": gap},
        )
        if found.x is None:
            return None
        left = getattr(found, "mip_gap", None)
        return Found(values=found.x, gap=max(0.0, float(left or 0.0)))

    def prices(self) -> NDArray[np.float64] | None:
        """Return what each row that has an upper end alone weighs, integers let go.

        Rows whose two ends are equal are left out, the others keep their order.
        """
        matrix = self._matrix()
        is_equal = np.array([low == high for low, high in self.ends])
        low, high = (np.array(side) for side in zip(*self.ends, strict=True))
        found: Any = linprog(
            c=np.array(self.costs),
            A_ub=matrix[~is_equal],
            b_ub=high[~is_equal],
            A_eq=matrix[is_equal],
            b_eq=low[is_equal],
            bounds=list(zip(self.lows, self.highs, strict=True)),
            method="highs-ds",
        )
        return None if found.x is None else -np.asarray(found.ineqlin.marginals)

    def _matrix(self) -> Any:
        rows, columns, values = zip(*self.cells, strict=True)
        shape = (len(self.ends), len(self.costs))
        return csr_array((np.array(values), (rows, columns)), shape=shape)
