# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every database a node's index may stand in."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from tests.fakes.database import change
from tests.fakes.postgres import find_programs, running_server

from comity.node.views.index import Index

Place = Path | str
Opened = Callable[..., Index]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the address of a real server's database, or skip saying why there is none."""
    programs = find_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and here it must be")
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    with running_server(programs, ["fsync=off"]) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Return where an empty index may be made."""
    if request.param == "sqlite":
        yield tmp_path / "index.sqlite"
        return
    url: str = request.getfixturevalue("postgresql")
    yield url
    change(url, "drop schema public cascade", "create schema public")


@pytest.fixture
def opened(place: Place) -> Iterator[Opened]:
    """Return a function that opens the index there; all are closed at the end."""
    with ExitStack() as stack:

        def open_index(owner: str = "") -> Index:
            return stack.enter_context(closing(Index(place, owner=owner)))

        yield open_index
