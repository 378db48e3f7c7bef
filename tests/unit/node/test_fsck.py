# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comity.errors import NotFound
from comity.node.fsck import check_node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from comity.kernel.instant import Instant
    from comity.ledger.statement import Statement
    from comity.node.node import Node

    Found = Callable[[str], Node]
    Say = Callable[[int], Statement]


@pytest.fixture
def node(found: Found, say: Say, now: Instant) -> Node:
    """Return a node with three entries in two groups and one blob."""
    made = found("kh")
    made.append([say(1), say(2)], now)
    made.publish(now)
    made.blobs.put(b"evidence")
    return made


def flip(path: Path, at: int) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    written = len(content.rstrip(b"\0"))
    content[at if at >= 0 else written + at] ^= 1
    path.write_bytes(bytes(content))


def test_a_healthy_node_has_no_problems(node: Node) -> None:
    """Everything follows from the logs."""
    report = check_node(node.folder)
    assert (report.entries, report.blobs, report.problems) == (3, 1, ())


@pytest.mark.parametrize(
    ("name", "at", "place"),
    [
        ("log/journal", 30, "log/journal"),
        ("log/journal", -5, "log/journal, byte"),
        ("log/last", 20, "log/last"),
        ("public/checkpoint", 20, "public/checkpoint"),
        ("public/tile/entries/000.p/3", 2000, "public/tile/entries/000.p/3, entry"),
        ("public/tile/0/000.p/3", 40, "public/tile/0/000.p/3, byte 40"),
        ("node.toml", -4, "node.toml"),
    ],
)
def test_what_was_changed_is_named(node: Node, name: str, at: int, place: str) -> None:
    """The file, and the entry or byte where they can be known."""
    flip(node.folder / name, at)
    problems = check_node(node.folder).problems
    assert any(problem.place.startswith(place) for problem in problems), problems


def test_a_changed_blob_is_named(node: Node) -> None:
    """By its file."""
    (blob,) = (node.public_folder / "blob").iterdir()
    flip(blob, 0)
    (problem,) = check_node(node.folder).problems
    assert problem.place == f"blob/{blob.name}"


def test_every_part_is_checked_after_a_problem(node: Node) -> None:
    """One look shows all there is to mend."""
    flip(node.folder / "public" / "checkpoint", 20)
    (blob,) = (node.public_folder / "blob").iterdir()
    flip(blob, 0)
    (node.public_folder / "blob" / "stray").write_bytes(b"")
    places = [problem.place for problem in check_node(node.folder).problems]
    assert {"public/blob/stray", f"blob/{blob.name}"} < set(places)
    assert any(place.startswith("public/checkpoint") for place in places)


def test_an_entry_that_is_no_statement_is_named_with_its_byte(node: Node) -> None:
    """It is in the log for good; its owner should know."""
    node.log.append([b"not a statement"])
    (problem,) = check_node(node.folder).problems
    assert problem.place.startswith("log/journal, entry 3, byte ")
    at = int(problem.place.rsplit(" ", maxsplit=1)[-1])
    journal = (node.folder / "log" / "journal").read_bytes()
    assert journal[at : at + 15] == b"not a statement"


def test_a_folder_without_a_node_is_said(tmp_path: Path) -> None:
    """A mistyped folder is not a healthy node."""
    with pytest.raises(NotFound):
        check_node(tmp_path)
