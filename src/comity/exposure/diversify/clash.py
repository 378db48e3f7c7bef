# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Why nothing keeps a ceiling: a smallest set of constraints that cannot hold together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from comity.exposure.diversify.cheapest import fitting
from comity.exposure.diversify.market import ONE, ZERO, Offer

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
    """Tell whether anything keeps what is asked, exactly; no cost is looked at."""
    capped = {one.name for one in asked if one.kind == "capacity"}
    has_minimum = any(one.kind == "minimum" for one in asked)
    eased = [
        replace(
            one,
            capacity=one.capacity if one.key in capped else ONE,
            minimum=one.minimum if has_minimum else ZERO,
        )
        for one in offers
    ]
    codes = tuple(one.name for one in asked if one.kind == "ceiling")
    return bool(fitting(eased, codes, ceiling))


def direct_only(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers as they would be if inputs of suppliers did not count."""
    return tuple(replace(one, exposure=one.direct) for one in offers)
