# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers to opinions as CSV, one a row: what a group hands in, and what its node publishes.

Columns are participant, opinion, answer; the last is agree, disagree or pass, or 1, -1 or 0.
What is published has numbers for participants, drawn with a salt that nobody keeps: they mean
nothing outside the table. Large files are read in pieces, and become integers as they are.
"""

import hashlib
import hmac
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.errors import Fault, InvalidDocument, NotFound
from comity.law.cursor import near_miss

COLUMNS = ("participant", "opinion", "answer")
MAX_FAULTS = 100
WORDS: Mapping[str, int] = {"agree": 1, "pass": 0, "disagree": -1, "1": 1, "0": 0, "-1": -1}
_NO = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTable:
    """Answers of one group of people.

    Args:
        names: Who answered, sorted; a person's number is its place here.
        person: Of each answer.
        opinion: Of each answer its place in the opinions the table was read with.
        answer: 1 agree, 0 pass, -1 disagree.
    """

    names: tuple[str, ...]
    person: NDArray[np.int64]
    opinion: NDArray[np.int64]
    answer: NDArray[np.int8]


def read_answers(
    path: Path, opinions: Sequence[str], *, aside: Collection[str] = ()
) -> AnswerTable:
    """Read a file of answers.

    Args:
        opinions: Ids that may be answered.
        aside: Ids whose answers are passed over: opinions left out since.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: With every fault, to a hundred, each with its line.
    """
    if not path.is_file():
        raise NotFound(f"no file {path}", code="files.no_answer_table")
    return _Reader(path, opinions, aside, str(path)).table()


def answers_from_csv(
    content: bytes, opinions: Sequence[str], source: str, *, aside: Collection[str] = ()
) -> AnswerTable:
    """Read a table of answers from its bytes, such as a blob.

    Raises:
        InvalidDocument: With every fault, to a hundred, each with its line.
    """
    return _Reader(content, opinions, aside, source).table()


def salted(table: AnswerTable, salt: bytes) -> AnswerTable:
    """Replace who answered by numbers that only the salt could lead back to anyone.

    Args:
        salt: At least 16 random bytes; to be forgotten after.
    """
    if len(salt) < 16:
        raise ValueError("a salt has at least 16 bytes")
    digests = [hmac.digest(salt, name.encode(), hashlib.sha256) for name in table.names]
    order = sorted(range(len(digests)), key=digests.__getitem__)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return AnswerTable(
        names=tuple(map(str, range(len(order)))),
        person=number[table.person],
        opinion=table.opinion,
        answer=table.answer,
    )


def to_csv(
    table: AnswerTable, opinions: Sequence[str], names: Sequence[str] | None = None
) -> bytes:
    """Write a table sorted by participant's number and opinion, so that it has one spelling.

    Args:
        names: What participants are called; None writes their numbers.
    """
    order = np.lexsort((table.opinion, table.person))
    frame = pl.DataFrame(
        {
            "participant": table.person[order]
            if names is None
            else pl.Series(names, dtype=pl.String).gather(table.person[order]),
            "opinion": pl.Series(opinions, dtype=pl.String).gather(table.opinion[order]),
            "answer": table.answer[order],
        }
    )
    written = io.BytesIO()
    frame.write_csv(written)
    return written.getvalue()


class _Reader:
    """Reads one source twice at most: once for integers, once more to say what is wrong."""

    def __init__(
        self, source: Path | bytes, opinions: Sequence[str], aside: Collection[str], name: str
    ) -> None:
        self.opinions = opinions
        self.aside = aside
        self.name = name
        self.source = source
        self.faults: list[Fault] = []

    def table(self) -> AnswerTable:
        """Read the whole."""
        try:
            rows = self._rows()
            found = self._integers(rows)
            self._judge(rows, found)
        except pl.exceptions.PolarsError as error:
            message = f"not CSV: {str(error).splitlines()[0][:200]}"
            raise self._refused([Fault(message=message)]) from None
        return self._numbered(found)

    def _rows(self) -> pl.LazyFrame:
        if isinstance(self.source, Path):
            with self.source.open("rb") as file:
                head = file.readline(65_536)
        else:
            head = self.source.split(b"\n", 1)[0]
        separator = ";" if head.count(b";") > head.count(b",") else ","
        frame = pl.scan_csv(
            self.source,
            infer_schema=False,
            separator=separator,
            row_index_name="#",
            with_column_names=lambda names: [n.strip("\ufeff \r").lower() for n in names],
        )
        there = frame.collect_schema().names()
        missing = [name for name in COLUMNS if name not in there]
        if missing:
            raise self._refused(
                [
                    Fault(
                        message=f"no column {name!r}", line=1, near=near_miss(name, there[1:])
                    )
                    for name in missing
                ]
            )
        texts = [pl.col(name).fill_null("").str.strip_chars() for name in COLUMNS]
        return frame.select("#", *texts).with_columns(pl.col("answer").str.to_lowercase())

    def _integers(self, rows: pl.LazyFrame) -> pl.DataFrame:
        places = {name: place for place, name in enumerate(self.opinions)}
        places |= dict.fromkeys(self.aside, -2)
        opinion = _coded("opinion", places, -1, pl.Int32())
        answer = _coded("answer", WORDS, _NO, pl.Int8())
        found = rows.select("#", "participant", opinion, answer)
        return found.collect(engine="streaming")

    def _judge(self, rows: pl.LazyFrame, found: pl.DataFrame) -> None:
        wrong = (pl.col("opinion") == -1) | (pl.col("answer") == _NO)
        wrong |= pl.col("participant") == ""
        bad = found.filter(wrong).head(MAX_FAULTS)
        if len(bad):
            said = rows.filter(pl.col("#").is_in(bad["#"].to_list())).collect()
            self.faults.extend(self._faults(said))
        self.faults.extend(self._repeated(found.filter(~wrong & (pl.col("opinion") >= 0))))
        if self.faults:
            self.faults.sort(key=lambda fault: fault.line or 0)
            raise self._refused(self.faults[:MAX_FAULTS])

    def _repeated(self, sound: pl.DataFrame) -> Iterator[Fault]:
        """Yield a fault for each further answer of one person to one opinion."""
        key = pl.struct("participant", "opinion").hash()
        keys = sound.select(key.alias("key"))["key"].to_numpy()
        ordered = np.sort(keys)
        again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(again):
            return
        first: dict[tuple[str, int], int] = {}
        for row in sound.filter(pl.Series(np.isin(keys, again))).iter_rows(named=True):
            pair, line = (row["participant"], row["opinion"]), int(row["#"]) + 2
            before = first.setdefault(pair, line)
            if before != line:
                said = f"{pair[0][:40]!r} answers {self.opinions[pair[1]]!r}"
                yield Fault(message=f"{said} in line {before} already", line=line)

    def _faults(self, said: pl.DataFrame) -> Iterator[Fault]:
        known = set(self.opinions) | set(self.aside)
        for row in said.iter_rows(named=True):
            line = int(row["#"]) + 2
            if not row["participant"]:
                yield Fault(message="participant is empty", line=line)
            if row["opinion"] not in known:
                near = near_miss(row["opinion"], self.opinions)
                message = f"{row['opinion'][:40]!r} is no opinion of this consultation"
                yield Fault(message=message, line=line, near=near)
            if row["answer"] not in WORDS:
                near = near_miss(row["answer"], ("agree", "disagree", "pass"))
                message = f"answer is {row['answer'][:40]!r}, not agree, disagree or pass"
                yield Fault(message=message, line=line, near=near)

    def _numbered(self, found: pl.DataFrame) -> AnswerTable:
        asked = found.filter(pl.col("opinion") >= 0)
        names = asked["participant"].unique().sort()
        person = asked["participant"].cast(pl.Enum(names)).to_physical()
        return AnswerTable(
            names=tuple(names.to_list()),
            person=person.to_numpy().astype(np.int64),
            opinion=asked["opinion"].to_numpy().astype(np.int64),
            answer=asked["answer"].to_numpy(),
        )

    def _refused(self, faults: list[Fault]) -> InvalidDocument:
        return InvalidDocument(
            "not a table of answers",
            code="files.answer_table",
            hint="columns participant,opinion,answer; docs/how-to/consult.md shows one",
            source=self.name,
            faults=faults,
        )


def _coded(
    column: str, codes: Mapping[str, int], other: int, kind: pl.DataType
) -> pl.Expr:  # fmt: skip
    return pl.col(column).replace_strict(dict(codes), default=other, return_dtype=kind)
