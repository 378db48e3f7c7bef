# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Causes: the fewest clauses, axioms and guards that cannot all hold, in words.

Definitions are opened as far as they matter, so a reader sees the two lines that clash and
not the two names that hide them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from comity.law.condition import And, Condition, Not, Or, Ref, disjunction
from comity.law.pack import Library
from comity.law.phrase import in_words
from comity.law.prove.bound import facts_of
from comity.law.prove.theory import Possibility, Theory

_ROUNDS = 12
"""Definitions are opened so many levels deep; the reader allows 48 in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A condition and where it comes from, such as "`when`" or "axiom remote_is_biometric"."""

    origin: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """Finds causes in a library.

    Args:
        theory: Of the library, axioms asserted.
        timeout_ms: How long one question may take.
    """

    library: Library
    theory: Theory
    timeout_ms: int
    _bare: Theory = field(init=False)

    def __post_init__(self) -> None:
        """Open a solver without axioms, to tell which are needed."""
        facts, meanings = facts_of(self.library.vocabulary), self.library.meanings
        bare = Theory(facts, (), meanings, timeout_ms=self.timeout_ms)
        object.__setattr__(self, "_bare", bare)

    def of(self, clauses: Iterable[Clause]) -> tuple[str, ...]:
        """Return why clauses cannot all hold; they must be impossible together."""
        core = list(clauses)
        for _ in range(_ROUNDS):
            core = fewest(core, lambda kept: self._is_impossible(self.theory, kept))
            opened = [part for each in core for part in self._opened(each)]
            if opened == core:
                break
            core = opened
        core = fewest(core, lambda kept: self._is_impossible(self.theory, kept))
        axioms = fewest(
            self._axioms(), lambda kept: self._is_impossible(self._bare, [*core, *kept])
        )
        return (*self._said([*core, *axioms]), *self._guards(core, axioms))

    def _is_impossible(self, theory: Theory, clauses: Sequence[Clause]) -> bool:
        verdict = theory.possible(*(clause.condition for clause in clauses))
        return verdict is Possibility.IMPOSSIBLE

    def _opened(self, clause: Clause) -> list[Clause]:
        """Return the parts a clause says all of, one step deeper."""
        match clause.condition:
            case And(parts):
                return [replace(clause, condition=part) for part in parts]
            case Not(Or(parts)):
                return [replace(clause, condition=Not(part)) for part in parts]
            case Not(Not(part)):
                return [replace(clause, condition=part)]
            case Ref(name):
                meaning = self.library.meanings[name]
            case Not(Ref(name)):
                meaning = Not(self.library.meanings[name])
            case _:
                return [clause]
        return [Clause(origin=f"{clause.origin}, by {name}", condition=meaning)]

    def _axioms(self) -> list[Clause]:
        return [
            Clause(
                origin=f"axiom {each.name}",
                condition=disjunction((Not(each.when), each.implies)),
            )
            for each in self.library.vocabulary.axioms
        ]

    def _said(self, clauses: Iterable[Clause]) -> tuple[str, ...]:
        facts = self.library.vocabulary.facts
        axioms = {each.name: each for each in self.library.vocabulary.axioms}
        said = []
        for clause in clauses:
            axiom = axioms.get(clause.origin.removeprefix("axiom "))
            if axiom is None:
                said.append(f"{clause.origin}: {in_words(clause.condition, facts)}")
            else:
                when, implies = (in_words(each, facts) for each in (axiom.when, axiom.implies))
                said.append(f"{clause.origin}: where {when}, {implies}")
        return tuple(said)

    def _guards(self, core: Sequence[Clause], axioms: Sequence[Clause]) -> tuple[str, ...]:
        """Return the guards without which the clauses could hold."""
        conditions = [each.condition for each in (*core, *axioms)]
        facts = dict(facts_of(self.library.vocabulary))
        spoken = frozenset().union(
            *(self._bare.encoder.claim(c).reach.facts for c in conditions)
        )
        needed = []
        for name in sorted(spoken):
            guarded = facts[name]
            if guarded.guard is None:
                continue
            facts[name] = replace(guarded, guard=None)
            theory = Theory(facts, (), self.library.meanings, timeout_ms=self.timeout_ms)
            if theory.possible(*conditions) is not Possibility.IMPOSSIBLE:
                facts[name] = guarded
                only = in_words(guarded.guard, self.library.vocabulary.facts)
                needed.append(f"guard of {name}: only where {only}")
        return tuple(needed)


def fewest(
    clauses: Sequence[Clause], is_impossible: Callable[[Sequence[Clause]], bool]
) -> list[Clause]:
    """Drop clauses as long as the rest stay impossible: no set of those left does without."""
    kept = list(dict.fromkeys(clauses))
    size = len(kept)
    while size:
        start = 0
        while start < len(kept):
            fewer = [*kept[:start], *kept[start + size :]]
            if is_impossible(fewer):
                kept = fewer
            else:
                start += size
        size //= 2
    return kept
