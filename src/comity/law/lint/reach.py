# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reach: whether a norm can bind anybody, whether its scope and its exceptions say anything.

"Can" is meant under axioms and guards, for a system offered in the pack's market.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.law.condition import ALWAYS, Condition, Not
from comity.law.fact import ASKED_ON
from comity.law.lint.cause import Causes, Clause
from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.place import Places
from comity.law.norm import Definition, Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import in_force, in_market
from comity.law.prove.theory import Possibility, Theory


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Looks at scopes and exceptions."""

    theory: Theory
    causes: Causes
    places: Places

    def of_norm(self, pack: Pack, norm: Norm) -> Iterator[Finding]:
        """Yield what is wrong with whom a norm reaches."""
        market = [
            Clause(origin=f"offered in {pack.market}", condition=each)
            for each in in_market(pack, self.theory.facts)
        ]
        days = [
            Clause(origin="`from`/`until`", condition=each)
            for each in (in_force(norm) if asks_the_day(self.causes.library, norm) else ())
        ]
        scope = [*market, Clause(origin="`when`", condition=norm.when)]
        dead = list(self._dead(norm, scope, days))
        yield from dead
        if dead:
            return
        yield from self._vacuous(norm, market)
        yield from self._shadowed(norm, [*scope, *days])

    def of_definition(self, definition: Definition) -> Iterator[Finding]:
        """Yield whether a definition never, or always, holds."""
        for rule, sign, said in (
            (Rule.NEVER_TRUE, "", "no system is ever so"),
            (Rule.ALWAYS_TRUE, "not ", "every system is so"),
        ):
            condition = Not(definition.when) if sign else definition.when
            clause = Clause(origin=f"{sign}{definition.name}", condition=condition)
            place = self.places.of("define", definition.name, ("when",))
            verdict = self._verdict(clause)
            if verdict is Possibility.IMPOSSIBLE:
                yield Finding(
                    level=Level.WARNING, rule=rule, subject=definition.name, message=said,
                    place=place, clauses=self.causes.of([clause]),
                )  # fmt: skip
            elif verdict is Possibility.UNDECIDED:
                yield self._undecided(definition.name, f"whether {said}", "define")

    def _dead(self, norm: Norm, scope: list[Clause], days: list[Clause]) -> Iterator[Finding]:
        unless = _without(norm)
        match self._verdict(*scope, *unless, *days):
            case Possibility.POSSIBLE:
                return
            case Possibility.UNDECIDED:
                yield self._undecided(norm.name, "whether it ever binds anybody")
                return
        if self._is_impossible(*scope):
            yield self._error(
                norm, Rule.DEAD, "its scope never holds, so it binds nobody", scope, "when"
            )
        elif self._is_impossible(*scope, *unless):
            said = "its exceptions swallow it: wherever its scope holds, so does one of them"
            yield self._error(norm, Rule.SWALLOWED, said, [*scope, *unless], "unless")
        else:
            said = "its scope never holds on a day on which it is in force"
            yield self._error(
                norm, Rule.NEVER_IN_FORCE, said, [*scope, *unless, *days], "from", "until"
            )

    def _vacuous(self, norm: Norm, market: list[Clause]) -> Iterator[Finding]:
        if norm.when == ALWAYS:
            return
        negated = Clause(origin="not `when`", condition=Not(norm.when))
        match self._verdict(*market, negated):
            case Possibility.IMPOSSIBLE:
                yield Finding(
                    level=Level.WARNING, rule=Rule.VACUOUS, subject=norm.name,
                    message="its scope holds of every system: nothing is said by `when`",
                    place=self.places.of("norm", norm.name, ("when",)),
                    clauses=self.causes.of([*market, negated]),
                )  # fmt: skip
            case Possibility.UNDECIDED:
                yield self._undecided(norm.name, "whether its scope leaves anybody out")

    def _shadowed(self, norm: Norm, scope: list[Clause]) -> Iterator[Finding]:
        """Yield exceptions without which the norm would apply to just the same systems."""
        others = list(range(len(norm.unless)))
        without = _without(norm)
        for number in reversed(range(len(norm.unless))):
            rest = [without[each] for each in others if each != number]
            arising = Clause(origin="`unless`", condition=norm.unless[number])
            match self._verdict(*scope, arising, *rest):
                case Possibility.POSSIBLE:
                    continue
                case Possibility.UNDECIDED:
                    said = f"whether exception {number + 1} changes anything"
                    yield self._undecided(norm.name, said)
                    continue
            others.remove(number)
            never = self._is_impossible(*scope, arising)
            why = (
                "it never holds within the scope"
                if never
                else "another exception holds wherever it does"
            )
            yield Finding(
                level=Level.WARNING, rule=Rule.SHADOWED, subject=norm.name,
                message=f"exception {number + 1} never changes the outcome: {why}",
                place=self.places.of("norm", norm.name, ("unless",), number),
                clauses=self.causes.of([*scope, arising, *(() if never else rest)]),
            )  # fmt: skip

    def _verdict(self, *clauses: Clause) -> Possibility:
        return self.theory.possible(*(clause.condition for clause in clauses))

    def _is_impossible(self, *clauses: Clause) -> bool:
        return self._verdict(*clauses) is Possibility.IMPOSSIBLE

    def _error(
        self, norm: Norm, rule: Rule, message: str, clauses: list[Clause], *at: str
    ) -> Finding:
        return Finding(
            level=Level.ERROR, rule=rule, subject=norm.name, message=message,
            place=self.places.of("norm", norm.name, at), clauses=self.causes.of(clauses),
        )  # fmt: skip

    def _undecided(self, name: str, what: str, word: str = "norm") -> Finding:
        return undecided(name, what, self.places, word)


def asks_the_day(library: Library, norm: Norm) -> bool:
    """Tell whether a norm's trigger speaks of the day; else its days keep nobody out."""
    return ASKED_ON in library.facts_of(norm.applies_when)


def undecided(name: str, what: str, places: Places, word: str = "norm") -> Finding:
    """Return the note that a question was not answered in time."""
    return Finding(
        level=Level.NOTE, rule=Rule.UNDECIDED, subject=name, place=places.of(word, name),
        message=f"{what} could not be decided in the time given",
    )  # fmt: skip


def _without(norm: Norm) -> list[Clause]:
    return [_no_exception(each) for each in norm.unless]


def _no_exception(exception: Condition) -> Clause:
    return Clause(origin="outside `unless`", condition=Not(exception))
