# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fakes.power import SIGNER, Medium, PowerCut

from comity.errors import InvalidDocument, NotFound, NotPermitted
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.ledger.redaction import Erased, has_gap, is_erased
from comity.ledger.statement import Statement
from comity.node.care.audit import verify_log
from comity.node.care.fsck import check_node
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.log import JOURNAL, LAST, Log
from comity.node.logs.redacting import RECORD, redact_own, redacted
from comity.node.logs.tiles import fetch_bundle
from comity.node.node import Node

Found = Callable[[str], Node]
Say = Callable[[int], Statement]
SECRET = b"the secret that must go"


def test_an_entry_leaves_every_file_and_the_log_goes_on(
    found: Found, say: Say, now: Instant
) -> None:
    """The root, the checkpoint and all neighbours stay; the log is appended to and verifies."""
    node = found("kh")
    node.append([say(number) for number in range(5)], now)
    before = node.publish(now).checkpoint
    gone = next(iter(node.log.entries(3, 4)))
    assert redact_own(Disk(node.folder), 3)
    assert not redact_own(Disk(node.folder), 3)
    assert redacted(Disk(node.folder)) == {3: "note"}
    for path in node.folder.rglob("*"):
        assert not path.is_file() or gone not in path.read_bytes(), path
    verified = verify_log(FolderSource(node.public_folder))
    assert verified.checkpoint == before
    assert check_node(node.folder).erased == ("log/journal, entry 3", "public, entry 3")
    assert [one.index for one in verified.entries if one.reading.fault] == [3]
    assert check_node(node.folder).problems == ()
    node.append([say(9)], now)
    node.publish(now)
    assert check_node(node.folder).problems == ()
    assert verify_log(FolderSource(node.public_folder)).size == 7


def test_another_process_reads_on_where_it_was(found: Found, say: Say, now: Instant) -> None:
    """No byte behind the entry moves, so nothing another process remembers is wrong."""
    node = found("kh")
    node.append([say(1)], now)
    node.append([say(2)], now)
    other = Log(Disk(node.folder), node._keys.log)
    assert redact_own(Disk(node.folder), 1)
    entries = list(other.entries())
    assert [is_erased(one) for one in entries] == [False, True, False]
    other.append([b"from the other process"])
    node.log.refresh()
    assert node.log.size == 4
    assert check_node(node.folder).problems[0].message.startswith("not canonical")


def test_a_full_bundle_is_redacted_in_every_width_it_stands_in(
    found: Found, say: Say, now: Instant
) -> None:
    """A partial copy left beside the full one would still tell."""
    node = found("kh")
    node.append([say(number) for number in range(100)], now)
    node.publish(now)
    gone = next(iter(node.log.entries(50, 51)))
    node.append([say(number) for number in range(100, 300)], now)
    node.publish(now)
    redact_own(Disk(node.folder), 50)
    assert not [p for p in node.folder.rglob("*") if p.is_file() and gone in p.read_bytes()]
    assert (node.public_folder / "tile" / "redacted" / "000").is_file()
    assert not (node.public_folder / "tile" / "entries" / "000").exists()
    assert verify_log(FolderSource(node.public_folder)).size == 301


def test_an_entry_not_yet_published_is_never_published(
    found: Found, say: Say, now: Instant
) -> None:
    """Its leaf hash was signed, so the gap must be; its bytes were not shown, and stay so."""
    node = found("kh")
    node.append([say(1), say(2)], now)
    redact_own(Disk(node.folder), 1)
    node.publish(now)
    entries = verify_log(FolderSource(node.public_folder)).entries
    assert [is_erased(one.encoded) for one in entries] == [False, True, False]


def test_the_first_entry_stays(found: Found) -> None:
    """It says whose log it is."""
    node = found("kh")
    with pytest.raises(NotPermitted) as caught:
        redact_own(Disk(node.folder), 0)
    assert caught.value.code == "node.redact_first"
    with pytest.raises(NotFound):
        redact_own(Disk(node.folder), 1)


def test_an_entry_spelled_like_a_mark_is_not_appended(found: Found) -> None:
    """In one's own journal a mark is told by its bytes."""
    node = found("kh")
    with pytest.raises(InvalidDocument, match="spelled like the mark"):
        node.log.append([bytes(Erased.of(Digest(bytes(32))))])
    assert node.log.size == 1


@pytest.mark.parametrize("seed", range(60))
def test_a_power_cut_at_any_step_leaves_a_log_that_signs(seed: int) -> None:
    """The entry is there or gone, never half; running it again finishes; nothing is lost."""
    medium = Medium(random.Random(seed))  # noqa: S311 - a repeatable test
    medium.steps_left = 10**9
    log = Log(medium, SIGNER)
    entries = [SECRET * 3 if number == 4 else b"entry %d" % number for number in range(9)]
    for group in (entries[:3], entries[3:6], entries[6:]):
        log.append(group)
    log.publish(log.prepare()[1])
    root = log.prepare()[0].root
    medium.steps_left = seed % 20 + 1
    for turn in range(50):
        try:
            redact_own(medium, 4)
        except PowerCut:
            medium.start()
            medium.steps_left = seed % 7 + 3 + turn
            continue
        break
    medium.steps_left = 10**9
    again = Log(medium, SIGNER)
    assert list(again.entries())[:4] == entries[:4]
    assert list(again.entries())[5:] == entries[5:]
    assert redacted(medium) == {4: ""}
    assert has_gap(again.entries())
    assert again.prepare()[0].root == root
    assert not [name for name, held in medium.cached.items() if SECRET in held]
    again.append([b"after"])
    assert Log(medium, SIGNER).size == 10
    assert {JOURNAL, LAST, f"log/{RECORD}"} <= set(medium.cached)


def test_what_was_left_of_an_interrupted_run_is_written_over(
    found: Found, say: Say, now: Instant, tmp_path: Path
) -> None:
    """The copy beside the journal is never taken for it."""
    node = found("kh")
    node.append([say(1), say(2)], now)
    (tmp_path / "kh" / "log" / "journal.redacting").write_bytes(b"half of something")
    assert redact_own(Disk(node.folder), 1)
    assert not (tmp_path / "kh" / "log" / "journal.redacting").exists()
    assert check_node(node.folder).problems == ()


def test_a_lost_journal_comes_back_with_its_gaps(
    found: Found, say: Say, now: Instant, tmp_path: Path
) -> None:
    """A mirror gives back what it holds: neighbours, and the leaf hash of what was erased."""
    node = found("kh")
    shutil.copytree(node.folder, tmp_path / "backup")
    node.append([say(1), say(2), say(3)], now)
    redact_own(Disk(node.folder), 2)
    node.publish(now)
    source = FolderSource(node.public_folder)
    path, entries = fetch_bundle(source, "tile/entries/000.p/4")
    assert path == "tile/redacted/000.p/4"
    behind = Log(Disk(tmp_path / "backup"), node._keys.log)
    newest = node.log.find_published()
    assert newest is not None
    behind.take_in(newest[1], entries[1:])
    assert behind.size == 4
    assert [is_erased(one) for one in behind.entries()] == [False, False, True, False]
    assert Log(Disk(tmp_path / "backup"), node._keys.log).size == 4
