# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cost against ceiling: the cheapest plan under each of several ceilings."""

from collections.abc import Iterable
from fractions import Fraction

from comity.exposure.diversify.plan import Plan, Planner

STEPS = tuple(Fraction(tenths, 10) for tenths in range(10, 0, -1))
"""Ceilings from 100 % down to 10 %."""


def curve(planner: Planner, ceilings: Iterable[Fraction] = STEPS) -> tuple[Plan, ...]:
    """Return the cheapest plan under each ceiling, the loosest first.

    A plan under a tighter ceiling keeps a looser one, too: where the solver's gap let it be
    cheaper, it stands for both, so that no looser ceiling ever costs more.
    """
    found: list[Plan] = []
    for ceiling in sorted(set(ceilings)):
        plan = planner.plan(ceiling, beside=False)
        if found and found[-1].cost < plan.cost:
            plan = planner.again(found[-1], plan)
        found.append(plan)
    return tuple(reversed(found))
