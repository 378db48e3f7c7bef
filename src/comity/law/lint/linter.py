# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The linter: every entry of some documents held against every rule, one entry at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from comity.law.lint.ask import Asking
from comity.law.lint.cause import Causes
from comity.law.lint.finding import Finding
from comity.law.lint.place import Places
from comity.law.lint.reach import Reach
from comity.law.lint.redundant import Redundancy
from comity.law.lint.term import Terms, definitions_in
from comity.law.norm import Definition, Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import theory_of

TIMEOUT_MS = 2_000
"""How long one question to the solver may take; those of the shipped packs take one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linter:
    """Holds entries against the rules.

    Args:
        library: What the entries mean, and all they are used by.
        places: Of the documents looked at; entries that stand elsewhere are left alone.
        timeout_ms: How long one question to the solver may take.
    """

    library: Library
    places: Places
    timeout_ms: int = TIMEOUT_MS
    reach: Reach = field(init=False)
    asking: Asking = field(init=False)
    redundancy: Redundancy = field(init=False)
    terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        """Open the solvers."""
        library, places, limit = self.library, self.places, self.timeout_ms
        theory = theory_of(library, timeout_ms=limit)
        causes = Causes(library=library, theory=theory, timeout_ms=limit)
        made = {
            "reach": Reach(theory=theory, causes=causes, places=places),
            "asking": Asking(library=library, theory=theory, places=places, timeout_ms=limit),
            "redundancy": Redundancy(
                library=library, theory=theory, places=places, timeout_ms=limit
            ),
            "terms": Terms(library=library, places=places),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def norms(self) -> tuple[tuple[Pack, Norm], ...]:
        """Return the norms that stand in the documents, in the order of the packs."""
        return tuple(
            (pack, norm)
            for pack in self.library.packs
            for norm in pack.norms
            if ("norm", norm.name) in self.places
        )

    def definitions(self) -> tuple[Definition, ...]:
        """Return the definitions that stand in the documents."""
        return tuple(definitions_in(self.library, self.places))

    def of_norm(self, pack: Pack, norm: Norm) -> Iterator[Finding]:
        """Yield what is wrong with one norm; of a dead one, only why it is dead."""
        dead = False
        for finding in self.reach.of_norm(pack, norm):
            dead = dead or finding.level.value == "error"
            yield finding
        yield from self.asking.of_norm(pack, norm)
        if not dead:
            yield from self.redundancy.of_norm(pack, norm)
        yield from self.terms.of_norm(norm)

    def of_definition(self, definition: Definition) -> Iterator[Finding]:
        """Yield what is wrong with one definition."""
        yield from self.reach.of_definition(definition)
        yield from self.terms.of_definition(definition)

    def of_vocabulary(self) -> Iterator[Finding]:
        """Yield what is wrong with the facts, conduct and axioms that the documents declare."""
        yield from self.terms.of_vocabulary()
