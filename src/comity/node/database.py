# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""SQLite as a node uses it: write-ahead log, synced at every commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from comity.errors import StorageFailed


def open_database(path: Path, tables: sa.MetaData) -> sa.Engine:
    """Open a database file, creating it and its tables where they are missing.

    Raises:
        StorageFailed: The file cannot be opened or is no database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})
    sa.event.listen(engine, "connect", _set_up)
    try:
        with telling(engine):
            tables.create_all(engine)
    except StorageFailed:
        engine.dispose()
        raise
    return engine


@contextmanager
def telling(engine: sa.Engine) -> Iterator[None]:
    """Turn what the database refuses into StorageFailed."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        raise StorageFailed(
            f"the database {engine.url.database} does not obey: {error.orig}",
            code="node.storage",
            hint="free space; index.sqlite may be removed, it is rebuilt from the logs",
        ) from None


def _set_up(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.close()
