# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Registers as Parquet: one row a system, one column a fact; docs/reference/register.md."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from comity.errors import Fault, InvalidDocument, NotFound, StorageFailed
from comity.law.cursor import near_miss
from comity.law.fact import ASKED_ON, MARKETS, Fact, Kind
from comity.law.sweep.cell import KNOWN_OUT
from comity.law.sweep.layout import ROLE

ID, NAME, ROLES = "id", "name", ("roles", "role")
SYNTHETIC = "comity.synthetic"
"""Key of the metadata that marks a register nobody's systems stand in."""

_BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What reading and writing raises; the second is no `Exception`: damage inside a file leads
to it."""

ROW_GROUP = 131_072
"""Rows written together: what a reader has to hold at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register on disk whose columns are what they should be.

    Args:
        columns: Column by the fact (or `ROLE`, or the fact's known-out) it answers.
        synthetic: What made it, where it says that it was made up; else "".
    """

    path: Path
    rows: int
    columns: Mapping[str, str]
    synthetic: str


def open_register(path: Path, facts: Mapping[str, Fact]) -> Register:
    """Open a register and check its columns against the vocabulary, reading no row.

    Raises:
        NotFound: No such file.
        InvalidDocument: Not Parquet, or columns with faults, all listed.
    """
    if not path.is_file():
        raise NotFound(f"no register at {path}", code="files.no_register")
    try:
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        metadata = pl.read_parquet_metadata(path)
    except _BROKEN as error:
        raise _unreadable(path, error) from None
    faults = list(_column_faults(schema, facts))
    if faults:
        raise _refused(path, faults)
    columns = {name: name for name in schema if name not in {ID, NAME, *ROLES}}
    columns.update((str(ROLE), name) for name in ROLES if name in schema)
    return Register(
        path=path, rows=rows, columns=columns,
        synthetic=metadata.get(SYNTHETIC, ""),
    )  # fmt: skip


def rows_in(path: Path) -> int | None:
    """Count the rows of a Parquet file; None where it cannot be read."""
    with suppress(*_BROKEN):
        rows: int = pl.scan_parquet(path).select(pl.len()).collect().item()
        return rows
    return None


def read_part(register: Register, start: int, length: int) -> pl.DataFrame:
    """Read some rows: ids as texts, then every column under the fact it answers.

    Raises:
        InvalidDocument: The file is damaged.
    """
    try:
        state = register.path.stat()
        names = tuple(register.columns.items())
        whole = _scan(register.path, state.st_mtime_ns, state.st_size, names)
        return whole.slice(start, length).collect()
    except _BROKEN as error:
        raise _unreadable(register.path, error) from None


@lru_cache(maxsize=4)
def _scan(
    path: Path, changed_ns: int, size: int, names: tuple[tuple[str, str], ...]
) -> pl.LazyFrame:
    """Read what a file says of itself once, not again for every part."""
    del changed_ns, size  # a file that was replaced is another one
    columns = [pl.col(name).alias(fact) for fact, name in names]
    found = pl.scan_parquet(path).select(pl.col(ID).cast(pl.String), *columns)
    found.collect_schema()
    return found


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and move it there when it is whole.

    Raises:
        StorageFailed: The disk refused; the file is as it was before.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        write(beside)
        os.replace(beside, path)  # noqa: PTH105 - the one call that replaces at once
    except _BROKEN as error:
        beside.unlink(missing_ok=True)
        message = f"cannot write {path}: {_sentence(error)}"
        raise StorageFailed(message, code="files.register_write") from None


def _column_faults(
    schema: Mapping[str, pl.DataType], facts: Mapping[str, Fact]
) -> Iterator[Fault]:
    if ID not in schema:
        yield Fault(message="there is no column 'id'", near=near_miss(ID, schema))
    elif not (schema[ID] == pl.String or schema[ID].is_integer()):
        yield Fault(message=f"column 'id' holds {schema[ID]}, not texts")
    if all(name in schema for name in ROLES):
        yield Fault(message="columns 'roles' and 'role' say the same; keep one")
    for name, kind in schema.items():
        if name not in {ID, NAME}:
            yield from _column_fault(name, kind, facts)


def _column_fault(name: str, kind: pl.DataType, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    bare = name.removesuffix(KNOWN_OUT)
    if name in ROLES:
        if not (_is_words(kind) or _is_list(kind)):
            yield Fault(message=f"column {name!r} holds {kind}; a role is a text or a list")
    elif name == ASKED_ON:
        yield Fault(message=f"column {name!r} is set by the question (--on), not answered")
    elif bare != MARKETS and bare not in facts:
        known = (ID, NAME, *ROLES, MARKETS, *facts)
        message = f"the vocabulary has no fact named {bare!r}"
        yield Fault(message=message, near=near_miss(bare, known))
    else:
        of_set = bare == MARKETS or facts[bare].kind is Kind.SET
        if name != bare and not of_set:
            yield Fault(message=f"column {name!r}: only a set can be known in part")
        elif not _fits(kind, Kind.SET if of_set else facts[bare].kind):
            wanted = _WANTED[Kind.SET if of_set else facts[bare].kind]
            yield Fault(message=f"column {name!r} holds {kind}; wanted is {wanted}")


_WANTED = {
    Kind.BOOL: "true or false",
    Kind.ENUM: "a word",
    Kind.SET: "a list of words, or a text such as 'text,image'",
    Kind.NUMBER: "an integer, a decimal or a text such as '10^25'",
    Kind.DATE: "a date without a time",
}


def _fits(kind: pl.DataType, wanted: Kind) -> bool:
    if kind == pl.Null:
        return True
    match wanted:
        case Kind.BOOL:
            return kind == pl.Boolean
        case Kind.ENUM:
            return _is_words(kind)
        case Kind.SET:
            return _is_words(kind) or _is_list(kind)
        case Kind.NUMBER:
            return kind == pl.String or kind.is_numeric()
        case Kind.DATE:
            return kind == pl.Date


def _is_words(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.String | pl.Enum | pl.Categorical | pl.Null)


def _is_list(kind: pl.DataType) -> bool:
    return kind == pl.Null or (isinstance(kind, pl.List) and _is_words(kind.inner))  # type: ignore[arg-type] # an instance, in a schema


def _unreadable(path: Path, error: BaseException) -> InvalidDocument:
    fault = Fault(message=_sentence(error))
    return InvalidDocument(
        "not a readable Parquet file", code="files.parquet", source=str(path), faults=[fault]
    )


def _sentence(error: BaseException) -> str:
    if isinstance(error, pl.exceptions.PanicException):
        return "damaged inside: its pages are not what they say"
    said = error.strerror if isinstance(error, OSError) else None
    told = (said or str(error)).partition("\n")[0]
    return told.rpartition("underlying IO error: ")[2].partition(" (os error")[0][:200]


def _refused(path: Path, faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "the register has columns that cannot be read",
        code="files.register",
        hint="docs/reference/register.md says how each kind of fact is written",
        source=str(path),
        faults=faults,
    )
