# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Why nothing keeps a ceiling: a smallest set of constraints that cannot hold together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from comity.exposure.diversify.market import ONE, ZERO, Offer
from comity.exposure.diversify.program import Program

Kind: TypeAlias = Literal["ceiling", "capacity", "minimum"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Constraint:
    """One thing that is asked of a layer.

    Args:
        name: The jurisdiction of a ceiling, the offer's key of a capacity, "" of the minima.
    """

    kind: Kind
    name: str = ""


def clash(
    offers: Sequence[Offer], codes: Sequence[str], ceiling: Fraction
) -> tuple[Constraint, ...]:
    """Return constraints that clash; leaving out any one of them, the others can be kept.

    Found by deletion: each constraint in turn is left out, and comes back where the rest
    would no longer clash. That all of a layer is to be bought always stands.

    Returns:
        Empty where nothing clashes.

    Source:
        Chinneck, Feasibility and Infeasibility in Optimization (2008), the deletion filter.
    """
    kept: list[Constraint] = [
        *(Constraint(kind="capacity", name=one.key) for one in offers if one.capacity < 1),
        *([Constraint(kind="minimum")] if any(one.minimum for one in offers) else []),
        *(Constraint(kind="ceiling", name=code) for code in codes),
    ]
    if _can(offers, kept, ceiling):
        return ()
    for one in tuple(kept):
        rest = [other for other in kept if other != one]
        if not _can(offers, rest, ceiling):
            kept = rest
    return tuple(sorted(kept))


def _can(offers: Sequence[Offer], asked: Sequence[Constraint], ceiling: Fraction) -> bool:
    """Tell whether anything keeps what is asked; no cost is looked at."""
    capped = {one.name for one in asked if one.kind == "capacity"}
    has_minimum = any(one.kind == "minimum" for one in asked)
    program = Program()
    columns = []
    for one in offers:
        room = float(one.capacity if one.key in capped else ONE)
        columns.append(program.column(high=room))
        least = one.minimum if has_minimum else ZERO
        if least:
            active = program.column(high=1.0, whole=True)
            program.row({columns[-1]: 1.0, active: -room}, high=0.0)
            program.row({columns[-1]: -1.0, active: float(least)}, high=0.0)
    program.row(dict.fromkeys(columns, 1.0), low=1.0, high=1.0)
    for code in (one.name for one in asked if one.kind == "ceiling"):
        cells = {c: float(one.worst(code)) for one, c in zip(offers, columns, strict=True)}
        program.row(cells, high=float(ceiling))
    return program.solve() is not None


def direct_only(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers as they would be if inputs of suppliers did not count."""
    return tuple(replace(one, exposure=one.direct) for one in offers)
