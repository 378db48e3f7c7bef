# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Redundancy: a norm that another of the same pack already says.

It binds no role, no system and no day that the other does not bind, and who meets the
other has met it. A law may well say a thing twice: the finding is a warning only where both
norms encode one provision, and neither asks more in words (`asks`).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from comity.law.condition import Condition, Not, conjunction
from comity.law.lint.ask import deeds_of, demand_said
from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.place import Places
from comity.law.lint.reach import asks_the_day, undecided
from comity.law.norm import Demand, Grounds, Modality, Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import binding, in_market
from comity.law.prove.deed import SOFT, Deeds
from comity.law.prove.theory import Possibility, Theory

_Demands = tuple[Demand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundancy:
    """Looks for norms that say what another of their pack says."""

    library: Library
    theory: Theory
    places: Places
    timeout_ms: int
    _implied: dict[tuple[_Demands, _Demands], bool] = field(default_factory=dict)

    def of_norm(self, pack: Pack, norm: Norm) -> Iterator[Finding]:
        """Yield the first norm of the pack that makes this one idle."""
        place = pack.norms.index(norm)
        for number, other in enumerate(pack.norms):
            if number == place or not self._is_asked(norm, other):
                continue
            match self._bound_within(pack, norm, other):
                case Possibility.POSSIBLE:
                    continue
                case Possibility.UNDECIDED:
                    yield undecided(norm.name, f"whether {other.name} says it", self.places)
                    continue
            if number > place and self._are_equal(pack, norm, other):
                continue  # told of the later one
            yield self._finding(norm, other)
            return

    def _is_asked(self, norm: Norm, other: Norm) -> bool:
        """Tell whether who does what the other asks has done what this one asks."""
        if not set(norm.who) <= set(other.who):
            return False
        key = norm.demands, other.demands
        if key not in self._implied:
            self._implied[key] = is_implied(self.library, *key, timeout_ms=self.timeout_ms)
        return self._implied[key]

    def _bound_within(self, pack: Pack, norm: Norm, other: Norm) -> Possibility:
        """Tell whether this norm can bind where the other does not."""
        if any(asks_the_day(self.library, each) for each in (norm, other)):
            mine, theirs = (binding(pack, each, self.theory.facts) for each in (norm, other))
            return self.theory.possible(mine, Not(theirs))
        if not _lasts_within(norm, other):
            return Possibility.POSSIBLE
        market = in_market(pack, self.theory.facts)
        return self.theory.possible(*market, norm.applies_when, Not(other.applies_when))

    def _are_equal(self, pack: Pack, norm: Norm, other: Norm) -> bool:
        return (
            self._is_asked(other, norm)
            and self._bound_within(pack, other, norm) is Possibility.IMPOSSIBLE
        )

    def _finding(self, norm: Norm, other: Norm) -> Finding:
        worded = norm.asks is not None and norm.asks != other.asks
        twice = _encode_one_provision(norm.grounds, other.grounds)
        said = f"{other.name} binds the same roles wherever this does, and asks as much"
        if worded:
            said += "; what `asks` adds in words is not compared"
        elif not twice:
            said += "; they encode different provisions: the text repeats itself, or the"
            said += " vocabulary does not tell them apart"
        if _is_softer(norm, other):
            said += "; it asks with less force, so the other may lack an exception"
        return Finding(
            level=Level.WARNING if twice and not worded else Level.NOTE, rule=Rule.REDUNDANT,
            subject=norm.name, message=said,
            place=self.places.of("norm", norm.name),
            clauses=(
                *(f"here {demand_said(each, self.library)}" for each in norm.demands),
                *(f"there {demand_said(each, self.library)}" for each in other.demands),
            ),
        )  # fmt: skip


def _encode_one_provision(first: Grounds, second: Grounds) -> bool:
    """Tell whether norms cite one provision, and rest on one row of it where rows are told."""
    apart = first.rows and second.rows and set(first.rows).isdisjoint(second.rows)
    return first.cite == second.cite and not apart


def _is_softer(norm: Norm, other: Norm) -> bool:
    hard = any(each.modality not in SOFT for each in other.demands)
    return hard and all(each.modality in SOFT for each in norm.demands)


def _lasts_within(norm: Norm, other: Norm) -> bool:
    """Tell whether a norm is in force on no day on which another is not."""
    first, last = dt.date.min, dt.date.max
    begins = (other.valid_from or first) <= (norm.valid_from or first)
    return begins and (norm.valid_until or last) <= (other.valid_until or last)


def is_implied(
    library: Library, asked: Sequence[Demand], by: Sequence[Demand], *, timeout_ms: int
) -> bool:
    """Tell whether who meets some demands meets others, of no greater force."""
    allowed = {each.constraint for each in asked if each.modality is Modality.MAY}
    if allowed - {each.constraint for each in by if each.modality is Modality.MAY}:
        return False
    hard = _met(asked, by, library, soft=False, timeout_ms=timeout_ms)
    return hard and _met(asked, by, library, soft=True, timeout_ms=timeout_ms)


def _met(
    asked: Sequence[Demand],
    by: Sequence[Demand],
    library: Library,
    *,
    soft: bool,
    timeout_ms: int,
) -> bool:
    """Tell whether demands of one force are met; a "must" meets a "should", not the reverse."""
    wished = [
        each for each in asked
        if each.modality is not Modality.MAY and (each.modality in SOFT) is soft
    ]  # fmt: skip
    if not wished:
        return True
    given = [each for each in by if soft or each.modality not in SOFT]
    deeds = deeds_of(library, given)
    if any(each.constraint.conduct not in deeds.conducts for each in wished):
        return False
    deeds = deeds_of(library, [*given, *wished])
    theory = Theory(deeds.facts(), deeds.axioms(), timeout_ms=timeout_ms)
    met = conjunction(_asked(deeds, wished))
    return theory.possible(*_asked(deeds, given), Not(met)) is Possibility.IMPOSSIBLE


def _asked(deeds: Deeds, demands: Sequence[Demand]) -> list[Condition]:
    return [deeds.asked(each) for each in demands if each.modality is not Modality.MAY]
