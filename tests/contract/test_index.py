# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What any database must do for a node's index, on SQLite and on a real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.fakes.database import change

from comity.errors import Conflict
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.reading import Reading
from comity.ledger.redaction import GONE
from comity.ledger.statement import Statement, Subject
from comity.node.views.batch import to_row
from comity.node.views.index import Index

Opened = Callable[..., Index]
KH, BR = Origin("kh.example/log"), Origin("br.example/log")
Read = tuple[bytes, Reading]


def said(kind: str, *about: Digest) -> Read:
    """Return an entry of a kind about some things."""
    statement = Statement(
        predicate_type=kind, predicate={}, subjects=tuple(map(Subject.of, about))
    )
    return b"%s %r" % (kind.encode("utf-8", errors="replace"), about), Reading(
        statement=statement
    )


def unreadable(why: str) -> Read:
    """Return an entry that cannot be read."""
    return b"opaque", Reading(statement=None, fault=why)


def places(index: Index, **wanted: object) -> list[tuple[str, int]]:
    """Return where entries stand."""
    return [(one.origin, one.position) for one in index.find(**wanted)]  # type: ignore[arg-type] # as wanted


MODEL, OTHER = sha256(b"model"), sha256(b"other")
ENTRIES = [
    said("k:a", MODEL),
    said("k:b", MODEL, OTHER),
    unreadable("no envelope"),
    said("k:a"),
]


def test_entries_are_found_by_kind_and_by_subject(opened: Opened) -> None:
    """Log by log in the order of names, each log in its own."""
    index = opened()
    index.add(KH, 0, ENTRIES)
    index.add(BR, 0, ENTRIES[:2])
    assert places(index) == [(BR, 0), (BR, 1), (KH, 0), (KH, 1), (KH, 2), (KH, 3)]
    assert places(index, predicate_type="k:a") == [(BR, 0), (KH, 0), (KH, 3)]
    assert places(index, subject=OTHER) == [(BR, 1), (KH, 1)]
    assert places(index, predicate_type="k:a", subject=MODEL) == [(BR, 0), (KH, 0)]
    assert places(index, predicate_type="k:c") == []


def test_names_are_ordered_by_their_bytes(opened: Opened) -> None:
    """The same on a database whose language puts b before Z."""
    index = opened()
    for name in ("b", "Z", "é", "a-b", "a.b"):
        index.add(Origin(name), 0, [said("k")])
    assert [name for name, _ in places(index)] == ["Z", "a-b", "a.b", "b", "é"]


def test_what_is_indexed_is_there_for_the_next_process(opened: Opened) -> None:
    """Size, digest and fault."""
    opened().add(KH, 0, ENTRIES)
    again = opened()
    assert (again.size(KH), again.size(BR)) == (4, 0)
    assert again.sizes() == {KH: 4}
    located = again.find_at(KH, 2)
    assert located is not None
    assert (located.sha256, located.fault) == (sha256(b"opaque"), "no envelope")
    assert again.find_at(KH, 4) is None


def test_twice_is_the_same_as_once(opened: Opened) -> None:
    """Two processes may index one log at the same time."""
    index = opened()
    for start in (0, 0, 2):
        index.add(KH, start, ENTRIES[start:])
    index.add(KH, 0, ENTRIES[:1])
    index.add(KH, 4, [])
    assert len(places(index)) == index.size(KH) == 4


def test_a_log_of_many_pages_comes_whole_and_in_order(opened: Opened) -> None:
    """Read page by page, and another log goes on in between."""
    index = opened()
    for start in range(0, 2600, 650):
        index.add(KH, start, [said(f"k:{at % 2}") for at in range(start, start + 650)])
    found = index.find(predicate_type="k:1")
    first = [next(found).position for _ in range(3)]
    index.add(BR, 0, [said("k:1")])
    assert first + [one.position for one in found] == list(range(1, 2600, 2))


def test_where_a_page_ends_the_same_log_goes_on_and_then_the_next(opened: Opened) -> None:
    """Pages of whole logs, of several and of parts, each place once."""
    index = opened()
    sizes = {Origin("a"): 1024, Origin("b"): 2048, Origin("c"): 3, Origin("d"): 1030}
    for origin in reversed(sizes):
        index.add(origin, 0, [said("k:a", MODEL)] * sizes[origin])
    index.skip(Origin("bb"), 5)
    every = [(origin, at) for origin, size in sizes.items() for at in range(size)]
    assert places(index) == every
    assert places(index, predicate_type="k:a", subject=MODEL) == every
    assert places(index, predicate_type="k:b") == places(index, subject=OTHER) == []


@pytest.mark.parametrize("digest", ["", "ab", "AB" * 32, "ab " * 21 + "a", "é" * 64, "ab" * 33])
def test_what_is_no_digest_is_kept_as_nothing(opened: Opened, digest: str) -> None:
    """Nobody can ask for it; the entry itself is there."""
    index = opened()
    statement = Statement(
        predicate_type="k:a",
        predicate={},
        subjects=(Subject(digest={"sha256": digest}), Subject.of(MODEL)),
    )
    index.add(KH, 0, [(b"entry", Reading(statement=statement))])
    assert index.rows(KH, 0, 1)[0].subjects == (MODEL,)


