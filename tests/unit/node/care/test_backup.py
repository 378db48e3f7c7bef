# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import Conflict, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.statement import Statement
from comity.node.care.backup import back_up, put_back, read_manifest
from comity.node.care.fsck import check_node
from comity.node.care.manifest import FILE, from_json, to_json
from comity.node.disk.storage import Disk
from comity.node.node import Node

Found = Callable[[str], Node]
Say = Callable[[int], Statement]


@pytest.fixture
def node(found: Found, say: Say, now: Instant) -> Node:
    """Return a node with a published log, a blob and a secret."""
    made = found("kh")
    made.append([say(1), say(2)], now)
    made.publish(now)
    made.append([say(3)], now)
    made.blobs.put(b"evidence")
    made.vault.put("nonce/a", b"a secret")
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return where the backup goes."""
    return tmp_path / "backup"


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_was_backed_up_is_put_back_byte_by_byte(
    node: Node, target: Path, tmp_path: Path, now: Instant
) -> None:
    """All but locks and what is rebuilt: the index, room in the journal."""
    node.view()
    backup = back_up(node.folder, target, now)
    put_back(target, backup.manifest, Disk(tmp_path / "again"))
    before, after = content(node.folder), content(tmp_path / "again")
    assert {"index.sqlite", "log/lock"} <= set(before) - set(after)
    same = set(after) - {"log/journal", "log/last", "witness.sqlite"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["log/journal"] == before["log/journal"].rstrip(b"\0")
    assert (tmp_path / "again" / "keys.sealed").stat().st_mode & 0o777 == 0o600
    assert check_node(tmp_path / "again").problems == ()
    assert (backup.manifest.size, backup.skipped) == (4, ())


def test_a_second_run_writes_only_what_changed(
    node: Node, target: Path, now: Instant, say: Say
) -> None:
    """And what is no longer part of the node is let go, an erased blob first of all."""
    digest = node.blobs.put(b"to be erased")
    first = back_up(node.folder, target, now)
    assert back_up(node.folder, target, now).written_bytes == 0
    (node.public_folder / "blob" / digest.hex()).unlink()
    node.append([say(4)], now)
    second = back_up(node.folder, target, from_rfc3339("2026-11-22T00:00:00Z"))
    assert 0 < second.written_bytes < first.written_bytes
    assert second.manifest.size == 5
    held = [path.read_bytes() for path in (target / "objects").rglob("*") if path.is_file()]
    assert b"to be erased" not in held
    named = {piece for one in second.manifest.files for piece in one.pieces}
    assert {sha256(one).hex() for one in held} == named


def test_a_backup_of_a_node_that_serves_is_a_moment_of_it(
    node: Node, target: Path, tmp_path: Path, now: Instant, say: Say
) -> None:
    """Appends and publications go on while it runs; each copy checks out whole."""
    stop = threading.Event()

    def work() -> None:
        number = 10
        while not stop.is_set():
            node.append([say(number)], now)
            node.publish(now)
            number += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(8):
            manifest = back_up(node.folder, target, now).manifest
            put_back(target, manifest, Disk(tmp_path / f"copy-{number}"))
    finally:
        stop.set()
        thread.join()
    sizes = []
    for number in range(8):
        report = check_node(tmp_path / f"copy-{number}")
        assert report.problems == ()
        sizes.append(report.entries)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_symbolic_links_are_never_followed(
    node: Node, target: Path, tmp_path: Path, now: Instant
) -> None:
    """Neither a file's nor a folder's: a link may lead anywhere, now or later."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_bytes(b"of another")
    (node.folder / "vault" / "link").symlink_to(tmp_path / "elsewhere" / "secret")
    (node.folder / "linked").symlink_to(tmp_path / "elsewhere")
    backup = back_up(node.folder, target, now)
    assert backup.skipped == (
        "linked is a symbolic link",
        "vault/link is no ordinary file",
    )
    assert b"of another" not in content(target).values()


