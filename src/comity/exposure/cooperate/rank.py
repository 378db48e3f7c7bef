# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who prefers whom, and why: plain comparisons in a stated order, no weights.

Source:
    docs/spec/cooperation.md, "Preferences".
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from comity.exposure.cooperate.fit import Ask, Bid
from comity.exposure.cooperate.word import ANY_SECTOR
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """How well an offer suits a need.

    Args:
        terms: Wished-for terms that it meets.
        lacking: Wished-for terms that it does not.
        exposure: The largest foreign share of a layer that can follow, in [0, 1].
        sector: Whether it is for that very sector, not for any.
        language: Whether it says that it is in a language asked for.
        reach: The part of the states in need that it serves, in [0, 1].
        goals: Targets that both serve.
    """

    terms: tuple[str, ...]
    lacking: tuple[str, ...]
    exposure: Fraction
    sector: bool
    language: bool
    reach: Fraction
    goals: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "terms_met": list(self.terms),
            "terms_lacking": list(self.lacking),
            "goals_shared": list(self.goals),
            "same_sector": self.sector,
            "same_language": self.language,
        }


def merit_of(ask: Ask, bid: Bid, exposure: Fraction) -> Merit:
    """Return how well an offer suits a need it fits."""
    needed, offered = ask.need.matter, bid.offer.matter
    wished = needed.known_terms()
    met = wished & offered.known_terms()
    reach = Fraction(1)
    if bid.markets is not None and ask.markets:
        reach = Fraction(len(ask.markets & bid.markets), len(ask.markets))
    return Merit(
        terms=tuple(sorted(met)),
        lacking=tuple(sorted(wished - met)),
        exposure=exposure,
        sector=needed.sector.casefold() == offered.sector.casefold() != ANY_SECTOR,
        language=bool(set(needed.languages) & set(offered.languages)),
        reach=reach,
        goals=tuple(sorted(set(needed.goals) & set(offered.goals))),
    )


def of_need(merit: Merit, bid: Bid) -> tuple[object, ...]:
    """Return how a need ranks an offer; the smaller, the better, and no two are equal.

    More wished-for terms; then the smaller foreign share that can follow; then its own
    sector, its language, more of its states, more shared targets, the earlier first day; then
    by name.
    """
    since = bid.offer.matter.since
    return (
        -len(merit.terms),
        merit.exposure,
        not merit.sector,
        not merit.language,
        -merit.reach,
        -len(merit.goals),
        dt.date.max if since is None else since,
        bid.key,
    )


def of_offer(merit: Merit, ask: Ask, bid: Bid) -> tuple[object, ...]:
    """Return how an offer ranks a need; the smaller, the better, and no two are equal.

    Its own sector; then states it names rather than anywhere; then its language, more shared
    targets; then the larger reach; then by name. What a need wishes for is no merit of it.
    """
    return (
        not merit.sector,
        bid.markets is None,
        not merit.language,
        -len(merit.goals),
        -merit.reach,
        ask.key,
    )
