# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One table of a TOML file, read field by field; every fault is noted at its place."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.law.cursor import near_miss


@dataclass(slots=True, kw_only=True)
class Table:
    """A table being read.

    Args:
        path: Where it stands in the document; () for the document itself.
        faults: Shared by every table of the document.
        known: Fields asked for so far; what else stands there is a fault.
    """

    toml: Toml
    path: TomlPath
    row: Mapping[str, object]
    faults: list[Fault]
    known: list[str] = field(default_factory=list)

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a text; without a default it must be there and say something."""
        value = self._value(name, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self.fault(name, f"{name} is missing or no text")
        return default or ""

    def word(self, name: str, words: Iterable[str], *, default: str | None = None) -> str:
        """Return one of the words."""
        allowed = list(words)
        value = self.text(name, default=default)
        if value and value not in allowed:
            message = f"{value[:40]!r} is none of {', '.join(allowed)}"
            self.fault(name, message, near_miss(value, allowed))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; without it, none."""
        value = self._value(name, [])
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        self.fault(name, f"{name} is no list of texts")
        return ()

    def date(self, name: str) -> dt.date | None:
        """Return a day, or None where there is none."""
        value = self._value(name, None)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        self.fault(name, f"{name} is not a day like 2026-08-02")
        return None

    def whole(self, name: str, *, least: int = 0, most: int | None = None) -> int | None:
        """Return a whole number, or None where there is none."""
        value = self._value(name, None)
        if value is None:
            return None
        whole = value if isinstance(value, int) and not isinstance(value, bool) else None
        if whole is not None and whole >= least and (most is None or whole <= most):
            return whole
        bounds = f"from {least} up" if most is None else f"from {least} to {most}"
        self.fault(name, f"{name} is not a whole number {bounds}")
        return None

    def flag(self, name: str) -> bool:
        """Return true or false; without the field, false."""
        value = self._value(name, default=False)
        if not isinstance(value, bool):
            self.fault(name, f"{name} is not true or false")
        return value is True

    def tables(self, name: str) -> Iterator["Table"]:
        """Yield the tables of a list of tables, such as each `[[duty]]`."""
        value = self._value(name, [])
        rows: Sequence[object] = value if isinstance(value, list) else [None]
        for place, row in enumerate(rows):
            if isinstance(row, Mapping):
                yield Table(
                    toml=self.toml, path=(*self.path, name, place), row=row, faults=self.faults
                )
            else:
                self.fault(name, f"write each as [[{name}]]")

    def inner(self, name: str) -> "Table | None":
        """Return the table in a field, such as `[weights]`, or None where there is none."""
        value = self._value(name, None)
        if isinstance(value, Mapping):
            path = (*self.path, name)
            return Table(toml=self.toml, path=path, row=value, faults=self.faults)
        if value is not None:
            self.fault(name, f"write {name} as a table, [{name}]")
        return None

    def inners(self) -> Iterator[tuple[str, "Table"]]:
        """Yield each field's name and the table in it, where the names are the author's."""
        for name in self.row:
            found = self.inner(name)
            if found is not None:
                yield name, found

    def wholes(self, name: str, *, least: int = 0) -> dict[str, int]:
        """Return whole numbers by the author's names; without the field, none."""
        found = self.inner(name)
        if found is None:
            return {}
        numbers = {word: found.whole(word, least=least) for word in found.row}
        return {word: number for word, number in numbers.items() if number is not None}

    def finish(self) -> None:
        """Note every field nobody asked for."""
        for name in self.row:
            if name not in self.known:
                message = f"no field is called {name!r}"
                self.fault(name, message, near_miss(name, self.known))

    def fault(self, name: str, message: str, near: str | None = None) -> None:
        """Note a fault at a field."""
        self.faults.append(self.toml.fault((*self.path, name), message, near=near))

    def _value(self, name: str, default: object) -> object:
        self.known.append(name)
        return self.row.get(name, default)


def open_table(path: Path, kind: str) -> Table:
    """Open a TOML file as one table.

    Args:
        kind: What it should be, such as "mapping"; names the error codes too.

    Raises:
        NotFound: It cannot be read (code `files.no_<kind>`).
        InvalidDocument: Not TOML, or keys that stand twice.
    """
    toml = read_toml(read_text(path, kind), source=str(path))
    return Table(toml=toml, path=(), row=toml.values, faults=[])


def settle(table: Table, kind: str) -> None:
    """Refuse the document if any fault was noted.

    Raises:
        InvalidDocument: All of them (code `files.<kind>`).
    """
    if table.faults:
        raise InvalidDocument(
            f"the {kind} file has {len(table.faults)} fault{'s' * (len(table.faults) > 1)}",
            code=f"files.{kind}",
            source=table.toml.source,
            faults=sorted(table.faults, key=lambda one: (one.line or 0, one.column or 0)),
        )
