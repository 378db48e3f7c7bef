# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Terms: what is declared and never used, and figures without a unit or a source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from comity.law.condition import Cmp, Condition, Gap, walk
from comity.law.fact import ASKED_ON, MARKETS, Kind
from comity.law.form import MODALITIES
from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.place import Places
from comity.law.norm import Definition, Grounds, Norm
from comity.law.pack import Library


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Looks at words: definitions, facts, conduct variables, figures."""

    library: Library
    places: Places

    def of_definition(self, definition: Definition) -> Iterator[Finding]:
        """Yield whether nobody uses a definition, or whether its figures have no source."""
        if definition.name not in self._used_definitions:
            of_the_text = bool(definition.grounds.rows)
            yield Finding(
                level=Level.NOTE if of_the_text else Level.WARNING, rule=Rule.UNUSED,
                subject=definition.name, place=self.places.of("define", definition.name),
                message="no norm, axiom or guard rests on this definition"
                + (", which the text gives" if of_the_text else "")
                + self._told(definition),
            )  # fmt: skip
        if _has_figure(definition.when) and not _is_sourced(definition.grounds):
            said = "it holds a threshold and names neither `cite` nor `source`"
            yield self._unsourced("define", definition.name, said)

    def of_norm(self, norm: Norm) -> Iterator[Finding]:
        """Yield whether a norm's figures have no source."""
        asked = any(each.constraint.bound is not None for each in norm.demands)
        figures = any(_has_figure(one) for one in (norm.when, *norm.unless))
        if (asked or figures) and not (
            norm.grounds.cite.strip() and norm.grounds.source.strip()
        ):
            said = "it holds a threshold, and its `cite` or `source` is empty"
            yield self._unsourced("norm", norm.name, said)

    def of_vocabulary(self) -> Iterator[Finding]:
        """Yield what the documents declare and nothing uses, and numbers without a unit."""
        vocabulary = self.library.vocabulary
        for name in self.places.named("fact"):
            if name in vocabulary.facts and name not in self._used_facts:
                yield self._unused("fact", name, "no norm, definition, axiom or guard asks it")
            fact = vocabulary.facts.get(name)
            if fact is not None and fact.kind is Kind.NUMBER and fact.unit is None:
                yield self._unitless("fact", name)
        for name in self.places.named("conduct"):
            conduct = vocabulary.conducts.get(name)
            if conduct is not None and name not in self._used_conducts:
                said = "no norm, exclusion or entailment speaks of it"
                yield self._unused("conduct", name, said)
            if conduct is not None and conduct.kind is Kind.NUMBER and conduct.unit is None:
                yield self._unitless("conduct", name)
        for axiom in vocabulary.axioms:
            figures = _has_figure(axiom.when) or _has_figure(axiom.implies)
            declared = ("axiom", axiom.name) in self.places
            if declared and figures and not self._says_why(axiom.name):
                said = "it holds a threshold and names neither `source` nor `means`"
                yield self._unsourced("axiom", axiom.name, said)

    @cached_property
    def _roots(self) -> tuple[Condition, ...]:
        """Everything that asks something: what definitions and facts are for."""
        vocabulary = self.library.vocabulary
        guards = (fact.guard for fact in vocabulary.facts.values())
        return (
            *(norm.applies_when for norm in self.library.norms.values()),
            *(whole for each in vocabulary.axioms for whole in (each.when, each.implies)),
            *(guard for guard in guards if guard is not None),
            *(each.when for each in vocabulary.exclusions),
        )

    @cached_property
    def _used_definitions(self) -> frozenset[str]:
        return frozenset().union(*map(self.library.opened, self._roots))

    @cached_property
    def _used_facts(self) -> frozenset[str]:
        wholes = (*self._roots, *self.library.meanings.values())
        return frozenset({ASKED_ON, MARKETS}).union(*map(self.library.facts_of, wholes))

    @cached_property
    def _used_conducts(self) -> frozenset[str]:
        vocabulary = self.library.vocabulary
        demands = (each for norm in self.library.norms.values() for each in norm.demands)
        entailed = (each for one in vocabulary.conducts.values() for each in one.entails)
        together = (each for one in vocabulary.exclusions for each in one.together)
        return frozenset((
            *(each.constraint.conduct for each in demands),
            *(each.conduct for each in (*entailed, *together)),
        ))  # fmt: skip

    def _told(self, definition: Definition) -> str:
        about = [
            g.name for p in self.library.packs for g in p.gaps if definition.name in g.about
        ]
        return f"; only the gap {about[0]} names it" if about else ""

    def _says_why(self, axiom: str) -> bool:
        return any(self.places.has("axiom", axiom, word) for word in ("source", "means"))

    def _unused(self, word: str, name: str, message: str) -> Finding:
        return Finding(
            level=Level.NOTE, rule=Rule.UNUSED, subject=name, message=message,
            place=self.places.of(word, name),
        )  # fmt: skip

    def _unitless(self, word: str, name: str) -> Finding:
        return Finding(
            level=Level.WARNING, rule=Rule.NO_UNIT, subject=name,
            message="a number without a unit: nobody can tell what a threshold on it counts",
            place=self.places.of(word, name),
        )  # fmt: skip

    def _unsourced(self, word: str, name: str, message: str) -> Finding:
        at = ("when", "cite", "source", *MODALITIES)
        return Finding(
            level=Level.WARNING, rule=Rule.NO_SOURCE, subject=name, message=message,
            place=self.places.of(word, name, at),
        )  # fmt: skip


def _has_figure(condition: Condition) -> bool:
    """Tell whether a condition itself holds a number, a day or a distance in time."""
    return any(
        isinstance(node, Cmp) or (isinstance(node, Gap) and node.amount > 0)
        for node in walk(condition)
    )


def _is_sourced(grounds: Grounds) -> bool:
    return bool(grounds.cite.strip() or grounds.source.strip())


def definitions_in(library: Library, places: Places) -> Iterable[Definition]:
    """Return the definitions that stand in the documents, packs' and vocabulary's."""
    found = (library.definitions.get(name) for name in places.named("define"))
    return [each for each in found if each is not None]
