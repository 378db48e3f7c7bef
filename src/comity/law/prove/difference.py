# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Differences: the same conduct asked with another figure, other values or another trigger.

They are no conflicts: one conduct meets both. Where one demand implies the other, the
stricter wins; else both are done together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from comity.kernel.canonical import Json
from comity.law.conduct import Constraint
from comity.law.prove.deed import Deeds
from comity.law.prove.relation import Lie, Relation, constraints_on, lie_of
from comity.law.prove.theory import Theory


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One conduct, as two sides ask for it where they bind together.

    Args:
        lie: How the first demand lies to the second: subset where the second is stricter,
            equal where they differ in the trigger alone, intersects where both are needed.
        relations: The pairs of norms that ask so.
    """

    conduct: str
    first: Constraint
    second: Constraint
    lie: Lie
    relations: tuple[Relation, ...]

    @property
    def stricter(self) -> Constraint | None:
        """Return the demand that satisfies both; None where neither does alone."""
        match self.lie:
            case Lie.SUBSET | Lie.EQUAL:
                return self.second
            case Lie.SUPERSET:
                return self.first
            case _:
                return None

    def to_json(self) -> Json:
        """Write the difference as plain JSON values."""
        stricter = self.stricter
        return {
            "conduct": self.conduct,
            "first": self.first.to_json(),
            "second": self.second.to_json(),
            "demand": self.lie.value,
            "stricter": None if stricter is None else stricter.to_json(),
            "norms": [
                {"first": each.first[1].name, "second": each.second[1].name,
                 "trigger": each.trigger.value}
                for each in self.relations
            ],
        }  # fmt: skip


def differences(relations: Iterable[Relation], deeds: Deeds) -> tuple[Difference, ...]:
    """Return where norms that bind together ask for one conduct differently.

    Those of another figure or value come first, then those of another trigger alone.
    """
    found: dict[tuple[str, Constraint, Constraint], list[Relation]] = {}
    for relation in relations:
        if relation.trigger is Lie.NONE or relation.clash:
            continue
        for conduct in relation.conducts:
            for first in constraints_on(relation.first[1], conduct):
                for second in constraints_on(relation.second[1], conduct):
                    if (conduct, second, first) in found and first != second:
                        found[conduct, second, first].append(relation.reversed)
                    elif first != second or relation.trigger is not Lie.EQUAL:
                        found.setdefault((conduct, first, second), []).append(relation)
    every = [
        Difference(
            conduct=conduct, first=first, second=second, lie=_lie(first, second, deeds),
            relations=tuple(pairs),
        )
        for (conduct, first, second), pairs in found.items()
    ]  # fmt: skip
    return tuple(sorted(every, key=lambda each: (each.lie is Lie.EQUAL, each.conduct)))


def _lie(first: Constraint, second: Constraint, deeds: Deeds) -> Lie:
    if first == second:
        return Lie.EQUAL
    about = deeds.about([first.conduct])
    theory = Theory(about.facts(), about.axioms())
    return lie_of(theory, about.met(first), about.met(second)).reversed
