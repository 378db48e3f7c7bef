# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What somebody else does to a node's database, behind its back."""

from contextlib import closing
from pathlib import Path

from comity.node.disk.database import connect_database, open_database


def change(place: Path | str, *statements: str) -> None:
    """Run statements on a SQLite file, or on the PostgreSQL database at an address."""
    database = (
        open_database(place, ()) if isinstance(place, Path) else connect_database(place, ())
    )
    with closing(database), database.changing() as one:
        for statement in statements:
            one.run(statement)
