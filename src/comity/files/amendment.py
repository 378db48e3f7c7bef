# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Writing one answer into a profile, so that everything else stays as its author left it.

The text around the answer is not written anew: comments, order and blank lines stay. What
comes out is read back before it counts, and must differ in that answer alone.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.errors import Conflict, InvalidDocument
from comity.files.text import read_text, write_whole
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MarketCode
from comity.law.answer import to_plain
from comity.law.fact import Answer, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """An answer to be written.

    Args:
        market: The market it is about; None for all.
        facts_on: The day it is to hold on: a change already in force then takes it, where
            the change answers the same fact.
        note: Why it is so, in a sentence; "" for nothing.
        evidence: What shows it; "" for nothing.
    """

    fact: Fact
    answer: Answer
    facts_on: dt.date
    market: MarketCode | None = None
    note: str = ""
    evidence: str = ""


def amended(text: str, amendment: Amendment, *, source: str = "profile") -> str:
    """Return the text of a profile with one answer written into it.

    Raises:
        InvalidDocument: The answers do not stand under a header such as `[facts]`, so that
            nothing can be added without rewriting them (code `files.amendment`).
    """
    toml = read_toml(text, source=source)
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    table = _table(toml, amendment)
    path = (*table, str(amendment.fact.name))
    written = _written(amendment)
    if path in toml.spans:
        begun, ended = toml.spans[path]
        new = plain[:begun] + written + plain[ended:]
    else:
        new = _added(plain, toml, table, f"{amendment.fact.name} = {written}")
    _must_be_alone(toml, new, path)
    return new.replace("\n", newline)


def _table(toml: Toml, amendment: Amendment) -> TomlPath:
    """Find the table that holds the answer in force, or that a new one belongs into."""
    inner = () if amendment.market is None else (str(amendment.market),)
    changes = toml.values.get("change", [])
    rows = changes if isinstance(changes, list) else []
    in_force = [
        (row["on"], position) for position, row in enumerate(rows)
        if isinstance(row, Mapping) and type(row.get("on")) is dt.date
        and row["on"] <= amendment.facts_on
    ]  # fmt: skip
    for _, position in sorted(in_force, reverse=True):
        table: TomlPath = ("change", position, "facts", *inner)
        if (*table, str(amendment.fact.name)) in toml.places:
            return table
    return ("facts", *inner)


def _added(text: str, toml: Toml, table: TomlPath, line: str) -> str:
    """Add a line at the end of a table; the table itself where there is none."""
    if table in toml.ends:
        end = text.find("\n", toml.ends[table])
        if end < 0:
            return f"{text}\n{line}\n"
        return f"{text[:end]}\n{line}{text[end:]}"
    header = f"[{'.'.join(str(part) for part in table)}]"
    before = text if text.endswith("\n") or not text else f"{text}\n"
    return f"{before}\n{header}\n{line}\n"


def _written(amendment: Amendment) -> str:
    value = in_toml(amendment.fact, amendment.answer)
    beside = [
        f"{name} = {_quoted(text)}"
        for name, text in (("note", amendment.note), ("evidence", amendment.evidence))
        if text
    ]
    return f"{{ {', '.join((f'value = {value}', *beside))} }}" if beside else value


def in_toml(fact: Fact, answer: Answer) -> str:
    """Write an answer as TOML; reading it gives the same answer."""
    plain = to_plain(fact, answer)
    match plain:
        case bool():
            return "true" if plain else "false"
        case str() if isinstance(answer, dt.date):
            return plain
        case str():
            return _quoted(plain)
        case Mapping():
            inner = (f"{name} = {_list(values)}" for name, values in plain.items())
            return f"{{ {', '.join(inner)} }}"
        case _:
            return _list(plain)


def _list(values: object) -> str:
    listed = values if isinstance(values, list) else []
    return f"[{', '.join(_quoted(str(each)) for each in listed)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _must_be_alone(toml: Toml, new: str, path: TomlPath) -> None:
    """Refuse a text that differs from the old one in more than the answer."""
    try:
        after = read_toml(new, source=toml.source).values
        wanted = deepcopy(dict(toml.values))
        _put(wanted, path, _at(after, path))
    except (InvalidDocument, LookupError, TypeError):
        raise _not_amendable(toml, path) from None
    if wanted != after:
        raise _not_amendable(toml, path)


def _at(values: Any, path: TomlPath) -> Any:
    for part in path:
        values = values[part]
    return values


def _put(values: Any, path: TomlPath, value: object) -> None:
    for part in path[:-1]:
        values = values[part] if isinstance(part, int) else values.setdefault(part, {})
    values[path[-1]] = value


def _not_amendable(toml: Toml, path: TomlPath) -> InvalidDocument:
    header = f"[{'.'.join(str(part) for part in path[:-1] if isinstance(part, str))}]"
    message = f"no answer can be added to {header} as the file stands"
    return InvalidDocument(
        message,
        code="files.amendment",
        hint=f"let the answers stand in lines of their own below a header {header}",
        source=toml.source,
        faults=[toml.fault(path, message)],
    )


@dataclass(slots=True, kw_only=True)
class ProfileFile:
    """A profile on disk, written answer by answer; each step can be taken back.

    Args:
        text: What stands in the file, as far as we know.
        before: What stood there before each step, the first step first.
    """

    path: Path
    text: str
    before: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> "ProfileFile":
        """Read a profile's text.

        Raises:
            NotFound: No such file.
            InvalidDocument: It is not UTF-8.
        """
        return cls(path=path, text=read_text(path, "profile"))

    def draft(self, amendments: Sequence[Amendment]) -> str:
        """Return the text with answers written into it; nothing is saved yet.

        Raises:
            InvalidDocument: The file has no room for an answer.
        """
        text = self.text
        for amendment in amendments:
            text = amended(text, amendment, source=str(self.path))
        return text

    def save(self, text: str) -> None:
        """Write a draft, whole or not at all, as one step.

        Raises:
            Conflict: Somebody else has changed the file meanwhile.
            StorageFailed: The disk refused; what stood there before still stands.
        """
        self._write(text)
        self.before.append(self.text)
        self.text = text

    def undo(self) -> None:
        """Take the last step back; there must be one.

        Raises:
            Conflict: Somebody else has changed the file meanwhile.
            StorageFailed: The disk refused; what stood there before still stands.
        """
        self._write(self.before[-1])
        self.text = self.before.pop()

    def _write(self, text: str) -> None:
        if read_text(self.path, "profile") != self.text:
            raise Conflict(
                f"{self.path} was changed by somebody else meanwhile; nothing was written",
                code="files.profile_changed",
                hint="run the same command again: it reads the file anew",
            )
        target = self.path.resolve()
        mode = target.stat().st_mode & 0o777
        write_whole(target, text, "profile")
        target.chmod(mode)
