# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Clashes: kinds of demands that no conduct meets together, and ways round them.

Demands of the same kind (one constraint, asked or forbidden) are one; so a handful of
kinds stands for hundreds of norms, and cores of three and more are found as pairs are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.law.condition import ALWAYS, Condition
from comity.law.conduct import Constraint, Division, Exclusion
from comity.law.market import BODIES
from comity.law.norm import Demand, Modality
from comity.law.prove.bound import Party
from comity.law.prove.core import minimal_cores
from comity.law.prove.deed import ASKING, FORBIDDING, Deeds
from comity.law.prove.theory import Possibility, Theory


class Escape(Enum):
    """Whether one system can meet all demands by doing differently here and there."""

    HARD = "hard"
    PLACE = "avoidable by place"
    DESIGN = "avoidable by design"
    EITHER = "avoidable by place or by design"
    BOTH = "avoidable by place and design together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What demands of one kind say of conduct."""

    constraint: Constraint
    forbids: bool

    @property
    def demand(self) -> Demand:
        """Return the plainest demand of the kind."""
        modality = Modality.MUST_NOT if self.forbids else Modality.MUST
        return Demand(modality=modality, constraint=self.constraint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A minimal set of kinds and exclusions that no conduct meets."""

    kinds: tuple[Kind, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What clashes are looked for on: the conduct, and what excludes what."""

    deeds: Deeds
    exclusions: tuple[Exclusion, ...]
    timeout_ms: int = 10_000

    def clashes(self, kinds: Iterable[Kind]) -> Iterator[Clash]:
        """Yield every minimal clash among kinds, by parts of conduct that touch."""
        every = tuple(dict.fromkeys(kinds))
        for part in self._parts(every):
            items: dict[Kind | str, Condition] = {
                kind: self.deeds.asked(kind.demand) for kind in every
                if kind.constraint.conduct in part
            }  # fmt: skip
            items.update(
                (each.name, self.deeds.excluded(each)) for each in self.exclusions
                if all(one.conduct in part for one in each.together)
            )  # fmt: skip
            theory = self._theory(self.deeds.about(part))
            if theory.possible(*items.values()) is not Possibility.IMPOSSIBLE:
                continue
            for core in minimal_cores(theory, items):
                yield Clash(
                    kinds=tuple(
                        each for each in items if each in core and isinstance(each, Kind)
                    ),
                    exclusions=tuple(each for each in self.exclusions if each.name in core),
                )

    def escape(self, parties: Sequence[Party], exclusions: Sequence[Exclusion]) -> Escape:
        """Tell whether the demands can be met by dividing conduct by place or by design."""

        def met(*divisions: Division) -> bool:
            return self._met_apart(parties, exclusions, frozenset(divisions))

        match met(Division.PLACE), met(Division.DESIGN):
            case True, True:
                return Escape.EITHER
            case True, False:
                return Escape.PLACE
            case False, True:
                return Escape.DESIGN
        return Escape.BOTH if met(*Division) else Escape.HARD

    def _met_apart(
        self,
        parties: Sequence[Party],
        exclusions: Sequence[Exclusion],
        divisions: frozenset[Division],
    ) -> bool:
        """Tell whether all are met where conduct is done otherwise by market, or by norm.

        What can never be done together is heeded as well, though the clash rests on none of it.
        """
        names = {one.conduct for each in exclusions for one in each.together}
        deeds = self.deeds.about(names | {p.demand.constraint.conduct for p in parties})
        heeded = [*exclusions, *self._always(deeds)]
        places = _places(parties)
        asked = [
            (party.demand, {Division.PLACE: place, Division.DESIGN: party.norm.name})
            for party in parties
            for place in (places if party.pack.market in BODIES else [party.pack.market])
        ]
        naming = [_naming(deeds, divisions, part) for _, part in asked]
        if all(one == naming[0] for one in naming):
            return False  # nothing is divided, so the clash stays what it is
        facts = {k: v for one in naming for k, v in deeds.facts(one).items()}
        wanted = [
            deeds.asked(demand, one) for (demand, _), one in zip(asked, naming, strict=True)
        ]
        wanted += [deeds.excluded(each, one) for each in heeded for one in naming]
        axioms = [axiom for one in naming for axiom in deeds.axioms(one)]
        theory = Theory(facts, axioms, timeout_ms=self.timeout_ms)
        return theory.possible(*wanted) is Possibility.POSSIBLE

    def _always(self, deeds: Deeds) -> list[Exclusion]:
        """Return the exclusions among conducts that hold of every system."""
        return [
            each for each in self.exclusions
            if each.when == ALWAYS
            and all(one.conduct in deeds.conducts for one in each.together)
        ]  # fmt: skip

    def _theory(self, deeds: Deeds) -> Theory:
        return Theory(deeds.facts(), deeds.axioms(), timeout_ms=self.timeout_ms)

    def _parts(self, kinds: Iterable[Kind]) -> list[frozenset[str]]:
        """Return the groups of conduct that constraints, entailments and exclusions join."""
        groups: dict[str, set[str]] = {}
        asked = [self.deeds.about([kind.constraint.conduct]).conducts for kind in kinds]
        joined = [tuple(conducts) for conducts in asked]
        joined += [
            tuple(self.deeds.about(one.conduct for one in each.together).conducts)
            for each in self.exclusions
        ]
        for names in joined:
            whole = set().union(names, *(groups.get(name, set()) for name in names))
            groups.update((name, whole) for name in whole)
        return list(dict.fromkeys(frozenset(group) for group in groups.values()))


def kind_of(demand: Demand) -> Kind | None:
    """Return what a demand says of conduct; a permission says nothing."""
    if demand.modality in FORBIDDING:
        return Kind(constraint=demand.constraint, forbids=True)
    if demand.modality in ASKING:
        return Kind(constraint=demand.constraint, forbids=False)
    return None


def _places(parties: Sequence[Party]) -> list[str]:
    """Return the markets that are places: what a body says is asked in every one of them."""
    markets = dict.fromkeys(party.pack.market for party in parties)
    return [each for each in markets if each not in BODIES] or [""]


def _naming(
    deeds: Deeds, divisions: frozenset[Division], part: Mapping[Division, str]
) -> Mapping[str, str]:
    """Return what stands for each conduct in one part: of a place, of a design, or of both."""
    parts = {
        name: [part[each] for each in conduct.divisible if each in divisions]
        for name, conduct in deeds.conducts.items()
    }
    return {name: f"{name} of {' '.join(own)}" for name, own in parts.items() if own}
