# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node's folder of every format there was, as written then: it opens, goes on, verifies.

Made once by the program of its time; example keys under the passphrase "example only".
"""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from comity.kernel.digest import from_hex
from comity.kernel.instant import from_rfc3339
from comity.ledger.statement import Statement, to_predicate_type
from comity.node.care.audit import Policy, verify_log
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.format import FORMAT, read_format
from comity.node.node import Node

FOLDERS = sorted(path for path in (Path(__file__).parent / "nodes").iterdir() if path.is_dir())
PASSPHRASE = "example only"  # noqa: S105 - it protects nothing
NOW = from_rfc3339("2026-11-22T08:00:00Z")
BLOB = from_hex("f38769b730568637a3791a1ce49e9d61ab0a55a2526863e0497ecb0ae151493d")
KH = "0516e0ac583d6dfac8c95e7e79dcb8d2dbffa7fb339a5c8af2796aa761eb1850"
BR = "0fede0ced05ec38bba7cc1099ee5193df8273c44e01708d3625cd44ca630c67b"

pytestmark = pytest.mark.parametrize("old", FOLDERS, ids=lambda path: f"format {path.name}")


@pytest.fixture
def folder(old: Path, tmp_path: Path) -> Path:
    """Return a copy of the old node's folder whose peer is where its settings say."""
    shutil.copytree(old, tmp_path / "old")
    made = tmp_path / "old" / "kh"
    said = (made / "node.toml").read_text("utf-8")
    (made / "keys.sealed").chmod(0o600)  # git keeps no such modes
    (made / "node.toml").write_text(said.replace('"BR"', f'"{tmp_path / "old" / "br"}"'))
    return made


def test_every_format_is_kept_as_data(old: Path) -> None:
    """A folder's name is its format."""
    assert read_format(Disk(old / "kh")) == int(old.name) <= FORMAT


def test_it_checks_out_before_anything_touches_it(folder: Path) -> None:
    """Fsck reads every format and changes none."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = check_node(folder)
    assert (report.entries, report.followed, report.blobs, report.problems) == (9, 1, 1, ())
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before


def test_it_opens_and_is_brought_to_the_newest_format(folder: Path) -> None:
    """The member, its entries and what it keeps are the same."""
    journal = (folder / "log" / "journal").read_bytes()
    with closing(Node.open(folder, PASSPHRASE)) as node:
        assert (node.member, node.log.size) == (KH, 9)
        assert node.blobs.get(BLOB) == b"evidence of an example\n"
        assert node.vault.get("nonce/example") == b"a secret of an example"
        assert len(list(node.view().entries("note"))) == 10
        assert [one.size for one in node.witness.seen()] == [4]
    assert read_format(Disk(folder)) == FORMAT
    assert (folder / "log" / "journal").read_bytes() == journal
    assert check_node(folder).problems == ()


def test_it_goes_on_follows_and_verifies(folder: Path) -> None:
    """New entries stand behind the old ones under one root that anyone recomputes."""
    with closing(Node.open(folder, PASSPHRASE)) as node:
        old = list(node.log.entries())
        assert node.follow("br", NOW).size == 4
        said = Statement(predicate_type=to_predicate_type("note"), predicate={}, subjects=())
        node.append([said], NOW)
        node.publish(NOW)
        assert list(node.log.entries(0, 9)) == old
    verified = verify_log(FolderSource(folder / "public"))
    assert (verified.member, verified.size) == (KH, 10)
    assert not [one.reading.fault for one in verified.entries if one.reading.fault]
    assert check_node(folder).problems == ()


def test_its_public_files_verify_as_they_were(folder: Path) -> None:
    """Whoever holds a copy from then, with nothing but today's program."""
    policy = Policy()
    assert verify_log(FolderSource(folder / "public"), policy).size == 7
    assert verify_log(FolderSource(folder / "peers" / BR), policy).size == 4
