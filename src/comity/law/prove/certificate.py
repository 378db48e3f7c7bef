# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates: a proof about two norms that a third party checks without a solver.

The solver says whether a claim holds; a search of our own then writes the proof as a tree
of cases (the splitting rule of Davis, Logemann and Loveland 1962, doi 10.1145/368273.368557),
each ended by a contradiction that `comity.law.prove.check` sees by itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from comity.errors import VerificationFailed
from comity.kernel.canonical import Json
from comity.law.condition import Condition, Not, Or, to_json
from comity.law.fact import Answer, Fact
from comity.law.norm import Norm
from comity.law.pack import Axiom, Library
from comity.law.prove.check import Chosen, Claim, Plain
from comity.law.prove.theory import Possibility, Theory

FORMAT = "comity.certificate/1"
MOST_CASES = 4_000
"""Cases after which the search gives up; real norms need a few dozen."""


class Relation(Enum):
    """What is claimed of two norms, whoever the system is."""

    DISJOINT = "disjoint"
    WITHIN = "within"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A claim about two norms with its proof, as plain JSON values.

    Args:
        conditions: When each of the two norms applies.
        axioms: The axioms used, by name.
        proof: That the first condition, the second (negated where the claim is *within*)
            and the axioms, in this order, cannot all hold.
        cases: How many ends the proof has.
    """

    relation: Relation
    norms: tuple[Norm, Norm]
    conditions: tuple[Json, ...]
    definitions: Mapping[str, Json]
    facts: Mapping[str, Json]
    axioms: Mapping[str, Json]
    proof: Json
    cases: int

    def claim(self) -> Claim:
        """Return what the proof is of, for the checker."""
        return claim_of(
            self.relation, self.conditions, self.axioms.values(), self.definitions, self.facts
        )

    def to_json(self) -> Json:
        """Write the certificate as plain JSON values."""
        return {
            "format": FORMAT,
            "relation": self.relation.value,
            "norms": [{"norm": norm.name, "meaning": norm.meaning.hex()}
                      for norm in self.norms],
            "conditions": list(self.conditions),
            "definitions": dict(self.definitions),
            "facts": dict(self.facts),
            "axioms": [{"axiom": name, "holds": one} for name, one in self.axioms.items()],
            "proof": self.proof,
        }  # fmt: skip


def claim_of(
    relation: Relation, conditions: Iterable[Plain], axioms: Iterable[Plain],
    definitions: Plain, facts: Plain,
) -> Claim:  # fmt: skip
    """Return the conditions that a relation claims never to hold together."""
    first, second = conditions
    second = ["not", second] if relation is Relation.WITHIN else second
    return Claim([first, second, *axioms], definitions, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A system of which the claim is not true."""

    answers: Mapping[str, Answer]


def theory_of(library: Library, *, timeout_ms: int = 10_000) -> Theory:
    """Return what can be true of a system by a library's facts, guards and axioms."""
    vocabulary = library.vocabulary
    return Theory(
        vocabulary.facts,
        [axiom_condition(axiom) for axiom in vocabulary.axioms],
        library.meanings,
        timeout_ms=timeout_ms,
    )


def certify(
    relation: Relation, norms: tuple[Norm, Norm], library: Library, theory: Theory
) -> Certificate | Counterexample:
    """Prove a claim about when two norms apply, or return a system that refutes it.

    *Disjoint*: no system to which both apply. *Within*: the second applies wherever the
    first does. Dates of application are left aside; a system answers every fact that its
    guards let apply.

    Raises:
        VerificationFailed: Neither was found in time (`law.undecided`).
    """
    first, second = (norm.applies_when for norm in norms)
    second = Not(second) if relation is Relation.WITHIN else second
    found = theory.find(first, second)
    if found.verdict is Possibility.POSSIBLE:
        return Counterexample(answers=found.answers)
    axioms = _concerning((first, second), library)
    search = _search([first, second, *map(axiom_condition, axioms)], library)
    proof = search.prove({})
    if found.verdict is Possibility.UNDECIDED and proof is None:
        raise _undecided("the solver did not decide it in time")
    if proof is None:
        raise _undecided(f"no proof of at most {MOST_CASES:,} cases was found")
    return _certificate(relation, norms, axioms, search, proof)


