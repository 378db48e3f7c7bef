# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where the parts of a JSON text stand, so that a fault names its line and column."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""From the outermost value to a part: names of fields and places in lists, from 0."""

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_STEP = re.compile(r"\[(\d{1,9})\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where each value of a JSON text begins, and each name of a field.

    Args:
        values: Offset of each value by its path; of a name that stands twice, the last.
        names: Offset of each field's name by the path of its value.
        lines: Offsets at which lines begin.
    """

    values: Mapping[Path, int]
    names: Mapping[Path, int]
    lines: tuple[int, ...]

    def of_value(self, path: Path) -> tuple[int, int] | None:
        """Return line and column of a value, from 1, or None where there is none."""
        return self._place(self.values.get(path))

    def of_name(self, path: Path) -> tuple[int, int] | None:
        """Return line and column of a field's name, from 1, or None where there is none."""
        return self._place(self.names.get(path))

    def _place(self, offset: int | None) -> tuple[int, int] | None:
        if offset is None:
            return None
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


@dataclass(slots=True)
class _Inside:
    """A list or an object being read: where it stands, and where in it the reader is."""

    path: Path
    is_list: bool
    position: int = 0
    name: str | None = None

    @property
    def next_path(self) -> Path:
        return (*self.path, self.position if self.is_list else self.name or "")


def places_of(text: str) -> Places:
    """Find every part of a text that is JSON; of any other text, what can be found.

    One pass, without recursion: a text of any depth takes time in proportion to its length
    times its depth.
    """
    values: dict[Path, int] = {}
    names: dict[Path, int] = {}
    stack: list[_Inside] = []
    for mark in _MARK.finditer(text):
        _read(mark[0], mark.start(), stack, values, names)
    return Places(values=values, names=names, lines=tuple(_lines(text)))


def to_path(text: str) -> Path:
    """Read a path as faults write it, such as `$.results[0].verdict`.

    >>> to_path("results[0].verdict")
    ('results', 0, 'verdict')
    """
    steps = _STEP.finditer(text.removeprefix("$"))
    return tuple(int(one[1]) if one[1] else one[2] for one in steps)


def _read(
    mark: str, at: int, stack: list[_Inside], values: dict[Path, int], names: dict[Path, int]
) -> None:
    inside = stack[-1] if stack else None
    if mark in {"}", "]"}:
        if stack:
            stack.pop()
    elif mark == ",":
        if inside is not None:
            inside.position += 1
            inside.name = None
    elif mark == ":":
        return
    elif inside is not None and not inside.is_list and inside.name is None:
        inside.name = _unquoted(mark)
        names[inside.next_path] = at
    else:
        path = () if inside is None else inside.next_path
        values[path] = at
        if mark in {"{", "["}:
            stack.append(_Inside(path=path, is_list=mark == "["))


def _unquoted(mark: str) -> str:
    return _ESCAPE.sub(_meant, mark.strip('"') if "\\" not in mark else mark[1:-1])


def _meant(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _PLAIN.get(found[2], found[2])


def _lines(text: str) -> Iterator[int]:
    yield 0
    for found in re.finditer("\n", text):
        yield found.end()
