# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What would help where no purchase does: an alliance, technology transfer, own capacity."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from comity.exposure.diversify.clash import Constraint, clash, direct_only
from comity.exposure.diversify.least import Least, least
from comity.exposure.diversify.market import Offer
from comity.exposure.diversify.program import Program
from comity.kernel.material import PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What would lower the least peak of a layer, and how far.

    Args:
        alliances: By jurisdiction, the peak that stays where it is trusted and needs no
            ceiling; those that help, the lowest first.
        allied: The same where all that clash or bind are trusted.
        transfer: The peak that stays where suppliers made their inputs themselves.
        own: The least share of own capacity, resting on nobody, with which the ceiling is
            kept; rounded up to millionths, the solver's word.
        clashing: A smallest set of constraints that cannot hold together.
    """

    alliances: tuple[tuple[str, Fraction], ...]
    allied: Fraction
    transfer: Fraction
    own: Fraction
    clashing: tuple[Constraint, ...]


def relief_of(
    offers: Sequence[Offer], codes: Sequence[str], ceiling: Fraction, lowest: Least
) -> Relief:
    """Work out what would relieve a layer of its excess."""
    clashing = clash(offers, codes, ceiling)
    named = [one.name for one in clashing if one.kind == "ceiling"]
    named = sorted({*named, *lowest.binding})
    each = {code: _peak(offers, [c for c in codes if c != code], lowest) for code in named}
    helping = ((code, peak) for code, peak in each.items() if peak < lowest.peak)
    return Relief(
        alliances=tuple(sorted(helping, key=lambda one: (one[1], one[0]))),
        allied=_peak(offers, [code for code in codes if code not in named], lowest),
        transfer=_peak(direct_only(offers), codes, lowest),
        own=_own(offers, codes, ceiling),
        clashing=clashing,
    )


def _peak(offers: Sequence[Offer], codes: Sequence[str], lowest: Least) -> Fraction:
    found = least(offers, codes)
    return lowest.peak if found is None else min(found.peak, lowest.peak)


def _own(offers: Sequence[Offer], codes: Sequence[str], ceiling: Fraction) -> Fraction:
    """Return how little own capacity does; minimum shares do not count."""
    program = Program()
    own = program.column(cost=1.0, high=1.0)
    columns = [program.column(high=float(one.capacity)) for one in offers]
    program.row(dict.fromkeys([own, *columns], 1.0), low=1.0, high=1.0)
    for code in codes:
        cells = {c: float(one.worst(code)) for one, c in zip(offers, columns, strict=True)}
        program.row(cells, high=float(ceiling))
    found = program.solve()
    share = 1.0 if found is None else float(found.values[own])
    return Fraction(min(PPM, ceil(share * PPM - 0.01)), PPM)
