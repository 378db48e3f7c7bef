# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""TOML with the place of every key and list item, so that a fault can be found.

`tomllib` reads the values; a scanner beside it remembers where they stand, and finds keys
that stand twice, all of them.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from comity.errors import Fault, InvalidDocument

MAX_CHARACTERS = 262_144
MAX_DEPTH = 16
Path = tuple[str | int, ...]

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toml:
    """A TOML document and where its keys and list items stand (line, column; 1-based).

    Args:
        spans: Where the value of each key begins and ends, in characters from 0; every
            line end counts as one.
        ends: Where the last line of each table ends, its comment left out.
    """

    source: str
    values: Mapping[str, object]
    places: Mapping[Path, tuple[int, int]]
    spans: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    ends: Mapping[Path, int] = field(default_factory=dict)

    def fault(self, path: Path, message: str, *, near: str | None = None) -> Fault:
        """Return a fault at a path, or at the nearest path above it that has a place."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                line, column = self.places[path[:length]]
                return Fault(message=message, line=line, column=column, near=near)
        return Fault(message=message, near=near)


def read_toml(text: str, *, source: str) -> Toml:
    """Read TOML; floats become exact decimals.

    Raises:
        InvalidDocument: Not TOML, too large, too deep, or keys that stand twice (all of
            them); code `files.toml`.
    """
    if len(text) > MAX_CHARACTERS:
        fault = Fault(message=f"more than {MAX_CHARACTERS:,} characters")
        raise _broken(source, [fault])
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    if scanner.faults:
        raise _broken(source, scanner.faults)
    try:
        values = tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        raise _broken(source, [_syntax(str(error), text)]) from None
    except (ValueError, RecursionError):
        fault = Fault(message="a number or nesting larger than any profile needs")
        raise _broken(source, [fault]) from None
    return Toml(
        source=source, values=values, places=scanner.places, spans=scanner.spans,
        ends=scanner.ends,
    )  # fmt: skip


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _syntax(message: str, text: str) -> Fault:
    found = _AT.search(message)
    if found is None:
        return Fault(message=message)
    said = message[: found.start()]
    if found[1] is not None:
        return Fault(message=said, line=int(found[1]), column=int(found[2]))
    last = text.rstrip("\n").rsplit("\n", maxsplit=1)[-1]
    line = text.rstrip("\n").count("\n") + 1
    return Fault(message=f"{said}, at the end of the file", line=line, column=len(last) + 1)


def _broken(source: str, faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not readable as TOML", code="files.toml", source=source, faults=faults
    )


@dataclass(slots=True)
class _Scanner:
    """Walks keys and values; where it is lost it stops, and `tomllib` says what is wrong."""

    text: str
    at: int = 0
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    counts: dict[Path, int] = field(default_factory=dict)
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    ends: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        """Walk the whole text."""
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            start = self.at
            if self.text.startswith("[", self.at):
                found = self._header()
                if found is None:
                    return
                table = found
            elif not self._pair(table, 0):
                return
            self.ends[table] = self.at
            self._blank()
            if self.at == start:
                return

    def _header(self) -> Path | None:
        start, double = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        keys = self._keys()
        if keys is None or not self.text.startswith("]]" if double else "]", self.at):
            return None
        self.at += 2 if double else 1
        path = self._inside(keys[:-1])
        if double:
            position = self.counts.get((*path, keys[-1]), 0)
            self.counts[*path, keys[-1]] = position + 1
            path = (*path, keys[-1], position)
        else:
            path = (*path, keys[-1])
        self._mark(path, start)
        return path

    def _inside(self, keys: tuple[str, ...]) -> Path:
        """Resolve a header's keys through arrays of tables, to their last item."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _pair(self, table: Path, depth: int) -> bool:
        start = self.at
        keys = self._keys()
        if keys is None or not self.text.startswith("=", self.at):
            return False
        self.at += 1
        path = (*table, *keys)
        self._mark(path, start)
        self._space()
        begun = self.at
        found = self._value(path, depth)
        self.spans[path] = (begun, self.at)
        return found

    def _keys(self) -> tuple[str, ...] | None:
        keys: list[str] = []
        while True:
            self._space()
            found = _BARE.match(self.text, self.at) or _QUOTED.match(self.text, self.at)
            if found is None:
                return None
            word = found.group()
            keys.append(word[1:-1] if word[0] in "\"'" else word)
            self.at = found.end()
            self._space()
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            if len(keys) > MAX_DEPTH:  # which would cost `tomllib` the square of its length
                self._too_deep()
                return None
            self.at += 1

    def _value(self, path: Path, depth: int) -> bool:
        self._space()
        if depth > MAX_DEPTH:
            self._too_deep()
            return False
        opener = self.text[self.at : self.at + 1]
        if opener == "[":
            return self._list(path, depth)
        if opener == "{":
            return self._inline(path, depth)
        found = (_QUOTED if opener in {'"', "'"} else _SCALAR).match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        return True

    def _list(self, path: Path, depth: int) -> bool:
        self.at += 1
        position = 0
        while True:
            self._blank()
            if self.text.startswith("]", self.at):
                self.at += 1
                return True
            start = self.at
            self.places[*path, position] = self._place(start)
            if not self._value((*path, position), depth + 1):
                return False
            position += 1
            self._blank()
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("]", self.at):
                return False

    def _inline(self, path: Path, depth: int) -> bool:
        self.at += 1
        while True:
            self._blank()
            if self.text.startswith("}", self.at):
                self.at += 1
                return True
            if not self._pair(path, depth + 1):
                return False
            self._blank()
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("}", self.at):
                return False

    def _too_deep(self) -> None:
        line, column = self._place(self.at)
        message = f"nested more than {MAX_DEPTH} levels deep"
        self.faults.append(Fault(message=message, line=line, column=column))

    def _mark(self, path: Path, start: int) -> None:
        line, column = self._place(start)
        if path in self.places:
            name = ".".join(map(str, path))
            first = self.places[path][0]
            message = f"{name} stands twice; the first is in line {first}"
            self.faults.append(Fault(message=message, line=line, column=column))
        self.places[path] = (line, column)

    def _place(self, position: int) -> tuple[int, int]:
        line_start = self.text.rfind("\n", 0, position) + 1
        return self.text.count("\n", 0, position) + 1, position - line_start + 1

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = self.at if found is None else found.end()

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = self.at if found is None else found.end()
