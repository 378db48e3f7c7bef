# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Mappings on disk: which provision of a draft speaks to which norm, as an analyst says.

The program proposes; only a person writes `status = "confirmed"`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from comity.files.table import Table, open_table, settle

STATUSES = ("proposed", "confirmed", "rejected")

_TEXTS = ("provision", "norm", "status", "by", "note")
_HEADS = ("draft", "pack", "against")
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
    table = open_table(path, "mapping")
    heads = {name: table.text(name) for name in _HEADS}
    lines = tuple(map(_line, table.tables("mapping")))
    table.finish()
    settle(table, "mapping")
    return MappingFile(**heads, lines=lines)


def _line(table: Table) -> Line:
    line = Line(
        provision=table.text("provision"),
        norm=table.text("norm"),
        status=table.word("status", STATUSES, default="proposed"),
        by=table.text("by", default=""),
        note=table.text("note", default=""),
        words=table.whole("words") or 0,
        meaning=table.whole("meaning", least=-1000),
    )
    table.finish()
    if line.status == "confirmed" and not line.by.strip():
        table.fault("status", 'who confirms it? write by = "name, office"')
    return line


def mapping_text(mapping: MappingFile) -> str:
    """Write a mapping as TOML; reading it back gives the same."""
    parts = [_HEAD]
    parts += [f"{name} = {_quoted(getattr(mapping, name))}\n" for name in _HEADS]
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
