# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Packs, the vocabulary they share, and a library of both."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MarketCode, NormId
from comity.kernel.localtext import LocalText
from comity.law.condition import (
    Atom,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    facts_in,
    refs_in,
    to_json,
    walk,
)
from comity.law.conduct import Conduct, Exclusion
from comity.law.fact import Fact
from comity.law.generate import Engine, generate
from comity.law.norm import Definition, Norm, Unencoded
from comity.law.plane import Node, Program


class PackStatus(Enum):
    """What force the text of a pack has. A bill or a draft binds nobody."""

    BINDING = "binding"
    SOFT = "soft"
    BILL = "bill"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axiom:
    """What holds of every system: where *when* holds, *implies* does."""

    name: str
    when: Condition
    implies: Condition

    def to_json(self) -> Json:
        """Write the axiom as plain JSON values."""
        return {
            "name": self.name,
            "when": to_json(self.when),
            "implies": to_json(self.implies),
        }


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The facts, conduct, axioms, exclusions and definitions that all packs share."""

    facts: Mapping[str, Fact]
    conducts: Mapping[str, Conduct]
    axioms: tuple[Axiom, ...]
    definitions: tuple[Definition, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @cached_property
    def digest(self) -> Digest:
        """SHA-256 of the canonical JSON of everything in it."""
        return sha256(
            to_canonical(
                {
                    "facts": [self.facts[name].to_json() for name in sorted(self.facts)],
                    "conducts": [
                        self.conducts[name].to_json() for name in sorted(self.conducts)
                    ],
                    "axioms": _sorted_json(self.axioms),
                    "exclusions": _sorted_json(self.exclusions),
                    "definitions": _sorted_json(self.definitions),
                }
            )
        )


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One instrument as data.

    Args:
        version: The day it was recorded; a version never changes.
        kind: A free word for the reader, such as "regulation".
        adopted: Who took it over from another market, through what, by which statement; ""
            for a pack as it was written.
    """

    name: str
    title: LocalText
    market: MarketCode
    status: PackStatus
    version: dt.date
    kind: str = ""
    definitions: tuple[Definition, ...] = ()
    norms: tuple[Norm, ...] = ()
    gaps: tuple[Unencoded, ...] = ()
    adopted: str = ""

    @cached_property
    def digest(self) -> Digest:
        """SHA-256 of the canonical JSON of everything in it but its language of words."""
        said: dict[str, Json] = {
            "name": self.name,
            "title": dict(self.title.by_tag),
            "market": self.market,
            "status": self.status.value,
            "version": self.version.isoformat(),
            "kind": self.kind,
            "definitions": _sorted_json(self.definitions),
            "norms": _sorted_json(self.norms),
            "gaps": _sorted_json(self.gaps),
        }
        return sha256(to_canonical(said | ({"adopted": self.adopted} if self.adopted else {})))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """A pack that is held but was not yet recorded on the day asked about.

    Args:
        version: The earliest day on which it was recorded, as far as versions are held.
    """

    name: str
    market: MarketCode
    version: dt.date


