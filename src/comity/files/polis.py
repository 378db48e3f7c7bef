# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations as Polis exports them: comments.csv with votes.csv or participants-votes.csv.

An export says 1 for agree, -1 for disagree, 0 for pass (its database has the signs the other
way round); votes.csv is a log in which the newest answer counts. Texts come from strangers: a
cell that a spreadsheet would run gets an apostrophe before it, taken off again on reading.

Source:
    compdemocracy/polis pull request 2555 (signs), 1700 (is-seed, is-meta);
    compdemocracy/openData issue 6 (counts in comments.csv may be wrong: they are compared and
    never used).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from comity.council.consult.opinion import MAX_OPINIONS, MAX_TEXT, LeftOut, Opinion
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.answertable import MAX_FAULTS, AnswerTable
from comity.files.ballot import harmless
from comity.kernel.digest import sha256
from comity.law.cursor import near_miss

COMMENTS, VOTES, MATRIX = "comments.csv", "votes.csv", "participants-votes.csv"
UNKNOWN_LANGUAGE = "und"
"""BCP 47's tag of a language nobody stated."""

_OUT = "-1"
_REASON = "moderated out in Polis; its export does not say why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation as it was exported.

    Args:
        opinions: Those that were shown; names are the comments' numbers.
        left_out: Those that were moderated out.
        table: Answers to *opinions*, one for each person and opinion.
        notes: What does not add up in the export, in sentences.
    """

    opinions: tuple[Opinion, ...]
    left_out: tuple[LeftOut, ...]
    table: AnswerTable
    notes: tuple[str, ...]


def read_conversation(folder: Path, *, language: str = UNKNOWN_LANGUAGE) -> Conversation:
    """Read an exported folder.

    Args:
        language: BCP 47 tag of the comments; an export does not say it.

    Raises:
        NotFound: comments.csv, or both files of votes, are not there.
        InvalidDocument: With every fault of every file, to a hundred each.
    """
    reader = _Reader(folder, [])
    comments = reader.comments()
    shown = comments.filter(pl.col("moderated") != _OUT)
    ids = shown["comment-id"].to_list()
    votes = reader.votes(ids, comments["comment-id"].to_list())
    reader.finish()
    table = _table(votes, ids)
    return Conversation(
        opinions=tuple(_opinion(row, language) for row in shown.iter_rows(named=True)),
        left_out=tuple(
            LeftOut(
                name=row["comment-id"], sha256=sha256(row["comment-body"].encode()),
                reason=_REASON, text=row["comment-body"],
            )
            for row in comments.filter(pl.col("moderated") == _OUT).iter_rows(named=True)
        ),
        table=table,
        notes=tuple(_notes(shown, table)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export says.

    Args:
        group: Found group of each person of the table, -1 for none.
        stratum: Declared group of each person.
        left_out: Opinions nobody is asked any more.
        seconds: Time of all rows, in seconds since 1970; answers carry none of their own.
        datetime: The same in words.
    """

    opinions: Sequence[Opinion]
    left_out: Sequence[LeftOut]
    table: AnswerTable
    group: Sequence[int]
    stratum: Sequence[str]
    seconds: int
    datetime: str


