# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A mixed-integer program, put together row by row; the one place that knows of HiGHS.

What it returns are floats: candidates, never claims. `corner` makes them exact.

HiGHS lets a row be broken by a millionth, takes a choice of a millionth for none, and ends
where the value is within a millionth of its bound. Shares are exact to the millionth, and
amounts may be as small. So shares are handed to it in thousandths, amounts as parts of the
dearest; and whoever made a candidate exact compares its value with the bound (`search`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
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
_FREE: Mapping[int, float] = MappingProxyType({})
_FINE = 1_000.0
_WORTH = 1e6
_LOW = 1e2
_DEAREST = 1e15
_CRUMB = 1e-9
_CHOSEN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A solution, and how far from the best it may be.

    Args:
        bound: No solution has a lower value, by the solver's word.
    """

    values: NDArray[np.float64]
    bound: float

    def chosen(self, columns: Sequence[int], choices: Mapping[int, int]) -> list[int]:
        """Return the places of the columns that may be used: all but those not chosen.

        A solver takes 0.0000005 of a choice for none and uses as little of its column; with
        the choice's price forgotten that crumb could grow, so it is no choice.

        Args:
            choices: By place, the column that says 1 where the place is chosen.
        """
        return [
            n
            for n in range(len(columns))
            if n not in choices or self.values[choices[n]] > _CHOSEN
        ]

    def used(self, columns: Sequence[int], choices: Mapping[int, int]) -> list[int]:
        """Return those that may be used, and those that are though they were not chosen."""
        more = {n for n, column in enumerate(columns) if self.values[column] > _CRUMB}
        return sorted(more.union(self.chosen(columns, choices)))

    def crumb(self, whole: Sequence[int]) -> int | None:
        """Return the column that should be whole and is furthest from it, or None."""
        off = {n: abs(self.values[n] - round(self.values[n])) for n in whole}
        worst = max(off, key=lambda n: off[n], default=None)
        return worst if worst is not None and off[worst] > _CRUMB else None


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

    def wholes(self) -> list[int]:
        """Return the columns that must be whole."""
        return [n for n, one in enumerate(self.whole) if one]

    def solve(self, *, gap: float = 0.0, fixed: Mapping[int, float] = _FREE) -> Found | None:
        """Return the cheapest solution within a relative gap; None where there is none.

        One seed, no limit of time: the same program has the same answer.

        Args:
            fixed: Columns held at a value.
        """
        dearest = max(map(abs, self.costs), default=0.0)
        found = self._solve(gap, fixed, dearest or _WORTH)
        if found is None or not dearest:
            return found
        value = abs(float(np.dot(self.costs, found.values)))
        if not value or value * _WORTH / dearest >= _LOW:
            return found
        return self._solve(gap, fixed, value) or found

    def _solve(self, gap: float, fixed: Mapping[int, float], unit: float) -> Found | None:
        """Solve it with shares in thousandths, and a million for each unit of cost."""
        fine = np.where(np.array(self.whole) == 1, 1.0, _FINE)
        low, high = (_FINE * np.array(side) for side in zip(*self.ends, strict=True))
        matrix = self._matrix()
        matrix.data = matrix.data * (_FINE / fine)[matrix.indices]
        least, most = np.array(self.lows), np.array(self.highs)
        for column, value in fixed.items():
            least[column] = most[column] = value
        found: Any = milp(
            c=np.minimum(np.array(self.costs) * (_WORTH / unit), _DEAREST) / fine,
            integrality=np.array(self.whole),
            bounds=Bounds(least * fine, most * fine),
            constraints=LinearConstraint(matrix, low, high),
            options={"mip_rel_gap": gap},
        )
        if found.x is None:
            return None
        bound = found.mip_dual_bound if any(self.whole) else found.fun
        return Found(values=found.x / fine, bound=float(bound) * unit / _WORTH)

    def prices(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return what each row that has an upper end alone weighs, and the columns.

        Integers are let go. Rows whose two ends are equal are left out, the others keep their
        order.
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
        if found.x is None:
            return None
        return -np.asarray(found.ineqlin.marginals), np.asarray(found.x)

    def _matrix(self) -> Any:
        rows, columns, values = zip(*self.cells, strict=True)
        shape = (len(self.ends), len(self.costs))
        return csr_array((np.array(values), (rows, columns)), shape=shape)
