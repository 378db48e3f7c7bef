# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node founded in a moment, for the tests of this room."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing

Found = Callable[[str], Node]


@pytest.fixture
def now() -> Instant:
    """Return one fixed moment."""
    return from_rfc3339("2026-11-21T19:19:24Z")


@pytest.fixture
def found(tmp_path: Path, now: Instant) -> Iterator[Found]:
    """Return a function that founds a regulator's node by name; all are closed at the end."""
    with ExitStack() as stack:

        def create(name: str) -> Node:
            node = Node.create(
                tmp_path / name,
                name=name,
                role="regulator",
                jurisdiction="KHM",
                origin=f"{name}.example/log",
                passphrase=PASSPHRASE,
                now=now,
                entropy=entropy_of(name),
                example=True,
            )
            return stack.enter_context(closing(node))

        yield create


def entropy_of(name: str) -> Callable[[int], bytes]:
    """Return bytes that look random and are the same in every run."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{name} {count}".encode()).digest(size)

    return draw


@pytest.fixture
def say() -> Callable[[int], Statement]:
    """Return a function that makes a small numbered statement."""
    return _say


def _say(number: int) -> Statement:
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )
