# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Forms: which clauses an entry must and may have, and reading them without stopping."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from comity.errors import Fault, InvalidDocument
from comity.law.block import Clause, Entry
from comity.law.cursor import Cursor
from comity.law.token import Token

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The clauses of one kind of entry."""

    needs: frozenset[str]
    takes: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()


MODALITIES = ("must", "must_not", "may", "should", "should_not")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "pack": Shape(
            needs=_words("title market status version"),
            takes=_words("language kind source basis cite rows"),
        ),
        "fact": Shape(needs=_words("label question means"), takes=_words("dpv guard")),
        "conduct": Shape(
            needs=_words("label means"),
            takes=_words("dpv divisible"),
            repeats=_words("entails"),
        ),
        "axiom": Shape(needs=_words("when implies"), takes=_words("label means source")),
        "exclusion": Shape(
            needs=_words("together because"), takes=_words("when"), repeats=_words("together")
        ),
        "define": Shape(needs=_words("when"), takes=_words("cite basis source rows means")),
        "norm": Shape(
            needs=_words("title who cite basis source"),
            takes=_words("when from until rows exceptions asks"),
            repeats=_words("unless") | frozenset(MODALITIES),
        ),
        "gap": Shape(needs=_words("says"), takes=_words("about cite basis source rows")),
    }
)


@dataclass(slots=True, kw_only=True)
class Form:
    """One entry being read; its faults gather here."""

    entry: Entry
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hold the entry against its shape."""
        shape = SHAPES[self.entry.word]
        once = (shape.needs | shape.takes) - shape.repeats
        seen: set[str] = set()
        for clause in self.entry.clauses:
            if clause.word not in once | shape.repeats:
                known = ", ".join(sorted(once | shape.repeats)).replace("_", " ")
                self.note(clause, f"`{self.entry.word}` takes no such clause; it takes {known}")
            elif clause.word in seen and clause.word in once:
                self.note(clause, f"{clause.opener} stands twice in one entry")
            seen.add(clause.word)
        for word in sorted(shape.needs - seen):
            self.note(None, f"`{self.entry.word}` needs a `{word}` clause")

    def note(self, clause: Clause | None, message: str) -> None:
        """Note a fault at a clause, or at the entry's first word."""
        place = self.entry.opener if clause is None else clause.opener
        self.faults.append(
            Fault(
                message=message, line=place.line, column=place.column, source=self.entry.source
            )
        )

    def head(self, reader: Callable[[Cursor], _T], default: _T) -> _T:
        """Read what stands after the block word."""
        return self._read(self._cursor(self.entry.head), reader, default)

    def clause(self, word: str, reader: Callable[[Cursor], _T], default: _T) -> _T:
        """Read the clause of that name; without it, or if it has faults, the default."""
        for clause in self.clauses(word):
            return self.body(clause, reader, default)
        return default

    def clauses(self, *words: str) -> Iterator[Clause]:
        """Yield the clauses of these names in the order of the text."""
        return (clause for clause in self.entry.clauses if clause.word in words)

    def body(self, clause: Clause, reader: Callable[[Cursor], _T], default: _T) -> _T:
        """Read one clause to its end."""
        return self._read(self._cursor(clause.body), reader, default)

    def _cursor(self, tokens: Sequence[Token]) -> Cursor:
        entry = self.entry
        return Cursor(source=entry.source, language=entry.language, tokens=tokens)

    def _read(self, cursor: Cursor, reader: Callable[[Cursor], _T], default: _T) -> _T:
        try:
            value = reader(cursor)
            cursor.finish()
        except InvalidDocument as error:
            self.faults.extend((*cursor.faults, *error.faults))
            return default
        self.faults.extend(cursor.faults)
        return default if cursor.faults else value
