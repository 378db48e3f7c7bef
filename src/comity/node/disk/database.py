# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The databases a node uses: SQLite files of its own, or PostgreSQL for the index.

One SQL text serves both. A `?` stands for a value; what the two spell differently, such as the
type of bytes, stands as a word in braces. A node that keeps its index in a file loads nothing
but the standard library for it (docs/adr/0012).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from comity.errors import Fault, InvalidDocument, StorageFailed

SCHEMES = ("postgresql+psycopg", "postgresql")
_WAIT_S = 10
_TOGETHER = 16
_BROKEN = ("malformed", "not a database", "disk image")

Found: TypeAlias = tuple[Any, ...]
"""What a database answers: values in the order the query names them."""

Link: TypeAlias = Any
"""A connection of sqlite3 or psycopg: `execute`, `cursor` and `close` are alike in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of database is spoken to.

    Args:
        words: What stands for the words in braces.
        mark: What stands for a value.
        begin: Opens a transaction that writes.
        refusals: What its driver raises.
        is_shared: Others run it; a connection kept may have ended meanwhile.
    """

    words: Mapping[str, str]
    mark: str
    begin: str
    refusals: type[Exception]
    is_shared: bool = False

    def spelled(self, query: str) -> str:
        """Return a query as this database reads it."""
        return query.format_map(self.words).replace("?", self.mark)


SQLITE = Dialect(
    words={
        "text": "text",
        "bytes": "blob",
        "in_order": " without rowid",
        "counted": "integer primary key",
    },
    mark="?",
    begin="begin immediate",
    refusals=sqlite3.Error,
)
_POSTGRESQL_WORDS = {
    "text": 'text collate "C"',
    "bytes": "bytea",
    "in_order": "",
    "counted": "bigint generated always as identity primary key",
}
"""Byte order, as SQLite has it, whatever the language of the database."""


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction under way."""

    dialect: Dialect
    link: Link

    def run(self, query: str, values: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        count: int = self.link.execute(self.dialect.spelled(query), values).rowcount
        return count

    def insert(self, into: str, width: int, rows: Iterable[Sequence[object]]) -> None:
        """Insert rows; those that are there already stay as they are.

        Args:
            into: The table, with its columns where they are not all.
            width: How many values a row has.
        """
        row, left = f"({', '.join('?' * width)})", iter(rows)
        last: list[object] = []

        def full() -> Iterator[list[object]]:
            """Yield the values of several rows at once, which is quicker; keep the rest."""
            nonlocal last
            while True:
                values = [value for one in islice(left, _TOGETHER) for value in one]
                if len(values) < _TOGETHER * width:
                    last = values
                    return
                yield values

        with closing(self.link.cursor()) as cursor:
            cursor.executemany(self._inserting(into, [row] * _TOGETHER), full())
            if last:
                cursor.execute(self._inserting(into, [row] * (len(last) // width)), last)

    def _inserting(self, into: str, rows: Sequence[str]) -> str:
        query = f"insert into {into} values {', '.join(rows)} on conflict do nothing"  # noqa: S608 - names of our own tables
        return self.dialect.spelled(query)

    def read(self, query: str, values: Sequence[object] = ()) -> list[Found]:
        """Return all the rows of an answer, as this transaction sees them."""
        rows: list[Found] = self.link.execute(self.dialect.spelled(query), values).fetchall()
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database, used by any number of threads; each has a connection while it asks.

    Args:
        name: As people know it: a path, or the name on the server.
        connect: Opens one more connection.
    """

    name: str
    dialect: Dialect
    connect: Callable[[], Link]
    _idle: list[Link] = field(default_factory=list)

    def read(self, query: str, values: Sequence[object] = ()) -> list[Found]:
        """Return all the rows of an answer."""
        with self._linked() as link:
            rows: list[Found] = link.execute(self.dialect.spelled(query), values).fetchall()
            return rows

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Yield a transaction: durable when this ends, undone where it raises."""
        with self._linked() as link:
            link.execute(self.dialect.begin)
            try:
                yield Change(self.dialect, link)
                link.execute("commit")
            except BaseException:
                self._undo(link)
                raise

    def prepare(self, tables: Sequence[str]) -> None:
        """Create tables where they are missing; none of it waits for who writes just now."""
        with self._linked() as link:
            for table in tables:
                link.execute(self.dialect.spelled(table))

    def close(self) -> None:
        """Close every connection; who asks again opens new ones."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _linked(self) -> Iterator[Link]:
        """Lend a connection; what the database refuses becomes StorageFailed."""
        try:
            link = self._take()
            try:
                yield link
            except BaseException:
                link.close()
                raise
            self._idle.append(link)
        except self.dialect.refusals as error:
            said = str(error).strip()
            raise StorageFailed(
                f"the database {self.name} does not obey: {said}",
                code="node.database_broken" if is_broken(said) else "node.storage",
                hint="free space or see that the server runs; an index is rebuilt from the "
                "logs by `comity node reindex`",
            ) from None

    def _take(self) -> Link:
        try:
            link = self._idle.pop()
        except IndexError:
            return self.connect()
        if self.dialect.is_shared:
            try:
                link.execute("select 1")
            except self.dialect.refusals:  # the server was started again meanwhile
                link.close()
                self.close()
                return self.connect()
        return link

    def _undo(self, link: Link) -> None:
        try:
            link.execute("rollback")
        except self.dialect.refusals:
            return  # it has undone it itself, and what it said first is told


