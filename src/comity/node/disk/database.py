# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The databases a node uses: SQLite files of its own, or PostgreSQL for the index."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from comity.errors import Fault, InvalidDocument, StorageFailed

POSTGRESQL = "postgresql+psycopg"
_BROKEN = ("malformed", "not a database", "disk image")


def open_database(path: Path, tables: sa.MetaData) -> sa.Engine:
    """Open a SQLite file, creating it and its tables where they are missing.

    Every commit is synced to its write-ahead log.

    Raises:
        StorageFailed: The file cannot be opened or is no database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})
    sa.event.listen(engine, "connect", _set_up)
    return _with_tables(engine, tables)


def connect_database(url: str, tables: sa.MetaData) -> sa.Engine:
    """Open a PostgreSQL database, creating the tables where they are missing.

    The password comes from PGPASSWORD or a passfile (PGPASSFILE), never from *url*.

    Raises:
        InvalidDocument: The address is none of PostgreSQL, or holds a password.
        StorageFailed: The database cannot be reached, or psycopg is not installed.
    """
    checked = check_url(url)
    try:
        engine = sa.create_engine(
            checked, pool_pre_ping=True, connect_args={"connect_timeout": 10}
        )
    except ImportError:
        raise StorageFailed(
            "an index in PostgreSQL needs psycopg, which is not installed",
            code="node.storage",
            hint="install it: pip install 'comity[postgres]'; or take [index] out of node.toml",
        ) from None
    return _with_tables(engine, tables)


def check_url(url: str) -> sa.URL:
    """Read the address of a PostgreSQL database.

    Raises:
        InvalidDocument: It is none, or holds a password.
    """
    try:
        found = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise _refused("is no address of a database") from None
    if found.drivername != POSTGRESQL:
        raise _refused(f"does not begin with {POSTGRESQL}://")
    if found.password is not None or "password" in found.query:
        raise _refused(
            "holds a password, and node.toml is no place for one: set PGPASSWORD or PGPASSFILE"
        )
    return found


@contextmanager
def telling(engine: sa.Engine) -> Iterator[None]:
    """Turn what the database refuses into StorageFailed."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip()
        raise StorageFailed(
            f"the database {engine.url.database} does not obey: {said}",
            code="node.database_broken" if is_broken(said) else "node.storage",
            hint="free space or see that the server runs; an index is rebuilt from the logs by "
            "`comity node reindex`",
        ) from None


def is_broken(said: str) -> bool:
    """Tell from what SQLite says whether its file is damaged, not only busy or full."""
    return any(word in said for word in _BROKEN)


def inserting(engine: sa.Engine, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that leaves rows alone which are there already."""
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def _with_tables(engine: sa.Engine, tables: sa.MetaData) -> sa.Engine:
    try:
        with telling(engine):
            tables.create_all(engine)
    except StorageFailed:
        engine.dispose()
        raise
    return engine


def _set_up(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.close()


def _refused(message: str) -> InvalidDocument:
    said = f"index.url {message}"
    return InvalidDocument(said, code="node.config", faults=[Fault(message=said)])
