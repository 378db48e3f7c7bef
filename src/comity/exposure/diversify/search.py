# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The best exact answer that a solver's candidates lead to, and how far it may be off.

A candidate whose exact value is above the bound leant on a crumb: on a choice that the solver
took for whole though it was not. Then that choice is made, once each way, and solved again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from comity.exposure.diversify.program import Found, Program

T = TypeVar("T")

MOST_SOLVES = 24
_ROUNDING = 1e-9
LEAST_GAP = 1e-5
"""No smaller gap is claimed: a bound leans on tolerances; brute force found one off by 2e-6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Best(Generic[T]):
    """The best answer that was found.

    Args:
        value: Exactly.
        gap: (value - bound) / value, at least `LEAST_GAP`: how far, relatively, it may be above
            the least. The bound is the solver's word.
    """

    answer: T
    value: Fraction
    gap: float


def search(
    program: Program, exact: Callable[[Found], tuple[Fraction, T] | None], *, gap: float = 0.0
) -> Best[T] | None:
    """Return the best exact answer of a program.

    Args:
        exact: Makes a candidate exact and says what it is worth; None where nothing exact
            lies near it.

    Returns:
        None where no candidate was found, or none could be made exact.
    """
    best: tuple[Fraction, T] | None = None
    waiting: list[tuple[float, dict[int, float]]] = [(0.0, {})]
    bounds: list[float] = []
    for _ in range(MOST_SOLVES):
        if not waiting:
            break
        _, fixed = waiting.pop()
        found = program.solve(gap=gap, fixed=fixed)
        if found is None:
            continue
        made = exact(found)
        if made is not None and (best is None or made[0] < best[0]):
            best = made
        crumb = found.crumb([n for n in program.wholes() if n not in fixed])
        if crumb is None or (best and _gap(best[0], found.bound) <= max(gap, _ROUNDING)):
            bounds.append(found.bound)
        else:
            waiting += [(found.bound, {**fixed, crumb: way}) for way in (0.0, 1.0)]
    if best is None:
        return None
    bound = min([*bounds, *(low for low, _ in waiting)], default=0.0)
    return Best(answer=best[1], value=best[0], gap=max(LEAST_GAP, _gap(best[0], bound)))


def _gap(value: Fraction, bound: float) -> float:
    return max(0.0, 1 - bound / float(value)) if value > 0 else 0.0
