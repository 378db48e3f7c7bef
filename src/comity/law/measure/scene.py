# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The scene of a course of measures: conduct, what excludes what here, and what is done apart.

What conduct can be done together is the prover's theory (`law/prove/deed.py`); here it is
only cut into the pieces that have nothing to do with each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth, any_of
from comity.law.condition import Condition, Not, conjunction
from comity.law.conduct import Conduct, Constraint, Division, Exclusion
from comity.law.evaluate import evaluate
from comity.law.fact import Fact
from comity.law.measure.apart import TOGETHER, Apart
from comity.law.measure.ask import Ask
from comity.law.prove.deed import Deeds
from comity.law.prove.theory import Possibility, Theory
from comity.law.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What can be done by one system.

    Args:
        conducts: By name.
        exclusions: What cannot be done together, and in which markets; a market where it
            cannot be told whether it holds counts where *doubted*.
    """

    conducts: Mapping[str, Conduct]
    exclusions: tuple[tuple[Exclusion, frozenset[str]], ...] = ()
    apart: Apart = TOGETHER

    @property
    def deeds(self) -> Deeds:
        """The conduct as the prover sees it."""
        return Deeds(conducts=self.conducts)

    def pieces(self, conducts: Iterable[str]) -> list[frozenset[str]]:
        """Return conducts, and all they touch, in groups that do not touch each other."""
        leader: dict[str, str] = {}

        def find(name: str) -> str:
            while leader.setdefault(name, name) != name:
                name = leader[name]
            return name

        touched = self._touched(conducts)
        for name in sorted(touched):
            find(name)
            for each in self.conducts[name].entails:
                leader[find(each.conduct)] = find(name)
        for exclusion, _ in self.exclusions:
            first, *others = [each.conduct for each in exclusion.together]
            for other in others if first in touched else ():
                leader[find(other)] = find(first)
        groups: dict[str, set[str]] = {}
        for name in leader:
            groups.setdefault(find(name), set()).add(name)
        return sorted((frozenset(group) for group in groups.values()), key=sorted)

    def _touched(self, conducts: Iterable[str]) -> frozenset[str]:
        """Return conducts with all that entailments and exclusions tie to them."""
        found = frozenset(self.deeds.about(conducts).conducts)
        tied = [
            {each.conduct for each in exclusion.together} for exclusion, _ in self.exclusions
        ]
        more = found.union(*(names for names in tied if names & found))
        return found if more == found else self._touched(more)

    def heeded(self, piece: frozenset[str]) -> tuple[tuple[Exclusion, frozenset[str]], ...]:
        """Return the exclusions that speak of a group of conducts."""
        return tuple(each for each in self.exclusions if each[0].together[0].conduct in piece)

    def theory(self, piece: frozenset[str], *, excluding: bool = True) -> Theory:
        """Return what can be done of a group of conducts, in every part of what is apart."""
        facts: dict[str, Fact] = {}
        for label in self.apart.labels:
            facts.update(self._deeds(piece).facts(self.apart.naming(label)))
        heeded = self.excluding(piece).values() if excluding else ()
        return Theory(facts, [*self.entailing(piece), *heeded])

    def entailing(self, piece: frozenset[str]) -> list[Condition]:
        """Return that doing one thing does what it entails, in each part."""
        deeds, labels = self._deeds(piece), self.apart.labels
        return [axiom for each in labels for axiom in deeds.axioms(self.apart.naming(each))]

    def excluding(self, piece: frozenset[str]) -> dict[str, Condition]:
        """Return that conduct heeds each exclusion, in each part where it holds."""
        by_place = self.apart.by is Division.PLACE
        found = {}
        for label in self.apart.labels:
            naming = self.apart.naming(label)
            for exclusion, markets in self.heeded(piece):
                if not by_place or label in markets:
                    found[f"{exclusion.name} {label}"] = self.deeds.excluded(exclusion, naming)
        return found

    def _deeds(self, piece: frozenset[str]) -> Deeds:
        return Deeds(conducts={name: self.conducts[name] for name in sorted(piece)})

    def asked(self, ask: Ask) -> Condition:
        """Return that conduct does what is asked, in every part in which it is."""
        labels = self.apart.labels_of(ask)
        return conjunction(
            self.deeds.asked(ask.demand, self.apart.naming(label)) for label in labels
        )

    def done(self, constraint: Constraint, label: str) -> Condition:
        """Return that conduct meets a constraint in one part."""
        return self.deeds.met(constraint, self.apart.naming(label))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Which exclusions hold for one system, and of which that cannot be told."""

    certain: tuple[tuple[Exclusion, frozenset[str]], ...]
    doubted: tuple[tuple[Exclusion, frozenset[str]], ...] = field(default=())

    @property
    def at_worst(self) -> "World":
        """The world in which all that cannot be told holds."""
        return World(certain=(*self.certain, *self.doubted))

    def without(self, market: str) -> "World":
        """Return the world of a system that is not offered in a market."""
        left = [(each, markets - {market}) for each, markets in self.certain]
        return World(certain=tuple(each for each in left if each[1]))


def world_of(situation: Situation) -> World:
    """Return what cannot be done together by the system of a situation."""
    certain, doubted = [], []
    for exclusion in situation.library.vocabulary.exclusions:
        truths = {
            market: evaluate(exclusion.when, closure.answers, situation.library.meanings)
            for market, closure in situation.closures.items()
        }
        match any_of(truths.values()):
            case Truth.TRUE:
                certain.append((exclusion, _where(truths, Truth.TRUE)))
            case Truth.UNDETERMINED:
                doubted.append((exclusion, _where(truths, Truth.UNDETERMINED)))
            case Truth.FALSE:
                pass
    return World(certain=tuple(certain), doubted=tuple(doubted))


def _where(truths: Mapping[MarketCode, Truth], truth: Truth) -> frozenset[str]:
    return frozenset(market for market, each in truths.items() if each is truth)


def covers(theory: Theory, done: Condition, asked: Condition) -> bool:
    """Tell whether doing one thing always does the other."""
    return theory.possible(done, Not(asked)) is Possibility.IMPOSSIBLE


def entailed_by(conducts: Mapping[str, Conduct], name: str) -> Sequence[Constraint]:
    """Return all that doing one thing does as well, directly or through another."""
    found: dict[Constraint, None] = {}
    todo = list(conducts[name].entails)
    while todo:
        constraint = todo.pop(0)
        if constraint not in found:
            found[constraint] = None
            todo.extend(conducts[constraint.conduct].entails)
    return tuple(found)