def axiom_condition(axiom: Axiom) -> Condition:
    """Return an axiom as one condition that holds of every system."""
    return Or((Not(axiom.when), axiom.implies))


def _concerning(conditions: Iterable[Condition], library: Library) -> list[Axiom]:
    """Return the axioms that speak of the conditions' facts, directly or through another."""
    vocabulary = library.vocabulary
    spoken = {
        axiom.name: library.facts_of(axiom_condition(axiom)) for axiom in vocabulary.axioms
    }
    facts = set().union(*map(library.facts_of, conditions))
    found: set[str] = set()
    while True:
        guards = [vocabulary.facts[name].guard for name in facts if name in vocabulary.facts]
        wider = facts.union(*(library.facts_of(one) for one in guards if one is not None))
        found |= {name for name, names in spoken.items() if names & wider}
        wider = wider.union(*(spoken[name] for name in found))
        if wider == facts:
            return [axiom for axiom in vocabulary.axioms if axiom.name in found]
        facts = wider


@dataclass(slots=True, kw_only=True)
class _Search:
    """A search for a tree of cases.

    Args:
        atoms: By condition, the atoms it can turn on, each as JSON.
    """

    claim: Claim
    atoms: Sequence[frozenset[str]]
    order: Sequence[str]
    cases: int = field(default=0)

    def prove(self, chosen: Chosen) -> list[Plain] | None:
        """Return a proof that the conditions cannot hold where *chosen* is so, or None."""
        self.claim.steps = 0
        end = self._end(chosen, range(len(self.atoms)), self._facts(chosen))
        if end is not None:
            self.cases += 1
            return [end]
        if self.cases > MOST_CASES:
            return None
        forced = self._forced(chosen)
        if forced is not None:
            atom, said, refuted = forced
            rest = self.prove({**chosen, atom: said})
            if rest is None:
                return None
            halves = [*rest, refuted] if said else [refuted, *rest]
            return [["split", json.loads(atom)], *halves]
        return self._branch(chosen)

    def _branch(self, chosen: Chosen) -> list[Plain] | None:
        atom = next((each for each in self.order if each not in chosen), None)
        if atom is None:
            return None
        holding = self.prove({**chosen, atom: True})
        failing = None if holding is None else self.prove({**chosen, atom: False})
        if holding is None or failing is None:
            return None
        return [["split", json.loads(atom)], *holding, *failing]

    def _forced(self, chosen: Chosen) -> tuple[str, bool, Plain] | None:
        """Return an atom one of whose sides ends at once: the other, and how that side ends."""
        for atom in self._open(chosen):
            concerned = [at for at, atoms in enumerate(self.atoms) if atom in atoms]
            for said in (True, False):
                tried = {**chosen, atom: not said}
                end = self._end(tried, concerned, {json.loads(atom)[1]})
                if end is not None:
                    self.cases += 1
                    return atom, said, end
        return None

    def _open(self, chosen: Chosen) -> Iterable[str]:
        """Yield the atoms not yet chosen of conditions not yet settled."""
        settled = {at for at, one in enumerate(self.claim.conditions)
                   if self.claim.holds(one, chosen)}  # fmt: skip
        live = frozenset().union(
            *(atoms for at, atoms in enumerate(self.atoms) if at not in settled)
        )
        return (atom for atom in self.order if atom in live and atom not in chosen)

    def _end(self, chosen: Chosen, places: Iterable[int], facts: Iterable[str]) -> Plain | None:
        for place in places:
            if self.claim.holds(self.claim.conditions[place], chosen) is False:
                return ["false", place]
        return next(
            (["clash", fact] for fact in facts if self.claim.clashes(fact, chosen)), None
        )

    def _facts(self, chosen: Chosen) -> list[str]:
        return sorted({json.loads(atom)[1] for atom in chosen})


