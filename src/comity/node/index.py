# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each statement stands, by kind and by subject; rebuilt from the logs at any time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.reading import Reading
from comity.ledger.redaction import GONE
from comity.node.database import open_database, telling

_TABLES = sa.MetaData()
_LOG = sa.Table(
    "log",
    _TABLES,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
)
_ENTRY = sa.Table(
    "entry",
    _TABLES,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("predicate_type", sa.Text),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Index("entry_by_type", "predicate_type", "origin", "position"),
)
_SUBJECT = sa.Table(
    "subject",
    _TABLES,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("origin", sa.Text, primary_key=True),
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


class Index:
    """The index of one node."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path, _TABLES)

    def size(self, origin: Origin) -> int:
        """Return how many entries of a log are indexed."""
        with telling(self._engine), self._engine.connect() as connection:
            query = sa.select(_LOG.c.size).where(_LOG.c.origin == origin)
            return connection.execute(query).scalar_one_or_none() or 0

    def add(self, origin: Origin, start: int, entries: Iterable[tuple[bytes, Reading]]) -> None:
        """Index entries of a log from position *start* on; twice is the same as once."""
        rows: list[dict[str, object]] = []
        subjects: list[dict[str, object]] = []
        for position, (encoded, reading) in enumerate(entries, start):
            place = {"origin": origin, "position": position}
            statement = reading.statement
            kind = None if statement is None else statement.predicate_type
            row = {"sha256": sha256(encoded), "predicate_type": kind, "fault": reading.fault}
            rows.append({**place, **row})
            subjects.extend({**place, "sha256": digest} for digest in _digests(reading))
        if rows:
            self._insert(origin, start + len(rows), rows, subjects)

    def skip(self, origin: Origin, size: int) -> None:
        """Record that of the entries below *size* those that are held are all indexed."""
        if self.size(origin) >= size:
            return
        with telling(self._engine), self._engine.begin() as connection:
            self._advance(connection, origin, size)

    def find(
        self, *, predicate_type: str | None = None, subject: Digest | None = None
    ) -> Iterator[Located]:
        """Yield where entries stand, log by log in the order of the logs' names."""
        query = sa.select(_ENTRY).order_by(_ENTRY.c.origin, _ENTRY.c.position)
        if predicate_type is not None:
            query = query.where(_ENTRY.c.predicate_type == predicate_type)
        if subject is not None:
            is_same = (_SUBJECT.c.origin == _ENTRY.c.origin) & (
                _SUBJECT.c.position == _ENTRY.c.position
            )
            query = query.join(_SUBJECT, is_same).where(_SUBJECT.c.sha256 == subject.hex())
        with telling(self._engine), self._engine.connect() as connection:
            for row in connection.execute(query).all():
                yield _located(row)

    def find_at(self, origin: Origin, position: int) -> Located | None:
        """Return what stands at one place of a log, or None."""
        query = sa.select(_ENTRY).where(
            _ENTRY.c.origin == origin, _ENTRY.c.position == position
        )
        with telling(self._engine), self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _located(row)

    def has_other(self, origin: Origin, places: range, predicate_type: str) -> bool:
        """Tell whether a stretch of a log holds anything but one kind of statement."""
        other = (_ENTRY.c.predicate_type != predicate_type) | _ENTRY.c.predicate_type.is_(None)
        query = (
            sa.select(_ENTRY.c.position)
            .where(_ENTRY.c.origin == origin, other)
            .where(_ENTRY.c.position >= places.start, _ENTRY.c.position < places.stop)
            .limit(1)
        )
        with telling(self._engine), self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def forget(self, origin: Origin, position: int) -> None:
        """Keep of an erased entry only that it is erased."""
        subject = (_SUBJECT.c.origin == origin) & (_SUBJECT.c.position == position)
        place = (_ENTRY.c.origin == origin) & (_ENTRY.c.position == position)
        gone = sa.update(_ENTRY).where(place).values(predicate_type=None, fault=GONE)
        with telling(self._engine), self._engine.begin() as connection:
            connection.execute(sa.delete(_SUBJECT).where(subject))
            connection.execute(gone)

    def clear(self) -> None:
        """Forget everything; the next view rebuilds it from the logs."""
        with telling(self._engine), self._engine.begin() as connection:
            for table in (_SUBJECT, _ENTRY, _LOG):
                connection.execute(sa.delete(table))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _insert(
        self,
        origin: Origin,
        size: int,
        rows: list[dict[str, object]],
        subjects: list[dict[str, object]],
    ) -> None:
        with telling(self._engine), self._engine.begin() as connection:
            connection.execute(_ignoring(_ENTRY), rows)
            if subjects:
                connection.execute(_ignoring(_SUBJECT), subjects)
            self._advance(connection, origin, size)

    def _advance(self, connection: sa.Connection, origin: Origin, size: int) -> None:
        connection.execute(_ignoring(_LOG), {"origin": origin, "size": size})
        update = sa.update(_LOG).where(_LOG.c.origin == origin, _LOG.c.size < size)
        connection.execute(update.values(size=size))


def _ignoring(table: sa.Table) -> sa.Insert:
    insert = sa.insert(table)
    return insert.prefix_with("OR IGNORE", dialect="sqlite")


def _digests(reading: Reading) -> frozenset[str]:
    statement = reading.statement
    subjects = () if statement is None else statement.subjects
    return frozenset(one.digest["sha256"] for one in subjects if "sha256" in one.digest)


def _located(row: sa.Row[tuple[object, ...]]) -> Located:
    return Located(
        origin=Origin(row.origin),
        position=row.position,
        sha256=Digest(row.sha256),
        fault=row.fault,
    )
