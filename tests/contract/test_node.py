# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A whole node over either database: found, said, followed, checked, rebuilt."""

import secrets
from contextlib import closing
from pathlib import Path

import pytest
from tests.fakes.database import change

from comity.errors import Conflict
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.care.backup import back_up
from comity.node.care.fsck import check_node
from comity.node.care.repair import repair
from comity.node.care.restored import restore
from comity.node.member.config import Peer
from comity.node.node import Node

NOW = from_rfc3339("2026-11-21T19:19:24Z")
PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing
Place = Path | str


def found(folder: Path, name: str) -> Node:
    """Found a regulator's node."""
    return Node.create(
        folder / name,
        name=name,
        role="regulator",
        jurisdiction="KHM",
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=secrets.token_bytes,
        example=True,
    )


def note(number: int) -> Statement:
    """Return a small numbered statement."""
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )


def keep_index_at(folder: Path, place: Place) -> None:
    """Write down in node.toml where the index stands."""
    if isinstance(place, str):
        settings = folder / "node.toml"
        settings.write_text(
            f'{settings.read_text("utf-8")}\n[index]\nurl = "{place}"\n', "utf-8"
        )


@pytest.fixture
def folder(tmp_path: Path, place: Place) -> Path:
    """Return a node's folder, with its own log and one it follows."""
    with closing(found(tmp_path, "br")) as other, closing(found(tmp_path, "kh")) as node:
        other.append([note(n) for n in range(300)], NOW)
        other.publish(NOW)
        node.append([note(1), note(2)], NOW)
        node.publish(NOW)
        node.add_peer(
            Peer(
                member=other.member,
                name="br",
                url=str(other.public_folder),
                log_key=other.keyset.log_key,
            )
        )
    keep_index_at(node.folder, place)
    return node.folder


def notes(folder: Path) -> list[tuple[str, int]]:
    """Return where a node's view finds the statements."""
    with closing(Node.open(folder, PASSPHRASE)) as node:
        node.follow("br", NOW)
        entries = node.view().entries("note")
        return [(one.reference.log, one.reference.index) for one in entries]


EXPECTED = [
    *(("br.example/log", at) for at in range(1, 301)),
    ("kh.example/log", 1),
    ("kh.example/log", 2),
]


def test_a_node_sees_the_same_over_either(folder: Path, place: Place) -> None:
    """And keeps its index nowhere else."""
    assert notes(folder) == EXPECTED
    assert (folder / "index.sqlite").exists() == isinstance(place, Path)
    assert check_node(folder).problems == ()


def test_a_wrong_row_is_found_and_the_index_rebuilt(folder: Path, place: Place) -> None:
    """By the place where it stands; the next view is right again."""
    assert notes(folder) == EXPECTED
    stands = folder / "index.sqlite" if isinstance(place, Path) else place
    change(stands, "update entry set fault = 'no' where position = 290")
    (problem,) = check_node(folder).problems
    assert problem.place.endswith(", br.example/log, entry 290")
    assert len(repair(folder)) == 1
    assert notes(folder) == EXPECTED
    assert check_node(folder).problems == ()


def test_a_restored_node_finds_its_index_or_makes_it(folder: Path, tmp_path: Path) -> None:
    """The index is in no backup."""
    assert notes(folder) == EXPECTED
    back_up(folder, tmp_path / "backup", NOW)
    restore(tmp_path / "backup", tmp_path / "again", NOW)
    assert notes(tmp_path / "again") == EXPECTED


def test_a_second_node_in_one_database_is_refused(
    folder: Path, place: Place, tmp_path: Path
) -> None:
    """Each has its own."""
    if isinstance(place, Path):
        pytest.skip("a file in a node's own folder is nobody else's")
    assert notes(folder) == EXPECTED
    keep_index_at(tmp_path / "br", place)
    with closing(Node.open(tmp_path / "br", PASSPHRASE)) as other:
        with pytest.raises(Conflict) as refused:
            other.view()
        assert refused.value.code == "node.index_owner"
