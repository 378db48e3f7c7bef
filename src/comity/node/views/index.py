# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each statement stands, by kind and by subject; rebuilt from the logs at any time.

It is the only thing a node may keep in a database that others run: losing it, or finding an
older copy in its place, costs time and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from comity.errors import Conflict, StorageFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.reading import Outline, Reading, to_outline
from comity.ledger.redaction import GONE
from comity.node.disk.database import connect_database, inserting, open_database, telling

SCHEMA = 2
_PAGE = 1024
_MOST_CHARACTERS = 500
_log = logging.getLogger(__name__)

# Byte order, as SQLite has it, whatever the language of the database.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_TABLES = sa.MetaData()
_ABOUT = sa.Table(
    "about",
    _TABLES,
    sa.Column("name", _TEXT, primary_key=True),
    sa.Column("value", _TEXT, nullable=False),
)
_LOG = sa.Table(
    "log",
    _TABLES,
    sa.Column("origin", _TEXT, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
)
_ENTRY = sa.Table(
    "entry",
    _TABLES,
    sa.Column("origin", _TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("predicate_type", _TEXT),
    sa.Column("fault", _TEXT, nullable=False),
    sa.Index("entry_by_type", "predicate_type", "origin", "position"),
)
_SUBJECT = sa.Table(
    "subject",
    _TABLES,
    sa.Column("sha256", _TEXT, primary_key=True),
    sa.Column("origin", _TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where one entry stands.

    Args:
        fault: Why it cannot be read; empty where it can.
    """

    origin: Origin
    position: int
    sha256: Digest
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the index holds of one entry.

    Args:
        subjects: The digests it is about, sorted.
    """

    position: int
    sha256: Digest
    predicate_type: str | None
    fault: str
    subjects: tuple[str, ...]


class Index:
    """The index of one node.

    Args:
        place: A SQLite file, or the address of a PostgreSQL database.
        owner: Whose index it is; a database that holds another's is refused.
    """

    def __init__(self, place: Path | str, *, owner: str = "") -> None:
        self._path = place if isinstance(place, Path) else None
        self._owner = owner
        try:
            self._engine = self._open(place)
        except StorageFailed as error:
            if self._path is None or error.code != "node.database_broken":
                raise
            _discard(self._path, "is damaged")
            self._engine = self._open(place)

    def size(self, origin: Origin) -> int:
        """Return how many entries of a log are indexed."""
        with self._telling(), self._engine.connect() as connection:
            query = sa.select(_LOG.c.size).where(_LOG.c.origin == origin)
            return connection.execute(query).scalar_one_or_none() or 0

    def sizes(self) -> dict[Origin, int]:
        """Return how many entries of each log are indexed, by the logs' names."""
        with self._telling(), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_LOG).order_by(_LOG.c.origin))
            return {Origin(row.origin): row.size for row in rows}

    def add(self, origin: Origin, start: int, entries: Iterable[tuple[bytes, Reading]]) -> None:
        """Index entries of a log from position *start* on; twice is the same as once."""
        self.add_outlines(origin, start, ((one, to_outline(read)) for one, read in entries))

    def add_outlines(
        self, origin: Origin, start: int, entries: Iterable[tuple[bytes, Outline]]
    ) -> None:
        """Index entries of a log by their outlines, in one transaction."""
        rows: list[tuple[object, ...]] = []  # no object for a row: there are very many
        subjects: list[tuple[object, ...]] = []
        for position, (encoded, (kind, digests, fault)) in enumerate(entries, start):
            kept = None if kind is None else _kept(kind)
            rows.append((origin, position, sha256(encoded), kept, _plain(fault)))
            subjects += [(_kept(digest), origin, position) for digest in digests]
        if not rows:
            return
        subjects.sort()
        with self._telling(), self._engine.begin() as connection:
            self._put(connection, _ENTRY, rows)
            self._put(connection, _SUBJECT, subjects)
            self._advance(connection, origin, start + len(rows))

    def skip(self, origin: Origin, size: int) -> None:
        """Record that of the entries below *size* those that are held are all indexed."""
        if self.size(origin) >= size:
            return
        with self._telling(), self._engine.begin() as connection:
            self._advance(connection, origin, size)

    def find(
        self, *, predicate_type: str | None = None, subject: Digest | None = None
    ) -> Iterator[Located]:
        """Yield where entries stand, log by log in the order of the logs' names.

        Read a page at a time: who stops early pays for no more, and nobody waits for it.
        """
        place = sa.tuple_(_ENTRY.c.origin, _ENTRY.c.position)
        query = sa.select(_ENTRY).order_by(_ENTRY.c.origin, _ENTRY.c.position).limit(_PAGE)
        if predicate_type is not None:
            query = query.where(_ENTRY.c.predicate_type == _kept(predicate_type))
        if subject is not None:
            is_same = (_SUBJECT.c.origin == _ENTRY.c.origin) & (
                _SUBJECT.c.position == _ENTRY.c.position
            )
            query = query.join(_SUBJECT, is_same).where(_SUBJECT.c.sha256 == subject.hex())
        page: Sequence[sa.Row[tuple[object, ...]]] = self._rows(query)
        while page:
            yield from map(_located, page)
            if len(page) < _PAGE:
                return
            last = sa.tuple_(page[-1].origin, page[-1].position)
            page = self._rows(query.where(place > last))

    def find_at(self, origin: Origin, position: int) -> Located | None:
        """Return what stands at one place of a log, or None."""
        query = sa.select(_ENTRY).where(
            _ENTRY.c.origin == origin, _ENTRY.c.position == position
        )
        return next(map(_located, self._rows(query)), None)

    def rows(self, origin: Origin, start: int, stop: int) -> dict[int, Row]:
        """Return all that is held of a stretch of a log, by position."""
        entry, about = _stretch(_ENTRY, origin, start, stop), _SUBJECT.c.sha256
        subjects: dict[int, list[str]] = {}
        query = sa.select(_SUBJECT).where(_stretch(_SUBJECT, origin, start, stop))
        for row in self._rows(query.order_by(about)):
            subjects.setdefault(row.position, []).append(row.sha256)
        return {
            row.position: Row(
                position=row.position,
                sha256=Digest(row.sha256),
                predicate_type=row.predicate_type,
                fault=row.fault,
                subjects=tuple(subjects.get(row.position, ())),
            )
            for row in self._rows(sa.select(_ENTRY).where(entry))
        }

    def has_other(self, origin: Origin, places: range, predicate_type: str) -> bool:
        """Tell whether a stretch of a log holds anything but one kind of statement."""
        other = (_ENTRY.c.predicate_type != predicate_type) | _ENTRY.c.predicate_type.is_(None)
        stretch = _stretch(_ENTRY, origin, places.start, places.stop)
        return bool(self._rows(sa.select(_ENTRY.c.position).where(stretch, other).limit(1)))

    def forget(self, origin: Origin, position: int) -> None:
        """Keep of an erased entry only that it is erased."""
        subject = _stretch(_SUBJECT, origin, position, position + 1)
        place = _stretch(_ENTRY, origin, position, position + 1)
        gone = sa.update(_ENTRY).where(place).values(predicate_type=None, fault=GONE)
        with self._telling(), self._engine.begin() as connection:
            connection.execute(sa.delete(_SUBJECT).where(subject))
            connection.execute(gone)

    def clear(self) -> None:
        """Forget everything; the next view rebuilds it from the logs."""
        with self._telling(), self._engine.begin() as connection:
            for table in (_SUBJECT, _ENTRY, _LOG):
                connection.execute(sa.delete(table))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _open(self, place: Path | str) -> sa.Engine:
        if isinstance(place, Path):
            engine = open_database(place, _TABLES)
        else:
            engine = connect_database(place, _TABLES)
        try:
            with telling(engine):
                self._settle(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _settle(self, engine: sa.Engine) -> None:
        """See that the tables are of this schema and this node's; make them anew if not."""
        with engine.connect() as connection:
            rows = connection.execute(sa.select(_ABOUT))
            about = {row.name: row.value for row in rows}
        owner = about.get("owner", "")
        if owner and self._owner and owner != self._owner:
            raise Conflict(
                f"the database {engine.url.database} holds the index of another node, {owner}",
                code="node.index_owner",
                hint="give each node a database of its own in [index] of its node.toml",
            )
        if about.get("schema") == str(SCHEMA) and (owner or not self._owner):
            return
        if about.get("schema") != str(SCHEMA):
            _make_anew(engine)
        wanted = {"schema": str(SCHEMA), "owner": self._owner}
        with engine.begin() as connection:
            connection.execute(sa.delete(_ABOUT))
            connection.execute(
                sa.insert(_ABOUT), [{"name": name, "value": wanted[name]} for name in wanted]
            )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            with telling(self._engine):
                yield
        except StorageFailed as error:
            if self._path is None or error.code != "node.database_broken":
                raise
            self._engine.dispose()
            _discard(self._path, "was found damaged and has been removed")
            raise StorageFailed(
                error.message, code=error.code, hint="run the same command again"
            ) from None

    def _rows(
        self, query: sa.Select[tuple[object, ...]]
    ) -> Sequence[sa.Row[tuple[object, ...]]]:
        with self._telling(), self._engine.connect() as connection:
            return connection.execute(query).all()

    def _put(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Insert whole rows, in the order of the table's columns; those there stay as they are.

        SQLite is given them as they are: it saves half the time of an insert.
        """
        names = [column.name for column in table.columns]
        if not rows:
            return
        if self._engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(names))
            insert = f"INSERT OR IGNORE INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own tables
            connection.exec_driver_sql(insert, list(rows))
            return
        named = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(inserting(self._engine, table), named)

    def _advance(self, connection: sa.Connection, origin: Origin, size: int) -> None:
        connection.execute(inserting(self._engine, _LOG), {"origin": origin, "size": size})
        update = sa.update(_LOG).where(_LOG.c.origin == origin, _LOG.c.size < size)
        connection.execute(update.values(size=size))


def to_row(position: int, encoded: bytes, reading: Reading) -> Row:
    """Return what the index must hold of an entry."""
    kind, digests, fault = to_outline(reading)
    return Row(
        position=position,
        sha256=sha256(encoded),
        predicate_type=None if kind is None else _kept(kind),
        fault=_plain(fault),
        subjects=tuple(sorted(set(map(_kept, digests)))),
    )


def _kept(text: str) -> str:
    """Return a key as it is kept: what is too long for a database's index by its digest."""
    if len(text) > _MOST_CHARACTERS:
        return f"sha256:{sha256(text.encode('utf-8', errors='replace')).hex()}"
    return _plain(text)


def _plain(text: str) -> str:
    """Replace what no database keeps in a text: zero characters and halves of pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", errors="replace").decode().replace("\0", "\ufffd")


def _stretch(table: sa.Table, origin: Origin, start: int, stop: int) -> sa.ColumnElement[bool]:
    position = table.c.position
    return (table.c.origin == origin) & (position >= start) & (position < stop)


def _discard(path: Path, why: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _log.warning("%s %s; it is rebuilt from the logs", path, why)


def _make_anew(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(_LOG)).scalar_one()
    if count:
        _log.warning(
            "the index in %s is of an older program; it is rebuilt from the logs",
            engine.url.database,
        )
    _TABLES.drop_all(engine)
    _TABLES.create_all(engine)


def _located(row: sa.Row[tuple[object, ...]]) -> Located:
    return Located(
        origin=Origin(row.origin),
        position=row.position,
        sha256=Digest(row.sha256),
        fault=row.fault,
    )
