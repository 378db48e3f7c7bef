# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one rater is given and fills in: a CSV file with one answer a row.

Answers are hostile: one that begins like a formula would be run by the spreadsheet that opens
the file. Such a cell gets an apostrophe before it, and characters that steer a terminal or
turn a text around are shown as a mark. What comes back is matched by id alone, so whatever a
spreadsheet did to the texts does not matter.

Source:
    OWASP, CSV Injection; RFC 4180.
"""

import csv
import difflib
import io
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comity.errors import Fault
from comity.evidence.judge.panel import Asked, Word

COLUMNS = ("id", "prompt", "reference", "answer", "verdict")
_FORMULA = tuple("=+-@\t\r\n|%" + "＝＋－＠")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORDS = [word.value for word in Word]
csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer as a rater sees it."""

    name: str
    asked: Asked
    word: Word | None = None


@dataclass(slots=True)
class Read:
    """What stands in a ballot.

    Args:
        words: What was said, by id; what was left empty is not there.
        faults: What is wrong with it, each with line and column.
    """

    words: dict[str, Word] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def to_csv(rows: Iterable[Row]) -> str:
    """Write a ballot; every field in quotes."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        asked = row.asked
        texts = map(harmless, (asked.prompt, asked.reference, asked.answer))
        writer.writerow([row.name, *texts, "" if row.word is None else row.word.value])
    return written.getvalue()


def harmless(text: str) -> str:
    r"""Return a text as a cell that no spreadsheet runs.

    >>> harmless("=1+1"), harmless(" -2"), harmless("Call 193"), harmless("a\x1b[2J")
    ("'=1+1", "' -2", 'Call 193', 'a\ufffd[2J')
    """
    shown = "".join(map(_shown, text))
    stripped = "".join(one for one in shown if one not in " \ufeff\u00a0\ufffd")
    return f"'{shown}" if stripped.startswith(_FORMULA) or shown.startswith("'") else shown


def read_ballot(text: str, names: Collection[str], source: str) -> Read:
    """Read what a rater said, noting every fault.

    Args:
        names: The ids that were given out; a mapping or a set is fast.
        source: The file's name.
    """
    read = Read()
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    rows = _rows(text, ";" if head.count(";") > head.count(",") else ",", read, source)
    columns = _columns(next(rows, (1, []))[1], read, source)
    if columns is None:
        return read
    seen: dict[str, int] = {}
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            _take(read, _Line(line, cells, columns, source), seen, names)
    missing = [name for name in names if name not in seen]
    if missing:
        message = f"{len(missing)} ids that were given out are missing, the first {missing[0]}"
        read.faults.append(Fault(message=message, source=source))
    return read


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    source: str

    def cell(self, name: str) -> str:
        at = self.columns[name]
        return self.cells[at].strip() if at < len(self.cells) else ""

    def fault(self, name: str, message: str, near: Sequence[str] = ()) -> Fault:
        return Fault(
            message=message,
            line=self.number,
            column=self.columns[name] + 1,
            near=near[0] if near else None,
            source=self.source,
        )


def _take(read: Read, line: _Line, seen: dict[str, int], names: Collection[str]) -> None:
    name, said = line.cell("id"), line.cell("verdict")
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
        read.faults.append(line.fault("id", f"{name[:40]!r} was not given out", near))
    elif name in seen:
        message = f"{name} stands in line {seen[name]} already"
        read.faults.append(line.fault("id", message))
    seen.setdefault(name, line.number)
    word = said.upper()
    if word in _WORDS:
        read.words.setdefault(name, Word(word))
    elif word:
        near = difflib.get_close_matches(word, _WORDS, n=1)
        message = f"verdict is {said[:40]!r}, not one of {', '.join(_WORDS)}"
        read.faults.append(line.fault("verdict", message, near))


def _columns(header: Sequence[str], read: Read, source: str) -> Mapping[str, int] | None:
    found = {cell.strip().lower(): at for at, cell in enumerate(header)}
    missing = [name for name in ("id", "verdict") if name not in found]
    for name in missing:
        near = difflib.get_close_matches(name, list(found), n=1)
        fault = Fault(
            message=f"there is no column {name!r}",
            line=1,
            column=found[near[0]] + 1 if near else 1,
            near=near[0] if near else None,
            source=source,
        )
        read.faults.append(fault)
    return None if missing else found


def _rows(
    text: str, delimiter: str, read: Read, source: str
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        read.faults.append(Fault(message=f"not CSV: {error}", line=line, source=source))


def _shown(one: str) -> str:
    if one in "\n\t":
        return one
    is_hidden = unicodedata.category(one) in {"Cc", "Cs"} or one in _BIDI
    return "\N{REPLACEMENT CHARACTER}" if is_hidden else one
