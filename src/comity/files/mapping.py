# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Mappings on disk: which provision of a draft speaks to which norm, as an analyst says.

The program proposes; only a person writes `status = "confirmed"`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.files.text import read_text
from comity.files.toml import Toml, read_toml
from comity.law.cursor import near_miss

STATUSES = ("proposed", "confirmed", "rejected")

_TEXTS = ("provision", "norm", "status", "by", "note")
_NUMBERS = ("words", "meaning")
_HEAD = """\
# Which provisions of the draft speak to which norms. `comity align` proposes; an analyst
# sets status = "confirmed" or "rejected" and signs in `by`. What has no confirmed mapping
# is a gap. `comity align` keeps every line whose status is not "proposed".
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a mapping.

    Args:
        status: "proposed", "confirmed" or "rejected".
        by: Who confirmed or rejected it; "" while it is proposed.
        words: BM25 score in thousandths.
        meaning: Cosine of meanings in thousandths; None where no encoder ran.
    """

    provision: str
    norm: str
    status: str = "proposed"
    by: str = ""
    note: str = ""
    words: int = 0
    meaning: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """A draft held against a pack.

    Args:
        draft: SHA-256 of the draft's text, in hexadecimal digits.
        pack: The pack's name.
        against: The pack's digest, in hexadecimal digits.
    """

    draft: str
    pack: str
    against: str
    lines: tuple[Line, ...]


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping file.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places (`files.mapping`).
    """
    toml = read_toml(read_text(path, "mapping"), source=str(path))
    faults: list[Fault] = []
    heads = {name: _text(toml, (name,), faults) for name in ("draft", "pack", "against")}
    rows = toml.values.get("mapping", [])
    for name in sorted(set(toml.values) - {*heads, "mapping"}):
        near = near_miss(name, [*heads, "mapping"])
        faults.append(toml.fault((name,), f"a mapping has no field {name!r}", near=near))
    if not isinstance(rows, list):
        faults.append(toml.fault(("mapping",), "write each line as [[mapping]]"))
        rows = []
    lines = tuple(_line(toml, at, row, faults) for at, row in enumerate(rows))
    if faults:
        raise InvalidDocument(
            "the mapping has faults", code="files.mapping", source=str(path), faults=faults
        )
    return MappingFile(**heads, lines=lines)


def _line(toml: Toml, at: int, row: object, faults: list[Fault]) -> Line:
    known = (*_TEXTS, *_NUMBERS)
    if not isinstance(row, Mapping):
        faults.append(toml.fault(("mapping", at), "write each line as [[mapping]]"))
        return Line(provision="", norm="")
    for name in sorted(set(row) - set(known)):
        near = near_miss(str(name), known)
        faults.append(
            toml.fault(("mapping", at, str(name)), f"no field is called {name!r}", near=near)
        )
    texts = {name: _text(toml, ("mapping", at, name), faults) for name in _TEXTS if name in row}
    faults.extend(
        toml.fault(("mapping", at), f"the line needs a text {name}")
        for name in ("provision", "norm")
        if name not in texts
    )
    status = texts.get("status", "proposed")
    if status not in STATUSES:
        message = f"{status[:40]!r} is none of {', '.join(STATUSES)}"
        near = near_miss(status, STATUSES)
        faults.append(toml.fault(("mapping", at, "status"), message, near=near))
    if status == "confirmed" and not texts.get("by", "").strip():
        message = 'who confirms it? write by = "name, office"'
        faults.append(toml.fault(("mapping", at, "status"), message))
    numbers = {name: _number(toml, ("mapping", at, name), faults) for name in _NUMBERS
               if name in row}  # fmt: skip
    return Line(
        provision=texts.get("provision", ""), norm=texts.get("norm", ""), status=status,
        by=texts.get("by", ""), note=texts.get("note", ""),
        words=numbers.get("words", 0), meaning=numbers.get("meaning"),
    )  # fmt: skip


def _value(toml: Toml, path: Sequence[str | int]) -> object:
    value: object = toml.values
    for step in path:
        match value:
            case Mapping():
                value = value.get(step)
            case list() if isinstance(step, int):
                value = value[step]
            case _:
                return None
    return value


def _text(toml: Toml, path: tuple[str | int, ...], faults: list[Fault]) -> str:
    value = _value(toml, path)
    if isinstance(value, str):
        return value
    faults.append(toml.fault(path, f"{path[-1]} is not a text"))
    return ""


def _number(toml: Toml, path: tuple[str | int, ...], faults: list[Fault]) -> int:
    value = _value(toml, path)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    faults.append(toml.fault(path, f"{path[-1]} is not a whole number"))
    return 0


def mapping_text(mapping: MappingFile) -> str:
    """Write a mapping as TOML; reading it back gives the same."""
    parts = [_HEAD]
    parts += [
        f"{name} = {_quoted(getattr(mapping, name))}\n" for name in ("draft", "pack", "against")
    ]
    parts += (_table(line) for line in mapping.lines)
    return "".join(parts)


def _table(line: Line) -> str:
    fields: Iterable[str] = (
        *(f"{name} = {_quoted(getattr(line, name))}" for name in _TEXTS
          if getattr(line, name) or name in {"provision", "norm", "status"}),
        f"words = {line.words}",
        *(() if line.meaning is None else (f"meaning = {line.meaning}",)),
    )  # fmt: skip
    return "\n[[mapping]]\n" + "".join(f"{field}\n" for field in fields)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