def test_an_interrupted_run_leaves_the_copy_before_whole(
    node: Node, target: Path, tmp_path: Path, now: Instant, say: Say
) -> None:
    """Whatever file it stops at."""
    before = back_up(node.folder, target, now).manifest
    node.append([say(4)], now)
    node.publish(now)

    class Stopped(Exception):
        """Somebody pulled the plug."""

    def stop_at(last: int) -> Callable[[int, int], None]:
        def progress(done: int, _all: int) -> None:
            if done == last:
                raise Stopped

        return progress

    for last in (1, 4, 8):
        with pytest.raises(Stopped):
            back_up(node.folder, target, now, stop_at(last))
        assert read_manifest(target) == before
        put_back(target, before, Disk(tmp_path / f"copy-{last}"))
        assert check_node(tmp_path / f"copy-{last}").entries == 4
    assert back_up(node.folder, target, now).manifest.size == 5


def test_a_copy_is_not_replaced_by_an_older_one(
    node: Node, found: Found, target: Path, now: Instant, say: Say
) -> None:
    """Nor by another node's: the place was mistyped, or the node itself went back."""
    older = node.folder.with_name("older")
    shutil.copytree(node.folder, older)
    node.append([say(4)], now)
    back_up(node.folder, target, now)
    for other in (older, found("br").folder):
        with pytest.raises(Conflict) as refused:
            back_up(other, target, now)
        assert refused.value.code == "node.backup"
    assert read_manifest(target).size == 5


@pytest.mark.parametrize("place", ["kh/backup", "kh", "file", "full"])
def test_a_place_that_is_not_free_is_refused(
    node: Node, tmp_path: Path, place: str, now: Instant
) -> None:
    """Within the node, a file, or somebody's folder."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_bytes(b"dear")
    with pytest.raises(Conflict):
        back_up(node.folder, tmp_path / place, now)


def test_a_folder_without_a_node_is_said(tmp_path: Path, target: Path, now: Instant) -> None:
    """And without a backup, when it is to be put back."""
    (tmp_path / "file").write_bytes(b"")
    for wrong in (tmp_path, tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(NotFound):
            back_up(wrong, target, now)
    with pytest.raises(NotFound):
        read_manifest(tmp_path)


def test_a_changed_or_missing_piece_is_named(
    node: Node, target: Path, tmp_path: Path, now: Instant
) -> None:
    """With the file that needs it; nothing changed is ever put back."""
    manifest = back_up(node.folder, target, now).manifest
    (journal,) = [one for one in manifest.files if one.name == "log/journal"]
    piece = target / "objects" / journal.pieces[0][:2] / journal.pieces[0][2:]
    piece.write_bytes(piece.read_bytes() + b"!")
    with pytest.raises(VerificationFailed, match="changed piece") as refused:
        put_back(target, manifest, Disk(tmp_path / "one"))
    assert refused.value.place == "log/journal"
    piece.unlink()
    with pytest.raises(VerificationFailed, match="misses its piece"):
        put_back(target, manifest, Disk(tmp_path / "two"))


@pytest.mark.parametrize(
    "name", ["../up", "/root", "a/../../b", "a//b", ".", "a\\b", "a\0b", "log/journal/.."]
)
def test_a_hostile_manifest_leads_nowhere(
    node: Node, target: Path, name: str, now: Instant
) -> None:
    """A backup comes from a disk somebody else may have held."""
    back_up(node.folder, target, now)
    value = from_canonical((target / FILE).read_bytes())
    assert isinstance(value, dict)
    files = value["files"]
    assert isinstance(files, list)
    value["files"] = [{**files[0], "name": name}, *files[1:]]
    (target / FILE).write_bytes(to_canonical(value))
    with pytest.raises(InvalidDocument, match="leads out of the folder"):
        read_manifest(target)


def test_a_manifest_comes_back(node: Node, target: Path, now: Instant) -> None:
    """What is written is read, and a file named twice is refused."""
    manifest = back_up(node.folder, target, now).manifest
    assert from_json(to_json(manifest)) == manifest
    value = from_canonical(to_json(manifest))
    assert isinstance(value, dict)
    assert isinstance(value["files"], list)
    doubled = {**value, "files": value["files"] * 2}
    with pytest.raises(InvalidDocument, match="twice"):
        from_json(to_canonical(doubled))
