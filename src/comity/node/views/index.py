# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each statement stands, by kind and by subject; rebuilt from the logs at any time.

It is the only thing a node may keep in a database that others run: losing it, or finding an
older copy in its place, costs time and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Conflict, StorageFailed
from comity.kernel.digest import Digest
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
from comity.node.views.batch import Batch, Row, kept

SCHEMA = 4
_PAGE = 1024
_log = logging.getLogger(__name__)

_ABOUT = ("create table if not exists about (name {text} primary key, value {text} not null)",)
_TABLES = (
    "create table log (id {counted}, origin {text} not null unique, size bigint not null)",
    "create table kind (id {counted}, name {text} not null unique)",
    (
        "create table entry (log bigint not null, position bigint not null, "
        "sha256 {bytes} not null, kind bigint, fault {text} not null, "
        "primary key (log, position)){in_order}"
    ),
    "create index entry_by_kind on entry (kind, log, position)",
    (
        "create table subject (sha256 {bytes} not null, log bigint not null, "
        "position bigint not null, primary key (sha256, log, position)){in_order}"
    ),
)
_NAMES = ("subject", "entry", "kind", "log")
_ENTRY = "select log.origin, entry.position, entry.sha256, entry.fault"
_LOG = "(select id from log where origin = ?)"
_KIND = "(select id from kind where name = ?)"
_STRETCH = f"log = {_LOG} and position >= ? and position < ?"
_READ_ABOUT = "select name, value from about"


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

    def put(self, batch: Batch) -> None:
        """Index a batch in one transaction."""
        if not batch.rows:
            return
        batch.subjects.sort()
        with self._changing() as change:
            log = _numbered(change, "log (origin, size) values (?, 0)", _LOG, batch.origin)
            kinds: dict[str | None, int | None] = {None: None}
            for name in batch.kinds.values():
                kinds[name] = _numbered(change, "kind (name) values (?)", _KIND, name)
            rows = (
                (log, at, digest, kinds[kind], said) for at, digest, kind, said in batch.rows
            )
            change.insert("entry", 5, rows)
            change.insert("subject", 3, ((one, log, at) for one, at in batch.subjects))
            _advance(change, batch.origin, batch.reach)

    def skip(self, origin: Origin, size: int) -> None:
        """Record that of the entries below *size* those that are held are all indexed."""
        if self.size(origin) >= size:
            return
        with self._changing() as change:
            _numbered(change, "log (origin, size) values (?, 0)", _LOG, origin)
            _advance(change, origin, size)

    def find(
        self, *, predicate_type: str | None = None, subject: Digest | None = None
    ) -> Iterator[Located]:
        """Yield where entries stand, log by log in the order of the logs' names.

        Read a page at a time: who stops early pays for no more, and nobody waits for it.
        """
        table, values = "entry", list[object]()
        where = "lead.log = log.id and entry.log = lead.log and entry.position = lead.position"
        if subject is not None:
            table, where = "subject", f"{where} and lead.sha256 = ?"
            values.append(subject)
        if predicate_type is not None:
            name = "entry" if subject is not None else "lead"
            where += f" and {name}.kind = {_KIND}"
            values.append(kept(predicate_type))
        query = f"{_ENTRY} from log cross join {table} as lead cross join entry where {where}"
        for page in self._pages(query, values):
            yield from map(_located, page)

    def _pages(self, query: str, values: Sequence[object]) -> Iterator[Sequence[Found]]:
        """Yield the answers to a query, where a page ends first those of the same log."""
        page = self._page(query, values)
        yield page
        while len(page) == _PAGE:
            origin, position, *_ = page[-1]
            rest = f"{query} and log.origin = ? and lead.position > ?"
            page = self._page(rest, (*values, origin, position))
            yield page
            if len(page) < _PAGE:
                page = self._page(f"{query} and log.origin > ?", (*values, origin))
                yield page

    def _page(self, query: str, values: Sequence[object]) -> Sequence[Found]:
        return self._rows(f"{query} order by log.origin, lead.position limit {_PAGE}", values)

    def find_at(self, origin: Origin, position: int) -> Located | None:
        """Return what stands at one place of a log, or None."""
        query = f"{_ENTRY} from log join entry on entry.log = log.id"
        where = "where log.origin = ? and entry.position = ?"
        return next(map(_located, self._rows(f"{query} {where}", (origin, position))), None)

    def rows(self, origin: Origin, start: int, stop: int) -> dict[int, Row]:
        """Return all that is held of a stretch of a log, by position."""
        stretch = (origin, start, stop)
        subjects: dict[int, list[bytes]] = {}
        query = f"select position, sha256 from subject where {_STRETCH} order by sha256"  # noqa: S608 - words of this module
        for position, digest in self._rows(query, stretch):
            subjects.setdefault(position, []).append(digest)
        query = (
            "select position, sha256, kind.name, fault from entry "  # noqa: S608 - as above
            f"left join kind on kind.id = entry.kind where {_STRETCH}"
        )
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
        other = "(kind is null or kind not in (select id from kind where name = ?))"
        query = f"select position from entry where {_STRETCH} and {other} limit 1"  # noqa: S608 - as above
        values = (origin, places.start, places.stop, predicate_type)
        return bool(self._rows(query, values))

    def forget(self, origin: Origin, position: int) -> None:
        """Keep of an erased entry only that it is erased."""
        stretch = (origin, position, position + 1)
        with self._changing() as change:
            change.run(f"delete from subject where {_STRETCH}", stretch)  # noqa: S608 - as above
            gone = f"update entry set kind = null, fault = ? where {_STRETCH}"  # noqa: S608 - as above
            change.run(gone, (GONE, *stretch))

    def clear(self) -> None:
        """Forget everything; the next view rebuilds it from the logs."""
        with self._changing() as change:
            for table in _NAMES:
                change.run(f"delete from {table}")  # noqa: S608 - as above

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _open(self, place: Path | str) -> Database:
        if isinstance(place, Path):
            database = open_database(place, _ABOUT)
        else:
            database = connect_database(place, _ABOUT)
        try:
            self._settle(database)
        except BaseException:
            database.close()
            raise
        return database

    def _settle(self, database: Database) -> None:
        """See that the tables are of this schema and this node's; make them anew if not."""
        about = dict[str, str](database.read(_READ_ABOUT))
        if self._is_settled(about, database.name):
            return
        with database.changing() as change:
            # Another process may do the same: whoever writes this row second waits here.
            change.run("insert into about values ('schema', '') on conflict do nothing")
            about = dict[str, str](change.read(_READ_ABOUT))
            if self._is_settled(about, database.name):
                return
            if about["schema"] != str(SCHEMA):
                _make_anew(change, database.name, is_older=bool(about["schema"]))
            change.run("delete from about")
            rows = (("schema", str(SCHEMA)), ("owner", self._owner))
            change.insert("about", 2, rows)

    def _is_settled(self, about: Mapping[str, str], name: str) -> bool:
        """Tell whether nothing has to be made.

        Raises:
            Conflict: Another node's index stands there.
        """
        owner = about.get("owner", "")
        if owner and self._owner and owner != self._owner:
            raise Conflict(
                f"the database {name} holds the index of another node, {owner}",
                code="node.index_owner",
                hint="give each node a database of its own in [index] of its node.toml",
            )
        return about.get("schema") == str(SCHEMA) and bool(owner or not self._owner)

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


def _numbered(change: Change, row: str, number: str, name: str) -> int:
    """Return the number that stands for a name in the rows, given to it where it has none."""
    change.run(f"insert into {row} on conflict do nothing", (name,))
    ((found,),) = change.read(f"select {number}", (name,))
    return int(found)


def _advance(change: Change, origin: Origin, size: int) -> None:
    change.run("update log set size = ? where origin = ? and size < ?", (size, origin, size))


def _discard(path: Path, why: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _log.warning("%s %s; it is rebuilt from the logs", path, why)


def _make_anew(change: Change, name: str, *, is_older: bool) -> None:
    if is_older and change.read("select count(*) from log") != [(0,)]:
        _log.warning(
            "the index in %s is of an older program; it is rebuilt from the logs", name
        )
    for table in _NAMES:
        change.run(f"drop table if exists {table}")
    for table in _TABLES:
        change.run(table)


def _located(row: Found) -> Located:
    origin, position, digest, fault = row
    return Located(origin=Origin(origin), position=position, sha256=Digest(digest), fault=fault)
