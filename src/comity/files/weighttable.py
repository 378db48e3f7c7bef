# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What each member weighs, as CSV: `packs/bodies/*.csv`, or the user's own."""

import csv
from collections.abc import Iterator
from pathlib import Path

from comity.council.rule.floor import Weights
from comity.errors import Fault, InvalidDocument
from comity.files.text import read_text

MOST_LETTERS = 100
MOST_DIGITS = 15
"""Digits of a weight."""


def read_weights(path: Path) -> Weights:
    """Read a table of weights from CSV: members in the first column, weights in the last.

    Comments before the header say what it is: `# unit: person`, `# source: ...`.

    Raises:
        NotFound: No such file (code `files.no_weight_table`).
        InvalidDocument: A weight is missing, negative or no whole number, or a member
            stands twice; all are listed with their lines (`files.weight_table`).
    """
    lines = read_text(path, "weight_table").splitlines()
    notes = dict(_notes(lines))
    faults: list[Fault] = []
    values: dict[str, int] = {}
    rows = [(at, row) for at, row in enumerate(lines, 1) if row and not row.startswith("#")]
    for at, cells in ((at, _cells(row)) for at, row in rows[1:]):
        member, weight = cells[0].strip(), cells[-1].strip()
        is_whole = weight.isascii() and weight.isdigit() and len(weight) <= MOST_DIGITS
        if len(cells) < 2 or not is_whole:
            message = f"{weight[:40]!r} is no whole number from 0 up"
            faults.append(Fault(message=message, line=at))
        elif len(member) > MOST_LETTERS:
            faults.append(Fault(message=f"{member[:40]!r}… is too long for a member", line=at))
        elif member in values:
            faults.append(Fault(message=f"{member[:40]!r} stands twice", line=at))
        else:
            values[member] = int(weight)
    if not rows[1:]:
        faults.append(Fault(message="a header and at least one row are needed"))
    if faults:
        message = "not a table of weights"
        raise InvalidDocument(
            message, code="files.weight_table", source=str(path), faults=faults
        )
    name = notes.get("name", path.stem)
    unit, source = notes.get("unit", "unit"), notes.get("source", str(path.name))
    return Weights(name=name, unit=unit, source=source, values=values)


def _cells(row: str) -> list[str]:
    """Return the cells of a row; one that no CSV has is no row of two cells."""
    try:
        return next(csv.reader([row]))
    except csv.Error:
        return [row]


def _notes(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        word, colon, said = line.removeprefix("#").partition(":")
        if line.startswith("#") and colon:
            yield word.strip(), said.strip()
