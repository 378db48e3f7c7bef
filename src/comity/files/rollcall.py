# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Roll calls as CSV or Parquet: one row an item and a member, read through polars.

Columns are `item`, `member` and `choice`; what is known of an item (`date`, `title`, `adopted`,
`source`, `basis`) stands on any of its rows.
Rows are counted as a spreadsheet does: the header is row 1.
"""

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl

from comity.council.replay.history import CODES, UNSEATED, History, Item
from comity.council.rule.floor import Answer
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.ballot import harmless
from comity.files.materials.country import near_code, no_state
from comity.files.text import separator_of
from comity.law.cursor import near_miss
from comity.law.market import STATES

COLUMNS = ("item", "member", "choice")
MORE_COLUMNS = ("date", "title", "adopted", "source", "basis")
MAX_CELLS = 20_000_000
"""Items times seats; all roll calls of the General Assembly make about a million."""

MAX_HEADER = 100_000
MAX_FAULTS = 100
"""Faults listed; whoever mends so many asks again."""

FORMER = frozenset(
    ["ANT", "BUR", "CSK", "DDR", "SCG", "SUN", "TMP", "VDR", "YMD", "YUG", "ZAR"]
)
"""States of older roll calls that have no code in force: ISO 3166-3."""

NO_SEAT = "no_seat"
CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "yes": "yes", "y": "yes", "for": "yes", "in favour": "yes", "in favor": "yes",
        "no": "no", "n": "no", "against": "no",
        "object": "object", "objects": "object",
        "abstain": "abstain", "a": "abstain", "abstained": "abstain", "abstention": "abstain",
        "absent": "silent", "nv": "silent", "non-voting": "silent", "silent": "silent",
        "not voting": "silent",
        "recused": "recused", "present": "present",
        "no seat": NO_SEAT, "no_seat": NO_SEAT, "not a member": NO_SEAT,
    }
)  # fmt: skip
"""What a choice is called; codes such as 1, 2, 3 mean what whoever made the file says."""

_MEANINGS = (*(answer.value for answer in Answer if answer is not Answer.VOID), NO_SEAT)
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ADOPTED = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file of somebody else's is to be read.

    Args:
        choices: What the file's own codes mean, such as {"1": "yes", "3": "no"}.
        columns: What the file calls a column, such as {"item": "resolution"}.
        members: Who may stand in it; None for the codes of ISO 3166-1 and its former ones.
        missing: What a seat said that has no row on an item; None where it had no seat.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    members: Collection[str] | None = None
    missing: Answer | None = Answer.SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """A history as a file tells it.

    Args:
        flags: Rows that were not taken as they stand, each with why.
        unrecorded: Seats and items without a row, counted.
    """

    history: History
    flags: tuple[str, ...]
    unrecorded: int


def read_rollcall(path: Path, reading: Reading | None = None) -> RollCall:
    """Read a roll-call history.

    A member that stands twice on an item with the same choice counts once, and with
    different ones counts as void; both are flagged.

    Raises:
        NotFound: No such file (code `files.no_rollcall`).
        InvalidDocument: Not such a table, or rows with faults, all of them (code
            `files.rollcall`).
    """
    how = reading or Reading()
    frame = _table(path, how)
    faults = [*_column_faults(frame.columns, how), *_meaning_faults(how)]
    if not faults:
        frame = _words(frame, how)
        faults = list(_row_faults(frame, how))
    if faults:
        raise _refused(path, faults)
    return _rollcall(path, frame, how)


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV that no spreadsheet runs, such as what a replay made of each item."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _table(path: Path, how: Reading) -> pl.DataFrame:
    if not path.is_file():
        raise NotFound(f"no roll call at {path}", code="files.no_rollcall")
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            frame = pl.read_parquet(path)
        else:
            frame = pl.read_csv(path, infer_schema=False, separator=_separator(path))
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,  # which damaged Parquet leads to; no Exception
        OSError,
        ValueError,
    ) as error:
        first = (str(error).splitlines() or ["damaged"])[0][:200]
        raise _refused(path, [Fault(message=f"not readable as a table: {first}")]) from None
    renamed = {theirs: ours for ours, theirs in how.columns.items() if theirs in frame.columns}
    kept = frame.select(
        pl.col(name).cast(pl.String, strict=False).alias(renamed.get(name, name))
        for name in frame.columns
        if renamed.get(name, name) in {*COLUMNS, *MORE_COLUMNS}
        and (name in renamed or name not in how.columns)
    )
    return kept.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("row"))


def _separator(path: Path) -> str:
    with path.open("rb") as file:
        return separator_of(file.readline(MAX_HEADER).decode(errors="replace"))


def _column_faults(found: list[str], how: Reading) -> Iterator[Fault]:
    for name in how.columns:
        if name not in {*COLUMNS, *MORE_COLUMNS}:
            near = near_miss(name, (*COLUMNS, *MORE_COLUMNS))
            yield Fault(message=f"a roll call has no column {name!r}", near=near)
    for name in COLUMNS:
        if name not in found:
            theirs = how.columns.get(name, name)
            message = f"there is no column {theirs!r}"
            if name not in how.columns:
                message += f"; --columns {name}=THEIRS names another"
            yield Fault(message=message)


def _meaning_faults(how: Reading) -> Iterator[Fault]:
    for word, meaning in how.choices.items():
        if meaning not in _MEANINGS:
            message = f"{word!r} cannot mean {meaning!r}; it is one of {', '.join(_MEANINGS)}"
            yield Fault(message=message, near=near_miss(meaning, _MEANINGS))


def _words(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    """Trim every word, and add what each choice means."""
    meanings = {**CHOICES, **{word.lower(): meaning for word, meaning in how.choices.items()}}
    trimmed = [
        pl.col(name).fill_null("").str.strip_chars() for name in frame.columns if name != "row"
    ]
    meant = pl.col("choice").str.to_lowercase().replace_strict(meanings, default=None)
    return frame.with_columns(trimmed).with_columns(meant.cast(pl.String).alias("meant"))


def _row_faults(frame: pl.DataFrame, how: Reading) -> Iterator[Fault]:
    if not len(frame):
        yield Fault(message="the table has no rows")
    for name in ("item", "member"):
        for row in frame.filter(pl.col(name) == "")["row"].head(MAX_FAULTS):
            yield Fault(message=f"row {row}: no {name}")
    known = sorted({*CHOICES, *how.choices})
    wrong = frame.filter(pl.col("meant").is_null()).head(MAX_FAULTS)
    for row, choice in wrong.select("row", "choice").iter_rows():
        yield _choice_fault(row, choice, known)
    members = STATES | FORMER if how.members is None else how.members
    strange = ~pl.col("member").is_in(sorted(members)) & (pl.col("member") != "")
    for row, member in (
        frame.filter(strange).select("row", "member").head(MAX_FAULTS).iter_rows()
    ):
        yield _member_fault(row, member, how.members)
    yield from _more_faults(frame)


def _member_fault(row: int, member: str, members: Collection[str] | None) -> Fault:
    if members is None:
        message, near = no_state(member, "code of ISO 3166-1")
    else:
        message = f"{member[:60]!r} is no seat"
        near = near_miss(member, members) or near_code(member.upper(), members)
    return Fault(message=f"row {row}: {message}", near=near)


def _choice_fault(row: int, choice: str, known: Iterable[str]) -> Fault:
    if not choice:
        return Fault(message=f"row {row}: no choice; write absent where nobody voted")
    if choice.isdecimal():
        message = f"row {row}: nothing says what {choice!r} means; --choices {choice}=yes does"
        return Fault(message=message)
    message = f"row {row}: {choice[:40]!r} is no choice"
    return Fault(message=message, near=near_miss(choice.lower(), known))


def _more_faults(frame: pl.DataFrame) -> Iterator[Fault]:
    if "date" in frame.columns:
        read = pl.col("date").str.to_date("%Y-%m-%d", strict=False).is_not_null()
        is_day = pl.col("date").str.contains(_DAY) & read
        wrong = frame.filter((pl.col("date") != "") & ~is_day).head(MAX_FAULTS)
        for row, date in wrong.select("row", "date").iter_rows():
            yield Fault(message=f"row {row}: {date[:40]!r} is not a day like 2022-03-02")
    if "adopted" in frame.columns:
        known = pl.col("adopted").str.to_lowercase().is_in([*_ADOPTED, ""])
        for row, said in (
            frame.filter(~known).select("row", "adopted").head(MAX_FAULTS).iter_rows()
        ):
            yield Fault(message=f"row {row}: adopted is yes, no or empty, not {said[:40]!r}")


def _refused(path: Path, faults: list[Fault]) -> InvalidDocument:
    listed = faults[:MAX_FAULTS]
    more = f"; the first {MAX_FAULTS} are listed" if len(faults) > MAX_FAULTS else ""
    return InvalidDocument(
        f"not a roll call{more}", code="files.rollcall", source=str(path), faults=listed,
        hint="a row is an item, a member and its choice: docs/how-to/replay-a-rule.md",
    )  # fmt: skip


def _rollcall(path: Path, frame: pl.DataFrame, how: Reading) -> RollCall:
    names = frame["item"].unique(maintain_order=True).to_list()
    seats = tuple(sorted(frame["member"].unique().to_list()))
    cells = len(names) * len(seats)
    if cells > MAX_CELLS:
        message = f"{len(names):,} items of {len(seats):,} seats; at most {MAX_CELLS:,} cells"
        raise _refused(path, [Fault(message=message)])
    flags: list[str] = []
    votes = _one_each(frame, flags)
    empty = UNSEATED if how.missing is None else CODES[how.missing]
    said = np.full((len(names), len(seats)), empty, dtype=np.uint8)
    codes = {**{answer.value: code for answer, code in CODES.items()}, NO_SEAT: UNSEATED}
    rows = votes["item"].replace_strict(
        {n: i for i, n in enumerate(names)}, return_dtype=pl.Int64
    )
    columns = votes["member"].replace_strict(
        {seat: i for i, seat in enumerate(seats)}, return_dtype=pl.Int64
    )
    said[rows.to_numpy(), columns.to_numpy()] = votes["meant"].replace_strict(
        codes, return_dtype=pl.UInt8
    )
    history = History(items=tuple(_items(frame, names, flags)), seats=seats, said=said)
    return RollCall(history=history, flags=tuple(flags), unrecorded=cells - len(votes))


def _one_each(frame: pl.DataFrame, flags: list[str]) -> pl.DataFrame:
    """Return one row an item and member; what stands twice is flagged, what differs is void."""
    grouped = frame.group_by("item", "member", maintain_order=True).agg(
        pl.col("meant").first(),
        pl.col("meant").n_unique().alias("different"),
        pl.col("row"),
    )
    for item, member, _, different, rows in grouped.filter(
        pl.col("row").list.len() > 1
    ).iter_rows():
        where = ", ".join(map(str, rows))
        became = "they differ, and none counts" if different > 1 else "counted once"
        flags.append(f"rows {where}: {member} stands {len(rows)} times on {item}; {became}")
    void = pl.when(pl.col("different") > 1).then(pl.lit(Answer.VOID.value)).otherwise("meant")
    return grouped.with_columns(void.alias("meant"))


def _items(frame: pl.DataFrame, names: list[str], flags: list[str]) -> Iterator[Item]:
    told: dict[str, Mapping[str, list[str]]] = {name: {} for name in names}
    more = [name for name in MORE_COLUMNS if name in frame.columns]
    if more:
        said = frame.group_by("item", maintain_order=True).agg(
            pl.col(name).filter(pl.col(name) != "").unique(maintain_order=True) for name in more
        )
        told = {row["item"]: row for row in said.iter_rows(named=True)}
    for name in names:
        flags.extend(
            f"{name} has {len(told[name][column])} values of {column}; the first is shown"
            for column in more
            if len(told[name][column]) > 1
        )
        yield Item(
            id=name,
            title=_first(told[name].get("title")),
            date=dt.date.fromisoformat(date)
            if (date := _first(told[name].get("date")))
            else None,
            adopted=_ADOPTED.get(_first(told[name].get("adopted")).lower()),
            source=_first(told[name].get("source")),
            basis=_first(told[name].get("basis")),
        )


def _first(values: list[str] | None) -> str:
    return values[0] if values else ""
