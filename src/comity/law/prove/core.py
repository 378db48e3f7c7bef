# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Minimal cores: the smallest sets of conditions that cannot all hold.

Source:
    MARCO: Liffiton, Previti, Malik, Marques-Silva (2016), Constraints 21(2).
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

import z3

from comity.law.condition import Condition
from comity.law.prove.theory import Possibility, Theory

Key = TypeVar("Key", bound=Hashable)


def minimal_cores(
    theory: Theory, conditions: Mapping[Key, Condition]
) -> Iterator[frozenset[Key]]:
    """Yield every minimal set of conditions that is impossible together.

    A set whose impossibility cannot be decided in time counts as possible.
    """
    yield from _Map(theory, conditions).cores()


class _Map(Generic[Key]):
    """Which sets are still unexplored: a solver over one bit a condition."""

    def __init__(self, theory: Theory, conditions: Mapping[Key, Condition]) -> None:
        self.theory, self.conditions = theory, conditions
        context = z3.Context()
        self.bits = {key: z3.Bool(str(i), context) for i, key in enumerate(conditions)}
        self.solver = z3.Solver(ctx=context)

    def cores(self) -> Iterator[frozenset[Key]]:
        """Take an unexplored set; shrink it to a core or grow it to a largest possible set."""
        while self.solver.check() == z3.sat:
            model = self.solver.model()
            seed = {key for key, bit in self.bits.items() if not z3.is_false(model.eval(bit))}
            if self._is_possible(seed):
                largest = self._grown(seed)
                rest = [bit for key, bit in self.bits.items() if key not in largest]
                if not rest:
                    return
                self._block(z3.Or(rest))
            else:
                core = self._shrunk(seed)
                self._block(z3.Or([z3.Not(self.bits[key]) for key in core]))
                yield core

    def _block(self, term: z3.BoolRef) -> None:
        self.solver.add(term)

    def _is_possible(self, keys: set[Key]) -> bool:
        claims = [self.theory.encoder.claim(self.conditions[key]) for key in keys]
        return self.theory.check(claims) is not Possibility.IMPOSSIBLE

    def _shrunk(self, seed: set[Key]) -> frozenset[Key]:
        core = set(seed)
        for key in self.conditions:
            if key in core and not self._is_possible(core - {key}):
                core.discard(key)
        return frozenset(core)

    def _grown(self, seed: set[Key]) -> set[Key]:
        largest = set(seed)
        for key in self.conditions:
            if key not in largest and self._is_possible(largest | {key}):
                largest.add(key)
        return largest
