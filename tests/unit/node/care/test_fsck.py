# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from comity.errors import NotFound, StorageFailed
from comity.node.care.fsck import check_node
from comity.node.care.repair import repair
from comity.node.member.config import Peer
from comity.node.witness.witness import to_request

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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("keys.sealed", b"{}", "keys.sealed: has not the shape"),
        ("keys.sealed", b"\xff", "keys.sealed: "),
        ("vault/nonce", b"short", "vault/nonce: is too short"),
        ("witness.sqlite", b"no database" * 9, "witness.sqlite: file is not a database"),
        ("index.sqlite", b"no database" * 9, "index.sqlite: file is not a database"),
        ("format", b"9\n", "format: the node's folder is of format 9"),
        ("log/last", b"\0" * 8, "log/last: both slots are torn"),
        (
            ".node.toml.4194305.0.new",
            b"half",
            ".node.toml.4194305.0.new: was left half-written",
        ),
    ],
)
def test_what_stands_beside_the_logs_is_checked(
    node: Node, name: str, content: bytes, said: str
) -> None:
    """Keys, secrets, records, index, format, leftovers: each named by its file."""
    node.view()
    node.close()
    path = node.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)
    before = {one: one.read_bytes() for one in node.folder.rglob("*") if one.is_file()}
    found = [f"{one.place}: {one.message}" for one in check_node(node.folder).problems]
    assert any(one.startswith(said) for one in found), found
    after = {one: one.read_bytes() for one in node.folder.rglob("*") if one.is_file()}
    assert after == before


def test_a_key_file_that_others_may_read_is_named(node: Node) -> None:
    """Its passphrase is then all that protects it."""
    (node.folder / "keys.sealed").chmod(0o644)
    (problem,) = check_node(node.folder).problems
    assert "chmod 600" in problem.message


def test_a_record_of_the_witness_that_was_changed_is_named(
    node: Node, found: Found, now: Instant
) -> None:
    """The note beside it says what was cosigned."""
    other = found("br")
    _, note, _ = other.log.prepare()
    key = other.keyset.log_key
    node.add_peer(Peer(member=other.member, name="br", url="/br", log_key=key))
    assert node.witness.add_checkpoint(to_request(0, (), note), now).status == 200
    assert check_node(node.folder).problems == ()
    node.close()
    with closing(sqlite3.connect(node.folder / "witness.sqlite")) as records, records:
        records.execute("update witnessed set size = 7")
    (problem,) = check_node(node.folder).problems
    assert problem.place == "witness.sqlite, br.example/log"
    assert problem.message == "the record says size 7, and its note says 1"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("update entry set kind = null where position = 1", ", entry 1"),
        ("update entry set sha256 = x'00' where position = 2", ", entry 2"),
        ("delete from entry where position = 0", ", entry 0"),
        ("delete from subject", ", entry 0"),
        ("update log set size = 9", ""),
    ],
)
def test_an_index_that_says_something_else_is_named_and_mended(
    node: Node, change: str, place: str
) -> None:
    """By the first entry whose row does not follow; repaired, the next view is right."""
    assert len(list(node.view().entries("note"))) == 2
    with closing(sqlite3.connect(node.folder / "index.sqlite")) as index, index:
        index.execute(change)
    (problem,) = check_node(node.folder).problems
    assert problem.place == f"index.sqlite, kh.example/log{place}"
    assert repair(node.folder) == (
        "the index emptied; the next view rebuilds it from the logs",
    )
    assert len(list(node.view().entries("note"))) == 2
    assert check_node(node.folder).problems == ()


@pytest.mark.parametrize("name", ["tile/0/000.p/3", "tile/entries/000.p/3"])
@pytest.mark.parametrize("is_gone", [False, True])
def test_tiles_and_bundles_are_made_anew_from_the_journal(
    node: Node, name: str, *, is_gone: bool
) -> None:
    """The same bytes as before, under the checkpoint that was public."""
    path = node.public_folder / name
    before = path.read_bytes()
    if is_gone:
        path.unlink()
    else:
        flip(path, len(before) // 2)
    assert check_node(node.folder).problems
    assert repair(node.folder) == ("3 entries written to public/tile anew",)
    assert path.read_bytes() == before
    assert check_node(node.folder).problems == ()
    assert repair(node.folder) == ()


def test_what_cannot_be_derived_is_never_touched(node: Node) -> None:
    """A damaged journal, a changed blob: named again after a repair, byte for byte."""
    flip(node.folder / "log" / "journal", 30)
    (blob,) = (node.public_folder / "blob").iterdir()
    flip(blob, 0)
    flip(node.public_folder / "tile" / "0" / "000.p" / "3", 1)
    before = {one: one.read_bytes() for one in node.folder.rglob("*") if one.is_file()}
    places = {one.place for one in check_node(node.folder).problems}
    with pytest.raises(StorageFailed, match="damaged at byte 0"):
        repair(node.folder)
    assert {one: one.read_bytes() for one in before} == before
    assert {one.place for one in check_node(node.folder).problems} == places


def test_a_folder_without_a_node_is_said(tmp_path: Path) -> None:
    """A mistyped folder is not a healthy node."""
    with pytest.raises(NotFound):
        check_node(tmp_path)