def _search(conditions: Sequence[Condition], library: Library) -> _Search:
    plain = [to_json(condition) for condition in conditions]
    names = frozenset().union(*map(library.facts_of, conditions))
    guards = [
        fact.guard for fact in library.vocabulary.facts.values() if fact.guard is not None
    ]
    opened = frozenset().union(*map(library.opened, [*conditions, *guards]))
    definitions = {name: to_json(library.meanings[name]) for name in sorted(opened)}
    atoms = [frozenset(_atoms(one, definitions)) for one in plain]
    every = sorted(_all_facts(names, library))
    facts: dict[str, Plain] = {
        name: fact_json(library.vocabulary.facts[name]) for name in every
    }
    weight: dict[str, int] = {}
    for at, found in enumerate(atoms):
        for atom in found:
            weight[atom] = weight.get(atom, 0) + (100 if at < 2 else 1)
    for name in every:
        for atom in _atoms(facts[name]["guard"] or ["and"], definitions):
            weight.setdefault(atom, 0)  # tried last: whether a fact applies may decide
    order = sorted(weight, key=lambda atom: (-weight[atom], atom))
    claim = Claim(conditions=plain, definitions=definitions, facts=facts)
    return _Search(claim=claim, atoms=atoms, order=order)


def _all_facts(names: Iterable[str], library: Library) -> frozenset[str]:
    """Return facts with those their guards speak of."""
    known = library.vocabulary.facts
    found = frozenset(names)
    while True:
        guards = [known[name].guard for name in found]
        wider = found.union(*(library.facts_of(one) for one in guards if one is not None))
        if wider == found:
            return found
        found = wider


def fact_json(fact: Fact) -> Json:
    """Write of a fact what a checker needs: kind, values, guard."""
    return {
        "kind": fact.kind.value,
        "values": list(fact.values),
        "guard": None if fact.guard is None else to_json(fact.guard),
    }


def _atoms(condition: Plain, definitions: Mapping[str, Plain]) -> Iterable[str]:
    match condition:
        case ["and" | "or" | "not", *parts]:
            for part in parts:
                yield from _atoms(part, definitions)
        case ["ref", name]:
            yield from _atoms(definitions[name], definitions)
        case atom:
            yield json.dumps(atom)


def _certificate(
    relation: Relation,
    norms: tuple[Norm, Norm],
    axioms: Sequence[Axiom],
    search: _Search,
    proof: list[Plain],
) -> Certificate:
    """Keep of the axioms, definitions and facts only what the proof speaks of."""
    used = sorted({0, 1, *(step[1] for step in proof if step[0] == "false")})
    places = {place: at for at, place in enumerate(used)}
    renumbered: list[Plain] = [
        ["false", places[step[1]]] if step[0] == "false" else step for step in proof
    ]
    kept = {axioms[place - 2].name: search.claim.conditions[place] for place in used[2:]}
    conditions = tuple(to_json(norm.applies_when) for norm in norms)
    facts = _facts_of(proof, search.claim.facts)
    guards = [search.claim.facts[name]["guard"] for name in facts]
    needed = _needed([*conditions, *kept.values(), *guards], search.claim.definitions)
    certificate = Certificate(
        relation=relation,
        norms=norms,
        conditions=conditions,
        definitions={name: search.claim.definitions[name] for name in sorted(needed)},
        facts={name: search.claim.facts[name] for name in facts},
        axioms=kept,
        proof=renumbered,
        cases=sum(step[0] != "split" for step in proof),
    )
    certificate.claim().check(renumbered)
    return certificate


def _facts_of(proof: list[Plain], facts: Mapping[str, Plain]) -> list[str]:
    """Return the facts a proof speaks of."""
    found: set[str] = set()
    for word, what in proof:
        match word:
            case "split":
                found |= {what[1], what[2]} if what[0] == "gap" else {what[1]}
            case "clash":
                found.add(what)
    return [name for name in facts if name in found]


def _needed(conditions: Iterable[Plain], definitions: Mapping[str, Plain]) -> set[str]:
    found: set[str] = set()
    todo = list(conditions)
    while todo:
        match todo.pop():
            case ["and" | "or" | "not", *parts]:
                todo += parts
            case ["ref", name] if name not in found:
                found.add(name)
                todo.append(definitions[name])
    return found


def _undecided(why: str) -> VerificationFailed:
    return VerificationFailed(f"not proven: {why}", code="law.undecided")