def test_rows_are_what_they_must_be(opened: Opened) -> None:
    """What fsck compares: all that is held of a stretch, by position."""
    index = opened()
    index.add(KH, 0, ENTRIES)
    expected = {at: to_row(at, *entry) for at, entry in enumerate(ENTRIES)}
    assert index.rows(KH, 0, 9) == expected
    assert index.rows(KH, 1, 3) == {at: expected[at] for at in (1, 2)}


@pytest.mark.parametrize("kind", ["k:\0", "k:\ud800", "k:" + "x" * 30_000, "k:ü€𐍈"])
def test_no_text_of_a_stranger_stops_the_index(opened: Opened, kind: str) -> None:
    """Zero characters, halves of pairs and very long kinds are kept and found."""
    index = opened()
    index.add(KH, 0, [said(kind), unreadable(f"{kind}?"), said("k:plain")])
    assert places(index, predicate_type=kind) == [(KH, 0)]
    assert index.size(KH) == 3


def test_a_stretch_is_told_apart_by_kind(opened: Opened) -> None:
    """An unreadable entry is something else, too."""
    index = opened()
    index.add(KH, 0, [said("k:a"), said("k:a"), unreadable("why")])
    assert not index.has_other(KH, range(2), "k:a")
    assert index.has_other(KH, range(3), "k:a")
    assert not index.has_other(KH, range(0), "k:b")
    assert not index.has_other(BR, range(3), "k:b")


def test_skipped_entries_count_and_are_not_found(opened: Opened) -> None:
    """A log of which only some statements are held."""
    index = opened()
    index.add(KH, 0, ENTRIES[:1])
    index.skip(KH, 100)
    index.skip(KH, 50)
    assert index.size(KH) == 100
    assert places(index) == [(KH, 0)]


def test_of_an_erased_entry_only_that_is_kept(opened: Opened) -> None:
    """Neither its kind nor what it was about."""
    index = opened()
    index.add(KH, 0, ENTRIES)
    index.forget(KH, 1)
    assert places(index, subject=OTHER) == places(index, predicate_type="k:b") == []
    located = index.find_at(KH, 1)
    assert located is not None
    assert located.fault == GONE


def test_a_cleared_index_is_empty_and_fills_again(opened: Opened) -> None:
    """It is rebuilt from the logs."""
    index = opened()
    index.add(KH, 0, ENTRIES)
    index.clear()
    assert (places(index), index.sizes()) == ([], {})
    index.add(KH, 0, ENTRIES)
    assert len(places(index)) == 4


def test_readers_and_a_writer_do_not_wait_for_each_other_for_ever(opened: Opened) -> None:
    """Several readers see only whole groups while one writes."""
    writer, readers = opened(), [opened() for _ in range(3)]
    group = [said("k:a", MODEL) for _ in range(20)]

    def read(index: Index) -> set[int]:
        return {len(places(index, subject=MODEL)) % 20 for _ in range(30)}

    with ThreadPoolExecutor(3) as threads:
        seen = [threads.submit(read, index) for index in readers]
        for start in range(0, 400, 20):
            writer.add(KH, start, group)
        assert [one.result() for one in seen] == [{0}] * 3
    assert len(places(readers[0])) == 400


def test_two_writers_at_once_make_one_index(opened: Opened) -> None:
    """A server and a command line look at the same logs."""
    writers = [opened() for _ in range(3)]

    def write(index: Index) -> None:
        for start in range(0, 200, 20):
            index.add(KH, start, [said("k:a", MODEL) for _ in range(20)])

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, writers))
    assert len(places(writers[0])) == writers[0].size(KH) == 200


def test_the_index_of_another_node_is_refused(opened: Opened) -> None:
    """Two nodes in one database would take each other's logs for their own."""
    opened("kh").add(KH, 0, ENTRIES)
    assert opened("kh").size(KH) == 4
    with pytest.raises(Conflict) as refused:
        opened("br")
    assert refused.value.code == "node.index_owner"


def test_an_index_of_an_older_program_is_made_anew(
    opened: Opened, place: Path | str, caplog: pytest.LogCaptureFixture
) -> None:
    """And the operator is told why the next view takes its time."""
    index = opened("kh")
    index.add(KH, 0, ENTRIES)
    index.close()
    change(
        place,
        "update about set value = '2' where name = 'schema'",
        "drop table kind",
        "drop table log",
        "create table log (origin text primary key, size bigint not null)",
        "insert into log values ('kh.example/log', 4)",
    )
    assert opened("kh").sizes() == {}
    assert "rebuilt from the logs" in caplog.text
    caplog.clear()
    assert opened("kh").sizes() == {}
    assert caplog.text == ""
