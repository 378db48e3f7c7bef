# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Demands: whether what one norm asks can be done at once, and whether it asks anything.

Doing one thing may do another (entailments), and some things cannot be done together
(exclusions): both count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from comity.law.condition import Condition, Not, conjunction
from comity.law.conduct import Exclusion
from comity.law.form import MODALITIES
from comity.law.lint.cause import Clause, fewest
from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.place import Places
from comity.law.lint.reach import undecided
from comity.law.norm import Demand, Modality, Norm
from comity.law.pack import Library, Pack
from comity.law.phrase import demand_in_words, in_words
from comity.law.prove.bound import binding
from comity.law.prove.core import minimal_cores
from comity.law.prove.deed import SOFT, Deeds
from comity.law.prove.theory import Possibility, Theory

CLASHES_AT_MOST = 20
"""Clashes told of one norm; an author mends the first before he reads the twentieth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Demands, by their number, that no conduct meets together, and the exclusions why."""

    demands: tuple[int, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Looks at the demands of one norm.

    Args:
        theory: Of the facts, to tell where an exclusion holds.
        timeout_ms: How long one question may take.
    """

    library: Library
    theory: Theory
    places: Places
    timeout_ms: int
    _grounds: dict[tuple[Demand, ...], "Ground"] = field(default_factory=dict)

    def of_norm(self, pack: Pack, norm: Norm) -> Iterator[Finding]:
        """Yield what is wrong with what a norm asks."""
        if norm.demands not in self._grounds:
            self._grounds[norm.demands] = ground_of(
                self.library, norm.demands, timeout_ms=self.timeout_ms
            )
        ground = self._grounds[norm.demands]
        if ground.is_undecided:
            yield undecided(norm.name, "whether what it asks can be done at once", self.places)
        found = [each for clash in ground.clashes for each in self._clash(pack, norm, clash)]
        yield from found
        if not found:
            yield from self._idle(norm, ground)

    def _clash(self, pack: Pack, norm: Norm, clash: Clash) -> Iterator[Finding]:
        level, where = self._where(pack, norm, clash.exclusions)
        if level is None:
            return
        one = len(clash.demands) == 1
        said = "it asks what cannot be done" if one else "what it asks cannot be done together"
        yield self._finding(
            norm, clash.demands[-1], (level, Rule.CONTRADICTORY), f"{said}{where}",
            self._said(norm, clash.demands, clash.exclusions),
        )  # fmt: skip

    def _where(
        self, pack: Pack, norm: Norm, exclusions: Sequence[Exclusion]
    ) -> tuple[Level | None, str]:
        """Return how bad a clash is, and where it is so if not wherever the norm binds."""
        bound = binding(pack, norm, self.theory.facts)
        whens = conjunction(each.when for each in exclusions)
        if self.theory.possible(bound, whens) is Possibility.IMPOSSIBLE:
            return None, ""
        if self.theory.possible(bound, Not(whens)) is Possibility.IMPOSSIBLE:
            return Level.ERROR, ""
        shown = in_words(whens, self.library.vocabulary.facts)
        return Level.WARNING, f" where {shown}"

    def _idle(self, norm: Norm, ground: "Ground") -> Iterator[Finding]:
        """Yield demands that ask nothing, or nothing that the others do not."""
        for number in ground.empty:
            said = f"demand {number + 1} asks nothing: whatever is done meets it"
            yield self._finding(
                norm, number, (Level.WARNING, Rule.EMPTY_DEMAND), said,
                self._said(norm, [number], ()),
            )  # fmt: skip
        for number in ground.repeated:
            said = f"demand {number + 1} says nothing new: who does the others has done it"
            others = [each for each in range(len(norm.demands)) if each != number]
            yield self._finding(
                norm, number, (Level.NOTE, Rule.REPEATED_DEMAND), said,
                tuple(demand_said(norm.demands[each], self.library) for each in others),
            )  # fmt: skip

    def _finding(
        self, norm: Norm, number: int, kind: tuple[Level, Rule], message: str,
        clauses: tuple[str, ...],
    ) -> Finding:  # fmt: skip
        return Finding(
            level=kind[0], rule=kind[1], subject=norm.name, message=message, clauses=clauses,
            place=self.places.of("norm", norm.name, MODALITIES, number),
        )  # fmt: skip

    def _said(
        self, norm: Norm, numbers: Sequence[int], exclusions: Sequence[Exclusion]
    ) -> tuple[str, ...]:
        demands = [norm.demands[number] for number in numbers]
        return (
            *(demand_said(each, self.library) for each in demands),
            *entailments_between(self.library, demands, exclusions),
            *(
                f"exclusion {each.name}: {each.because.in_language('en')}"
                for each in exclusions
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is wrong with demands, whoever is bound by them."""

    clashes: tuple[Clash, ...] = ()
    empty: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    is_undecided: bool = False


def ground_of(library: Library, demands: Sequence[Demand], *, timeout_ms: int) -> Ground:
    """Hold demands against each other, against entailments and exclusions."""
    deeds = deeds_of(library, demands)
    theory = Theory(deeds.facts(), deeds.axioms(), timeout_ms=timeout_ms)
    exclusions = {
        each.name: each for each in library.vocabulary.exclusions
        if all(one.conduct in deeds.conducts for one in each.together)
    }  # fmt: skip
    items = {number: wanted(deeds, each) for number, each in enumerate(demands)}
    excluded = {name: deeds.excluded(each) for name, each in exclusions.items()}
    clashes: tuple[Clash, ...] = ()
    verdict = theory.possible(*items.values(), *excluded.values())
    if verdict is Possibility.IMPOSSIBLE:
        cores = islice(minimal_cores(theory, {**items, **excluded}), CLASHES_AT_MOST)
        clashes = tuple(
            Clash(
                demands=tuple(number for number in items if number in core),
                exclusions=tuple(one for name, one in exclusions.items() if name in core),
            )
            for core in cores
        )
    empty = tuple(
        number for number, condition in items.items()
        if theory.possible(Not(condition)) is Possibility.IMPOSSIBLE
    )  # fmt: skip
    return Ground(
        clashes=tuple(each for each in clashes if each.demands),
        empty=empty,
        repeated=() if clashes or empty else tuple(_repeated(theory, deeds, demands)),
        is_undecided=verdict is Possibility.UNDECIDED,
    )


def _repeated(theory: Theory, deeds: Deeds, demands: Sequence[Demand]) -> Iterator[int]:
    """Yield demands that others of the same force imply, the last of equals first."""
    left = dict(enumerate(demands))
    for number, demand in reversed(tuple(enumerate(demands))):
        if demand.modality is Modality.MAY:
            continue
        others = [
            deeds.asked(each) for other, each in left.items()
            if other != number and (demand.modality in SOFT or each.modality not in SOFT)
        ]  # fmt: skip
        if others and theory.possible(*others, Not(deeds.asked(demand))) is (
            Possibility.IMPOSSIBLE
        ):
            del left[number]
            yield number


def deeds_of(library: Library, demands: Sequence[Demand]) -> Deeds:
    """Return the conduct that demands speak of, with all it entails."""
    names = [demand.constraint.conduct for demand in demands]
    return Deeds(conducts=library.vocabulary.conducts).about(names)


def wanted(deeds: Deeds, demand: Demand) -> Condition:
    """Return what a demand asks; of a permission, that use is made of it."""
    if demand.modality is Modality.MAY:
        return deeds.met(demand.constraint)
    return deeds.asked(demand)


def demand_said(demand: Demand, library: Library) -> str:
    """Write a demand with its force."""
    conduct = library.vocabulary.conducts[demand.constraint.conduct]
    said = demand_in_words(demand.constraint, conduct)
    return f"`{demand.modality.value}` {conduct.name}: {said}"


def entailments_between(
    library: Library, demands: Sequence[Demand], exclusions: Sequence[Exclusion]
) -> tuple[str, ...]:
    """Return the entailments without which demands could be met together."""
    deeds = deeds_of(library, demands)
    items = [wanted(deeds, each) for each in demands]
    items += [deeds.excluded(each) for each in exclusions]
    theory = Theory(deeds.facts())
    entailed = [
        (conduct, each) for conduct in deeds.conducts.values() for each in conduct.entails
    ]
    clauses = [
        Clause(
            origin=f"{conduct.name} entails "
            + demand_in_words(each, library.vocabulary.conducts[each.conduct]),
            condition=axiom,
        )
        for (conduct, each), axiom in zip(entailed, deeds.axioms(), strict=True)
    ]

    def is_impossible(kept: Sequence[Clause]) -> bool:
        verdict = theory.possible(*items, *(each.condition for each in kept))
        return verdict is Possibility.IMPOSSIBLE

    return tuple(each.origin for each in fewest(clauses, is_impossible)) if clauses else ()
