# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each statement stands, by kind and by subject; rebuilt from the logs at any time.

It is the only thing a node may keep in a database that others run: losing it, or finding an
older copy in its place, costs time and nothing else.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Conflict, StorageFailed
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.reading import Outline, Reading, to_outline
from comity.ledger.redaction import GONE
from comity.node.disk.database import (
    Change,
    Database,
    Found,
    connect_database,
    open_database,
)

SCHEMA = 3
_PAGE = 1024
_MOST_CHARACTERS = 500
_DIGEST_BYTES = 32
_log = logging.getLogger(__name__)

_TABLES = (
    "create table if not exists about (name {text} primary key, value {text} not null)",
    "create table if not exists log (origin {text} primary key, size bigint not null)",
    (
        "create table if not exists entry (origin {text} not null, position bigint not null, "
        "sha256 {bytes} not null, predicate_type {text}, fault {text} not null, "
        "primary key (origin, position)){in_order}"
    ),
    "create index if not exists entry_by_type on entry (predicate_type, origin, position)",
    (
        "create table if not exists subject (sha256 {bytes} not null, origin {text} not null, "
        "position bigint not null, primary key (sha256, origin, position)){in_order}"
    ),
)
_NAMES = ("subject", "entry", "log", "about")
_ENTRY = "entry.origin, entry.position, entry.sha256, entry.fault"
_STRETCH = "origin = ? and position >= ? and position < ?"
_PUT_ENTRY = "insert into entry values (?, ?, ?, ?, ?) on conflict do nothing"
_PUT_SUBJECT = "insert into subject values (?, ?, ?) on conflict do nothing"


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
    subjects: tuple[bytes, ...]


