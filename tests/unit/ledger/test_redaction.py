# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.kernel.digest import Digest, sha256
from comity.kernel.merkle import leaf_hash, root_of
from comity.ledger.redaction import (
    HEADER,
    MIN_MARKED_BYTES,
    Erased,
    from_marked,
    from_redacted,
    leaf_of,
    redact,
    redacted_path,
    restored,
    to_redacted,
)

ENTRIES = tuple(b"entry %d" % number for number in range(5))


def test_a_redacted_bundle_leads_to_the_same_root() -> None:
    """And keeps every neighbour to the byte."""
    gone = redact(ENTRIES, [1, 3])
    read = from_redacted(to_redacted(gone))
    assert root_of(map(leaf_of, read)) == root_of(map(leaf_hash, ENTRIES))
    assert [entry for entry in read if not isinstance(entry, Erased)] == [
        b"entry 0", b"entry 2", b"entry 4",
    ]  # fmt: skip
    assert b"entry 1" not in to_redacted(gone)


def test_another_leaf_hash_leads_to_another_root() -> None:
    """A gap hides an entry; it cannot stand for another one."""
    encoded = to_redacted(redact(ENTRIES, [1]))
    at = encoded.index(leaf_hash(b"entry 1"))
    changed = encoded[:at] + bytes([encoded[at] ^ 1]) + encoded[at + 1 :]
    assert root_of(map(leaf_of, from_redacted(changed))) != root_of(map(leaf_hash, ENTRIES))


def test_an_entry_spelled_like_a_mark_is_that_entry() -> None:
    """Else an entry that looks erased would have two leaf hashes, and block a whole log."""
    spoof = bytes(Erased.of(leaf_hash(b"x")))
    assert leaf_of(spoof) == leaf_hash(spoof)
    kept = from_redacted(to_redacted((spoof, *redact(ENTRIES, [0]))))[0]
    assert not isinstance(kept, Erased)
    assert leaf_of(kept) == leaf_hash(spoof)


def test_a_mark_in_ones_own_journal_has_the_length_of_its_entry() -> None:
    """So that nothing after it moves."""
    mark = Erased.of(leaf_hash(b"long"), 300)
    assert len(mark) == 300
    read = from_marked(bytes(mark))
    assert leaf_of(read) == leaf_hash(b"long")
    assert from_marked(b"entry") == b"entry"
    with pytest.raises(InvalidDocument, match="shorter than its mark"):
        Erased.of(leaf_hash(b"short"), MIN_MARKED_BYTES - 1)


def test_what_one_holds_oneself_fills_the_gap_it_fits() -> None:
    """Only where it has the very leaf hash."""
    gone = redact(ENTRIES, [1, 3])
    back = restored(gone, {1: b"entry 1", 3: b"another"})
    assert back[1] == b"entry 1"
    assert back[3] == gone[3]


def test_redacting_twice_is_redacting_once() -> None:
    """A gap stays the gap it is."""
    once = redact(ENTRIES, [2])
    assert redact(once, [2]) == once
    with pytest.raises(InvalidDocument, match="no entry stands at 5"):
        redact(ENTRIES, [5])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"comity-redacted/2\n", HEADER, HEADER + b"\x00\x00\x01a", HEADER + b"\x01",
        HEADER + b"\x01" + bytes(31), HEADER + b"\x00", HEADER + b"\x00\x00",
        HEADER + b"\x00\x00\x02a", HEADER + b"\x02" + bytes(32),
        HEADER + (b"\x01" + bytes(32)) * 257, HEADER + b"\x01" + bytes(32) + b"\x00\x00",
    ],
)  # fmt: skip
def test_what_is_no_redacted_bundle_is_refused(content: bytes) -> None:
    """Cut short, overfull, without a gap, of another version."""
    with pytest.raises(InvalidDocument):
        from_redacted(content)


def test_a_bundle_without_a_gap_has_no_redacted_form() -> None:
    """One content, one spelling."""
    with pytest.raises(InvalidDocument):
        to_redacted(ENTRIES)
    with pytest.raises(InvalidDocument):
        to_redacted((*redact(ENTRIES, [0]), bytes(65_536)))


def test_every_empty_entry_survives_beside_a_gap() -> None:
    """Tlog-tiles allows them."""
    entries = (b"", Erased.of(Digest(sha256(b"y"))), b"")
    assert from_redacted(to_redacted(entries)) == entries


def test_the_redacted_form_stands_beside_the_bundle() -> None:
    """Partial widths included."""
    assert redacted_path("tile/entries/000.p/12") == "tile/redacted/000.p/12"
