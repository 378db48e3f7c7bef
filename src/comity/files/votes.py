# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What members said on one question, as CSV: seat, answer, and what else is known of a seat."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comity.council.body.body import Body
from comity.council.rule.floor import Answer, Floor, Weights
from comity.errors import Fault, InvalidDocument
from comity.files.text import read_text, separator_of
from comity.law.cursor import near_miss

MAX_SEATS = 20_000

MAX_COLUMNS = 200
"""So many weights and more no vote has."""
_NAMED = ("seat", "answer", "reason", "groups")
_ANSWERS = {answer.value: answer for answer in Answer} | {"": Answer.SILENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """A floor as a file tells it.

    Args:
        unreasoned: Seats that said no or objected with the column `reason` left empty.
        has_reasons: The file has that column.
    """

    floor: Floor
    unreasoned: frozenset[str]
    has_reasons: bool


def read_votes(path: Path, body: Body | None = None) -> Votes:
    """Read votes.

    Columns are `seat` and `answer` (empty for silence), then, where wanted, `reason`,
    `groups` (names separated by `;`), and any other column is a weight of that name.

    Args:
        body: Who has a seat, with groups and weights; without it, each row is a seat.

    Raises:
        NotFound: No such file (code `files.no_votes`).
        InvalidDocument: Any fault in it; all are listed with their lines (`files.votes`).
    """
    lines = read_text(path, "votes").removeprefix("\ufeff").splitlines(keepends=True)
    reader = _Reader(rows=_numbered(lines), body=body)
    reader.read()
    if reader.faults:
        message = "the votes cannot be counted"
        raise InvalidDocument(
            message, code="files.votes", source=str(path), faults=reader.faults
        )
    return reader.votes()


def _numbered(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(lines, delimiter=separator_of("".join(lines[:1])))
    for row in rows:
        yield rows.line_num, [cell.strip() for cell in row]


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Gathers rows, and every fault with its line."""

    rows: Iterator[tuple[int, list[str]]]
    body: Body | None
    header: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    unreasoned: set[str] = field(default_factory=set)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    weights: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def read(self) -> None:
        """Take the header, and the rows where it can be read."""
        line = 0
        try:
            line, self.header = next(self.rows, (1, []))
            self._check_header()
            for line, cells in self.rows if not self.faults else ():
                self._row(line, cells)
        except csv.Error as error:
            self._fault(line + 1, f"it cannot be read: {error}")

    def votes(self) -> Votes:
        """Return what was read."""
        seats = frozenset(self.answers if self.body is None else self.body.members)
        own = {name: frozenset(members) for name, members in self.groups.items()}
        weights = {
            name: Weights(name=name, unit="as the file says", source="the file", values=values)
            for name, values in self.weights.items()
        }
        floor = Floor(
            seats=seats,
            answers=self.answers,
            groups={**(self.body.groups if self.body else {}), **own},
            weights={**(self.body.weights if self.body else {}), **weights},
        )
        return Votes(
            floor=floor,
            unreasoned=frozenset(self.unreasoned),
            has_reasons="reason" in self.header,
        )

    def _check_header(self) -> None:
        if len(self.header) > MAX_COLUMNS:
            self._fault(1, f"{len(self.header)} columns are more than {MAX_COLUMNS}")
            return
        for name in ("seat", "answer"):
            if name not in self.header:
                near = near_miss(name, self.header)
                self._fault(1, f"the header has no column {name!r}", near)
        for place, name in enumerate(self.header):
            if not name or name in self.header[:place]:
                self._fault(1, f"column {place + 1} is called {name!r}, empty or twice")

    def _row(self, line: int, cells: list[str]) -> None:
        if not any(cells):
            return
        if len(cells) != len(self.header):
            self._fault(line, f"{len(cells)} cells under {len(self.header)} columns")
            return
        said = dict(zip(self.header, cells, strict=True))
        seat = said["seat"]
        answer = self._answer(line, said["answer"])
        if not self._may_sit(line, seat):
            return
        self.answers[seat] = answer
        if "reason" in said and not said["reason"]:
            self.unreasoned.add(seat)
        for group in said.get("groups", "").split(";"):
            if group.strip():
                self.groups[group.strip()].add(seat)
        for name in self.header:
            if name not in _NAMED:
                self._weigh(line, name, seat, said[name])

    def _answer(self, line: int, word: str) -> Answer:
        said = word.lower()
        if said not in _ANSWERS:
            known = [each for each in _ANSWERS if each]
            message = f"{word[:40]!r} is no answer: {', '.join(known)}"
            self._fault(line, message, near_miss(said, known))
        return _ANSWERS.get(said, Answer.SILENT)

    def _may_sit(self, line: int, seat: str) -> bool:
        if not seat or not seat.isprintable():
            self._fault(line, "the seat is empty or no single line")
        elif seat in self.answers:
            self._fault(line, f"{seat!r} stands twice")
        elif len(self.answers) >= MAX_SEATS:
            self._fault(line, f"more than {MAX_SEATS} seats")
        elif self.body is not None and seat not in self.body.members:
            message = f"{seat!r} is no member of {self.body.slug}"
            self._fault(line, message, near_miss(seat, self.body.members))
        else:
            return True
        return False

    def _weigh(self, line: int, name: str, seat: str, cell: str) -> None:
        if cell.isascii() and cell.isdigit() and len(cell) <= 15:
            self.weights[name][seat] = int(cell)
        else:
            message = f"{name} of {seat} is {cell[:40]!r}, no whole number from 0 up"
            self._fault(line, message, near_miss(name, _NAMED))

    def _fault(self, line: int, message: str, near: str | None = None) -> None:
        self.faults.append(Fault(message=message, line=line, near=near))