def write_conversation(folder: Path, exported: Exported) -> tuple[Path, ...]:
    """Write the three files of an export, and strata.csv with the declared groups.

    Comments are numbered from 0 where their names are no numbers; the column comity-name keeps
    the names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    asked = [*(one.name for one in exported.opinions), *(one.name for one in exported.left_out)]
    is_numbered = all(name.isdecimal() and str(int(name)) == name for name in asked)
    ids = asked if is_numbered else [str(place) for place in range(len(asked))]
    person, opinion = exported.table.person, exported.table.opinion
    answer = exported.table.answer.astype(np.int64)
    frames = {
        COMMENTS: _comments_of(exported, ids),
        VOTES: pl.DataFrame(
            {
                "timestamp": np.full(len(person), exported.seconds),
                "datetime": [exported.datetime] * len(person),
                "comment-id": pl.Series(ids, dtype=pl.String).gather(opinion),
                "voter-id": person,
                "vote": answer,
            }
        ),
        MATRIX: _matrix_of(exported, ids[: len(exported.opinions)]),
        "strata.csv": pl.DataFrame(
            {
                "participant": range(len(exported.stratum)),
                "stratum": [harmless(one) for one in exported.stratum],
            }
        ),
    }
    for name, frame in frames.items():
        frame.write_csv(folder / name)
    return tuple(folder / name for name in frames)


@dataclass(slots=True)
class _Reader:
    """Reads the files of one folder and notes every fault at its line."""

    folder: Path
    faults: list[Fault]

    def comments(self) -> pl.DataFrame:
        """Read comments.csv: numbers, bodies, what a moderator said of each."""
        needed = ("comment-id", "comment-body", "moderated")
        frame = self._scan(COMMENTS, needed, ("is-seed", "agrees", "disagrees"))
        if frame is None:
            return pl.DataFrame(schema=dict.fromkeys(needed, pl.String))
        body = pl.col("comment-body").map_elements(_as_written, return_dtype=pl.String)
        found = self._collect(COMMENTS, frame.with_columns(body))
        for row in found.iter_rows(named=True):
            for message in _faults_of_comment(row):
                self.faults.append(_at(COMMENTS, row["#"], message))
        for row in found.filter(pl.col("comment-id").is_duplicated()).iter_rows(named=True):
            self.faults.append(_at(COMMENTS, row["#"], f"{row['comment-id']} stands twice"))
        if found.height > MAX_OPINIONS:
            self.faults.append(_at(COMMENTS, 0, f"more than {MAX_OPINIONS} comments"))
        return found

    def votes(self, ids: Sequence[str], every: Sequence[str]) -> pl.DataFrame:
        """Read votes: columns voter, comment, vote; one row for each pair."""
        if (self.folder / VOTES).is_file():
            return self._log(ids, every)
        if (self.folder / MATRIX).is_file():
            return self._matrix(ids, every)
        raise NotFound(
            f"neither {VOTES} nor {MATRIX} is in {self.folder}", code="files.no_polis"
        )

    def finish(self) -> None:
        """Refuse the folder where a fault was noted."""
        if self.faults:
            raise InvalidDocument(
                "not an export of Polis",
                code="files.polis",
                source=str(self.folder),
                faults=sorted(self.faults, key=lambda one: (one.source, one.line or 0)),
            )

    def _log(self, ids: Sequence[str], every: Sequence[str]) -> pl.DataFrame:
        needed = ("timestamp", "comment-id", "voter-id", "vote")
        frame = self._scan(VOTES, needed, ())
        if frame is None:
            return _no_votes()
        wrong = ~pl.col("vote").is_in(["1", "0", "-1"]) | (pl.col("voter-id") == "")
        wrong |= ~pl.col("comment-id").is_in(every)
        time = pl.col("timestamp").cast(pl.Int64, strict=False)
        bad = self._collect(VOTES, frame.filter(wrong | time.is_null()).head(MAX_FAULTS))
        for row in bad.iter_rows(named=True):
            for message in _faults_of_vote(row, every):
                self.faults.append(_at(VOTES, row["#"], message))
        newest = (
            frame.filter(~wrong & pl.col("comment-id").is_in(ids))
            .with_columns(time.fill_null(0))
            .group_by(voter="voter-id", comment="comment-id")
            .agg(pl.col("vote").sort_by("timestamp", "#").last())
        )
        return self._collect(VOTES, newest.select("voter", "comment", "vote"))

    def _matrix(self, ids: Sequence[str], every: Sequence[str]) -> pl.DataFrame:
        frame = self._scan(MATRIX, ("participant",), None)
        if frame is None:
            return _no_votes()
        numbers = [name for name in frame.collect_schema().names() if name.isdecimal()]
        for place, name in enumerate(numbers):
            if name not in every:
                message = f"column {name} is no comment of {COMMENTS}"
                fault = Fault(message=message, line=1, column=place + 7, source=MATRIX)
                self.faults.append(fault)
        kept = [name for name in numbers if name in set(ids)]
        long = frame.unpivot(
            on=kept, index=["#", "participant"], variable_name="comment", value_name="vote"
        ).filter(pl.col("vote") != "")
        found = self._collect(MATRIX, long)
        bad = found.filter(~pl.col("vote").is_in(["1", "0", "-1"])).head(MAX_FAULTS)
        for row in bad.iter_rows(named=True):
            message = f"vote on {row['comment']} is {row['vote'][:20]!r}, not 1, 0 or -1"
            self.faults.append(_at(MATRIX, row["#"], message))
        for row in (
            found.group_by("participant").agg(pl.col("#").unique().sort())
            .filter(pl.col("#").list.len() > 1).head(MAX_FAULTS).iter_rows(named=True)
        ):  # fmt: skip
            message = f"participant {row['participant'][:40]!r} stands twice"
            self.faults.append(_at(MATRIX, row["#"][1], message))
        return found.select(voter="participant", comment="comment", vote="vote")

    def _collect(self, name: str, frame: pl.LazyFrame) -> pl.DataFrame:
        """Read a file in pieces; where it is no CSV, note it once and return no rows."""
        try:
            return frame.collect(engine="streaming")
        except pl.exceptions.PolarsError as error:
            message = f"not CSV: {str(error).splitlines()[0][:200]}"
            fault = Fault(message=message, source=name)
            if fault not in self.faults:
                self.faults.append(fault)
            return pl.DataFrame(schema=frame.collect_schema())

    def _scan(
        self, name: str, needed: Sequence[str], more: Sequence[str] | None
    ) -> pl.LazyFrame | None:
        """Return the columns of a file as texts without space around, or note why not.

        Args:
            more: Columns to keep where they are there; None keeps all.
        """
        path = self.folder / name
        if not path.is_file():
            raise NotFound(f"{name} is not in {self.folder}", code="files.no_polis")
        try:
            if name == COMMENTS:  # few rows: all read, so that a comma in a body is noticed
                frame = pl.read_csv(path, infer_schema=False, row_index_name="#").lazy()
            else:
                frame = pl.scan_csv(path, infer_schema=False, row_index_name="#")
            there = frame.collect_schema().names()[1:]
        except pl.exceptions.PolarsError as error:
            message = f"not CSV: {str(error).splitlines()[0][:200]}"
            self.faults.append(Fault(message=message, source=name))
            return None
        missing = [one for one in needed if one not in there]
        for one in missing:
            near = near_miss(one, there)
            fault = Fault(message=f"no column {one!r}", line=1, near=near, source=name)
            self.faults.append(fault)
        kept = there if more is None else [*needed, *(one for one in more if one in there)]
        texts = [pl.col(one).fill_null("").str.strip_chars() for one in kept]
        return None if missing else frame.select("#", *texts)


def _faults_of_comment(row: Mapping[str, str]) -> Iterator[str]:
    if not row["comment-id"].isdecimal():
        yield f"comment-id is {row['comment-id'][:40]!r}, not a number"
    if not row["comment-body"]:
        yield "comment-body is empty"
    if len(row["comment-body"]) > MAX_TEXT:
        yield f"comment-body is longer than {MAX_TEXT} characters"
    if row["moderated"] not in {"1", "0", "-1"}:
        yield f"moderated is {row['moderated'][:20]!r}, not 1, 0 or -1"


def _faults_of_vote(row: Mapping[str, str], every: Sequence[str]) -> Iterator[str]:
    if row["vote"] not in {"1", "0", "-1"}:
        yield f"vote is {row['vote'][:20]!r}, not 1, 0 or -1"
    if not row["voter-id"]:
        yield "voter-id is empty"
    if row["comment-id"] not in every:
        yield f"comment {row['comment-id'][:20]!r} is not in {COMMENTS}"
    if not row["timestamp"].removeprefix("-").isdecimal():
        yield f"timestamp is {row['timestamp'][:20]!r}, not a number"


def _notes(shown: pl.DataFrame, table: AnswerTable) -> Iterator[str]:
    for column, vote in (("agrees", 1), ("disagrees", -1)):
        if column in shown.columns:
            stated = shown[column].cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
            counted = np.bincount(table.opinion[table.answer == vote], minlength=len(stated))
            wrong = int((stated != counted).sum())
            if wrong:
                yield f"{column} in {COMMENTS} is not what the votes add up to, {wrong} times"


def _table(votes: pl.DataFrame, ids: Sequence[str]) -> AnswerTable:
    names = votes["voter"].unique().sort()
    opinion = votes["comment"].replace_strict(ids, list(range(len(ids))), return_dtype=pl.Int64)
    return AnswerTable(
        names=tuple(names.to_list()),
        person=votes["voter"].cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64),
        opinion=opinion.to_numpy(),
        answer=votes["vote"].cast(pl.Int8).to_numpy(),
    )


def _opinion(row: Mapping[str, str], language: str) -> Opinion:
    return Opinion(
        name=row["comment-id"],
        text=row["comment-body"],
        language=language,
        is_seed=row.get("is-seed", "").lower() == "true",
    )


def _comments_of(exported: Exported, ids: Sequence[str]) -> pl.DataFrame:
    shown = len(exported.opinions)
    agreed = exported.table.opinion[exported.table.answer == 1]
    disagreed = exported.table.opinion[exported.table.answer == -1]
    out = len(exported.left_out)
    names = [*(o.name for o in exported.opinions), *(o.name for o in exported.left_out)]
    texts = [*(o.text for o in exported.opinions), *(o.text or "" for o in exported.left_out)]
    return pl.DataFrame(
        {
            "timestamp": [exported.seconds] * len(ids),
            "datetime": [exported.datetime] * len(ids),
            "comment-id": ids,
            "author-id": [0] * len(ids),
            "agrees": [*np.bincount(agreed, minlength=shown).tolist(), *([0] * out)],
            "disagrees": [*np.bincount(disagreed, minlength=shown).tolist(), *([0] * out)],
            "moderated": [1] * shown + [-1] * out,
            "comment-body": [harmless(text) for text in texts],
            "is-seed": [*(one.is_seed for one in exported.opinions), *([False] * out)],
            "comity-name": [harmless(name) for name in names],
        },
        schema_overrides={"comment-id": pl.String, "comment-body": pl.String},
    )


def _matrix_of(exported: Exported, ids: Sequence[str]) -> pl.DataFrame:
    people = len(exported.group)
    table = exported.table
    given = np.bincount(table.person, minlength=people)
    agreed = np.bincount(table.person[table.answer == 1], minlength=people)
    disagreed = np.bincount(table.person[table.answer == -1], minlength=people)
    columns: dict[str, object] = {
        "participant": range(people),
        "group-id": [None if one < 0 else one for one in exported.group],
        "n-comments": [0] * people,
        "n-votes": given,
        "n-agree": agreed,
        "n-disagree": disagreed,
    }
    for place, name in enumerate(ids):
        rows = table.opinion == place
        column = np.full(people, 2, np.int8)
        column[table.person[rows]] = table.answer[rows]
        columns[name] = pl.Series(column).replace(2, None)
    return pl.DataFrame(columns)


def _as_written(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a text."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def _no_votes() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("voter", "comment", "vote"), pl.String))


def _at(name: str, row: int, message: str) -> Fault:
    return Fault(message=message, line=row + 2, source=name)