@dataclass(frozen=True, kw_only=True)
class Library:
    """A vocabulary and the packs written in it.

    Args:
        definitions: Of all packs and the vocabulary, each after those it names.
        known_on: The day as known on which it was put together; None for all that is held.
        unrecorded: Packs that are held and were not yet recorded on that day.
    """

    vocabulary: Vocabulary
    packs: tuple[Pack, ...]
    definitions: Mapping[str, Definition]
    known_on: dt.date | None = None
    unrecorded: tuple[Unrecorded, ...] = ()

    @cached_property
    def norms(self) -> Mapping[NormId, Norm]:
        """Every norm by its id, in the order of the packs."""
        return MappingProxyType({norm.name: norm for pack in self.packs for norm in pack.norms})

    @cached_property
    def pack_of(self) -> Mapping[NormId, Pack]:
        """The pack each norm stands in."""
        return MappingProxyType({norm.name: pack for pack in self.packs for norm in pack.norms})

    @cached_property
    def meanings(self) -> Mapping[str, Condition]:
        """The condition of each definition, each after those it names."""
        return MappingProxyType({name: known.when for name, known in self.definitions.items()})

    @cached_property
    def gaps_of(self) -> Mapping[NormId, tuple[Unencoded, ...]]:
        """The gaps each norm leans on, by itself or through its definitions."""
        gaps = [gap for pack in self.packs for gap in pack.gaps]
        found = {}
        for norm in self.norms.values():
            names = {norm.name, *self.opened(norm.applies_when)}
            found[norm.name] = tuple(gap for gap in gaps if names & set(gap.about))
        return MappingProxyType(found)

    @cached_property
    def engine(self) -> Engine:
        """The generated engine of every norm of the library."""
        norms = {name: norm.applies_when for name, norm in self.norms.items()}
        return generate(norms, self.vocabulary.facts, self.meanings)

    @cached_property
    def engines(self) -> Mapping[MarketCode, Engine]:
        """The generated engine of each market's norms."""
        facts = self.vocabulary.facts
        return MappingProxyType(
            {
                market: generate(
                    {norm.name: norm.applies_when for _, norm in self.norms_of(market)},
                    facts,
                    self.meanings,
                )
                for market in dict.fromkeys(pack.market for pack in self.packs)
            }
        )

    @cached_property
    def nodes(self) -> tuple[Condition, ...]:
        """Every node of every condition of the norms and definitions, each once."""
        wholes = [norm.applies_when for norm in self.norms.values()]
        every = (node for whole in (*wholes, *self.meanings.values()) for node in walk(whole))
        return tuple(dict.fromkeys(every))

    @cached_property
    def atoms_of(self) -> Mapping[str, tuple[Atom, ...]]:
        """Every clause of the norms and definitions by the facts it names."""
        found: dict[str, list[Atom]] = {}
        for node in self.nodes:
            if isinstance(node, Is | In | Has | Cmp | Gap):
                for fact in facts_in(node):
                    found.setdefault(fact, []).append(node)
        return MappingProxyType({fact: tuple(atoms) for fact, atoms in found.items()})

    @cached_property
    def asked_facts(self) -> frozenset[str]:
        """The facts that norms and definitions ask about."""
        return frozenset(self.atoms_of)

    @cached_property
    def closing_rules(self) -> Mapping[str, tuple[Fact | Axiom, ...]]:
        """The guarded facts and the axioms that an answer to each fact can set off."""
        found: dict[str, list[Fact | Axiom]] = {}
        for axiom in self.vocabulary.axioms:
            for fact in self.facts_of(axiom.when) | self.facts_of(axiom.implies):
                found.setdefault(fact, []).append(axiom)
        for guarded in self.vocabulary.facts.values():
            if guarded.guard is not None:
                for fact in self.facts_of(guarded.guard) | {guarded.name}:
                    found.setdefault(fact, []).append(guarded)
        return MappingProxyType({fact: tuple(rules) for fact, rules in found.items()})

    @cached_property
    def program(self) -> Program:
        """What makes conditions ready for many rows at once."""
        return Program(meanings=self.meanings)

    @cached_property
    def nodes_of(self) -> Mapping[NormId, Node]:
        """Each norm's condition, ready for many rows at once."""
        made = {name: self.program.node(norm.applies_when) for name, norm in self.norms.items()}
        return MappingProxyType(made)

    @cached_property
    def digest(self) -> Digest:
        """SHA-256 over the vocabulary and every pack: what an answer rested on."""
        return sha256(self.vocabulary.digest, *sorted(pack.digest for pack in self.packs))

    def opened(self, condition: Condition) -> frozenset[str]:
        """Return every definition a condition rests on, directly or through another."""
        found: set[str] = set()
        todo = list(refs_in(condition))
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(refs_in(self.meanings[name]))
        return frozenset(found)

    def facts_of(self, condition: Condition) -> frozenset[str]:
        """Return every fact a condition rests on, directly or through a definition."""
        wholes = [condition, *(self.meanings[name] for name in self.opened(condition))]
        return frozenset().union(*map(facts_in, wholes))

    def norms_of(self, market: MarketCode) -> Iterator[tuple[Pack, Norm]]:
        """Yield the norms of one market with their packs."""
        for pack in self.packs:
            if pack.market == market:
                for norm in pack.norms:
                    yield pack, norm


def _sorted_json(
    entries: Iterable[Axiom | Exclusion | Definition | Norm | Unencoded],
) -> list[Json]:
    return [entry.to_json() for entry in sorted(entries, key=lambda entry: entry.name)]
