# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Places: where in its file each entry and each of its clauses stands.

Norms and definitions carry no places: they are what a text means. A second, cheap pass over
the documents finds the places of those that are spoken of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from comity.law.block import Document, Entry, entries_of
from comity.law.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a file; line and column count from 1, 0 where nobody knows."""

    source: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write the place as editors read it."""
        return f"{self.source}:{self.line}:{self.column}" if self.source else "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Entries by their block word and id."""

    entries: Mapping[tuple[str, str], Entry]

    def __contains__(self, key: tuple[str, str]) -> bool:
        """Tell whether an entry stands in the documents."""
        return key in self.entries

    def named(self, word: str) -> tuple[str, ...]:
        """Return the ids of all entries of one kind, in the order of the text."""
        return tuple(name for kind, name in self.entries if kind == word)

    def of(self, word: str, name: str, clauses: Iterable[str] = (), nth: int = 0) -> Place:
        """Return where an entry stands, or its nth clause of these words where it has one."""
        entry = self.entries.get((word, name))
        if entry is None:
            return Place()
        wanted = frozenset(clauses)
        found = [each.opener for each in entry.clauses if each.word in wanted]
        token: Token = found[nth] if nth < len(found) else entry.opener
        return Place(source=entry.source, line=token.line, column=token.column)

    def has(self, word: str, name: str, clause: str) -> bool:
        """Tell whether an entry has a clause of that word."""
        entry = self.entries.get((word, name))
        return entry is not None and any(each.word == clause for each in entry.clauses)


def places_of(documents: Iterable[Document]) -> Places:
    """Return the places of everything in documents; what has faults is left out."""
    entries = (entry for each in documents for entry in entries_of(each)[0])
    return Places(
        entries=MappingProxyType({(each.word, each.head[0].text): each for each in entries})
    )