def open_database(path: Path, tables: Sequence[str]) -> Database:
    """Open a SQLite file, creating it and its tables where they are missing.

    Every commit is synced to its write-ahead log.

    Raises:
        StorageFailed: The file cannot be opened or is no database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return _prepared(
        Database(name=str(path), dialect=SQLITE, connect=lambda: _open(path)), tables
    )


def connect_database(url: str, tables: Sequence[str]) -> Database:
    """Open a PostgreSQL database, creating the tables where they are missing.

    The password comes from PGPASSWORD or a passfile (PGPASSFILE), never from *url*.

    Raises:
        InvalidDocument: The address is none of PostgreSQL, or holds a password.
        StorageFailed: The database cannot be reached, or psycopg is not installed.
    """
    address = check_url(url)
    try:
        import psycopg  # noqa: PLC0415 - the extra `postgres`, which most nodes lack
    except ImportError:
        raise StorageFailed(
            "an index in PostgreSQL needs psycopg, which is not installed",
            code="node.storage",
            hint="install it: pip install 'comity[postgres]'; or take [index] out of node.toml",
        ) from None
    dialect = Dialect(
        words=_POSTGRESQL_WORDS,
        mark="%s",
        begin="begin",
        refusals=psycopg.Error,
        is_shared=True,
    )

    def connect() -> Link:
        return psycopg.connect(address, autocommit=True, connect_timeout=_WAIT_S)

    name = unquote(urlsplit(address).path.removeprefix("/"))
    return _prepared(Database(name=name, dialect=dialect, connect=connect), tables)


def check_url(url: str) -> str:
    """Return the address of a PostgreSQL database as its own library reads it.

    Raises:
        InvalidDocument: It is none, or holds a password.
    """
    scheme, separator, rest = url.partition("://")
    try:
        parts = urlsplit(f"postgresql://{rest}")
    except ValueError:
        separator = ""
    if not separator:
        raise _refused("is no address of a database")
    if scheme not in SCHEMES:
        raise _refused(f"does not begin with {SCHEMES[0]}://")
    names = (name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    if ":" in parts.netloc.rpartition("@")[0] or any("password" in name for name in names):
        raise _refused(
            "holds a password, and node.toml is no place for one: set PGPASSWORD or PGPASSFILE"
        )
    return f"postgresql://{rest}"


def is_broken(said: str) -> bool:
    """Tell from what SQLite says whether its file is damaged, not only busy or full."""
    return any(word in said for word in _BROKEN)


def _prepared(database: Database, tables: Sequence[str]) -> Database:
    try:
        database.prepare(tables)
    except StorageFailed:
        database.close()
        raise
    return database


def _open(path: Path) -> sqlite3.Connection:
    link = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        link.execute("pragma journal_mode=wal")
        link.execute("pragma synchronous=full")
    except BaseException:
        link.close()
        raise
    return link


def _refused(message: str) -> InvalidDocument:
    said = f"index.url {message}"
    return InvalidDocument(said, code="node.config", faults=[Fault(message=said)])