class Batch:
    """Entries of one log on their way into the index; the more at once, the less each costs.

    Args:
        reach: Below it all is indexed once this is.
    """

    __slots__ = ("_kinds", "origin", "reach", "rows", "subjects")

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.reach = 0
        self.rows: list[tuple[object, ...]] = []  # no object for a row: there are very many
        self.subjects: list[tuple[bytes, str, int]] = []
        self._kinds: dict[str, str] = {}

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.rows)

    def take(self, start: int, entries: Iterable[tuple[bytes, Outline]]) -> None:
        """Add entries that stand from position *start* on."""
        origin, kinds, rows = self.origin, self._kinds, self.rows
        new, position = hashlib.sha256, start - 1
        for position, (encoded, (kind, digests, fault)) in enumerate(entries, start):
            kept = None if kind is None else kinds.get(kind)
            if kept is None and kind is not None:
                kept = kinds[kind] = _kept(kind)
            said = _plain(fault) if fault else ""
            rows.append((origin, position, new(encoded).digest(), kept, said))
            for digest in digests:
                subject = _subject(digest)
                if subject is not None:
                    self.subjects.append((subject, origin, position))
        self.reach = max(self.reach, position + 1)


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
            self._database = self._open(place)
        except StorageFailed as error:
            if self._path is None or error.code != "node.database_broken":
                raise
            _discard(self._path, "is damaged")
            self._database = self._open(place)

    def size(self, origin: Origin) -> int:
        """Return how many entries of a log are indexed."""
        rows = self._rows("select size from log where origin = ?", (origin,))
        return int(rows[0][0]) if rows else 0

    def sizes(self) -> dict[Origin, int]:
        """Return how many entries of each log are indexed, by the logs' names."""
        rows = self._rows("select origin, size from log order by origin")
        return {Origin(origin): size for origin, size in rows}

    def add(self, origin: Origin, start: int, entries: Iterable[tuple[bytes, Reading]]) -> None:
        """Index entries of a log from position *start* on; twice is the same as once."""
        self.add_outlines(origin, start, ((one, to_outline(read)) for one, read in entries))

    def add_outlines(
        self, origin: Origin, start: int, entries: Iterable[tuple[bytes, Outline]]
    ) -> None:
        """Index entries of a log by their outlines, in one transaction."""
        batch = Batch(origin)
        batch.take(start, entries)
        self.put(batch)

    def put(self, batch: "Batch") -> None:
        """Index a batch in one transaction."""
        if not batch.rows:
            return
        batch.subjects.sort()
        with self._changing() as change:
            change.run_each(_PUT_ENTRY, batch.rows)
            change.run_each(_PUT_SUBJECT, batch.subjects)
            _advance(change, batch.origin, batch.reach)

    def skip(self, origin: Origin, size: int) -> None:
        """Record that of the entries below *size* those that are held are all indexed."""
        if self.size(origin) >= size:
            return
        with self._changing() as change:
            _advance(change, origin, size)

    def find(
        self, *, predicate_type: str | None = None, subject: Digest | None = None
    ) -> Iterator[Located]:
        """Yield where entries stand, log by log in the order of the logs' names.

        Read a page at a time: who stops early pays for no more, and nobody waits for it.
        """
        conditions: list[str] = []
        values: list[object] = []
        table = "entry"
        if predicate_type is not None:
            conditions.append("entry.predicate_type = ?")
            values.append(_kept(predicate_type))
        if subject is not None:
            table = (
                "entry join subject on subject.origin = entry.origin "
                "and subject.position = entry.position"
            )
            conditions.append("subject.sha256 = ?")
            values.append(subject)
        page = self._page(table, conditions, values)
        while page:
            yield from map(_located, page)
            if len(page) < _PAGE:
                return
            beyond = (*conditions, "(entry.origin, entry.position) > (?, ?)")
            page = self._page(table, beyond, (*values, *page[-1][:2]))

    def _page(
        self, table: str, conditions: Sequence[str], values: Sequence[object]
    ) -> Sequence[Found]:
        where = f" where {' and '.join(conditions)}" if conditions else ""
        order = "order by entry.origin, entry.position"
        query = f"select {_ENTRY} from {table}{where} {order} limit {_PAGE}"  # noqa: S608 - words of this module
        return self._rows(query, values)

    def find_at(self, origin: Origin, position: int) -> Located | None:
        """Return what stands at one place of a log, or None."""
        query = f"select {_ENTRY} from entry where origin = ? and position = ?"  # noqa: S608 - as above
        return next(map(_located, self._rows(query, (origin, position))), None)

    def rows(self, origin: Origin, start: int, stop: int) -> dict[int, Row]:
        """Return all that is held of a stretch of a log, by position."""
        stretch = (origin, start, stop)
        subjects: dict[int, list[bytes]] = {}
        query = f"select position, sha256 from subject where {_STRETCH} order by sha256"  # noqa: S608 - as above
        for position, digest in self._rows(query, stretch):
            subjects.setdefault(position, []).append(digest)
        query = f"select position, sha256, predicate_type, fault from entry where {_STRETCH}"  # noqa: S608 - as above
        return {
            position: Row(
                position=position,
                sha256=Digest(digest),
                predicate_type=kind,
                fault=fault,
                subjects=tuple(subjects.get(position, ())),
            )
            for position, digest, kind, fault in self._rows(query, stretch)
        }

    def has_other(self, origin: Origin, places: range, predicate_type: str) -> bool:
        """Tell whether a stretch of a log holds anything but one kind of statement."""
        other = "(predicate_type <> ? or predicate_type is null)"
        query = f"select position from entry where {_STRETCH} and {other} limit 1"  # noqa: S608 - as above
        values = (origin, places.start, places.stop, predicate_type)
        return bool(self._rows(query, values))

    def forget(self, origin: Origin, position: int) -> None:
        """Keep of an erased entry only that it is erased."""
        stretch = (origin, position, position + 1)
        with self._changing() as change:
            change.run(f"delete from subject where {_STRETCH}", stretch)  # noqa: S608 - as above
            gone = f"update entry set predicate_type = null, fault = ? where {_STRETCH}"  # noqa: S608 - as above
            change.run(gone, (GONE, *stretch))

    def clear(self) -> None:
        """Forget everything; the next view rebuilds it from the logs."""
        with self._changing() as change:
            for table in ("subject", "entry", "log"):
                change.run(f"delete from {table}")  # noqa: S608 - as above

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _open(self, place: Path | str) -> Database:
        if isinstance(place, Path):
            database = open_database(place, _TABLES)
        else:
            database = connect_database(place, _TABLES)
        try:
            self._settle(database)
        except BaseException:
            database.close()
            raise
        return database

    def _settle(self, database: Database) -> None:
        """See that the tables are of this schema and this node's; make them anew if not."""
        about: dict[str, str] = dict(database.read("select name, value from about"))
        owner = about.get("owner", "")
        if owner and self._owner and owner != self._owner:
            raise Conflict(
                f"the database {database.name} holds the index of another node, {owner}",
                code="node.index_owner",
                hint="give each node a database of its own in [index] of its node.toml",
            )
        if about.get("schema") == str(SCHEMA) and (owner or not self._owner):
            return
        if about.get("schema") != str(SCHEMA):
            _make_anew(database)
        with database.changing() as change:
            change.run("delete from about")
            rows = (("schema", str(SCHEMA)), ("owner", self._owner))
            change.run_each("insert into about values (?, ?) on conflict do nothing", rows)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Remove a file that is found damaged: it is made anew from the logs."""
        try:
            yield
        except StorageFailed as error:
            if self._path is None or error.code != "node.database_broken":
                raise
            self._database.close()
            _discard(self._path, "was found damaged and has been removed")
            raise StorageFailed(
                error.message, code=error.code, hint="run the same command again"
            ) from None

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        with self._telling(), self._database.changing() as change:
            yield change

    def _rows(self, query: str, values: Sequence[object] = ()) -> Sequence[Found]:
        with self._telling():
            return self._database.read(query, values)


def to_row(position: int, encoded: bytes, reading: Reading) -> Row:
    """Return what the index must hold of an entry."""
    kind, digests, fault = to_outline(reading)
    return Row(
        position=position,
        sha256=sha256(encoded),
        predicate_type=None if kind is None else _kept(kind),
        fault=_plain(fault),
        subjects=tuple(sorted({one for one in map(_subject, digests) if one is not None})),
    )


def _subject(digest: str) -> bytes | None:
    """Return the bytes of a digest; what is spelled otherwise is the digest of nothing."""
    try:
        found = bytes.fromhex(digest)
    except ValueError:
        return None
    return found if len(found) == _DIGEST_BYTES and found.hex() == digest else None


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


def _advance(change: Change, origin: Origin, size: int) -> None:
    change.run("insert into log values (?, ?) on conflict do nothing", (origin, size))
    change.run("update log set size = ? where origin = ? and size < ?", (size, origin, size))


def _discard(path: Path, why: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _log.warning("%s %s; it is rebuilt from the logs", path, why)


def _make_anew(database: Database) -> None:
    ((count,),) = database.read("select count(*) from log")
    if count:
        _log.warning(
            "the index in %s is of an older program; it is rebuilt from the logs",
            database.name,
        )
    with database.changing() as change:
        for name in _NAMES:
            change.run(f"drop table {name}")
        for table in _TABLES:
            change.run(table)


def _located(row: Found) -> Located:
    origin, position, digest, fault = row
    return Located(origin=Origin(origin), position=position, sha256=Digest(digest), fault=fault)
